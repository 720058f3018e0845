"""Deflated msgpack, unpacked within limits that are counted while it streams (SYNC 10)."""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec

from common.kit.errors import Invalid
from common.kit.sync import MAX_PACKED, MAX_UNPACKED

T = TypeVar("T")

MEDIA = "application/vnd.epo.sync"


def unpack(kind: type[T], body: bytes) -> T:
    """Invalid where the body is too large, damaged, or not such a message."""
    if len(body) > MAX_PACKED:
        raise Invalid("Посылка больше допустимого размера")
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, MAX_UNPACKED)
    except zlib.error:
        raise Invalid("Посылка повреждена") from None
    if stream.unconsumed_tail or not stream.eof:
        raise Invalid("Посылка больше допустимого размера или оборвана")
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        raise Invalid(f"Посылка составлена неверно: {fault}") from None


def unpack_json(kind: type[T], body: bytes) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        raise Invalid(f"Запрос составлен неверно: {fault}") from None


def pack(message: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(message), 1)
