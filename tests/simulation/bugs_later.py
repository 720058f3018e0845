"""The planted bugs of SYNC 12 that came from the attack on paper and from the model."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import sqlalchemy as sa

from client.store import answers, journal, overlay, receiving, sending
from client.store.cache import Cache
from client.store.decisions import Decisions
from client.store.journal import Journal
from common.kit.errors import Unavailable
from common.kit.sync import END, Position, Status
from server.kit import adopting, commit, gate, judge, offer, outside, pull, push, recorded
from server.kit.judge import Bench, Verdict
from server.kit.push import Push
from server.kit.session import CollegeSession
from server.kit.tables import clock, operation
from tests.simulation.garden import MEANWHILE, Garden, bug, meanwhile


@bug("a uuid is looked up under its device only", clone=4)
def dev_dedupe(g: Garden) -> None:
    def look(db: CollegeSession, uuids: Any, *, lock: bool = False) -> Any:
        found = former(db, uuids, lock=lock)
        return {u: row for u, row in found.items() if row["device"] == db.author.device}

    former = g.put(recorded, "recorded", look)


@bug("a new device id does not offer what older ids had sent", restore=3, backup=3)
def fork_restore(g: Garden) -> None:
    def take(own: Journal, answer: Any) -> Any:
        answer.outcomes = []
        pending = {op.uuid for op in own.pending(10_000)}
        kept = own.connection.execute("SELECT uuid, status FROM op").fetchall()
        entries = former(own, answer)
        for uuid, status in kept:
            if status != "pending" and own.entry(uuid).op.uuid not in pending:
                own.connection.execute("UPDATE op SET status = ? WHERE uuid = ?", (status, uuid))
        return entries

    former = g.put(answers, "take_offer", take)


@bug("nobody looks at witnesses", restore=5, backup=3)
def silent_restore(g: Garden) -> None:
    g.put(gate, "false_witness", lambda db, witnesses: False)


@bug("a row leaves with its first holder", grant=2)
def last_holder(g: Garden) -> None:
    def release(self: Cache, c: Any, facet: str, id: str) -> None:
        holders = c.execute("SELECT * FROM held WHERE row_id = ? AND facet = ?", (id, facet))
        kept = holders.fetchall()
        c.execute("DELETE FROM held WHERE row_id = ? AND facet = ?", (id, facet))
        former(self, c, facet, id)
        c.executemany("INSERT INTO held VALUES (?, ?, ?, ?)", kept)

    former = g.put(Cache, "_release", release)


@bug("a class that is gained begins where another stands", grant=3)
def gain_class(g: Garden) -> None:
    def numbered(self: Cache, c: Any, mine: Any) -> Any:
        known = {b for b in mine if _at(c, b) is not None}
        found = former(self, c, mine)
        for bucket in set(mine) - known:
            other = next((b for b in known if b[:2] == bucket[:2]), None)
            if other is not None:
                c.execute(
                    "UPDATE bucket SET seq = ?, facet = ?, row_id = ?, whole = 1 WHERE no = ?",
                    (*_at(c, other), found[bucket]),
                )
        return found

    former = g.put(Cache, "_numbers", numbered)


def _at(c: Any, bucket: Any) -> Any:
    return c.execute(
        "SELECT seq, facet, row_id FROM bucket WHERE scope = ? AND section = ? AND pd = ? AND year = ?",
        tuple(bucket),
    ).fetchone()


@bug("a class that is lost stays while the section is kept", grant=3)
def lose_class(g: Garden) -> None:
    def lose(self: Cache, c: Any, mine: Any, touched: Any) -> None:
        sections = {b.section for b in mine}
        rows = c.execute("SELECT scope, section, pd, year, no FROM bucket").fetchall()
        kept = [r for r in rows if r[1] in sections]
        former(
            self,
            c,
            mine | {type(next(iter(mine)))(*r[:4]) for r in kept} if mine else mine,
            touched,
        )

    former = g.put(Cache, "_lose", lose)


@bug(
    "own work stays over the cache until the next full pull, whatever the cache has",
    pull=3,
    web=3,
    update=2,
    round=0.2,
)
def stale_overlay(g: Garden) -> None:
    g.put(overlay.Meaning, "_over", lambda self, entry, base_seq: True)


@bug("a decision changes the operation under its uuid")
def same_uuid_decision(g: Garden) -> None:
    def put(self: Decisions, c: Any, entry: Any, body: Any, reason: str) -> Any:
        op = msgspec.structs.replace(entry.op, body=body, no=self.journal._top(c) + 1)
        c.execute(
            "UPDATE op SET body = ?, no = ?, device = ?, status = 'pending', entity = ?, row_id = ? WHERE uuid = ?",
            (
                msgspec.msgpack.encode(op),
                op.no,
                self.journal.device,
                *journal.subject(body),
                op.uuid.hex,
            ),
        )
        return op

    g.put(Decisions, "_put", put)


@bug("what rests on an unresolved operation is executed", decide=0.5, grant=2)
def held_run(g: Garden) -> None:
    def judged(self: Bench, op: Any, *, held_by: Any) -> Any:
        return former(self, op, held_by=set())

    former = g.put(Bench, "judge", judged)


@bug("an unexpected fault blocks everything behind it", command=4)
def poison(g: Garden) -> None:
    def failure(self: Push, op: Any, fault: Exception) -> Verdict:
        raise Unavailable("again")

    g.put(Push, "failure", failure)


@bug("a busy database is told as a refusal", busy=8)
def transient_refused(g: Garden) -> None:
    def attempt(self: Push, operations: Any, *, forced: Any = None) -> Any:
        try:
            return former(self, operations, forced=forced)
        except Unavailable:
            return former(self, operations, forced=Verdict(Status.REFUSED, "Сервер занят"))

    former = g.put(Push, "attempt", attempt)


@bug("settled operations are forgotten with their answers", clone=2)
def answer_purged(g: Garden) -> None:
    def erase(db: CollegeSession, name: str, since: int, to: int) -> None:
        c = operation.c
        db.execute(
            sa.delete(operation).where(
                c.college_id == db.college_id, c.device == name, c.no > since, c.no <= to
            )
        )

    g.put(recorded, "erase_answers", erase)


@bug("an order that is executed again gets another number", restore=4, backup=3, command=4)
def renumber_replay(g: Garden) -> None:
    g.put(Bench, "_is_ours", lambda self, op, replay: False)


@bug("numbers are leased anew after a restore", restore=4, backup=3, create=2, command=2)
def lease_reissue(g: Garden) -> None:
    g.put(outside.Outside, "top", lambda self, college, series, book: 0)
    g.put(outside.Outside, "owner", lambda self, college, series, book, number: None)
    g.put(outside.Outside, "series", lambda self, college: 0)


@bug("a raised shape is noted and nothing is read again", shape=4)
def shape_skip(g: Garden) -> None:
    def reshape(self: Cache, c: Any, shapes: Any) -> None:
        c.executemany("INSERT OR REPLACE INTO shape VALUES (?, ?)", list(shapes.items()))

    g.put(Cache, "_reshape", reshape)


@bug("half an atom is merged")
def merge_atom(g: Garden) -> None:
    def conflicts(spec: Any, row: Any, seen: Any, new: Any) -> Any:
        changed = {name: value for name, value in new.items() if value != seen[name]}
        return {
            name: "changed"
            for name, value in changed.items()
            if getattr(row, name) not in (seen[name], value)
        }

    g.put(judge, "_conflicts", conflicts)


@bug("a bucket is taken for whole after its first page")
def half_load(g: Garden) -> None:
    def page(self: Cache, c: Any, number: int, each: Any, touched: Any) -> None:
        former(self, c, number, each, touched)
        c.execute("UPDATE bucket SET whole = 1 WHERE no = ?", (number,))

    former = g.put(Cache, "_store_page", page)
    g.put(answers, "mark_seen", _mark_early)


def _mark_early(own: Journal, epoch: str, seq: int) -> Any:
    own.connection.execute("UPDATE op SET seen = 1 WHERE status = 'applied'")
    return []


@bug("a lagging copy is taken for a restore", replica=8)
def replica_back(g: Garden) -> None:
    g.put(gate, "is_replica", lambda db: False)


@bug("a page ends with a whole moment, though its rows were cut", bulk=4, pull=2)
def big_tx(g: Garden) -> None:
    def page(db: Any, cursor: Any, numbered: Any, top: int, limit: int) -> Any:
        made = former(db, cursor, numbered, top, limit)
        if made is not None and made.more:
            made.to = Position(made.to.seq, END, END)
        return made

    former = g.put(pull, "_page", page)


@bug("a rule takes the present moment", command=6)
def deadline_now(g: Garden) -> None:
    g.put(CollegeSession, "at", property(lambda self: self.now()))


# ---- from the model


@bug("only the newest witness is kept", restore=4, backup=3, deliver=2)
def wit_max(g: Garden) -> None:
    def hear(self: Journal, c: Any, answer: Any) -> None:
        former(self, c, answer)
        c.execute("DELETE FROM witness WHERE clock < (SELECT max(clock) FROM witness)")

    former = g.put(Journal, "hear", hear)


@bug("an epoch newer than the server's is only another one", restore=5, backup=3)
def epoch_back(g: Garden) -> None:
    def reload(db: Any, request: Any, epoch: str) -> bool:
        if request.epoch is not None and request.epoch > epoch:
            return True
        return bool(former(db, request, epoch))

    former = g.put(gate, "must_reload", reload)
    for module in (push, pull, offer):
        g.put(module, "must_reload", reload)


@bug("pages are compared by their cursors alone", grant=5, deliver=4, pull=2)
def page_aba(g: Garden) -> None:
    def store(self: Cache, answer: Any) -> Any:
        answer.ticket = self.ticket()
        return former(self, answer)

    g.put(Cache, "fits", lambda self, answer: self.epoch() in (None, answer.epoch))
    former = g.put(Cache, "store", store)


@bug("seen is said before the rows are stored", crash=2, deliver=2)
def seen_first(g: Garden) -> None:
    def take(store: Any, cache: Any, answer: Any, late: Any) -> Any:
        if cache is store.cache and store.journal.fact("epoch") == answer.epoch:
            answers.mark_seen(store.journal, answer.epoch, answer.clock)
        return former(store, cache, answer, late)

    former = g.put(receiving, "take_pull", take)


@bug("seen is said where one bucket had a last page", pull=3)
def seen_cut(g: Garden) -> None:
    def take(store: Any, cache: Any, answer: Any, late: Any) -> Any:
        taken = former(store, cache, answer, late)
        if taken is not None and cache is store.cache and any(not p.more for p in answer.pages):
            entries = answers.mark_seen(store.journal, answer.epoch, answer.clock)
            store.refresh_overlay(sending.subjects(entries))
        return taken

    former = g.put(receiving, "take_pull", take)


@bug("a decision waits for younger operations too", decide=4, update=2, web=2)
def decision_held(g: Garden) -> None:
    def opened(self: Journal, rows: Any, *, before: int = 0, but: Any = None) -> Any:
        return former(self, rows, before=0, but=but)

    former = g.put(Journal, "_open_on", opened)


@bug(
    "an operation is held by a record's unresolved operations of any desk", decide=2, web=2, clone=3
)
def held_stranger(g: Garden) -> None:
    def judged(self: Bench, op: Any, *, held_by: Any) -> Any:
        _, row = judge.subject_of(op)
        if row is not None and op.resolves is None:
            c = operation.c
            query = sa.select(c.uuid).where(
                c.college_id == self.db.college_id,
                c.row_id == row,
                c.status.in_([s.value for s in recorded.UNRESOLVED]),
                c.resolved.is_(False),
            )
            if self.db.execute(query).first():
                return Verdict(Status.HELD, judge.WAITING)
        return former(self, op, held_by=held_by)

    former = g.put(Bench, "judge", judged)


@bug("what a person gave up is sent again after a restore", restore=4, backup=3, decide=4)
def closed_back(g: Garden) -> None:
    def take(own: Journal, answer: Any) -> Any:
        known = {outcome.uuid.hex for outcome in answer.outcomes}
        rows = own.connection.execute("SELECT uuid FROM op WHERE closed <> ''").fetchall()
        for (uuid,) in rows:
            if uuid not in known:
                own.connection.execute("UPDATE op SET closed = '' WHERE uuid = ?", (uuid,))
        return former(own, answer)

    former = g.put(answers, "take_offer", take)


@bug("the number of an order comes from the database alone", command=6)
def order_number_again(g: Garden) -> None:
    given = itertools.count()

    def top(self: Any, college: Any, series: str, book: str) -> int:
        if series != "0":
            return int(former(self, college, series, book))
        return next(given) % 3

    former = g.put(outside.Outside, "top", top)


@bug(
    "an operation whose number was taken is settled in silence", clone=5, create=2, time=3, backup=2
)
def unseen_number(g: Garden) -> None:
    g.put(answers, "FINDING", "nothing")


@bug("a forked copy goes on with the block it was copied with", clone=5, create=3)
def fork_lease(g: Garden) -> None:
    def fork(own: Journal) -> None:
        kept = own.connection.execute("SELECT * FROM lease").fetchall()
        series = own.fact("series")
        former(own)
        own.connection.executemany("INSERT INTO lease VALUES (?, ?, ?, ?, ?)", kept)
        own.set_facts(series=series)

    def take(own: Journal, answer: Any) -> Any:
        answer.series = own.fact("series")
        return former_take(own, answer)

    former = g.put(answers, "fork", fork)
    former_take = g.put(answers, "take_offer", take)


@bug("an adoption is forgotten", create=3, decide=4)
def adopt_forgotten(g: Garden) -> None:
    g.put(adopting, "read", lambda db, operations: {})


# ---- requests that meet, as SQLite lets them


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
    def pages(db: Any, request: Any, answer: Any, tops: Any) -> None:
        former(db, request, answer, tops)
        if not MEANWHILE:
            return
        meanwhile()
        with CollegeSession(db.get_bind(), db.college_id, now=db.now) as later:
            answer.clock, answer.mark = gate.read_clock(later)
        for page in answer.pages:
            if not page.more and page.bucket.scope == db.college_id.hex:
                page.to, page.digest = Position(answer.clock, END, END), None

    former = g.put(pull, "_pages", pages)
