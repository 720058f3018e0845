"""What only an administrator decides, as it is read and said online: asked operations, numbers of desks, sealed work; JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec

WAITS, ALLOWED, REFUSED = "ждёт решения", "разрешено повторить", "не повторять"
"""What is said of an asked operation."""


class AskedLine(msgspec.Struct, frozen=True):
    """What a restore lost and only he repeats. `given` had been answered before: a number stays reserved for it."""

    id: str
    college: str
    author: str
    command: str
    made_at: dt.datetime
    given: dict[str, Any]
    state: str
    word: str


class Asked(msgspec.Struct, frozen=True):
    rows: list[AskedLine]


class DecideAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    allow: bool
    word: str = ""


class Decided(msgspec.Struct, frozen=True):
    status: str = "decided"


class Lease(msgspec.Struct, frozen=True):
    """What one desk was given in one book. Free numbers are its own until it is closed."""

    college: str
    series: str
    book: str
    computer: str
    who: str
    last_contact: dt.datetime | None
    top: int
    used: int
    cancelled: int
    free: tuple[int, ...]
    closed_on: dt.date | None


class Leases(msgspec.Struct, frozen=True):
    rows: list[Lease]


class CloseSeries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    series: str
    word: str


class SeriesClosed(msgspec.Struct, frozen=True):
    cancelled: int


class Kept(msgspec.Struct, frozen=True):
    """What may be said of sealed work without opening it."""

    uuid: UUID
    login: str
    author: str
    computer: str
    sealed_at: str
    size: int
    status: str
    """Why it was in trouble before it was sealed; empty where it had never come."""


class Sealed(msgspec.Struct, frozen=True):
    """The oldest of it; `total` is how much there is."""

    rows: list[Kept]
    total: int
