"""The register of granted and ended access that a college sends to the operator (A10.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, OrgRole, Role, RoleGrant
from common.administration.kinds import EndTrigger
from common.colleges.entities import College
from server.kit.database import reader
from server.kit.session import Clock, CollegeSession

HEADERS = (
    "№", "ФИО", "Должность, группа", "Логин", "Роль", "№ акта", "Дата акта",
    "Доступ предоставлен", "Доступ прекращён", "Причина", "Состояние",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One grant of one person."""

    name: str
    post: str
    login: str
    role: str
    order_number: str
    order_date: dt.date
    granted_on: dt.date
    ended_on: dt.date | None
    reason: str
    state: str

    def cells(self, number: int) -> tuple[int | str | dt.date | None, ...]:
        return (
            number, self.name, self.post, self.login, self.role, self.order_number,
            self.order_date, self.granted_on, self.ended_on, self.reason, self.state,
        )  # fmt: skip


def lines(
    engine: sa.Engine, college_id: UUID, since: dt.date, until: dt.date, *, now: Clock
) -> list[Line]:
    """Access that was given, held or ended in these days, both included; by name."""
    with CollegeSession(reader(engine), college_id, now=now) as db:
        zone = ZoneInfo(db.scalar(sa.select(College.zone).where(College.id == college_id)) or "UTC")
        ends = _ends(db, zone)
        query = (
            sa.select(RoleGrant, Account, sa.func.coalesce(OrgRole.name, Role.name))
            .join(Account, Account.id == RoleGrant.account_id)
            .join(OrgRole, OrgRole.id == RoleGrant.org_role_id, isouter=True)
            .join(Role, Role.id == sa.func.coalesce(RoleGrant.role_id, OrgRole.role_id))
            .where(RoleGrant.deleted_at.is_(None))
        )
        found = [_line(grant, account, role, ends) for grant, account, role in db.execute(query)]
    kept = [
        line
        for line in found
        if line.granted_on <= until and (line.ended_on is None or line.ended_on >= since)
    ]
    return sorted(kept, key=lambda line: (line.name, line.login, line.role, line.granted_on))


def _ends(db: CollegeSession, zone: ZoneInfo) -> dict[UUID, tuple[dt.date, str]]:
    """The last end of each account that was not resumed, by the days of the college."""
    query = (
        sa.select(AccessEnd)
        .where(AccessEnd.deleted_at.is_(None), AccessEnd.resumed_at.is_(None))
        .order_by(AccessEnd.ended_at)
    )
    return {
        end.account_id: (end.ended_at.astimezone(zone).date(), _why(end))
        for end in db.scalars(query)
    }


def _why(end: AccessEnd) -> str:
    return end.trigger.label if end.trigger is EndTrigger.TERM else end.reason.label


def _line(
    grant: RoleGrant, account: Account, role: str, ends: dict[UUID, tuple[dt.date, str]]
) -> Line:
    """A term that ran out is its own reason; an end before it is told with its own."""
    ended, reason = grant.valid_to, EndTrigger.TERM.label if grant.valid_to else ""
    if account.id in ends and (ended is None or ends[account.id][0] <= ended):
        ended, reason = ends[account.id]
    return Line(
        account.name, account.post or "", account.login, role, grant.order_number,
        grant.order_date, grant.valid_from, ended, reason, account.state.label,
    )  # fmt: skip


def numbered(found: list[Line]) -> Iterator[tuple[int | str | dt.date | None, ...]]:
    return (line.cells(number) for number, line in enumerate(found, 1))
