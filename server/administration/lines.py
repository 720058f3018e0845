"""The journal of numbers given by desks: used, free, cancelled; a lease whose computer is gone is closed (SYNC 7)."""

from __future__ import annotations

import sqlalchemy as sa

from common.administration.entities import Account
from common.colleges.entities import Desk
from common.kit.deciding import Lease
from common.kit.errors import Invalid, NotAllowed, NotFound, RuleBroken
from common.kit.kinds import P0
from common.kit.rights import Action, Section, may
from server.administration.service import places
from server.kit.auth import held_permissions
from server.kit.outside import outside_of
from server.kit.session import Clock, CollegeSession
from server.kit.tables import device, number_cancelled, number_lease, number_used


def list_leases(engine: sa.Engine, college: str | None, *, now: Clock) -> list[Lease]:
    found: list[Lease] = []
    for id, code in places(engine, college, now):
        with CollegeSession(engine, id, now=now) as db:
            found += leases_in(db, code)
    return found


def leases_in(db: CollegeSession, code: str) -> list[Lease]:
    """The blocks of the college of this session."""
    leases = sa.select(number_lease).where(number_lease.c.college_id == db.college_id)
    order = (number_lease.c.series, number_lease.c.book)
    return [_lease(db, code, row) for row in db.execute(leases.order_by(*order))]


def _lease(db: CollegeSession, code: str, row: sa.Row[tuple[object, ...]]) -> Lease:
    desk = db.scalars(sa.select(Desk).where(Desk.series == row.series)).one_or_none()
    account = db.get(Account, (db.college_id, desk.account_id)) if desk else None
    seen = sa.select(sa.func.max(device.c.seen_at)).where(
        device.c.college_id == db.college_id, device.c.desk_id == (desk.id if desk else None)
    )
    used, cancelled = _taken(db, number_used, row), _taken(db, number_cancelled, row)
    free = sorted(set(range(1, row.top + 1)) - used - cancelled)
    return Lease(
        code,
        row.series,
        row.book,
        desk.computer if desk else "",
        account.name if account else "",
        db.scalar(seen),
        row.top,
        len(used),
        len(cancelled),
        tuple(free),
        desk.closed_on if desk else None,
    )


def _taken(db: CollegeSession, table: sa.Table, row: sa.Row[tuple[object, ...]]) -> set[int]:
    c = table.c
    query = sa.select(c.number).where(
        c.college_id == db.college_id, c.series == row.series, c.book == row.book
    )
    return set(db.scalars(query))


def close_series(db: CollegeSession, series: str, word: str) -> int:
    """Every free number of a desk that is gone becomes a cancelled line; how many. The lease is given no more."""
    account = db.author.account_id
    held = held_permissions(db, account) if account else frozenset()
    if account is None or not may(held, Section.HANDED, Action.WRITE, P0):
        raise NotAllowed("Нет права закрывать номера чужого рабочего места")
    if not word.strip():
        raise Invalid("Напишите, почему закрывают номера: это останется в журнале")
    desk = db.scalars(sa.select(Desk).where(Desk.series == series).with_for_update()).one_or_none()
    if desk is None:
        raise NotFound(f"Рабочего места с серией «{series}» нет")
    if desk.closed_on is not None:
        raise RuleBroken(f"Номера серии {series} закрыты {desk.closed_on:%d.%m.%Y}")
    c = number_lease.c
    leases = sa.select(number_lease).where(c.college_id == db.college_id, c.series == series)
    lines = []
    for row in db.execute(leases.with_for_update()):
        top = max(row.top, outside_of(db).top(db.college_id, series, row.book))
        taken = _taken(db, number_used, row) | _taken(db, number_cancelled, row)
        lines += [
            {
                "college_id": db.college_id,
                "series": series,
                "book": row.book,
                "number": number,
                "why": word.strip()[:500],
                "account_id": account,
                "at": db.now(),
            }
            for number in range(1, top + 1)
            if number not in taken
        ]
    if lines:
        db.execute(sa.insert(number_cancelled), lines)
    desk.closed_on = db.now().date()
    return len(lines)
