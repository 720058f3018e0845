"""The journal of visits: eleven kinds of event, added in the transaction of what they tell of, and read by administrators."""

from __future__ import annotations

import contextvars
import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccessKind
from common.colleges.entities import Desk
from common.kit.errors import Invalid
from common.kit.ids import new_id
from common.kit.visits import Visit, Visits, VisitsAsked
from server.kit.session import CollegeSession
from server.kit.tables import access_event, device
from server.kit.terms import months_of

address: contextvars.ContextVar[str] = contextvars.ContextVar("address", default="")
"""Where the request being answered came from."""

RETENTION = "access_events"
LEAST = 12
"""Months; the dated row may say more, never less."""

MOST = 200
"""Events of one answer."""

EVENT = sa.insert(access_event)


def event(kind: AccessKind, now: dt.datetime, college: UUID, **facts: Any) -> dict[str, Any]:
    """A row of the journal; what is not said is empty."""
    empty: dict[str, Any] = {
        "account_id": None,
        "login": "",
        "device": "",
        "computer": "",
        "entity": "",
        "row_id": None,
        "request_id": "",
        "elsewhere": False,
        "rows": 0,
        "at": now,
    }
    made = {"college_id": college, "id": new_id(), "kind": kind.value, "received_at": now}
    return empty | made | {"address": address.get()[:45]} | facts


def note(db: CollegeSession, kind: AccessKind, **facts: Any) -> None:
    """By the author of this session; `at` is the moment of the fact."""
    who = {
        "account_id": db.author.account_id,
        "device": db.author.device,
        "request_id": db.author.request_id,
    }
    db.execute(EVENT, event(kind, db.now(), db.college_id, **(who | facts)))


def months_kept(db: CollegeSession, on: dt.date) -> int:
    """By the row of that day."""
    return max([LEAST, *months_of(db, RETENTION, on)])


def forget(connection: sa.Connection, now: dt.datetime, months: int) -> int:
    """Let go of what is older by both clocks: the database refuses what is younger than a year by its own."""
    theirs: dt.datetime = connection.execute(sa.select(sa.func.now())).scalar_one()
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=dt.UTC)
    limit = min(now, theirs) - dt.timedelta(days=months * 31)
    gone = connection.execute(sa.delete(access_event).where(access_event.c.at < limit))
    return int(gone.rowcount)


def visits(db: CollegeSession, asked: VisitsAsked) -> Visits:
    """The newest first, one page; `before` is the last of the page before."""
    c = access_event.c
    query = (
        sa.select(access_event, Account.name, Account.login.label("known"), Desk.computer.label("at_desk"))
        .join(Account, sa.and_(Account.id == c.account_id, Account.college_id == c.college_id), isouter=True)
        .join(device, sa.and_(device.c.college_id == c.college_id, device.c.device == c.device), isouter=True)
        .join(Desk, sa.and_(Desk.id == device.c.desk_id, Desk.college_id == c.college_id), isouter=True)
        .where(c.college_id == db.college_id)
        .order_by(c.at.desc(), c.id.desc())
        .limit(MOST + 1)
    )  # fmt: skip
    rows = db.execute(_narrowed(query, asked)).all()
    return Visits([_visit(row) for row in rows[:MOST]], more=len(rows) > MOST)


def _narrowed(query: Any, asked: VisitsAsked) -> Any:
    c = access_event.c
    if asked.account:
        query = query.where(c.account_id == _uuid(asked.account))
    if asked.kind:
        query = query.where(c.kind == _kind(asked.kind).value)
    if asked.row:
        query = query.where(c.row_id == _uuid(asked.row))
    if asked.since:
        query = query.where(c.at >= _moment(asked.since))
    if asked.until:
        query = query.where(c.at < _moment(asked.until))
    if asked.before:
        at, _, id = asked.before.partition("|")
        place = sa.tuple_(sa.literal(_moment(at), c.at.type), sa.literal(_uuid(id), c.id.type))
        query = query.where(sa.tuple_(c.at, c.id) < place)
    return query


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("Отбор журнала посещений составлен неверно") from None


def _kind(text: str) -> AccessKind:
    try:
        return AccessKind.of(text)
    except ValueError:
        raise Invalid("Такого вида события в журнале посещений нет") from None


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except ValueError:
        raise Invalid("Дата в отборе журнала посещений не читается") from None


def _visit(row: Any) -> Visit:
    return Visit(
        id=row.id.hex,
        at=row.at.isoformat(),
        kind=row.kind,
        account=row.account_id.hex if row.account_id else "",
        name=row.name or "",
        login=row.known or row.login,
        computer=row.at_desk or row.computer,
        address=row.address,
        entity=row.entity,
        row=row.row_id.hex if row.row_id else "",
    )
