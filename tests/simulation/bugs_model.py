"""The planted bugs of SYNC 12 that the model taught: earlier wordings of the protocol, taken by the letter."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

import msgspec
import sqlalchemy as sa

from client.store import answers, receiving, sending
from client.store.cache import HALVES, Cache
from client.store.journal import Journal
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.sync import Digest, Save, Status
from server.kit import adopting, gate, judge, offer, outside, pull, push, recorded, telling
from server.kit.judge import Bench
from server.kit.tables import operation
from server.kit.verdicts import Verdict
from tests.simulation.garden import Garden, bug


@bug("only the newest witness is kept", restore=4, backup=3, deliver=2)
def wit_max(g: Garden) -> None:
    def hear(self: Journal, c: Any, answer: Any) -> None:
        former(self, c, answer)
        c.execute("DELETE FROM witness WHERE clock < (SELECT max(clock) FROM witness)")

    former = g.put(Journal, "hear", hear)


@bug("an epoch newer than the server's is only another one", restore=5, backup=3)
def epoch_back(g: Garden) -> None:
    def reload(db: Any, request: Any, answer: Any) -> bool:
        if request.epoch is not None and request.epoch > answer.epoch:
            answer.was = request.epoch
            return True
        return bool(former(db, request, answer))

    former = g.put(gate, "must_reload", reload)
    for module in (push, pull, offer):
        g.put(module, "must_reload", reload)


@bug("pages are compared by their cursors alone", grant=5, deliver=4, pull=2)
def page_aba(g: Garden) -> None:
    def take(store: Any, cache: Any, answer: Any, late: Any) -> Any:
        answer.ticket = cache.ticket()
        return former(store, cache, answer, late)

    former = g.put(receiving, "take_pull", take)


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
        _, row = telling.subject_of(op)
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


@bug("witnesses are kept with the cache", spoil=6, restore=5, backup=3)
def wit_cache(g: Garden) -> None:
    def opened(self: Store) -> Cache:
        cache: Cache = former(self)
        if cache.epoch() is None:
            self.journal.connection.execute("DELETE FROM witness")
        return cache

    former = g.put(Store, "_open_cache", opened)


@bug("seen is counted from the cursors of the buckets", pull=3)
def seen_cursor(g: Garden) -> None:
    def take(store: Any, cache: Any, answer: Any, late: Any) -> Any:
        taken = former(store, cache, answer, late)
        if taken is not None and cache is store.cache:
            reached = min((c.pos.seq for c in cache.cursors()), default=0)
            entries = answers.mark_seen(store.journal, answer.epoch, reached)
            store.refresh_overlay(sending.subjects(entries))
        return taken

    former = g.put(receiving, "take_pull", take)


@bug("the answer of a push carries rows, which are stored", deliver=3, push=2)
def push_image(g: Garden) -> None:
    def take(store: Any, request: Any, answer: Any) -> int:
        told = {o.uuid: o.seq for o in answer.outcomes if o.status == Status.APPLIED.value}
        c = store.cache.connection
        for op in request.operations:
            if op.uuid in told and isinstance(op.body, Save):
                spec = spec_of(op.body.entity)
                c.execute(f"INSERT OR IGNORE INTO {spec.name} (id) VALUES (?)", (op.body.id.hex,))
                for name, (_, new) in op.body.set.items():
                    seq = f"seq_{spec[name].field.pd.value}"
                    c.execute(
                        f'UPDATE {spec.name} SET "{name}" = ?, {seq} = ? WHERE id = ?',
                        (new, told[op.uuid], op.body.id.hex),
                    )
        return int(former(store, request, answer))

    former = g.put(sending, "take_push", take)


@bug("sums are counted from the rows, not from what the buckets hold", move=4, round=2)
def digest_seq(g: Garden) -> None:
    def digests(self: Cache, numbers: Any) -> Any:
        found = {}
        for number in numbers:
            rows = self.connection.execute(
                "SELECT facet, row_id, (SELECT max(seq) FROM held AS h WHERE h.facet = held.facet "
                "AND h.row_id = held.row_id) FROM held WHERE bucket = ?",
                (number,),
            ).fetchall()
            halves = [
                HALVES.unpack(hashlib.blake2b(f"{f}|{id}|{seq}".encode(), digest_size=8).digest())
                for f, id, seq in rows
            ]
            found[number] = Digest(len(rows), sum(h[0] for h in halves), sum(h[1] for h in halves))
        return found

    g.put(Cache, "digests", digests)


@bug("a late forked answer is obeyed although nothing waits under its number any more")
def late_fork(g: Garden) -> None:
    def move(store: Any, request: Any, answer: Any) -> int:
        if answer.forked is None:
            return int(former(store, request, answer))
        answers.fork(store.journal)
        return 1

    former = g.put(sending, "_move", move)


@bug("only pulls carry witnesses", restore=5, backup=3, deliver=2)
def wit_pull(g: Garden) -> None:
    def request(store: Any) -> Any:
        made = former(store)
        if made is not None:
            made.witnesses = []
        return made

    former = g.put(sending, "push_request", request)


@bug("after a restore, an executed operation whose finding was closed is left out")
def closed_finding(g: Garden) -> None:
    def take(own: Journal, answer: Any) -> Any:
        c = own.connection
        kept = c.execute("SELECT * FROM op WHERE closed <> '' AND status = 'applied'").fetchall()
        entries = former(own, answer)
        for row in kept:
            c.execute(f"INSERT OR REPLACE INTO op VALUES ({','.join('?' * len(row))})", row)
        return entries

    former = g.put(answers, "take_offer", take)


@bug("what is sent again unchanged takes the moment of its sending")
def fact_again(g: Garden) -> None:
    def write(self: Journal, c: Any, op: Any, *rest: Any) -> None:
        moment = self.now() + self.fact("offset", 0)
        former(self, c, msgspec.structs.replace(op, at=moment), *rest)

    former = g.put(Journal, "_write", write)
