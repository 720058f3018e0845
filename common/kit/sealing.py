"""Sealing (SYNC 9): an operation encrypted with age to a college's key; whoever has the recipient writes, only the key's keeper reads."""

from __future__ import annotations

from typing import Any

import msgspec
import pyrage

from common.kit.errors import EpoError, Invalid
from common.kit.sync import Operation
from common.kit.upcasting import read_operation

STRANGER = "Запечатанная запись не открывается этим ключом или повреждена"


def recipient_of(text: str) -> Any:
    """The half of a key that is no secret; Invalid where the text is none."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Invalid(
            "Получатель не читается: нужна строка age1…, её печатает epo-server, когда делает ключ"
        ) from None


def seal(recipient: str, op: Operation) -> bytes:
    """About 250 bytes more than the operation; Invalid where the recipient is none."""
    sealed: bytes = pyrage.encrypt(msgspec.msgpack.encode(op), [recipient_of(recipient)])
    return sealed


def unseal(identity: Any, blob: bytes) -> Operation:
    """The operation, of whatever age; EpoError where it was sealed to another key or is damaged."""
    try:
        return read_operation(pyrage.decrypt(blob, [identity]))
    except (pyrage.DecryptError, msgspec.MsgspecError):
        raise EpoError(STRANGER) from None
