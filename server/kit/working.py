"""Long work, as its worker sees it: taken by one, told of while it lasts, ended once, and not lost with a worker that dies."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from common.administration.kinds import AccessKind
from common.kit.errors import EpoError
from common.kit.ids import REGION, new_id
from common.kit.jobs import JobState
from common.kit.progress import Cancelled
from common.kit.rights import Permissions
from server.kit.auth import held_permissions, is_alive
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.events import note
from server.kit.jobs import (
    CANCELLED,
    JOBS,
    LASTING,
    NEEDS,
    Ending,
    Work,
    given_of,
    part_of,
    place_of,
)
from server.kit.repeating import Repeating
from server.kit.session import Author, Clock, CollegeSession, say_college
from server.kit.tables import job

log = logging.getLogger("epo.jobs")

EVERY = 1.0
"""Seconds between two looks for work."""
BEAT = 0.4
"""Seconds between two signs of life; as often a worker hears that its job was cancelled."""
STALE = dt.timedelta(seconds=30)
"""A worker that has not been heard of for so long is dead."""
REST = dt.timedelta(seconds=10)
"""After a worker that ended badly: one that cannot even begin is not begun again and again."""
TRIES = 3
ENDED = "Работа прервалась: процесс сервера, который её делал, остановился. Запустите её снова"
NO_RIGHT = "Права на это больше нет: роль изменилась или доступ прекращён"
FAULT = "Сбой на сервере; администратор видит его под номером {id}"

RUNNING, QUEUED = JobState.RUNNING.value, JobState.QUEUED.value


@contextlib.contextmanager
def _writing(engine: sa.Engine, college_id: UUID) -> Iterator[sa.Connection]:
    """Progress is no record of the college: it has no place in its journal of changes."""
    with engine.begin() as connection:
        say_college(connection, college_id)
        yield connection


class Run:
    """One job in the hands of one worker (server.kit.jobs.Running)."""

    def __init__(
        self, engine: sa.Engine, row: Any, worker: str, held: Permissions, *, now: Clock
    ) -> None:
        self.engine, self.now, self.held = engine, now, held
        self.arguments: dict[str, Any] = row.arguments
        self.id: UUID = row.id
        self.college_id: UUID = row.college_id
        self.author = Author(row.account_id, row.device, f"job-{row.id.hex}")
        place = place_of(engine, row.college_id, row.id)
        place.parent.mkdir(parents=True, exist_ok=True)
        self.given, self.made, self.place = given_of(place), part_of(place, row.tries), place
        c = job.c
        self.held_by_us = (
            c.college_id == row.college_id,
            c.id == row.id,
            c.state == RUNNING,
            c.worker == worker,
        )
        self._told: dict[str, Any] = {}
        self._lost = False

    def step(self, done: int, total: int) -> None:
        self._told = {"done": done, "total": total}
        if self._lost:
            raise Cancelled(CANCELLED)

    def beat(self) -> None:
        """We live, and have come so far. Whoever has cancelled the job, or taken it for dead, has taken it from us."""
        with _writing(self.engine, self.college_id) as connection:
            update = sa.update(job).where(*self.held_by_us)
            known = connection.execute(update.values(beat_at=self.now(), **self._told))
        self._lost = known.rowcount == 0

    def goes_on(self) -> bool:
        """In the hands of another, or in the queue again: a worker that was taken for dead may be merely slow."""
        c = job.c
        mine = (c.college_id == self.college_id, c.id == self.id, c.state.in_(LASTING))
        with CollegeSession(reader(self.engine), self.college_id, now=self.now) as db:
            return db.execute(sa.select(c.id).where(*mine)).first() is not None

    # ---- ending

    def end(self, ending: Ending) -> None:
        """The result is there for its asker, and the journal of visits has what left; nothing of it where nobody waits."""
        made = self.made.exists() and bool(ending.file)
        size = self.made.stat().st_size if made else 0
        with CollegeSession(self.engine, self.college_id, now=self.now, author=self.author) as db:
            told = {"state": JobState.DONE.value, "said": ending.said[:2000], "size": size}
            told |= {"file": ending.file[:200] if made else ""}
            told |= {"arguments": self.arguments | {NEEDS: list(ending.needs)}}
            if not self._close(db, self._told | told):
                return
            if ending.entity:
                note(db, AccessKind.EXPORT, entity=ending.entity, rows=ending.rows)
            if made:
                self.made.replace(self.place)
            commit(db, "job.done")

    def fail(self, said: str) -> None:
        with CollegeSession(self.engine, self.college_id, now=self.now, author=self.author) as db:
            if self._close(db, {"state": JobState.FAILED.value, "said": said[:2000]}):
                commit(db, "job.failed")

    def stop(self, said: str) -> None:
        """It was cancelled, and there is something to say of what had been done by then."""
        c = job.c
        mine = (c.college_id == self.college_id, c.id == self.id)
        cancelled = c.state == JobState.CANCELLED.value
        with _writing(self.engine, self.college_id) as connection:
            connection.execute(sa.update(job).where(*mine, cancelled).values(said=said[:2000]))

    def _close(self, db: CollegeSession, values: dict[str, Any]) -> bool:
        update = sa.update(job).where(*self.held_by_us)
        return bool(db.execute(update.values(finished_at=db.now(), **values)).rowcount)  # type: ignore[attr-defined]  # a statement that updates has one


def clear(place: Path) -> None:
    """What an ended job was given, and what any of its workers has not finished."""
    for path in (given_of(place), *place.parent.glob(f"{place.name}.*.part")):
        path.unlink(missing_ok=True)


# ---- taking


def drain(engine: sa.Engine, worker: str, *, now: Clock) -> int:
    """Do all that waits, the oldest first; how many jobs that were."""
    count = 0
    while (row := _take(engine, worker, now)) is not None:
        _do(engine, row, worker, now)
        count += 1
    return count


def _waiting(engine: sa.Engine, now: Clock) -> Sequence[Any]:
    c = job.c
    query = sa.select(c.college_id, c.id).where(c.state == QUEUED).order_by(c.asked_at, c.id)
    with CollegeSession(reader(engine), REGION, now=now) as db:
        return db.execute(query.limit(20)).all()


def _take(engine: sa.Engine, worker: str, now: Clock) -> Any:
    """A job that no other worker has, marked as ours, as it is now; None where nothing waits."""
    c = job.c
    for college_id, id in _waiting(engine, now):
        with _writing(engine, college_id) as connection:
            mine = (c.college_id == college_id, c.id == id)
            query = sa.select(c.tries).where(*mine, c.state == QUEUED)
            tries = connection.scalar(query.with_for_update(skip_locked=True))
            if tries is None:
                continue
            taken = {"state": RUNNING, "worker": worker, "tries": tries + 1, "said": ""}
            moments = {"started_at": now(), "beat_at": now()}
            connection.execute(sa.update(job).where(*mine).values(**taken, **moments))
            return connection.execute(sa.select(job).where(*mine)).one()
    return None


def _do(engine: sa.Engine, row: Any, worker: str, now: Clock) -> None:
    work = JOBS.get(row.kind)
    with CollegeSession(reader(engine), row.college_id, now=now) as db:
        alive = is_alive(db, row.account_id)
        held = held_permissions(db, row.account_id)
    run = Run(engine, row, worker, held, now=now)
    if work is None or not alive or not work.opens_to(held):
        run.fail(NO_RIGHT)
    else:
        _run(run, work, row.arguments)
    run.made.unlink(missing_ok=True)
    if not run.goes_on():
        clear(run.place)


def _run(run: Run, work: Work, arguments: Any) -> None:
    """In a thread of its own: one bad job stops no other."""
    beats = Repeating("beat", run.beat, BEAT)
    beats.start()
    try:
        with ThreadPoolExecutor(1, "job") as pool:
            future = pool.submit(lambda: work.run(run, msgspec.convert(arguments, work.takes)))
            fault = future.exception()
        match fault:
            case None:
                run.end(future.result())
            case Cancelled():
                run.stop(fault.message)
            case EpoError():
                run.fail(fault.message)
            case _:
                log.error("a job failed", exc_info=fault, extra={"uuid": run.id.hex})
                run.fail(FAULT.format(id=run.id.hex[:8]))
    finally:
        beats.end()  # a job whose end could not be written must not look alive


# ---- the death of a worker


def bury(engine: sa.Engine, *, now: Clock, worker: str = "") -> int:
    """Jobs of workers that are dead, or of this one, which is known to be: begun anew, or failed in words."""
    c = job.c
    dead = c.worker == worker if worker else c.beat_at < now() - STALE
    query = sa.select(c.college_id, c.id, c.kind, c.tries).where(c.state == RUNNING, dead)
    with CollegeSession(reader(engine), REGION, now=now) as db:
        rows = db.execute(query).all()
    count = 0
    for college_id, id, kind, tries in rows:
        again = kind in JOBS and JOBS[kind].resumes and tries < TRIES
        ended = {"state": JobState.FAILED.value, "said": ENDED, "finished_at": now()}
        values = {"state": QUEUED, "worker": "", "done": 0} if again else ended
        with _writing(engine, college_id) as connection:
            mine = (c.college_id == college_id, c.id == id, c.state == RUNNING, dead)
            done = connection.execute(sa.update(job).where(*mine).values(values)).rowcount
        if not done:  # it has ended meanwhile, or another has buried it
            continue
        count += done
        if not again:
            clear(place_of(engine, college_id, id))
        log.warning("a worker died", extra={"uuid": id.hex, "attempt": tries})
    return count


class Hands:
    """Beside a server: a process for what waits, so that no request stands behind long work; `look` is to be repeated."""

    def __init__(
        self, engine: sa.Engine, begin: Callable[[str], subprocess.Popen[bytes]], *, now: Clock
    ) -> None:
        """`begin(name)` starts a worker of that name that does all that waits, and ends."""
        self.engine, self.begin, self.now = engine, begin, now
        self.name = ""
        self.rest_to = dt.datetime.min.replace(tzinfo=dt.UTC)
        self.process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and self.process.returncode:
            self.rest_to = self.now() + REST
        self._bury_ours()
        bury(self.engine, now=self.now)
        if self.now() >= self.rest_to and _waiting(self.engine, self.now):
            self.name = new_id().hex
            self.process = self.begin(self.name)

    def _bury_ours(self) -> None:
        if self.process is not None:
            self.process = None
            bury(self.engine, now=self.now, worker=self.name)

    def end(self) -> None:
        """What is being done is begun anew by the next server, or failed in words."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self._bury_ours()
