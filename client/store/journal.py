"""The precious file (SYNC 2): operations, drafts, leases, and what the desk knows of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from client.kit.records import Body, Draft
from client.store.connection import (
    Connection,
    Damaged,
    OperationalError,
    Transaction,
    is_sound,
    open_file,
)
from common.kit.errors import EpoError, Invalid, NotSignedIn
from common.kit.ids import new_id
from common.kit.sync import (
    MAX_OPERATION,
    Command,
    Delete,
    LegalNumber,
    Operation,
    Outcome,
    Restore,
    Save,
    Status,
    Witness,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS op (
  place INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, device TEXT NOT NULL, no INTEGER NOT NULL,
  at INTEGER NOT NULL, body BLOB NOT NULL, entity TEXT NOT NULL, row_id TEXT NOT NULL, status TEXT NOT NULL,
  seq INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0, said TEXT NOT NULL DEFAULT '',
  fields BLOB NOT NULL DEFAULT x'80', result BLOB NOT NULL DEFAULT x'80', closed TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS op_live ON op (status, seen);
CREATE INDEX IF NOT EXISTS op_subject ON op (row_id, entity);
CREATE TABLE IF NOT EXISTS draft (
  key TEXT PRIMARY KEY, screen TEXT NOT NULL, title TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS lease (
  series TEXT NOT NULL, book TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, next INTEGER NOT NULL,
  PRIMARY KEY (series, book, first)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS witness (clock INTEGER NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (clock, mark)) WITHOUT ROWID;
"""

LEASE_COMMAND = "lease_numbers"

LIVE = "(status = 'pending' OR (status = 'applied' AND seen = 0))"
"""What a screen shows over the cache."""
UNSETTLED = "(closed = '' AND status NOT IN ('applied', 'forgotten'))"
"""What waits or needs a person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the journal holds it."""

    op: Operation
    device: str
    status: Status
    seq: int
    seen: bool
    said: str
    fields: dict[str, str]
    result: dict[str, Any]
    closed: str

    @property
    def subject(self) -> tuple[str, str]:
        return subject(self.op.body)


def subject(body: Body) -> tuple[str, str]:
    return ("", "") if isinstance(body, Command) else (body.entity, body.id.hex)


def set_aside(path: Path, now: dt.datetime) -> Path:
    """A damaged file is kept beside under a dated name, never deleted."""
    aside = path.with_name(f"{path.stem}-повреждён-{now:%Y%m%d-%H%M%S}{path.suffix}")
    path.rename(aside)
    for tail in ("-wal", "-shm"):
        other = path.with_name(path.name + tail)
        if other.exists():
            other.rename(aside.with_name(aside.name + tail))
    return aside


class Journal:
    """All writes go in whole transactions; `now` gives ms since 1970 UTC."""

    def __init__(self, path: Path, key: bytes, *, now: Callable[[], int]) -> None:
        self.now = now
        self.path = path
        self.connection: Connection = open_file(path, key, durable=True)
        try:
            sound = is_sound(self.connection)
            if sound:
                self.connection.executescript(SCHEMA)
        except OperationalError:
            self.connection.close()
            raise EpoError(f"Файл {path.name} не пишется: проверьте место на диске") from None
        if not sound:
            self.connection.close()
            raise Damaged(f"Файл {path.name} повреждён")

    def close(self) -> None:
        self.connection.close()

    # ---- facts

    def fact(self, name: str, default: Any = None) -> Any:
        row = self.connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return msgspec.msgpack.decode(row[0]) if row else default

    def set_facts(self, **facts: Any) -> None:
        with Transaction(self.connection) as c:
            self._set_facts(c, **facts)

    def _set_facts(self, c: Connection, **facts: Any) -> None:
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
            top = self._top(c)
            made: list[Operation] = []
            for place, body in enumerate(make(number)):
                own = number if place == numbered else None
                op = self._operation(body, top + place + 1, own)
                made.append(op)
                self._write(c, op)
            if draft is not None:
                c.execute("DELETE FROM draft WHERE key = ?", (draft,))
        return made

    def _top(self, c: Connection) -> int:
        query = "SELECT coalesce(max(no), 0) FROM op WHERE device = ?"
        top = int(c.execute(query, (self.device,)).fetchone()[0])
        return max(top, int(self.fact("last_no", 0)))

    @property
    def device(self) -> str:
        return str(self.fact("device", ""))

    def _operation(self, body: Body, no: int, number: LegalNumber | None) -> Operation:
        return Operation(
            uuid=new_id(),
            no=no,
            author=self._author(),
            at=self.now() + self.fact("offset", 0),
            body=body,
            after=tuple(self._open_on(_named(body))),
            number=number,
        )

    def _author(self) -> UUID:
        account = self.fact("account")
        if account is None:
            raise NotSignedIn(
                "На этом компьютере ещё не входили: войдите, и можно будет записывать"
            )
        return UUID(account)

    def _open_on(self, rows: Sequence[str]) -> list[UUID]:
        """Own operations on these rows that are pending or unresolved, oldest first."""
        marks = ",".join("?" * len(rows))
        found = self.connection.execute(
            f"SELECT uuid FROM op WHERE row_id IN ({marks}) AND {UNSETTLED} ORDER BY place",  # noqa: S608  own words
            rows,
        )
        return [UUID(uuid) for (uuid,) in found]

    def _write(self, c: Connection, op: Operation) -> None:
        entity, row_id = subject(op.body)
        packed = msgspec.msgpack.encode(op)
        if len(packed) > MAX_OPERATION:
            raise Invalid("Запись больше допустимого размера: сократите длинный текст")
        c.execute(
            "INSERT INTO op (uuid, device, no, at, body, entity, row_id, status) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')",
            (op.uuid.hex, self.device, op.no, op.at, packed, entity, row_id),
        )

    def pending(self, limit: int) -> list[Operation]:
        rows = self.connection.execute(
            "SELECT no, body FROM op WHERE status = 'pending' ORDER BY no LIMIT ?", (limit,)
        )
        decode = msgspec.msgpack.Decoder(Operation).decode
        return [msgspec.structs.replace(decode(body), no=no) for no, body in rows]

    def settled_to(self) -> int:
        row = self.connection.execute("SELECT min(no) FROM op WHERE status = 'pending'").fetchone()
        return int(row[0]) - 1 if row[0] is not None else int(self.fact("last_no", 0))

    def settle(self, outcomes: Iterable[Outcome]) -> list[Entry]:
        """Take answers, each only while its operation is pending under that device and number.

        The numbers that an answer brings are the desk's in the same transaction.
        """
        settled = []
        with Transaction(self.connection) as c:
            for outcome in outcomes:
                if self._answer(c, outcome):
                    entry = self.entry(outcome.uuid.hex)
                    self._take_lease(c, entry)
                    settled.append(entry)
        return settled

    def _answer(self, c: Connection, outcome: Outcome) -> bool:
        status = Status.of(outcome.status)
        if status is Status.FORGOTTEN:
            status = Status.APPLIED
        done = c.execute(
            "UPDATE op SET status = ?, seq = ?, said = ?, fields = ?, result = ? WHERE uuid = ? AND device = ? AND no = ? AND status = 'pending'",
            (
                status.value,
                max(outcome.seq, 0),
                outcome.text,
                msgspec.msgpack.encode(outcome.fields),
                msgspec.msgpack.encode(outcome.result),
                outcome.uuid.hex,
                outcome.device,
                outcome.no,
            ),
        )
        return bool(done.rowcount)

    def renumber(self, last: int) -> None:
        """The server holds this device's operations up to `last`: number what waits from there."""
        with Transaction(self.connection) as c:
            waiting = c.execute(
                "SELECT place FROM op WHERE status = 'pending' ORDER BY no"
            ).fetchall()
            for no, (place,) in enumerate(waiting, last + 1):
                c.execute("UPDATE op SET no = ? WHERE place = ?", (no, place))

    def change_device(self, name: str) -> None:
        """Another device id (SYNC 8): what waits is numbered anew under it; what is answered keeps its old one."""
        with Transaction(self.connection) as c:
            waiting = c.execute("SELECT place FROM op WHERE status = 'pending' ORDER BY place")
            for no, (place,) in enumerate(waiting.fetchall(), 1):
                c.execute("UPDATE op SET device = ?, no = ? WHERE place = ?", (name, no, place))
            self._set_facts(c, device=name)

    def mark_seen(self, seq: int) -> list[Entry]:
        """Applied operations up to this moment are in the cache now; said once, never taken back."""
        with Transaction(self.connection) as c:
            rows = c.execute(
                "SELECT uuid FROM op WHERE status = 'applied' AND seen = 0 AND seq <= ?", (seq,)
            ).fetchall()
            c.execute(
                "UPDATE op SET seen = 1 WHERE status = 'applied' AND seen = 0 AND seq <= ?", (seq,)
            )
        return [self.entry(uuid) for (uuid,) in rows]

    def entry(self, uuid: str) -> Entry:
        row = self.connection.execute(f"{_SELECT} WHERE uuid = ?", (uuid,)).fetchone()
        return _entry(row)

    def _entries(self, where: str, *values: str) -> list[Entry]:
        rows = self.connection.execute(f"{_SELECT} WHERE {where} ORDER BY place", values)
        return [_entry(row) for row in rows]

    def live(self) -> list[Entry]:
        """Operations that a screen must show over the cache."""
        return self._entries(LIVE)

    def live_of(self, entity: str, row_id: str) -> list[Entry]:
        return self._entries(f"row_id = ? AND entity = ? AND {LIVE}", row_id, entity)

    def entries_of(self, entity: str) -> list[Entry]:
        """All operations about records of this kind, oldest first, settled or not."""
        return self._entries("entity = ?", entity)

    def delete_of(self, row_id: str) -> Operation | None:
        """The newest delete of this record."""
        deletes = [
            e.op for e in self._entries("row_id = ?", row_id) if isinstance(e.op.body, Delete)
        ]
        return deletes[-1] if deletes else None

    def live_ids(self, entity: str) -> set[str]:
        rows = self.connection.execute(
            f"SELECT DISTINCT row_id FROM op WHERE entity = ? AND {LIVE}",  # noqa: S608  own words
            (entity,),
        )
        return {row_id for (row_id,) in rows}

    def unsettled(self) -> list[Entry]:
        """All that waits or needs a person: the outbox."""
        return self._entries(UNSETTLED)

    def counts(self) -> dict[str, int]:
        rows = self.connection.execute(
            "SELECT status, count(*) FROM op WHERE closed = '' GROUP BY status"
        )
        return dict(rows.fetchall())

    def states_of(self, entity: str) -> dict[str, str]:
        """The worst sync state of each row with something unsettled."""
        rows = self.connection.execute(
            "SELECT row_id, max(CASE status WHEN 'pending' THEN '' ELSE status END) "  # noqa: S608  own words
            f"FROM op WHERE entity = ? AND {UNSETTLED} GROUP BY row_id",
            (entity,),
        )
        return {row_id: trouble or "pending" for row_id, trouble in rows}

    # ---- witnesses

    def witnesses(self) -> list[Witness]:
        rows = self.connection.execute("SELECT clock, mark FROM witness ORDER BY clock")
        return [Witness(*row) for row in rows]

    def heard(self, clock: int, mark: int, proved: Iterable[Witness]) -> None:
        """Replace only the witnesses that this answer has proved."""
        with Transaction(self.connection) as c:
            c.executemany("DELETE FROM witness WHERE clock = ? AND mark = ?", list(proved))
            c.execute("INSERT OR IGNORE INTO witness VALUES (?, ?)", (clock, mark))

    def change_history(self, epoch: str, *, reload: bool) -> None:
        """Another history: its witnesses are unproved; `reload` stands until a cache of it is whole."""
        with Transaction(self.connection) as c:
            c.execute("DELETE FROM witness")
            self._set_facts(c, epoch=epoch, reload=reload)

    # ---- leases

    def _take_lease(self, c: Connection, entry: Entry) -> None:
        body = entry.op.body
        if not isinstance(body, Command) or body.name != LEASE_COMMAND:
            return
        if entry.status is Status.APPLIED and entry.result:
            given = entry.result
            c.execute(
                "INSERT OR IGNORE INTO lease VALUES (?, ?, ?, ?, ?)",
                (given["series"], given["book"], given["first"], given["last"], given["first"]),
            )

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
        return any(e.op.body == asked for e in self._entries(f"entity = '' AND {UNSETTLED}"))

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

    # ---- drafts

    def save_draft(self, draft: Draft) -> None:
        with Transaction(self.connection) as c:
            c.execute(
                "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)",
                (
                    draft.key,
                    draft.screen,
                    draft.title,
                    msgspec.msgpack.encode(draft.body),
                    draft.at,
                ),
            )

    def drop_draft(self, key: str) -> None:
        with Transaction(self.connection) as c:
            c.execute("DELETE FROM draft WHERE key = ?", (key,))

    def wipe_traces(self) -> None:
        """Nothing of what was deleted stays in the log beside the file."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drafts(self) -> list[Draft]:
        rows = self.connection.execute("SELECT key, screen, title, body, at FROM draft ORDER BY at")
        return [Draft(k, s, t, msgspec.msgpack.decode(body), at) for k, s, t, body, at in rows]


_SELECT = "SELECT body, no, device, status, seq, seen, said, fields, result, closed FROM op"


def _entry(row: Sequence[Any]) -> Entry:
    body, no, device, status, seq, seen, said, fields, result, closed = row
    op = msgspec.structs.replace(msgspec.msgpack.decode(body, type=Operation), no=no)
    return Entry(
        op,
        device,
        Status.of(status),
        seq,
        bool(seen),
        said,
        msgspec.msgpack.decode(fields),
        msgspec.msgpack.decode(result),
        closed,
    )


def _named(body: Body) -> list[str]:
    """The row of an operation and every row it rests on: those it refers to, and the parts that go with it.

    A restore rests on nothing: where the delete before it was refused, there is nothing to undo.
    """
    match body:
        case Save():
            refs = [new for _, new in body.set.values() if isinstance(new, str) and len(new) == 32]
            return [body.id.hex, *refs]
        case Delete():
            return [body.id.hex, *(child.hex for child in body.children)]
        case Restore() | Command():
            return []
