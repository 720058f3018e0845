"""The planted bugs of SYNC 12 that a first simulation had to find."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from client.store import answers, journal, receiving, sending
from client.store.cache import Cache
from client.store.connection import Transaction
from client.store.journal import Journal
from common.kit.errors import Unavailable
from common.kit.sync import LegalNumber, Status
from server.kit import gate, judge, numbers, outside, push, recorded
from server.kit.feed import Feed
from server.kit.judge import Bench
from server.kit.push import Batch
from server.kit.session import CollegeSession
from server.kit.tables import operation
from tests.simulation.garden import Garden, bug


@bug("a uuid already recorded is executed again")
def no_dedupe(g: Garden) -> None:
    g.put(recorded, "recorded", lambda db, uuids, *, lock=False: {})


@bug("an operation leaves the queue when it is sent")
def drop_on_send(g: Garden) -> None:
    def request(store: Any) -> Any:
        made = former(store)
        if made is not None:
            c = store.journal.connection
            c.executemany(
                "UPDATE op SET status = 'applied' WHERE uuid = ?",
                [(op.uuid.hex,) for op in made.operations],
            )
        return made

    former = g.put(sending, "push_request", request)


@bug("what the centre rejects is dropped")
def drop_rejected(g: Garden) -> None:
    def take(own: Any, c: Any, outcome: Any, epoch: str) -> Any:
        entry = former(own, c, outcome, epoch)
        if entry.status not in (Status.APPLIED, Status.PENDING):
            c.execute("DELETE FROM op WHERE uuid = ?", (outcome.uuid.hex,))
        return entry

    former = g.put(answers, "_take", take)


@bug("a row that leaves a bucket with its role is not told")
def no_move_gone(g: Garden) -> None:
    g.put(Feed, "_move", lambda self, by_entity: None)


@bug("a deleted row is not told")
def no_tombstone(g: Garden) -> None:
    def store(self: Feed) -> None:
        self.wanted = {entry: gone for entry, gone in self.wanted.items() if not gone}
        former(self)

    former = g.put(Feed, "_store", store)


@bug("a lost bucket stays in the cache", grant=3)
def no_revoke(g: Garden) -> None:
    g.put(Cache, "_lose", lambda self, c, mine, touched: None)


@bug("the last writer wins")
def lww(g: Garden) -> None:
    g.put(judge, "_conflicts", lambda spec, row, seen, new: {})


@bug("pages are stored whatever the cache has become meanwhile", deliver=3, pull=2, grant=3)
def no_cas(g: Garden) -> None:
    def take(store: Any, cache: Cache, answer: Any, late: Any) -> Any:
        answer.ticket = cache.ticket()
        cursors = {c.bucket: c for c in cache.cursors()}
        for page in answer.pages:
            page.frm = cursors[page.bucket].pos if page.bucket in cursors else page.frm
        return former(store, cache, answer, late)

    former = g.put(receiving, "take_pull", take)


@bug("effects are committed before the record of the operation")
def partial_commit(g: Garden) -> None:
    def commit(db: CollegeSession, action: str, *, recorded: Any = ()) -> Any:
        witness = former(db, action)
        if witness.clock % 3 == 0:
            raise Unavailable("cut between two commits")
        db.execute(sa.insert(operation), [{**row, "seq": witness.clock} for row in recorded])
        return former(db, action)

    former = g.put(push, "commit", commit)


@bug("a number met by another uuid is taken for one that was recorded", clone=4)
def no_fork(g: Garden) -> None:
    def sort(self: Batch, operations: Any, known: Any) -> Any:
        fresh = []
        for op in operations:
            if op.no <= self.last:
                self.answer.outcomes.append(recorded.forgotten(op, self.name))
            elif op.no == self.last + 1:
                fresh += former(self, [op], known)
        return fresh

    former = g.put(Batch, "sort", sort)


@bug("the cursor is stored before the rows", round=2, pull=2)
def cursor_first(g: Garden) -> None:
    def store(self: Cache, answer: Any) -> Any:
        with Transaction(self.connection) as c:
            if answer.ticket != self.ticket() or self.epoch() not in (None, answer.epoch):
                return None
            places = self._numbers(c, answer.buckets)
            was = {b: self._position(c, no) for b, no in places.items()}
            for page in answer.pages:
                c.execute(
                    "UPDATE bucket SET seq = ?, facet = ?, row_id = ?, whole = 1 WHERE no = ?",
                    (*page.to, places[page.bucket]),
                )
        with Transaction(self.connection) as c:
            for bucket, no in places.items():
                c.execute(
                    "UPDATE bucket SET seq = ?, facet = ?, row_id = ? WHERE no = ?",
                    (*was[bucket], no),
                )
        return former(self, answer)

    former = g.put(Cache, "store", store)


@bug("a desk numbers by the highest number that it sees")
def number_max(g: Garden) -> None:
    def number(self: Journal, c: Any, book: str) -> Any:
        tops = [e.op.number.number for e in self.entries("1") if e.op.number is not None]
        return LegalNumber("01", book, 1 + max(tops, default=0))

    g.put(Journal, "_next_number", number)


@bug("a number is not consumed where the right is missing", grant=4, create=2)
def number_rights(g: Garden) -> None:
    def judged(self: Bench, op: Any, *, held_by: Any) -> Any:
        verdict = former(self, op, held_by=held_by)
        if verdict.status is not Status.APPLIED:
            skipped.add(op.uuid)
        return verdict

    def consume(db: Any, op: Any) -> Any:
        if op.uuid in skipped:
            return outside.Given(db.college_id, "skipped")
        return former_consume(db, op)

    skipped: set[Any] = set()
    former = g.put(Bench, "judge", judged)
    former_consume = g.put(numbers, "consume", consume)


@bug("a restore begins no new history", restore=3, backup=3)
def no_epoch(g: Garden) -> None:
    g.put(gate, "end_history", lambda engine, epoch=None, heard="": None)
    g.put(gate, "proves_restore", lambda db, epoch, heard: False)


@bug("after a restore, what was acknowledged is not sent again", restore=3, backup=3)
def no_resend(g: Garden) -> None:
    def take(own: Journal, answer: Any) -> Any:
        known = {outcome.uuid for outcome in answer.outcomes}
        rows = own.connection.execute("SELECT uuid FROM op WHERE status = 'applied'").fetchall()
        for (uuid,) in rows:
            if own.entry(uuid).op.uuid not in known:
                own.connection.execute(
                    "UPDATE op SET closed = 'x', status = 'sealed' WHERE uuid = ?", (uuid,)
                )
        entries = former(own, answer)
        own.connection.execute("UPDATE op SET closed = '', status = 'applied' WHERE closed = 'x'")
        return entries

    former = g.put(answers, "take_offer", take)


@bug("only what waits is shown over the cache")
def no_overlay(g: Garden) -> None:
    g.put(journal, "LIVE", "status = 'pending'")
