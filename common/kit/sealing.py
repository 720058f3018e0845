"""Sealing (SYNC 9): an operation, or a piece of an unsent file, encrypted with age to a college's key; whoever has the recipient writes, only the key's keeper reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pyrage

from common.kit.errors import EpoError, Invalid
from common.kit.sync import Operation
from common.kit.upcasting import read_operation

STRANGER = "Запечатанная запись не открывается этим ключом или повреждена"


class NotOpened(EpoError):
    """Sealed to another key, or damaged: with its own key it may be good work."""


SEALED_PIECE = 240_000
"""Bytes of a file in one sealed piece: no larger than an operation."""


class SealedPiece(msgspec.Struct, tag="piece", frozen=True, forbid_unknown_fields=True):
    """Some bytes of a content that had not come to the centre."""

    uuid: UUID
    author: UUID
    digest: str
    size: int
    at: int
    body: bytes


def recipient_of(text: str) -> Any:
    """The half of a key that is no secret; Invalid where the text is none."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Invalid(
            "Получатель не читается: нужна строка age1…, её печатает epo-server, когда делает ключ"
        ) from None


def seal(recipient: str, op: Operation | SealedPiece) -> bytes:
    """About 250 bytes more than what is sealed; Invalid where the recipient is none."""
    sealed: bytes = pyrage.encrypt(msgspec.msgpack.encode(op), [recipient_of(recipient)])
    return sealed


def unseal(identity: Any, blob: bytes) -> Operation | SealedPiece:
    """The operation, of whatever age, or the piece; NotOpened where it was sealed to another key or is damaged, EpoError where it opens and is neither."""
    try:
        said = pyrage.decrypt(blob, [identity])
        try:
            return msgspec.msgpack.decode(said, type=SealedPiece)
        except msgspec.ValidationError:
            return read_operation(said)
    except pyrage.DecryptError:
        raise NotOpened(STRANGER) from None
    except msgspec.MsgspecError:
        raise EpoError(STRANGER) from None
