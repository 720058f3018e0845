"""What a college does when its day changes, in its own zone (SYNC 9): once a day, and once for all days the server was off."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from common.administration.entities import AccessEnd, Account, RoleGrant
from common.administration.kinds import AccountState, EndReason, EndTrigger
from common.colleges.entities import College
from common.kit.attached import FileState, attached
from common.kit.errors import RuleBroken
from common.kit.ids import REGION
from server.kit import events, files, jobs, recorded
from server.kit.auth import end_tokens
from server.kit.checking import CHECKS
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.gate import is_recovering
from server.kit.heads import write_head
from server.kit.outside import outside_at
from server.kit.places import chunks
from server.kit.repeating import Repeating
from server.kit.session import Clock, CollegeSession
from server.kit.tables import midnight, sign_in_failure, stored_file, token

log = logging.getLogger("epo.midnight")

REMEMBERED = dt.timedelta(days=396)
"""Thirteen months: so long may a desk still ask what became of an operation (SYNC 5)."""
BASKET = dt.timedelta(days=30)
"""So long a removed file can be taken back with its content."""
HALF_SENT = dt.timedelta(days=7)
KILLED = dt.timedelta(days=1)
"""No backup works that long on a folder without touching it."""
FAILURES = dt.timedelta(days=1)
NIGHTLY = ("sums", "file")
"""Of the checks of `epo-server check`, those that are made every night."""
EVERY = 60.0
SERVER = "Сервер"
TERM_ENDED = "Истёк срок последнего назначения: чтобы человек работал дальше, назначьте ему роль"


class Night(msgspec.Struct):
    """What was done in one college; numbers and places only, never a person's data."""

    college: str
    day: dt.date
    suspended: int = 0
    """Accounts whose last grant has ended."""
    forgotten: int = 0
    """Operations that nobody can ask about any more."""
    vanished: int = 0
    """Files that are not on the shelf: they are awaited again."""
    removed: int = 0
    """Contents that no record has had for a month."""
    swept: int = 0
    """Long work whose results nobody fetches any more."""
    findings: list[str] = []


class Day(NamedTuple):
    """The day that it is in a college, and the last one whose midnight work is done."""

    college_id: UUID
    code: str
    today: dt.date
    done: dt.date | None


def days(engine: sa.Engine, *, now: Clock) -> list[Day]:
    with CollegeSession(reader(engine), REGION, now=now) as db:
        query = sa.select(College.id, College.code, College.zone, midnight.c.day).outerjoin(
            midnight, midnight.c.college_id == College.id
        )
        rows = db.execute(query.where(College.deleted_at.is_(None)).order_by(College.id)).all()
    return [
        Day(id, code, now().astimezone(ZoneInfo(zone)).date(), done)
        for id, code, zone, done in rows
    ]


def run(engine: sa.Engine, *, now: Clock, on: dt.date | None = None) -> list[Night]:
    """The nights that are due, or only those up to `on`; a second call does nothing."""
    nights = []
    for day in days(engine, now=now):
        if on is not None and on > day.today:
            raise RuleBroken(f"{on:%d.%m.%Y} в организации {day.code} ещё не наступило")
        wanted = on or day.today
        if day.done is not None and day.done >= wanted:
            continue
        try:
            night = _night(engine, day.college_id, Night(day.code, wanted), now)
        except (SQLAlchemyError, OSError):
            log.exception("a midnight failed; it is tried again", extra={"college": day.code})
            continue
        if night is not None:
            nights.append(night)
            log.info("midnight", extra=msgspec.to_builtins(night))
    if nights:
        _clean(engine, now())
        with CollegeSession(reader(engine), REGION, now=now) as db:
            write_head(db, "region", max(night.day for night in nights))
    return nights


def _night(engine: sa.Engine, id: UUID, night: Night, now: Clock) -> Night | None:
    """None where another process has done it."""
    with CollegeSession(reader(engine), id, now=now) as db:
        night.findings = [said for kind in NIGHTLY for said in CHECKS[kind](db)]
    for said in night.findings:
        log.error("midnight found", extra={"college": night.college, "finding": said})
    with CollegeSession(engine, id, now=now) as db:
        if not _take(db, night.day):
            return None
        _explain(db)
        night.suspended = _suspend(db, night.day)
        night.forgotten = recorded.purge(db, db.now() - REMEMBERED)
        night.vanished = _await_again(db)
        returning = is_recovering(db)
        night.removed = 0 if returning else _unwanted(db)
        commit(db, "midnight")
        write_head(db, night.college, night.day)
    if not returning:
        _sweep(engine, id, now)
    night.swept = jobs.sweep(engine, id, now=now)
    return night


def _take(db: CollegeSession, day: dt.date) -> bool:
    """Mark the day as done, in the transaction that does it; False where it is done."""
    c = midnight.c
    mine = c.college_id == db.college_id
    known = db.execute(sa.select(c.day).where(mine).with_for_update()).scalar_one_or_none()
    if known is None:
        db.execute(sa.insert(midnight).values(college_id=db.college_id, day=day))
    elif known < day:
        db.execute(sa.update(midnight).where(mine).values(day=day))
    return known is None or known < day


def _suspend(db: CollegeSession, day: dt.date) -> int:
    """Accounts that had grants and have none from this day on: nobody works under them until one is given again."""
    ends = sa.select(RoleGrant.account_id).where(RoleGrant.deleted_at.is_(None))
    holding = ends.where(sa.or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > day))
    query = sa.select(Account).where(
        Account.deleted_at.is_(None),
        Account.state.in_([AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD]),
        Account.id.in_(ends),
        Account.id.not_in(holding),
    )
    accounts = db.scalars(query.order_by(Account.id).with_for_update()).all()
    for account in accounts:
        account.state = AccountState.SUSPENDED
        end_tokens(db, account.id)
        db.add(_term_ended(account, db.now()))
    return len(accounts)


def _explain(db: CollegeSession) -> None:
    """Servers of earlier versions suspended without a word, and an administrator found nothing to resume."""
    told = sa.select(AccessEnd.account_id).where(
        AccessEnd.deleted_at.is_(None),
        AccessEnd.resumed_at.is_(None),
        AccessEnd.destroyed_at.is_(None),
    )
    query = sa.select(Account).where(
        Account.deleted_at.is_(None),
        Account.state == AccountState.SUSPENDED,
        Account.id.not_in(told),
    )
    for account in db.scalars(query.order_by(Account.id).with_for_update()):
        db.add(_term_ended(account, account.changed_at or db.now()))


def _term_ended(account: Account, at: dt.datetime) -> AccessEnd:
    return AccessEnd(
        account_id=account.id,
        reason=EndReason.RELATION,
        trigger=EndTrigger.TERM,
        note=TERM_ENDED,
        ended_at=at,
        ended_by=SERVER,
    )


def _await_again(db: CollegeSession) -> int:
    """Whoever still holds such a file sends it once more."""
    gone = files.vanished(db)
    _unshelve(db, gone)
    return len(gone)


def _unwanted(db: CollegeSession) -> int:
    """Let go of contents of which every record has lain in the basket for longer than a month."""
    c = stored_file.c
    mine = db.scalars(sa.select(c.digest).where(c.college_id == db.college_id)).all()
    wanted: set[str] = set()
    for entity in attached():
        columns: Any = entity
        recent = sa.or_(columns.deleted_at.is_(None), columns.deleted_at > db.now() - BASKET)
        wanted.update(db.scalars(sa.select(columns.content).where(recent)))
    gone = [digest for digest in mine if digest not in wanted]
    _unshelve(db, gone)
    return len(gone)


def _unshelve(db: CollegeSession, digests: list[str]) -> None:
    """These are not, or soon will not be, on the shelf; their records, deleted ones too, await them again."""
    for chunk in chunks(digests):
        for entity in attached():
            columns: Any = entity
            query = sa.select(entity).where(
                columns.content.in_(chunk), columns.state == FileState.RECEIVED
            )
            for row in db.scalars(query.order_by(columns.id).with_for_update()):
                row.state = FileState.AWAITED  # type: ignore[attr-defined]  # of every entity of files
        c = stored_file.c
        mine = c.college_id == db.college_id
        db.execute(sa.delete(stored_file).where(mine, c.digest.in_(chunk)))


# ---- what lies on the disk


def _sweep(engine: sa.Engine, id: UUID, now: Clock) -> None:
    """Contents that the database knows nothing of any more, and halves that nobody goes on sending."""
    with CollegeSession(reader(engine), id, now=now) as db:
        c = stored_file.c
        known = set(db.scalars(sa.select(c.digest).where(c.college_id == id)))
    for path in _files(files.shelf(engine, id)):
        half = path.parent.name == files.PARTS
        old = _age(path, now()) > (HALF_SENT if half else BASKET)
        if old and (half or path.name not in known):
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    if folder.exists():
        yield from (path for path in folder.rglob("*") if path.is_file())


def _age(path: Path, now: dt.datetime) -> dt.timedelta:
    return now - dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)


def _clean(engine: sa.Engine, now: dt.datetime) -> None:
    """What belongs to no college: old failures to sign in, tokens that ran out long ago, workshops of killed backups."""
    with CollegeSession(reader(engine), REGION, now=lambda: now) as db:
        months = events.months_kept(db, now.date())
    with engine.begin() as connection:
        events.forget(connection, now, months)
        connection.execute(sa.delete(sign_in_failure).where(sign_in_failure.c.at < now - FAILURES))
        connection.execute(sa.delete(token).where(token.c.lease_to < now - REMEMBERED))
    for place in outside_at(engine).folder.glob("backup-*"):
        if place.is_symlink() or not place.is_dir():
            continue
        newest = min(_age(path, now) for path in (place, *place.rglob("*")))
        if newest > KILLED:
            log.warning(
                "a backup was killed here; its folder is removed", extra={"place": place.name}
            )
            shutil.rmtree(place)


# ---- beside the server


def nights(engine: sa.Engine, *, now: Clock) -> Repeating:
    """Looks once a minute whether a day has changed somewhere."""
    return Repeating("midnight", lambda: run(engine, now=now), EVERY)
