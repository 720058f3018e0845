"""The planted bugs of SYNC 12 that came from the attack on paper."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from client.store import answers, overlay
from client.store.cache import Cache
from client.store.decisions import Decisions
from client.store.entry import subject
from client.store.journal import Journal
from common.kit.errors import Unavailable
from common.kit.sync import END, Position, Status
from server.kit import deleting, gate, judge, outside, pointed, pull, recorded
from server.kit.judge import Bench
from server.kit.push import Push
from server.kit.session import CollegeSession
from server.kit.tables import operation
from server.kit.verdicts import Verdict
from tests.simulation.garden import Garden, bug


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
    g.put(gate, "proves_restore", lambda db, epoch, heard: False)


@bug("a witness is believed without its proof", restore=2)
def bare_word(g: Garden) -> None:
    g.put(gate, "proves_restore", lambda db, epoch, heard: True)


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
        op = msgspec.structs.replace(entry.op, body=body, no=self.journal._pen(c).no + 1)
        c.execute(
            "UPDATE op SET body = ?, no = ?, device = ?, status = 'pending', entity = ?, row_id = ? WHERE uuid = ?",
            (
                msgspec.msgpack.encode(op),
                op.no,
                self.journal.device,
                *subject(body),
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
    """Neither of the two guards: what the desk tells of it, and what is kept outside of the database."""
    g.put(Bench, "_is_ours", lambda self, op, replay: False)
    g.put(outside.Outside, "given_to", lambda self, college, chain, book: None)


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


@bug("parts that the same push has just made stay behind when their owner is deleted")
def late_parts(g: Garden) -> None:
    def parts(db: Any, name: str, id: Any) -> Any:
        return [part for part in former(db, name, id) if part.created_at != db.now()]

    former = g.put(deleting, "live", parts)
    g.put(Bench, "targets_live", lambda self, spec, values, but=(): True)
    g.put(pointed, "by_those_that_stay", lambda db, permissions, doomed: {})


@bug("what others point at is deleted")
def pointed_deleted(g: Garden) -> None:
    g.put(pointed, "by_those_that_stay", lambda db, permissions, doomed: {})
