"""Long work, as its asker sees it: asked for, given its file, watched, cancelled, its result fetched, and in time swept.

Of another's job nobody is told that there is one; a result is opened by the rights that its kind takes and its contents ask for, held today.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import msgspec
import sqlalchemy as sa

from common.administration.entities import Account
from common.kit.errors import Invalid, NotFound, TooMany
from common.kit.ids import new_id
from common.kit.jobs import PATH, PIECE, Job, JobInput, Jobs, JobState
from common.kit.progress import Progress
from common.kit.rights import Permissions
from common.kit.sheets import LARGE, MAX_BYTES
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.files import room
from server.kit.outside import outside_at
from server.kit.policy import opens_route
from server.kit.refusals import day_of
from server.kit.session import Author, Clock, CollegeSession, load
from server.kit.tables import job
from server.kit.terms import months_of

ABSENT = "Такой работы нет"
NEEDS = "needs"
"""Beside the arguments of an ended job: what opens its file (Ending)."""
BUSY = "Такая работа у вас уже идёт: дождитесь её или отмените"
CANCELLED = "Отменено вами"
RESULTS = "job_results"
SHOWN = 30
"""Jobs of one answer."""
HALF_SENT = dt.timedelta(days=1)
LASTING = tuple(state.value for state in JobState if state.lasts)


class Ending(msgspec.Struct, frozen=True):
    """How a job ended: words, and the name of the file where it has made one; `rows` of `entity` leave with it.

    `needs`: permissions, as they are written, that open what is in the file, beside the right to the kind.
    """

    said: str
    file: str = ""
    entity: str = ""
    rows: int = 0
    needs: tuple[str, ...] = ()


class Running(Protocol):
    """What a job has of the house while it runs."""

    engine: sa.Engine
    college_id: UUID
    author: Author
    held: Permissions
    """The asker's rights over the whole college, today."""
    now: Clock
    given: Path
    """The file that came with the asking."""
    made: Path
    """Where the result is to be written; nobody sees it before the end."""

    @property
    def step(self) -> Progress: ...


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of job. Its row in the policy is that of its route, PATH and the kind."""

    kind: str
    title: str
    takes: type[msgspec.Struct]
    run: Callable[[Running, Any], Ending]
    file: bool = False
    """A table is sent before it begins: `takes` has its `size`."""
    resumes: bool = False
    """Does doing it again from the beginning do no harm? Then the death of a worker does not end it."""

    @property
    def path(self) -> str:
        return PATH + self.kind

    def opens_to(self, held: Permissions) -> bool:
        return opens_route("POST", self.path, held, frozenset())


JOBS: dict[str, Work] = {}
"""Rooms add their own (server.app)."""


def place_of(engine: sa.Engine | sa.Connection, college_id: UUID, id: UUID) -> Path:
    """Its result; beside it, under longer names, what it was given and what is not finished."""
    return outside_at(engine).jobs / college_id.hex / id.hex


def given_of(place: Path) -> Path:
    return place.with_suffix(".given")


def part_of(place: Path, taking: int) -> Path:
    """Each taking of a job writes its own: who was taken for dead may still be writing."""
    return place.with_suffix(f".{taking}.part")


# ---- asking


def start(
    engine: sa.Engine, caller: Caller, work: Work, asked: msgspec.Struct, *, now: Clock
) -> Job:
    """TooMany while one of this kind runs for the same person, Invalid for a file too large."""
    size = getattr(asked, "size", 0)
    if work.file and not 0 < size <= MAX_BYTES:
        raise Invalid(LARGE if size > 0 else "Файл пуст: выберите таблицу Excel")
    state = JobState.SENDING if work.file else JobState.QUEUED
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        load(db, Account, caller.account_id, lock=True)  # two of his requests at once: one waits
        c = job.c
        mine = (c.college_id == db.college_id, c.account_id == caller.account_id)
        lasting = sa.select(c.id).where(*mine, c.kind == work.kind, c.state.in_(LASTING))
        if db.scalars(lasting.limit(1)).first() is not None:
            raise TooMany(BUSY, retry_after=5)
        id = new_id()
        made = {
            "college_id": db.college_id,
            "id": id,
            "account_id": caller.account_id,
            "device": caller.device,
            "kind": work.kind,
            "arguments": msgspec.to_builtins(asked),
            "state": state.value,
            "asked_at": db.now(),
        }
        db.execute(sa.insert(job).values(made))
        commit(db, f"job.{work.kind}"[:60])
    return mine_of(engine, caller, id.hex, now=now)


def _told(row: Any) -> Job:
    work = JOBS.get(row.kind)
    return Job(
        id=row.id.hex,
        kind=row.kind,
        title=work.title if work else row.kind,
        state=row.state,
        done=row.done,
        total=row.total,
        said=row.said,
        file=row.file,
        size=row.size,
        asked_at=row.asked_at.isoformat(),
        finished_at=row.finished_at.isoformat() if row.finished_at else "",
    )


def _mine(db: CollegeSession, caller: Caller, id: str, *, lock: bool = False) -> Any:
    """NotFound equally for another's, another college's, and for none."""
    try:
        wanted = UUID(id)
    except ValueError:
        raise NotFound(ABSENT) from None
    c = job.c
    query = sa.select(job).where(
        c.college_id == db.college_id, c.id == wanted, c.account_id == caller.account_id
    )
    row = db.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(ABSENT)
    return row


def mine_of(engine: sa.Engine, caller: Caller, id: str, *, now: Clock) -> Job:
    with CollegeSession(reader(engine), caller.college_id, now=now) as db:
        return _told(_mine(db, caller, id))


def jobs_of(engine: sa.Engine, caller: Caller, *, now: Clock) -> Jobs:
    c = job.c
    with CollegeSession(reader(engine), caller.college_id, now=now) as db:
        query = (
            sa.select(job)
            .where(c.college_id == db.college_id, c.account_id == caller.account_id)
            .order_by(c.asked_at.desc(), c.id.desc())
        )
        return Jobs([_told(row) for row in db.execute(query.limit(SHOWN))])


def cancel(engine: sa.Engine, caller: Caller, id: str, *, now: Clock) -> Job:
    """At once, whatever its worker is doing: what that one still makes is thrown away. An ended job stays as it is."""
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        row = _mine(db, caller, id, lock=True)
        if row.state in LASTING:
            ended = {"state": JobState.CANCELLED.value, "said": CANCELLED, "finished_at": db.now()}
            mine = (job.c.college_id == db.college_id, job.c.id == row.id)
            db.execute(sa.update(job).where(*mine).values(ended))
            commit(db, "job.cancel")
            if row.state != JobState.RUNNING.value:
                given_of(place_of(engine, db.college_id, row.id)).unlink(missing_ok=True)
    return mine_of(engine, caller, id, now=now)


def receive(
    engine: sa.Engine, caller: Caller, id: str, at: int, body: bytes, *, now: Clock
) -> JobInput:
    """A piece of the table that the job works on; the last byte puts it into the queue, and may be sent again."""
    with CollegeSession(reader(engine), caller.college_id, now=now) as db:
        row = _mine(db, caller, id)
    work = JOBS.get(row.kind)
    if work is None or not work.file or row.state == JobState.CANCELLED.value:
        raise NotFound(ABSENT)
    size = int(row.arguments["size"])
    if row.state != JobState.SENDING.value:
        return JobInput(size)
    path = given_of(place_of(engine, caller.college_id, row.id))
    have = path.stat().st_size if path.exists() else 0
    if at + len(body) > size or len(body) > PIECE:
        raise Invalid("Размер файла назван неверно")
    if body and 0 <= at <= have:
        with room():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.seek(at)
                file.write(body)
        have = max(have, at + len(body))
    if have == size:
        with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
            waiting = (job.c.college_id == db.college_id, job.c.id == row.id)
            sending = job.c.state == JobState.SENDING.value
            db.execute(sa.update(job).where(*waiting, sending).values(state=JobState.QUEUED.value))
            commit(db, "job.given")
    return JobInput(have)


def read(engine: sa.Engine, caller: Caller, id: str, at: int, most: int, *, now: Clock) -> bytes:
    """A piece of a result; NotFound also where the right to it has ended."""
    with CollegeSession(reader(engine), caller.college_id, now=now) as db:
        row = _mine(db, caller, id)
    work = JOBS.get(row.kind)
    if not row.file or work is None or not work.opens_to(caller.permissions):
        raise NotFound(ABSENT)
    if not set(row.arguments.get(NEEDS, ())) <= {*map(str, caller.permissions)}:
        raise NotFound(ABSENT)
    try:
        with place_of(engine, caller.college_id, row.id).open("rb") as file:
            file.seek(min(max(at, 0), row.size))
            return file.read(min(max(most, 0), PIECE))
    except FileNotFoundError:
        raise NotFound("Файл уже стёрт с сервера; запустите работу снова") from None


# ---- in time


def sweep(engine: sa.Engine, college_id: UUID, *, now: Clock) -> int:
    """Let go of what ended longer ago than the dated row says, of tables half sent, and of files that no job has.

    What a job was given, or has not finished, is of use only while it lasts.
    """
    c = job.c
    folder = outside_at(engine).jobs / college_id.hex
    lying = [*folder.iterdir()] if folder.exists() else []  # first: what comes later is not ours
    with CollegeSession(engine, college_id, now=now) as db:
        months = max(months_of(db, RESULTS, day_of(db, db.now())), default=0)
        mine = c.college_id == college_id
        old = c.finished_at < db.now() - dt.timedelta(days=31 * months)
        sending = c.state == JobState.SENDING.value
        half = sa.and_(sending, c.asked_at < db.now() - HALF_SENT)
        gone = db.execute(sa.delete(job).where(mine, sa.or_(half, old if months else sa.false())))
        states = {id.hex: state for id, state in db.execute(sa.select(c.id, c.state).where(mine))}
        swept = int(gone.rowcount)  # type: ignore[attr-defined]  # a statement that deletes has one
        if swept:
            commit(db, "job.sweep")
    lasting = {id for id, state in states.items() if state in LASTING}
    for path in lying:
        if path.name.partition(".")[0] not in (lasting if path.suffix else states):
            path.unlink(missing_ok=True)
    return swept
