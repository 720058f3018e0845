"""On the wire: one-time codes for accounts, and a password changed by its owner."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import msgspec


class IssueRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One-time codes for these accounts."""

    accounts: list[UUID]
    new_telephone: bool = False


class Slip(msgspec.Struct, kw_only=True, frozen=True):
    """What is printed once and handed to its owner."""

    account: UUID
    login: str
    name: str
    post: str
    code: str
    valid_to: dt.datetime


class Passed(msgspec.Struct, kw_only=True, frozen=True):
    """Who got no code, and why."""

    account: UUID
    name: str
    why: str


class Issued(msgspec.Struct, kw_only=True):
    college: str
    slips: list[Slip]
    passed: list[Passed]


class NewPassword(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    old: str
    new: str


class PasswordChanged(msgspec.Struct, kw_only=True, frozen=True):
    """The asking desk goes on under this token; every other one of its owner's has ended (TRUST B-24)."""

    token: str
    ending: str
