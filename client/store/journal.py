"""The precious file (SYNC 2): operations, drafts, leases, and what the desk knows of itself."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from client.kit.records import Body
from client.store.connection import (
    SHUT,
    Connection,
    Damaged,
    OperationalError,
    Transaction,
    busy,
    is_sound,
    open_file,
)
from client.store.entry import Entry, entry_of, is_event, named_in, parts_named, subject
from client.store.journal_file import make_tables
from common.kit.errors import Invalid, NotAllowed, NotSignedIn
from common.kit.ids import new_id
from common.kit.sync import (
    MAX_OPERATION,
    Answer,
    Command,
    Delete,
    LegalNumber,
    Operation,
    Replay,
    Witness,
)
from common.kit.upcasting import read_operation

LEASE_COMMAND = "lease_numbers"
TOO_LONG = "Запись больше допустимого размера: сократите длинный текст"
MANY_PARTS = "У записи слишком много частей, чтобы удалить её одним действием: сначала удалите часть из них в её карточке"
JUMP = 5 * 60 * 1000
"""A desk's clock that moved by more than this against its own ticks is not believed, ms."""

LIVE = "(status = 'pending' OR (status = 'applied' AND seen = 0))"
"""What a screen shows over the cache."""
WORK = "(work = 1 OR status <> 'pending')"
"""An event that the program notes is not told of while it waits."""
UNSETTLED = f"(closed = '' AND (finding = 1 OR status NOT IN ('applied', 'sealed')) AND {WORK})"
"""What waits or needs a person."""


TOUCHING = "(row_id = ? AND entity = ? OR uuid IN (SELECT uuid FROM op_part WHERE row_id = ? AND entity = ?))"
"""Operations on this record, and those that take it along with its owner."""
AWAY = "(status NOT IN ('pending', 'applied') AND handed IN ('asked', 'waiting'))"
"""With an administrator."""


def ticks_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def set_aside(path: Path, now: dt.datetime) -> Path:
    """A damaged file is kept beside under a dated name, never deleted."""
    aside = path.with_name(f"{path.stem}-повреждён-{now:%Y%m%d-%H%M%S}{path.suffix}")
    path.rename(aside)
    for tail in ("-wal", "-shm"):
        other = path.with_name(path.name + tail)
        if other.exists():
            other.rename(aside.with_name(aside.name + tail))
    return aside


def _opened(path: Path, key: bytes) -> Connection:
    connection: Connection = open_file(path, key, durable=True)
    try:
        sound = is_sound(connection)
        if sound:
            make_tables(connection)
    except OperationalError:
        connection.close()
        raise busy(path) from None
    if not sound:
        connection.close()
        raise Damaged(f"Файл {path.name} повреждён")
    return connection


@dataclass(slots=True)
class Pen:
    """What the operations of one transaction are written with, read once: `no` and `place` are the last that were given."""

    device: str
    author: UUID
    offset: int
    no: int
    place: int
    aliases: Mapping[str, str]


class Journal:
    """All writes go in whole transactions; `now` gives ms since 1970 UTC, `ticks` ms that never jump."""

    def __init__(
        self, path: Path, key: bytes, *, now: Callable[[], int], ticks: Callable[[], int] = ticks_ms
    ) -> None:
        self.now = now
        self.ticks = ticks
        self.steady: tuple[int, int] | None = None
        """Wall clock and ticks of this computer at the last contact since the start."""
        self.mark: tuple[int, int] | None = None
        """The latest moment that was reckoned with since the last contact, and the ticks of then."""
        self.renewing = threading.Lock()
        """Held while the server is giving this desk another token: one that it refuses meanwhile is old."""
        self.path = path
        self.connection: Connection = _opened(path, key)

    def close(self) -> None:
        self.connection.close()

    def sleep(self) -> None:
        self.connection.close()
        self.connection = SHUT

    def wake(self, key: bytes) -> None:
        self.connection = _opened(self.path, key)

    # ---- facts

    def fact(self, name: str, default: Any = None) -> Any:
        row = self.connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return msgspec.msgpack.decode(row[0]) if row else default

    def set_facts(self, **facts: Any) -> None:
        with Transaction(self.connection) as c:
            self.write_facts(c, **facts)

    def write_facts(self, c: Connection, **facts: Any) -> None:
        c.executemany(
            "INSERT OR REPLACE INTO fact VALUES (?, ?)",
            [(name, msgspec.msgpack.encode(value)) for name, value in facts.items()],
        )

    # ---- operations

    def record(
        self,
        make: Callable[[LegalNumber | None], Sequence[Body]],
        *,
        book: str | None = None,
        numbered: int = 0,
        draft: str | None = None,
    ) -> list[Operation]:
        """Write operations, the number they consume and the end of their draft in one transaction.

        `make` is handed the next number of the desk's block in `book` (None where the block is empty);
        the body at the place `numbered` consumes it.
        """
        with Transaction(self.connection) as c:
            number = self._next_number(c, book) if book else None
            bodies = make(number)
            pen = self._pen(c) if bodies else None
            made = [
                self.append(c, body, number=number if place == numbered else None, pen=pen)
                for place, body in enumerate(bodies)
            ]
            if draft is not None:
                c.execute("DELETE FROM draft WHERE key = ?", (draft,))
        return made

    def top(self) -> int:
        """The last number that this computer gave to an operation."""
        query = "SELECT coalesce(max(no), 0) FROM op WHERE device = ?"
        (top,) = self.connection.execute(query, (self.device,)).fetchone()
        return max(int(top), int(self.fact("last_no", 0)))

    def _pen(self, c: Connection) -> Pen:
        author = self._author()
        (place,) = c.execute("SELECT coalesce(max(place), 0) FROM op").fetchone()
        return Pen(self.device, author, self.fact("offset", 0), self.top(), place, self.aliases())

    def append(
        self,
        c: Connection,
        body: Body,
        *,
        number: LegalNumber | None = None,
        instead_of: Entry | None = None,
        pen: Pen | None = None,
    ) -> Operation:
        """One more operation; a decision inherits the place, the chain and the number of what it settles.

        What is sent again unchanged tells of the same fact, and of its moment. `pen` of this very transaction.
        """
        pen = pen or self._pen(c)
        pen.no, pen.place = pen.no + 1, pen.place + 1
        rank, at = 0, self.now() + pen.offset
        if instead_of is not None:
            rank = self._rank(c, instead_of.op.uuid.hex)
            number = instead_of.op.number
            if body == instead_of.op.body:
                at = min(at, instead_of.op.at)
        rows = [pen.aliases.get(row, row) for row in named_in(body)]
        after = self._open_on(rows, before=rank, but=instead_of)
        op = Operation(
            uuid=new_id(),
            no=pen.no,
            author=pen.author,
            at=at,
            body=body,
            doubt=self.doubts(),
            after=tuple(after),
            number=number,
            resolves=instead_of.op.uuid if instead_of else None,
            chain=(instead_of.op.chain or instead_of.op.uuid) if instead_of else None,
        )
        self._write(c, op, pen, rank)
        return op

    def _rank(self, c: Connection, uuid: str) -> int:
        return int(c.execute("SELECT rank FROM op WHERE uuid = ?", (uuid,)).fetchone()[0])

    @property
    def device(self) -> str:
        return str(self.fact("device", ""))

    def _author(self) -> UUID:
        if ended := self.fact("ended", ""):
            raise NotAllowed(f"{ended}. Записывать на этом компьютере больше нельзя")
        account = self.fact("account")
        if account is None:
            raise NotSignedIn(
                "На этом компьютере ещё не входили: войдите, и можно будет записывать"
            )
        return UUID(account)

    def _open_on(
        self, rows: Sequence[str], *, before: int = 0, but: Entry | None = None
    ) -> list[UUID]:
        """Own operations on these rows that are pending or unresolved, oldest first; a decision rests on older ones only."""
        marks = ",".join("?" * len(rows))
        on = (
            f"(row_id IN ({marks}) OR uuid IN (SELECT uuid FROM op_part WHERE row_id IN ({marks})))"  # noqa: S608  own words
        )
        query = f"SELECT uuid FROM op WHERE {on} AND {UNSETTLED} AND finding = 0 "  # noqa: S608  own words
        values: list[Any] = [*rows, *rows]
        if before:
            query += "AND rank < ? "
            values.append(before)
        found = self.connection.execute(query + "ORDER BY rank, place", values)
        return [UUID(uuid) for (uuid,) in found if but is None or uuid != but.op.uuid.hex]

    def _write(self, c: Connection, op: Operation, pen: Pen, rank: int) -> None:
        entity, row_id = subject(op.body)
        packed = msgspec.msgpack.encode(op)
        if len(packed) > MAX_OPERATION:
            raise Invalid(MANY_PARTS if parts_named(op.body) else TOO_LONG)
        c.execute(
            "INSERT INTO op (place, rank, uuid, device, no, at, body, entity, row_id, work, status) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
            (
                pen.place,
                rank or pen.place,
                op.uuid.hex,
                pen.device,
                op.no,
                op.at,
                packed,
                entity,
                pen.aliases.get(row_id, row_id),
                int(not is_event(op.body)),
            ),
        )
        c.executemany(
            "INSERT OR IGNORE INTO op_part (row_id, entity, uuid) VALUES (?, ?, ?)",
            [(pen.aliases.get(id, id), name, op.uuid.hex) for name, id in parts_named(op.body)],
        )

    # ---- adoptions

    def alias(self, id: str) -> str:
        """The record that an own id stands for."""
        row = self.connection.execute("SELECT theirs FROM alias WHERE mine = ?", (id,)).fetchone()
        return str(row[0]) if row else id

    def aliases(self) -> dict[str, str]:
        return dict(self.connection.execute("SELECT mine, theirs FROM alias").fetchall())

    # ---- the desk's clock

    def heard_time(self, offset: int) -> None:
        """Contact: the clock of this start is known to be right by so much."""
        self.set_facts(offset=offset, latest=self.now())
        self.steady, self.mark = (self.now(), self.ticks()), None

    def doubts(self) -> bool:
        """Has the clock jumped since the last contact, or was the program started without one?"""
        if self.steady is None:
            return True
        wall, ticks = self.steady
        return abs((self.now() - wall) - (self.ticks() - ticks)) > JUMP

    def pending(self, limit: int) -> list[Operation]:
        """What waits to be sent, each with what an earlier history had answered to it."""
        rows = self.connection.execute(
            "SELECT no, body, result, mac FROM op WHERE status = 'pending' ORDER BY no LIMIT ?",
            (limit,),
        )
        found = []
        for no, body, result, mac in rows:
            replay = Replay(msgspec.msgpack.decode(result), mac) if mac else None
            found.append(msgspec.structs.replace(read_operation(body), no=no, replay=replay))
        return found

    def settled_to(self) -> int:
        """Answers up to this number of the present device are held here."""
        row = self.connection.execute(
            "SELECT min(CASE WHEN status = 'pending' THEN no END), max(no) FROM op WHERE device = ?",
            (self.device,),
        ).fetchone()
        return int(row[0]) - 1 if row[0] is not None else int(row[1] or self.fact("last_no", 0))

    def entry(self, uuid: str) -> Entry:
        row = self.connection.execute(f"{_SELECT} WHERE uuid = ?", (uuid,)).fetchone()
        return entry_of(row)

    def entries(self, where: str, *values: str | bytes) -> list[Entry]:
        rows = self.connection.execute(f"{_SELECT} WHERE {where} ORDER BY place", values)
        return [entry_of(row) for row in rows]

    def live(self) -> list[Entry]:
        """Operations that a screen must show over the cache."""
        return self.entries(LIVE)

    def live_of(self, entity: str, ids: Collection[str]) -> dict[str, list[Entry]]:
        """Live operations on these records, or that take them along, oldest first, by record; one that has none is not there.

        By the records and not by what is live: a whole imported table may be.
        """
        query = (
            f"{_SELECT} INDEXED BY op_subject WHERE row_id IN (SELECT value FROM json_each(?)) "  # noqa: S608  own words
            f"AND entity = ? AND {LIVE} ORDER BY place"
        )
        asked = json.dumps([*ids])
        found: dict[str, list[Entry]] = defaultdict(list)
        for row in self.connection.execute(query, (asked, entity)):
            entry = entry_of(row)
            found[entry.subject[1]].append(entry)
        along = (
            "SELECT DISTINCT row_id FROM op_part "
            "WHERE row_id IN (SELECT value FROM json_each(?)) AND entity = ?"
        )
        for (id,) in self.connection.execute(along, (asked, entity)).fetchall():
            if entries := self.entries(f"{TOUCHING} AND {LIVE}", id, entity, id, entity):
                found[id] = entries
        return found

    def live_naming(self, entity: str, word: str) -> list[Entry]:
        """Live operations on records of this kind whose text holds a field's name; the others are not unpacked."""
        return self.entries(f"entity = ? AND {LIVE} AND instr(body, ?)", entity, word.encode())

    def entries_of(self, entity: str) -> list[Entry]:
        """All operations about records of this kind, oldest first, settled or not."""
        return self.entries("entity = ?", entity)

    def delete_of(self, row_id: str) -> Operation | None:
        """The newest delete of this record by itself."""
        deletes = [
            e.op for e in self.entries("row_id = ?", row_id) if isinstance(e.op.body, Delete)
        ]
        return deletes[-1] if deletes else None

    def unsettled(self) -> list[Entry]:
        """All that waits or needs a person: the outbox."""
        return self.entries(UNSETTLED)

    def counts(self) -> dict[str, int]:
        rows = self.connection.execute(
            f"SELECT CASE WHEN finding THEN 'finding' WHEN {AWAY} THEN 'handed' ELSE status END, count(*) "  # noqa: S608  own words
            f"FROM op WHERE closed = '' AND {WORK} GROUP BY 1"
        )
        return dict(rows.fetchall())

    def open_states(self) -> list[tuple[str, str, str]]:
        """(entity, record, state) of all that waits or needs a person, without reading what it says."""
        state = (
            f"CASE WHEN finding THEN 'finding' WHEN {AWAY} THEN 'handed' "
            "WHEN handed = 'returned' THEN 'returned' ELSE status END"
        )
        query = (
            f"SELECT DISTINCT entity, row_id, {state} FROM op WHERE {UNSETTLED} AND row_id <> ''"  # noqa: S608  own words
        )
        return [(entity, id, said) for entity, id, said in self.connection.execute(query)]

    def troubled(self) -> list[Entry]:
        """All that needs a person."""
        return self.entries(f"status <> 'pending' AND {UNSETTLED}")

    def troubled_with(self, uuid: UUID) -> list[Entry]:
        """That operation, where it needs a person, and whatever is held and names it, or names one of those: what waits behind it is among them."""
        found, wave = {uuid.hex}, [str(uuid)]
        while wave:
            named = (
                "SELECT DISTINCT uuid FROM op, json_each(?) AS named "
                "WHERE status = 'held' AND closed = '' AND instr(body, CAST(named.value AS BLOB))"
            )
            rows = self.connection.execute(named, (json.dumps(wave),))
            new = {name for (name,) in rows} - found
            found |= new
            wave = [str(UUID(name)) for name in new]
        them = "uuid IN (SELECT value FROM json_each(?))"
        return self.entries(f"status <> 'pending' AND {UNSETTLED} AND {them}", json.dumps([*found]))

    def waiting_for_answers(self) -> list[UUID]:
        """Those that an administrator has: the centre is asked about them with each pull."""
        query = f"SELECT uuid FROM op WHERE closed = '' AND handed = 'waiting' AND {UNSETTLED}"  # noqa: S608  own words
        return [UUID(uuid) for (uuid,) in self.connection.execute(query)]

    # ---- witnesses

    def witnesses(self) -> list[Witness]:
        rows = self.connection.execute("SELECT clock, mark, proof FROM witness ORDER BY clock")
        return [Witness(*row) for row in rows]

    def heard(self, answer: Answer) -> None:
        with Transaction(self.connection) as c:
            self.hear(c, answer)

    def hear(self, c: Connection, answer: Answer) -> None:
        """Replace only the witnesses that this answer has proved; one of another history says nothing."""
        if answer.epoch != self.fact("epoch"):
            return
        heard = Witness(answer.clock, answer.mark, answer.proof)
        if self.witnesses() == [heard]:
            return  # an idle line writes nothing
        proved = [(witness.clock, witness.mark) for witness in answer.witnessed]
        c.executemany("DELETE FROM witness WHERE clock = ? AND mark = ?", proved)
        c.execute("INSERT OR REPLACE INTO witness (clock, mark, proof) VALUES (?, ?, ?)", heard)

    # ---- leases

    def numbers_left(self, book: str) -> int:
        """How many numbers of the desk's present series are not yet given."""
        row = self.connection.execute(
            "SELECT coalesce(sum(last - next + 1), 0) FROM lease WHERE book = ? AND series = ?",
            (book, self.fact("series", "")),
        ).fetchone()
        return int(row[0])

    def asks_for_numbers(self, book: str) -> bool:
        """Does a request for this book wait, or stand unresolved?"""
        asked = Command(LEASE_COMMAND, {"book": book})
        return any(e.op.body == asked for e in self.entries(f"entity = '' AND {UNSETTLED}"))

    def _next_number(self, c: Connection, book: str) -> LegalNumber | None:
        row = c.execute(
            "SELECT series, first, next FROM lease WHERE book = ? AND series = ? AND next <= last ORDER BY first LIMIT 1",
            (book, self.fact("series", "")),
        ).fetchone()
        if row is None:
            return None
        c.execute(
            "UPDATE lease SET next = next + 1 WHERE series = ? AND book = ? AND first = ?",
            (row[0], book, row[1]),
        )
        return LegalNumber(row[0], book, row[2])

    def wipe_traces(self) -> None:
        """Nothing of what was deleted stays in the log beside the file."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_SELECT = (
    "SELECT body, no, device, status, seq, seen, said, fields, result, closed, epoch, entity, row_id, "
    "writers, handed, answer, "
    "(SELECT json_group_array(json_array(entity, row_id)) FROM op_part WHERE uuid = op.uuid) FROM op"
)
