"""The sessions of browsers: tokens of a cookie, which idle out, end for good in half a day, and are changed when rights are."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa

from common.administration.kinds import AccessKind
from common.kit.errors import NotSignedIn
from common.kit.ids import new_id
from server.kit import second_factor
from server.kit.auth import Caller, caller_of_token, digest_of
from server.kit.database import reader
from server.kit.events import EVENT, event
from server.kit.outside import Outside
from server.kit.session import Clock, CollegeSession, say_college
from server.kit.tables import token

IDLE = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=12)
STEPS = dt.timedelta(minutes=10)
"""So long a sign-in may stand at one of its steps."""
RENEW = dt.timedelta(minutes=1)
SIGNS = 32
"""Of a mark: so many prove whom the browser was given to."""
MOST = 4
"""People whom one browser is known by; the first is forgotten when a fifth comes."""
SECRET = sa.select(token).where(token.c.hash == sa.bindparam("digest"), token.c.browser != "")
NEW = sa.insert(token)
FIRST = "Сначала войдите"
AGAIN = "Сеанс закончился: так бывает через 15 минут без действий и через 12 часов после входа. Войдите снова"
RISEN = "Ваши права стали шире: теперь вход подтверждают кодом с телефона. Войдите снова"
SAVED = re.compile(rf"([0-9a-f]{{32}})((?:\.[0-9a-f]{{{SIGNS}}}){{0,{MOST}}})")


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself, and whom it can prove to have let in before."""

    id: str
    words: str
    """«Firefox, Windows»: never what it calls itself, which is anybody's text."""
    marks: tuple[str, ...] = ()

    @classmethod
    def read(cls, saved: str, words: str) -> Self:
        """Of what it kept; a new one where that is nothing or not ours."""
        if found := SAVED.fullmatch(saved):
            return cls(found[1], words, tuple(filter(None, found[2].split("."))))
        return cls(new_id().hex, words)

    def saved(self) -> str:
        return ".".join((self.id, *self.marks))

    def known(self, outside: Outside, account_id: UUID) -> str:
        """Its id where this account came in by it, else empty: anybody may claim an id, and nobody can make a mark."""
        mine = self._mark(outside, account_id)
        return self.id if any(hmac.compare_digest(mine, mark) for mark in self.marks) else ""

    def let_in(self, outside: Outside, account_id: UUID) -> Self:
        """The same, to be known by this account from now on."""
        mine = self._mark(outside, account_id)
        others = [mark for mark in self.marks if mark != mine]
        return type(self)(self.id, self.words, (*others[1 - MOST :], mine))

    def _mark(self, outside: Outside, account_id: UUID) -> str:
        return outside.sign(f"browser {self.id} {account_id.hex}".encode())[:SIGNS]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who calls from a browser."""

    caller: Caller
    row: Any
    fresh: str = ""
    """What the cookie must hold from now on; empty where it stays."""

    @property
    def digest(self) -> str:
        return digest_of(self.fresh) if self.fresh else str(self.row.hash)


def identify_browser(
    engine: sa.Engine, secret: str, *, now: Clock, request_id: str, demand_second: bool
) -> Visitor:
    """The caller of a cookie; NotSignedIn where it has run out, was ended, is of a desk or still at a step, AccessEnded where the account was."""
    row = row_of(engine, secret)
    caller = caller_of_token(engine, row, now=now, request_id=request_id)
    if row.due or row.ended_at is not None or row.lease_to <= now():
        raise NotSignedIn(AGAIN)
    if demand_second and not row.second and is_demanded(caller):
        end_browser(engine, row, now=now)
        raise NotSignedIn(RISEN)
    if (rights := rights_of(caller)) != row.rights:
        return Visitor(caller, row, _changed(engine, row, rights, now()))
    if (lease_to := _lease(now(), row.last_to)) - row.lease_to > RENEW:
        with engine.begin() as connection:
            say_college(connection, row.college_id)
            longer = sa.update(token).where(token.c.hash == row.hash)
            connection.execute(longer.values(lease_to=lease_to))
    return Visitor(caller, row)


def _lease(now: dt.datetime, last_to: dt.datetime) -> dt.datetime:
    """To when a session lasts that is used now."""
    return min(now + IDLE, last_to)


def row_of(engine: sa.Engine, secret: str) -> Any:
    """NotSignedIn where no browser was ever let in by this."""
    with reader(engine).connect() as connection:
        row = connection.execute(SECRET, {"digest": digest_of(secret)}).one_or_none()
    if row is None:
        raise NotSignedIn(FIRST)
    return row


def rights_of(caller: Caller) -> str:
    """Changes whenever anything does that he may do."""
    kinds = (caller.permissions, caller.own.permissions, caller.region)
    said = "\n".join(",".join(sorted(map(str, held))) for held in kinds)
    return hashlib.sha256(said.encode()).hexdigest()


def is_demanded(caller: Caller) -> bool:
    """Does a password alone not let him in?"""
    return second_factor.is_demanded(caller.permissions | caller.own.permissions, caller.region)


def _changed(engine: sa.Engine, row: Any, rights: str, now: dt.datetime) -> str:
    """The same session under another secret, and no longer for it: who had the old one has nothing."""
    secret = secrets.token_urlsafe(32)
    fresh = {column.name: getattr(row, column.name) for column in token.c}
    fresh |= {"hash": digest_of(secret), "rights": rights, "lease_to": _lease(now, row.last_to)}
    with engine.begin() as connection:
        say_college(connection, row.college_id)
        gone = sa.update(token).where(token.c.hash == row.hash, token.c.ended_at.is_(None))
        if not connection.execute(gone.values(ended_at=now)).rowcount:
            raise NotSignedIn(AGAIN)
        connection.execute(NEW, fresh)
        connection.execute(EVENT, _told(AccessKind.TOKEN_REFRESH, row, now))
    return secret


def end_browser(engine: sa.Engine, row: Any, *, now: Clock) -> None:
    """Signed out; what has ended stays as it is."""
    with engine.begin() as connection:
        say_college(connection, row.college_id)
        going = sa.update(token).where(token.c.hash == row.hash, token.c.ended_at.is_(None))
        if connection.execute(going.values(ended_at=now())).rowcount and not row.due:
            connection.execute(EVENT, _told(AccessKind.LOGOUT, row, now()))


def _told(kind: AccessKind, row: Any, now: dt.datetime) -> dict[str, Any]:
    who = {"account_id": row.account_id, "device": row.device, "computer": row.browser}
    return event(kind, now, row.college_id, **who)


def new_browser_token(
    db: CollegeSession,
    account_id: UUID,
    browser: Browser,
    *,
    due: str = "",
    second: bool = False,
    rights: str = "",
    last_to: dt.datetime | None = None,
) -> str:
    """A secret that nobody had before; with a step `due` it opens that and nothing else."""
    secret, now = secrets.token_urlsafe(32), db.now()
    last_to = last_to or now + LONGEST
    db.execute(
        NEW,
        {
            "hash": digest_of(secret),
            "college_id": db.college_id,
            "account_id": account_id,
            "device": browser.id,
            "made_at": now,
            "lease_to": now + STEPS if due else _lease(now, last_to),
            "browser": browser.words,
            "last_to": last_to,
            "due": due,
            "second": second,
            "rights": rights,
        },
    )
    return secret
