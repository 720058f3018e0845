"""Deflated msgpack, unpacked within limits that are counted while it streams (SYNC 10)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from common.kit.errors import Invalid
from common.kit.sync import MAX_PACKED, MAX_UNPACKED, PushRequest
from common.kit.upcasting import read_push

T = TypeVar("T")

MEDIA = "application/vnd.epo.sync"


def unpack(kind: type[T], body: bytes) -> T:
    """Invalid where the body is too large, damaged, or not such a message."""
    return _read(inflate(body), lambda raw: msgspec.msgpack.decode(raw, type=kind))


def unpack_push(body: bytes) -> PushRequest:
    """The same for a push, whose operations may be older than this program."""
    return _read(inflate(body), read_push)


def inflate(body: bytes) -> bytes:
    """Counted while it streams; no header is trusted."""
    if len(body) > MAX_PACKED:
        raise Invalid("Посылка больше допустимого размера")
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, MAX_UNPACKED)
    except zlib.error:
        raise Invalid("Посылка повреждена") from None
    if stream.unconsumed_tail or not stream.eof:
        raise Invalid("Посылка больше допустимого размера или оборвана")
    return raw


def _read(raw: bytes, read: Callable[[bytes], T]) -> T:
    try:
        return read(raw)
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        raise Invalid(f"Посылка составлена неверно: {fault}") from None


def unpack_json(kind: type[T], body: bytes) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        raise Invalid(f"Запрос составлен неверно: {fault}") from None


def pack(message: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(message), 1)
