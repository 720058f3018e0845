"""The state of an operation in words and in colour, the same in every list."""

from __future__ import annotations

from client.store.entry import Entry, Handed
from common.kit.sync import Status

TONES = {
    Status.PENDING: "accent",
    Status.CONFLICT: "bad",
    Status.REFUSED: "bad",
    Status.QUARANTINED: "bad",
    Status.HELD: "warn",
    Status.FAILED: "bad",
}

FINDING = "Замечание"
"""Applied, and yet there is something to see to."""
AWAY = "У администратора"
RETURNED = "Вернул администратор"


def state_words(entry: Entry) -> str:
    if entry.away:
        return AWAY
    if entry.handed is Handed.RETURNED:
        return RETURNED
    return FINDING if entry.status is Status.APPLIED else entry.status.label


def tone_of(entry: Entry) -> str:
    return "accent" if entry.away else TONES.get(entry.status, "warn")
