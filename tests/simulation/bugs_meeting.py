"""The planted bugs of SYNC 12 about requests that meet, as SQLite's one writer lets them be shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.kit.entity import spec_of
from common.kit.sync import END, Position
from server.kit import commit, gate, judge, pull, push, recorded
from server.kit.gate import in_history
from server.kit.judge import Bench
from server.kit.push import Batch, Push
from server.kit.session import CollegeSession
from server.kit.tables import clock, operation
from tests.simulation import world
from tests.simulation.garden import MEANWHILE, Garden, bug, meanwhile


@bug("a moment of the clock is taken before the transaction, and another commits first")
def sequence(g: Garden) -> None:
    taken: list[int] = []

    def attempt(self: Push, operations: Any, *, forced: Any = None) -> Any:
        if not MEANWHILE or taken:
            return former(self, operations, forced=forced)
        with self.engine.connect() as connection:
            query = sa.select(clock.c.counter).where(clock.c.college_id == self.caller.college_id)
            taken.append(connection.execute(query).scalar_one() + 1)
        meanwhile()
        try:
            return former(self, operations, forced=forced)
        finally:
            taken.clear()

    def tick(db: CollegeSession) -> Any:
        if taken and db.author.device:
            query = sa.select(clock.c.audit_head).where(clock.c.college_id == db.college_id)
            return taken[0], db.execute(query).scalar_one()
        counter, head = former_tick(db)
        return former_tick(db) if taken and counter == taken[0] else (counter, head)

    former = g.put(Push, "attempt", attempt)
    former_tick = g.put(commit, "_tick", tick)


@bug("the clock is read after the rows of a page")
def top_after_rows(g: Garden) -> None:
    def pages(db: Any, request: Any, answer: Any, *more: Any) -> None:
        former(db, request, answer, *more)
        if not MEANWHILE:
            return
        meanwhile()
        with CollegeSession(db.get_bind(), db.college_id, now=db.now) as later:
            answer.clock, answer.mark, _ = gate.read_clock(later)
        for page in answer.pages:
            if not page.more and page.bucket.scope == db.college_id.hex:
                page.to, page.digest = Position(answer.clock, END, END), None
        answer.raised = [r if r.regional else r._replace(to=answer.clock) for r in answer.raised]

    former = g.put(pull, "_pages", pages)


@bug("the clock is taken before the work, not last")
def counter_early(g: Garden) -> None:
    early: list[Any] = []

    def tick(db: CollegeSession) -> Any:
        return early.pop() if early else former_tick(db)

    def execute(self: Batch, fresh: Any, forced: Any) -> None:
        early.append(former_tick(self.db))
        try:
            former(self, fresh, forced)
        finally:
            early.clear()

    former = g.put(Batch, "execute", execute)
    former_tick: Any = g.put(commit, "_tick", tick)


@bug("a value is compared with what was read before the lock")
def check_then_write(g: Garden) -> None:
    read: dict[Any, dict[str, Any]] = {}

    def attempt(self: Push, operations: Any, *, forced: Any = None) -> Any:
        if not MEANWHILE:
            return former(self, operations, forced=forced)
        with CollegeSession(self.engine, self.caller.college_id, now=self.now) as db:
            bench = Bench(db, self.caller.permissions)
            bench.prepare(operations)
            for (name, id), row in bench.rows.items():
                read[id] = {f.name: getattr(row, f.name) for f in spec_of(name).fields}
        meanwhile()
        try:
            return former(self, operations, forced=forced)
        finally:
            read.clear()

    def conflicts(spec: Any, row: Any, seen: Any, new: Any) -> Any:
        stale = SimpleNamespace(**read[row.id]) if row.id in read else row
        return former_conflicts(spec, stale, seen, new)

    former = g.put(Push, "attempt", attempt)
    former_conflicts = g.put(judge, "_conflicts", conflicts)


@bug("nothing stops the same operation in two requests at once")
def double_inflight(g: Garden) -> None:
    early: list[Any] = []

    def attempt(self: Push, operations: Any, *, forced: Any = None) -> Any:
        if not MEANWHILE:
            return former(self, operations, forced=forced)
        with CollegeSession(self.engine, self.caller.college_id, now=self.now) as db:
            early.append(push._lock_device(db, self.caller, self.request.device))
        meanwhile()
        try:
            return former(self, operations, forced=forced)
        finally:
            early.clear()

    def place(*told: Any) -> Any:
        return early[0] if early else former_place(*told)

    def look(db: CollegeSession, uuids: Any, *, lock: bool = False) -> Any:
        return {} if early else former_recorded(db, uuids, lock=lock)

    former = g.put(Push, "attempt", attempt)
    former_place: Any = g.put(push, "_lock_device", place)
    former_recorded: Any = g.put(recorded, "recorded", look)
    g.put(commit, "RECORD", sa.insert(operation).prefix_with("OR IGNORE"))


@bug("whoever is signed in sends what lies in the journal")
def other_author(g: Garden) -> None:
    def pushed(engine: Any, caller: Any, request: Any, *, now: Any) -> Any:
        return in_history(engine, caller.college_id, Push(engine, caller, request, now).answer)

    def place(db: CollegeSession, caller: Any, name: str) -> Any:
        return db.execute(push.DEVICE, {"college": db.college_id, "name": name}).one_or_none()

    g.put(push, "push", pushed)
    g.put(push, "_lock_device", place)


@bug("a change of rights takes no moment of the clock", grant=4, replica=6)
def grant_noclock(g: Garden) -> None:
    def only_grants(db: CollegeSession, action: str, **more: Any) -> Any:
        if action != "sim.grant":
            return former(db, action, **more)
        now = gate.read_clock(db)
        db.flush()
        Session.commit(db)
        return now

    former = g.put(world, "commit", only_grants)
