"""What the region's operator is told of access in every college: one event each, numbered without gaps, in the transaction that it tells of (regulation 9.3.4, 9.3.6, 10.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, OrgRole, Role, RoleGrant, Suspicion
from common.administration.kinds import AccountState, EndTrigger, OperatorKind
from common.colleges.entities import College
from common.kit.ids import REGION
from server.administration.ending import LIVING
from server.kit.database import reader
from server.kit.gate import read_epoch
from server.kit.places import chunks
from server.kit.session import Change, Clock, CollegeSession
from server.kit.tables import operator_event, operator_feed

MOST = 500
"""Events of one answer."""
ENDED = {AccountState.SUSPENDED, AccountState.CLOSED}
BUMP = (
    sa.update(operator_feed)
    .values(last=operator_feed.c.last + sa.bindparam("more"))
    .returning(operator_feed.c.last)
)
"""The number is held until the commit: whoever reads number N has every number before it."""

Row = dict[str, Any]


def tell(db: CollegeSession, changes: Sequence[Change]) -> None:
    """The events of one transaction; a rolled back one leaves none, and no gap."""
    told = list(_events(db, changes))
    if not told:
        return
    names = _names(db, {each["account_id"] for each in told})
    last = db.execute(BUMP, {"more": len(told)}).scalar_one()
    for place, each in enumerate(told, last - len(told) + 1):
        name, login = names.get(each["account_id"], ("", ""))
        each |= {
            "number": place,
            "college_id": db.college_id,
            "at": db.now(),
            "name": name,
            "login": login,
        }
    db.execute(sa.insert(operator_event), told)


def _events(db: CollegeSession, changes: Sequence[Change]) -> Iterator[Row]:
    ended = {c.row.account_id: c.row for c in changes if isinstance(c.row, AccessEnd) and c.created}
    closed = {c.row.id for c in changes if _has_ended(c)}
    for change in changes:
        match change.row:
            case RoleGrant():
                if change.row.account_id not in closed | ended.keys():
                    yield from _of_grant(db, change, change.row)
            case Account() if change.row.id in closed:
                yield _of_end(change.row, ended.get(change.row.id))
            case AccessEnd():
                yield from _of_later(change, change.row)
            case Suspicion() if change.created and change.row.account_id not in closed:
                said = change.row.said
                yield _event(OperatorKind.SUSPICION, change.row.account_id, reason=said)


def _has_ended(change: Change) -> bool:
    row = change.row
    return isinstance(row, Account) and row.state in ENDED and change.before.get("state") in LIVING


def _of_grant(db: CollegeSession, change: Change, grant: RoleGrant) -> Iterator[Row]:
    if change.created:
        kind = OperatorKind.GRANTED
    elif "valid_to" not in change.before:
        return
    else:
        kind = OperatorKind.GRANT_ENDED if grant.valid_to else OperatorKind.GRANT_EXTENDED
    act = f"№ {grant.order_number} от {grant.order_date:%d.%m.%Y}"
    until = f"по {grant.valid_to:%d.%m.%Y}" if grant.valid_to else ""
    said = ", ".join(filter(None, (until, grant.end_reason)))
    yield _event(kind, grant.account_id, role=_role(db, grant), act=act, reason=said)


def _role(db: CollegeSession, grant: RoleGrant) -> str:
    entity: Any = OrgRole if grant.org_role_id else Role
    return (
        db.scalar(sa.select(entity.name).where(entity.id == (grant.org_role_id or grant.role_id)))
        or ""
    )


def _of_end(account: Account, end: AccessEnd | None) -> Row:
    """A term that runs out ends access without anybody's act."""
    if end is None or end.trigger is EndTrigger.TERM:
        return _event(OperatorKind.ACCESS_ENDED, account.id, reason=EndTrigger.TERM.label)
    said = f"{end.reason.label}. {end.trigger.label}. {end.note}"
    return _event(OperatorKind.ACCESS_ENDED, account.id, reason=said)


def _of_later(change: Change, end: AccessEnd) -> Iterator[Row]:
    """What became of an end."""
    if end.destroyed_at is not None and (change.created or "destroyed_at" in change.before):
        yield _event(OperatorKind.DESTROYED, end.account_id)
    elif end.resumed_at is not None and "resumed_at" in change.before:
        yield _event(OperatorKind.RESUMED, end.account_id, reason=end.cause or "")


def _event(
    kind: OperatorKind, account: UUID, *, role: str = "", act: str = "", reason: str = ""
) -> Row:
    return {
        "kind": kind.value,
        "account_id": account,
        "role": role[:200],
        "act": act,
        "reason": reason[:800],
    }


def _names(db: CollegeSession, ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    found: dict[UUID, tuple[str, str]] = {}
    for chunk in chunks(sorted(ids)):
        query = sa.select(Account.id, Account.name, Account.login).where(Account.id.in_(chunk))
        found |= {id: (name, login) for id, name, login in db.execute(query)}
    return found


# ---- read by the region


@dataclass(frozen=True, slots=True)
class OperatorEvent:
    number: int
    at: dt.datetime
    college: str
    kind: str
    name: str
    login: str
    role: str
    act: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """One page. Another epoch than before: the database was restored, and the numbers are read anew from 0."""

    epoch: str
    events: list[OperatorEvent]
    more: bool


def since(engine: sa.Engine, number: int, *, now: Clock) -> Told:
    """The events after that number; asked again with the last of them none comes twice and none is left out."""
    with CollegeSession(reader(engine), REGION, now=now) as db:
        return _after(db, number)


def unread(engine: sa.Engine, *, now: Clock) -> Told:
    """What nobody at the command line has been shown; from now on it is old."""
    with CollegeSession(engine, REGION, now=now) as db:
        shown = db.execute(sa.select(operator_feed.c.shown).with_for_update()).scalar_one()
        found = _after(db, shown)
        if found.events:
            db.execute(sa.update(operator_feed).values(shown=found.events[-1].number))
        db.commit()
    return found


def _after(db: CollegeSession, number: int) -> Told:
    c = operator_event.c
    query = (
        sa.select(operator_event, College.code)
        .join(College, College.id == c.college_id, isouter=True)
        .where(c.number > number)
        .order_by(c.number)
        .limit(MOST + 1)
    )
    rows = db.execute(query).all()
    events = [
        OperatorEvent(
            row.number, row.at, row.code or "", OperatorKind.of(row.kind).label, row.name,
            row.login, row.role, row.act, row.reason,
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    return Told(read_epoch(db), events, more=len(rows) > MOST)
