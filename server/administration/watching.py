"""Looks for signs of abuse beside the server, every two seconds: findings for the administrator and the operator, and access suspended where the limit says so (TRUST B-27)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, Suspicion
from common.administration.kinds import AccessKind, EndReason, EndTrigger, Sign
from common.administration.suspicion import Fact, Finding, Limit, find
from common.colleges.entities import College
from common.kit.dated import as_of
from common.kit.ids import REGION
from common.reference.entities import SuspicionLimit
from server.administration.ending import LIVING, end
from server.administration.granting import is_last_administrator
from server.kit.auth import end_tokens
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.midnight import SERVER
from server.kit.refusals import Proposal
from server.kit.repeating import Repeating
from server.kit.session import Clock, CollegeSession, load
from server.kit.tables import access_event

log = logging.getLogger("epo.watch")

EVERY = 2.0
BACK = dt.timedelta(seconds=10)
"""What was committed while the last look looked is looked at again."""
FIRST = dt.timedelta(hours=1)
"""So far back looks a server that has just been started."""
ANSWER_ONLY = "Замеченное не правят и не удаляют: напишите в поле «Что выяснено»"


def refuse_suspicion(db: CollegeSession, asked: Proposal) -> str | None:
    if asked.created or asked.deleted or not asked.touched <= {"answer"}:
        return ANSWER_ONLY
    return None


def look(engine: sa.Engine, since: dt.datetime, *, now: Clock) -> int:
    """Weigh every account of a college of which something has been told since then; how many findings are new.

    The region's officials are not weighed: their reading is told in the journals of both, but nobody can give
    a suspended official his access back as an administrator does, and an operator reads his events by thousands.
    """
    c = access_event.c
    query = (
        sa.select(c.college_id, c.account_id)
        .where(c.received_at >= since, c.account_id.is_not(None), c.college_id != REGION)
        .distinct()
    )
    with CollegeSession(reader(engine), REGION, now=now) as db:
        busy = db.execute(query).all()
        limits = limits_on(db, now().date())
    return sum(weigh(engine, college, account, limits, now=now) for college, account in busy)


def limits_on(db: CollegeSession, day: dt.date) -> list[Limit]:
    rows = db.scalars(sa.select(SuspicionLimit).where(SuspicionLimit.deleted_at.is_(None))).all()
    return [
        Limit(Sign.of(r.code), r.most, r.minutes, r.suspends, r.hour_from, r.hour_to)
        for r in as_of(rows, day)
    ]


def weigh(
    engine: sa.Engine, college: UUID, account: UUID, limits: Iterable[Limit], *, now: Clock
) -> int:
    """One account: read first, written only where there is something."""
    with CollegeSession(reader(engine), college, now=now) as db:
        if not _findings(db, account, limits):
            return 0
    with CollegeSession(engine, college, now=now) as db:
        person = load(db, Account, account, lock=True)
        found = _findings(db, account, limits)
        for each in found:
            _record(db, person, each)
        if found:
            commit(db, "suspicion")
    return len(found)


def _zone(db: CollegeSession) -> ZoneInfo:
    return ZoneInfo(db.scalar(sa.select(College.zone).where(College.id == db.college_id)) or "UTC")


def _findings(db: CollegeSession, account: UUID, limits: Iterable[Limit]) -> list[Finding]:
    """What has been found already, or was looked into when access came back, is not found again."""
    known: dict[Sign, dt.datetime] = dict(
        db.execute(
            sa.select(Suspicion.sign, sa.func.max(Suspicion.until))
            .where(Suspicion.account_id == account)
            .group_by(Suspicion.sign)
        ).all()
    )
    resumed = db.scalar(
        sa.select(sa.func.max(AccessEnd.resumed_at)).where(AccessEnd.account_id == account)
    )
    zone, found = _zone(db), []
    facts = _facts(db, account, max((limit.minutes for limit in limits), default=0))
    for limit in limits:
        after = max(filter(None, (known.get(limit.sign), resumed)), default=None)
        fresh = [f for f in facts if after is None or f.at > after]
        if finding := find(fresh, limit, zone):
            found.append(finding)
    return found


def _facts(db: CollegeSession, account: UUID, minutes: int) -> list[Fact]:
    c = access_event.c
    query = sa.select(c.at, c.kind, c.device, c.row_id, c.elsewhere, c.rows).where(
        c.college_id == db.college_id,
        c.account_id == account,
        c.at >= db.now() - dt.timedelta(minutes=minutes),
    )
    return [
        Fact(at, AccessKind.of(kind), desk, row, elsewhere, rows)
        for at, kind, desk, row, elsewhere, rows in db.execute(query)
    ]


def _record(db: CollegeSession, account: Account, finding: Finding) -> None:
    said = finding.words(_zone(db))
    suspends = finding.limit.suspends and account.state in LIVING
    db.add(
        Suspicion(
            account_id=account.id,
            sign=finding.limit.sign,
            found_at=db.now(),
            since=finding.since,
            until=finding.until,
            amount=finding.count,
            said=said,
            suspended=suspends,
        )
    )
    log.warning("suspicion", extra={"account": account.id.hex, "sign": finding.limit.sign.value})
    if not suspends:
        return
    if is_last_administrator(db, account.id):
        end_tokens(db, account.id)
    else:
        end(db, account, EndReason.SUSPICIOUS, EndTrigger.DETECTION, said, by=SERVER)


def watch(engine: sa.Engine, *, now: Clock) -> Repeating:
    """Looks every two seconds; what one look could not do, the next one does."""
    since = now() - FIRST

    def again() -> None:
        nonlocal since
        begun = now()
        look(engine, since, now=now)
        since = begun - BACK

    return Repeating("watch", again, EVERY)
