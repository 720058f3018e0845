"""What an administrator asks the server about visits and sessions, and what it answers; JSON, read online only."""

from __future__ import annotations

import msgspec


class VisitsAsked(msgspec.Struct, kw_only=True, frozen=True):
    """Empty narrows nothing; moments are ISO 8601 with their zone."""

    account: str = ""
    kind: str = ""
    row: str = ""
    """The record whose openings are asked about."""
    since: str = ""
    until: str = ""
    before: str = ""
    """`at|id` of the last of the page before."""


class Visit(msgspec.Struct, kw_only=True, frozen=True):
    id: str
    at: str
    kind: str
    account: str
    name: str
    login: str
    computer: str
    address: str
    entity: str
    row: str


class Visits(msgspec.Struct, frozen=True):
    rows: list[Visit]
    more: bool


class DeskSession(msgspec.Struct, kw_only=True, frozen=True):
    """A sign-in that lasts; `id` ends it and opens nothing."""

    id: str
    account: str
    name: str
    login: str
    computer: str
    since: str
    lasts_to: str
    seen: str
    this: bool


class Sessions(msgspec.Struct, frozen=True):
    rows: list[DeskSession]


class EndSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str


class SessionEnded(msgspec.Struct, frozen=True):
    status: str = "ended"
