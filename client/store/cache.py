"""The file that may be rebuilt at any moment (SYNC 2 and 4): facets' rows, who holds them, and how far each bucket is read."""

from __future__ import annotations

import functools
import hashlib
import secrets
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils

from client.kit.records import Touched
from client.store.cache_file import (
    STATE,
    columns_of,
    declared,
    kinds,
    own_table,
    quoted,
    seq_column,
)
from client.store.connection import (
    Connection,
    Damaged,
    DatabaseError,
    OperationalError,
    Transaction,
    busy,
    open_file,
)
from common.kit.attached import FileState
from common.kit.entity import describe, entities, spec_of
from common.kit.ids import REGION
from common.kit.kinds import PersonalData
from common.kit.spec import EntitySpec, facet_name
from common.kit.sync import (
    END,
    Bucket,
    Cursor,
    Digest,
    FacetRows,
    Page,
    Position,
    PullAnswer,
    Raised,
)

TICKET_BITS = 52
LAYOUT = 6
"""Raised when the tables above, those of the lists or the keys of search change: an older file is made anew."""


HALVES = struct.Struct(">II")


class Outdated(Damaged):
    """A cache of an older program; nothing is lost with it."""


class Cache:
    """One epoch's copy of the user's buckets."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.connection: Connection = open_file(path, key, durable=False)
        self.reloaded: list[Bucket] = []
        """Buckets whose digest differed, to be reported."""
        self.proved: set[int] = set()
        """Buckets whose digest was compared since this file was opened."""
        self.lost = False
        """Rows of a lost bucket have left; their traces are not yet wiped."""
        self.left = False
        """Rows have left by themselves; the same."""
        try:
            self._make_state()
            self._make_tables()
        except OperationalError:
            self.connection.close()
            raise busy(path) from None
        except DatabaseError:
            self.connection.close()
            raise Damaged(f"Файл {path.name} повреждён") from None

    def close(self) -> None:
        self.connection.close()

    def _make_state(self) -> None:
        new = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if not new and self._state("layout") != LAYOUT:
            self.connection.close()
            raise Outdated(f"Файл {self.path.name} сделан прежней программой")
        if new:
            self.connection.executescript(STATE)
            # an answer to the file that lay here before must not fit this one
            self.set_state(ticket=secrets.randbits(TICKET_BITS), layout=LAYOUT)

    def _state(self, name: str) -> Any:
        known = "SELECT 1 FROM sqlite_master WHERE name = 'state'"
        if self.connection.execute(known).fetchone() is None:
            return None
        row = self.connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_state(self, **values: Any) -> None:
        self.connection.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?)", list(values.items())
        )

    def mark(self, name: str, *, on: bool) -> None:
        """Note something that must outlive the program, inside the transaction of whoever calls."""
        self.set_state(**{name: int(on)})

    def is_marked(self, name: str) -> bool:
        return bool(self._state(name))

    def _make_tables(self) -> None:
        """Looks at nothing where the file was made by the very same declarations."""
        if self._state("declared") == declared():
            return
        database = sqlite_utils.Database(self.connection)
        present = set(database.table_names())
        for spec in map(describe, entities()):
            if spec.name in present:
                self._widen(database, spec)
            else:
                self._make_table(database, spec)
        self.set_state(declared=declared())

    def _make_table(self, database: Any, spec: EntitySpec) -> None:
        for name in (spec.name, own_table(spec)):
            table = database[name].create({"id": str, **kinds(spec), "deleted": int}, pk="id")
            for f in spec.fields:
                owned = f.target is not None and not spec_of(f.target).regional
                if owned or f.type is FileState:
                    table.create_index([f.name], if_not_exists=True)
        self._read_again(spec, spec.classes)

    def _widen(self, database: Any, spec: EntitySpec) -> None:
        """Columns that a newer program declares are added, and their facets read again."""
        present = {c.name for c in database[spec.name].columns}
        added = {name: kind for name, kind in kinds(spec).items() if name not in present}
        for name, kind in added.items():
            for table in (spec.name, own_table(spec)):
                database[table].add_column(name, kind)
        if added:
            classes = {spec[name].field.pd for name in added if name in spec.by_name}
            self._read_again(spec, classes)

    def _read_again(self, spec: EntitySpec, classes: Iterable[PersonalData]) -> None:
        """Rows of these facets that came before their columns were known are asked for once more."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO shape SELECT ?1, 0 WHERE EXISTS (SELECT 1 FROM held WHERE facet = ?1)",
            [(facet_name(spec.name, pd),) for pd in classes],
        )

    # ---- asking

    def unproved(self) -> bool:
        """Is there a bucket that is read to its end and was not compared with the centre?"""
        ended = self.connection.execute("SELECT no FROM bucket WHERE facet = ?", (END,))
        return not self.proved.issuperset(number for (number,) in ended)

    def cursors(self) -> list[Cursor]:
        rows = self.connection.execute(
            "SELECT scope, section, pd, year, seq, facet, row_id, until_seq, until_facet, until_id, facets FROM bucket"
        )
        return [
            Cursor(
                Bucket(*row[:4]),
                Position(*row[4:7]),
                Position(*row[7:10]),
                tuple(row[10].split()),
            )
            for row in rows
        ]

    def ticket(self) -> int:
        return int(self._state("ticket") or 0)

    def top(self) -> str:
        """How far the journal had come, as `missing` keeps it."""
        return str(self._state("top") or "")

    def epoch(self) -> str | None:
        """The history that these rows are of; None before the first answer."""
        found = self._state("epoch")
        return None if found is None else str(found)

    def listed(self) -> bool:
        """Have the list rows been brought up to the rows stored last?"""
        return not self._state("unlisted")

    def whole(self) -> bool:
        """Has every bucket had a last page? Who may see nothing has heard all after one answer."""
        cut = self.connection.execute("SELECT 1 FROM bucket WHERE whole = 0 LIMIT 1").fetchone()
        return cut is None and self.epoch() is not None

    def rows(self, spec: EntitySpec, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        """Rows by id: the fields in the order of the declaration, then the seq of each class."""
        names = ", ".join([*map(quoted, columns_of(spec)), *map(seq_column, spec.classes)])
        found = {}
        for start in range(0, len(ids), 500):
            chunk = ids[start : start + 500]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT id, {names} FROM {spec.name} WHERE id IN ({marks})"  # noqa: S608  declared names
            for id, *values in self.connection.execute(query, chunk):
                found[id] = tuple(values)
        return found

    # ---- storing a pull

    def fits(self, answer: PullAnswer) -> bool:
        """Was it asked for by this file in its present state?"""
        return answer.ticket == self.ticket() and self.epoch() in (None, answer.epoch)

    def store(self, answer: PullAnswer) -> Touched | None:
        """Rows and cursors in one transaction; None where the answer is not for this state of the cache."""
        touched: Touched = defaultdict(set)
        ended: list[tuple[int, Page]] = []
        with Transaction(self.connection) as c:
            if not self.fits(answer):
                return None
            self.set_state(ticket=answer.ticket + 1, epoch=answer.epoch)
            self._lose(c, set(answer.buckets), touched)
            self._reshape(c, answer.shapes)
            numbers = self._numbers(c, answer.buckets)
            for page in answer.pages:
                number = numbers[page.bucket]
                if self._position(c, number) == page.frm:
                    self._store_page(c, number, page, touched)
                    if not page.more:
                        ended.append((number, page))
            for raised in answer.raised:
                self._raise(c, numbers, raised)
            swept = self._end(c, [number for number, _ in ended], touched)
            sums = {number: page.digest for number, page in ended}
            self._compare(c, sums | self._told(c, numbers, answer), swept)
            if touched:
                self.set_state(unlisted=1)
        return touched

    def _numbers(self, c: Connection, buckets: Iterable[Bucket]) -> dict[Bucket, int]:
        query = "SELECT scope, section, pd, year, no FROM bucket"
        known = {Bucket(*row[:4]): row[4] for row in c.execute(query)}
        if fresh := [bucket for bucket in buckets if bucket not in known]:
            c.executemany(
                "INSERT INTO bucket (scope, section, pd, year) VALUES (?, ?, ?, ?)", fresh
            )
            known = {Bucket(*row[:4]): row[4] for row in c.execute(query)}
        return known

    def _raise(self, c: Connection, numbers: Mapping[Bucket, int], raised: Raised) -> None:
        """Of a whole level nothing is new; one that is to be read again stands there no longer."""
        but = msgspec.json.encode([numbers[bucket] for bucket in raised.but]).decode()
        c.execute(
            "UPDATE bucket SET seq = ? WHERE seq = ? AND facet = ? AND facets = '' AND (scope = ?) = ? "
            "AND no NOT IN (SELECT value FROM json_each(?))",
            (raised.to, raised.frm, END, REGION.hex, int(raised.regional), but),
        )

    def _told(
        self, c: Connection, numbers: Mapping[Bucket, int], answer: PullAnswer
    ) -> dict[int, Digest]:
        """The sums of buckets without a page, where those are still read to their end."""
        if not answer.sums:
            return {}
        ended = {no for (no,) in c.execute("SELECT no FROM bucket WHERE facet = ?", (END,))}
        told = {numbers[bucket]: digest for bucket, digest in answer.sums}
        return {number: told[number] for number in told.keys() & ended}

    def _position(self, c: Connection, number: int) -> Position:
        row = c.execute("SELECT seq, facet, row_id FROM bucket WHERE no = ?", (number,)).fetchone()
        return Position(*row)

    def _store_page(self, c: Connection, number: int, page: Page, touched: Touched) -> None:
        query = "SELECT sweeping FROM bucket WHERE no = ?"
        sweeping = bool(c.execute(query, (number,)).fetchone()[0])
        for facet_rows in page.rows:
            self._put(c, number, facet_rows, touched, sweeping=sweeping)
        for gone in page.gone:
            self._drop(c, number, gone, touched)
        c.execute(
            "UPDATE bucket SET seq = ?, facet = ?, row_id = ?, whole = ? WHERE no = ?",
            (*page.to, int(not page.more), number),
        )
        if page.frm.facet != END:
            self.proved.discard(number)

    def _end(self, c: Connection, ended: Sequence[int], touched: Touched) -> set[int]:
        """These have had their last page; which of them were swept."""
        swept = set()
        for number in ended:
            query = "SELECT sweeping FROM bucket WHERE no = ?"
            if c.execute(query, (number,)).fetchone()[0]:
                self._sweep(c, number, touched)
                swept.add(number)
            c.execute(
                "UPDATE bucket SET facets = '', until_seq = 0, until_facet = '', until_id = '' WHERE no = ?",
                (number,),
            )
        return swept

    def _compare(self, c: Connection, told: Mapping[int, Digest | None], swept: set[int]) -> None:
        """Read a bucket again whose sums differ from the centre's; once, then it is only reported."""
        asked = {n: digest for n, digest in told.items() if digest and n not in self.proved}
        for number, found in self.digests([*asked]).items():
            self.proved.add(number)
            if found != asked[number]:
                self.reloaded.append(self._bucket(c, number))
                if number not in swept:
                    c.execute("UPDATE bucket SET sweeping = 1 WHERE no = ?", (number,))
                    self._restart(c, number)

    def _bucket(self, c: Connection, number: int) -> Bucket:
        query = "SELECT scope, section, pd, year FROM bucket WHERE no = ?"
        return Bucket(*c.execute(query, (number,)).fetchone())

    def _sweep(self, c: Connection, number: int, touched: Touched) -> None:
        """At the end of a reload: what was not told again leaves, and seqs are as told."""
        same = "told.bucket = held.bucket AND told.facet = held.facet AND told.row_id = held.row_id"
        stale = c.execute(
            f"SELECT facet, row_id FROM held WHERE bucket = ? AND NOT EXISTS (SELECT 1 FROM told WHERE {same})",  # noqa: S608  own words
            (number,),
        ).fetchall()
        c.execute("DELETE FROM held WHERE bucket = ?", (number,))
        c.execute("INSERT INTO held SELECT * FROM told WHERE bucket = ?", (number,))
        self.left |= bool(stale)
        for facet, id in stale:
            self._release(c, facet, id)
            touched[facet.partition(".")[0]].add(id)
        self._end_sweep(c, number)

    def _end_sweep(self, c: Connection, number: int) -> None:
        c.execute("DELETE FROM told WHERE bucket = ?", (number,))
        c.execute("UPDATE bucket SET sweeping = 0 WHERE no = ?", (number,))

    def _put(
        self, c: Connection, number: int, page: FacetRows, touched: Touched, *, sweeping: bool
    ) -> None:
        held = [(number, page.facet, row[0], row[1]) for row in page.rows]
        c.executemany(
            "INSERT INTO held VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq WHERE seq <= excluded.seq",
            held,
        )
        if sweeping:
            c.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", held)
        name, _, pd = page.facet.partition(".")
        if name not in _known():
            return  # of a newer server: read again when this program has learnt the entity
        again = "SELECT 1 FROM bucket WHERE instr(' ' || facets || ' ', ' ' || ? || ' ')"
        known = c.execute(again, (page.facet,)).fetchone() is None
        self._upsert(c, spec_of(name), seq_column(PersonalData.of(pd)), page, known=known)
        touched[name].update(row[0] for row in page.rows)

    def _upsert(
        self, c: Connection, spec: EntitySpec, seq: str, page: FacetRows, *, known: bool
    ) -> None:
        """The columns this program knows, unless the row is newer; one whose facet is read again is not `known`.

        Of that, the bucket that told it last may have lost it since, and only an older entry tells the new columns.
        """
        places = [i for i, n in enumerate(page.columns) if n in spec.by_name]
        columns = [page.columns[i] for i in places]
        rows: Iterable[Sequence[Any]] = page.rows
        if len(columns) < len(page.columns):
            rows = ([row[0], row[1], *(row[i + 2] for i in places)] for row in page.rows)
        names = ", ".join(["id", seq, *map(quoted, columns)])
        sets = ", ".join(f"{quoted(n)} = excluded.{quoted(n)}" for n in columns)
        newest = f"{seq} = max(coalesce({spec.name}.{seq}, 0), excluded.{seq})"
        sets = ", ".join(filter(None, (newest, sets)))
        marks = ", ".join("?" * (len(columns) + 2))
        c.executemany(
            f"INSERT INTO {spec.name} ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {sets} "  # noqa: S608  declared names
            f"WHERE {int(not known)} OR {spec.name}.{seq} IS NULL OR {spec.name}.{seq} <= excluded.{seq}",
            rows,
        )

    def _drop(self, c: Connection, number: int, gone: Position, touched: Touched) -> None:
        """(facet, id) leaves a bucket; its values leave with the last holder."""
        done = c.execute(
            "DELETE FROM held WHERE row_id = ? AND facet = ? AND bucket = ? AND seq <= ?",
            (gone.id, gone.facet, number, gone.seq),
        )
        c.execute(
            "DELETE FROM told WHERE row_id = ? AND facet = ? AND bucket = ?",
            (gone.id, gone.facet, number),
        )
        if done.rowcount:
            self.left = True
            self._release(c, gone.facet, gone.id)
            touched[gone.facet.partition(".")[0]].add(gone.id)

    def _release(self, c: Connection, facet: str, id: str) -> None:
        holder = c.execute(
            "SELECT 1 FROM held WHERE bucket IN (SELECT no FROM bucket) AND facet = ? AND row_id = ?",
            (facet, id),
        ).fetchone()
        if holder:
            return
        name, _, pd = facet.partition(".")
        if name not in _known():
            return
        spec = spec_of(name)
        lost = [f.name for f in spec.facet(PersonalData.of(pd))]
        sets = ", ".join(f"{quoted(n)} = NULL" for n in (*lost, seq_column(PersonalData.of(pd))))
        c.execute(f"UPDATE {name} SET {sets} WHERE id = ?", (id,))  # noqa: S608  declared names
        none_left = " AND ".join(f"{seq_column(pd)} IS NULL" for pd in spec.classes)
        c.execute(f"DELETE FROM {name} WHERE id = ? AND {none_left}", (id,))  # noqa: S608  own names

    # ---- losing and reloading

    def _lose(self, c: Connection, mine: set[Bucket], touched: Touched) -> None:
        rows = c.execute("SELECT scope, section, pd, year, no FROM bucket").fetchall()
        for row in rows:
            if Bucket(*row[:4]) not in mine:
                self.lost = True
                self._empty(c, row[4], touched)
                self._end_sweep(c, row[4])
                self.proved.discard(row[4])
                c.execute("DELETE FROM bucket WHERE no = ?", (row[4],))

    def _empty(self, c: Connection, number: int, touched: Touched) -> None:
        held = c.execute("SELECT facet, row_id FROM held WHERE bucket = ?", (number,)).fetchall()
        c.execute("DELETE FROM held WHERE bucket = ?", (number,))
        for facet, id in held:
            self._release(c, facet, id)
            touched[facet.partition(".")[0]].add(id)

    def _reshape(self, c: Connection, shapes: dict[str, int]) -> None:
        """A facet whose columns changed is read again in the buckets that hold it, and no other."""
        known = dict(c.execute("SELECT facet, number FROM shape").fetchall())
        if known == shapes:
            return
        for facet in (f for f, n in shapes.items() if known.get(f, n) < n):
            numbers = c.execute("SELECT DISTINCT bucket FROM held WHERE facet = ?", (facet,))
            for (number,) in numbers.fetchall():
                self._again(c, number, facet)
        c.executemany("INSERT OR REPLACE INTO shape VALUES (?, ?)", list(shapes.items()))

    def _again(self, c: Connection, number: int, facet: str) -> None:
        """From the beginning for this facet, from where it stood for the others."""
        row = c.execute(
            "SELECT facets, seq, facet, row_id, until_seq, until_facet, until_id FROM bucket WHERE no = ?",
            (number,),
        ).fetchone()
        facets = row[0].split()
        until = row[4:7] if facets else row[1:4]
        c.execute(
            "UPDATE bucket SET facets = ?, until_seq = ?, until_facet = ?, until_id = ?, "
            "seq = 0, facet = '', row_id = '', whole = 0 WHERE no = ?",
            (" ".join(dict.fromkeys([*facets, facet])), *until, number),
        )

    def _restart(self, c: Connection, number: int) -> None:
        """Read this bucket from its beginning; what it holds stays until it is told again or swept."""
        c.execute(
            "UPDATE bucket SET seq = 0, facet = '', row_id = '', whole = 0 WHERE no = ?", (number,)
        )

    def digests(self, numbers: Sequence[int]) -> dict[int, Digest]:
        """Count and sums of what each of these buckets holds, in one reading."""
        sums = {number: [0, 0, 0] for number in numbers}
        if not sums:
            return {}
        marks = ",".join("?" * len(sums))
        rows = self.connection.execute(
            f"SELECT bucket, CAST(facet || '|' || row_id || '|' || seq AS BLOB) FROM held WHERE bucket IN ({marks})",  # noqa: S608  own words
            list(sums),
        )
        for number, text in rows:
            low, high = HALVES.unpack(hashlib.blake2b(text, digest_size=8).digest())
            found = sums[number]
            found[0] += 1
            found[1] += low
            found[2] += high
        return {number: Digest(*found) for number, found in sums.items()}

    def wipe_traces(self) -> None:
        """Nothing that was deleted stays in the log beside the file; secure_delete cleans the file itself."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.lost = self.left = False


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(entity.__tablename__ for entity in entities())
