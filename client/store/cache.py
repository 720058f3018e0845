"""The file that may be rebuilt at any moment (SYNC 2 and 4): facets' rows, who holds them, and how far each bucket is read."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlite_utils

from client.kit.records import Touched
from client.store.connection import Connection, Transaction, open_file
from common.kit.entity import describe, entities, spec_of
from common.kit.kinds import PersonalData
from common.kit.spec import EntitySpec
from common.kit.sync import (
    END,
    START,
    Bucket,
    Cursor,
    Digest,
    FacetRows,
    Page,
    Position,
    PullAnswer,
)

STATE = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bucket (
  no INTEGER PRIMARY KEY, scope TEXT NOT NULL, section TEXT NOT NULL, pd TEXT NOT NULL, year INTEGER NOT NULL,
  seq INTEGER NOT NULL, facet TEXT NOT NULL, row_id TEXT NOT NULL, whole INTEGER NOT NULL,
  UNIQUE (scope, section, pd, year));
CREATE TABLE IF NOT EXISTS held (
  bucket INTEGER NOT NULL, facet TEXT NOT NULL, row_id TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (row_id, facet, bucket)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shape (facet TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""

SQL_TYPES = {int: "INTEGER", bool: "INTEGER"}


def seq_column(pd: PersonalData) -> str:
    return f"seq_{pd.value}"


def columns_of(spec: EntitySpec) -> list[str]:
    return [f.name for f in spec.fields]


class Cache:
    """One epoch's copy of the user's buckets."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.connection: Connection = open_file(path, key, durable=False)
        self.connection.executescript(STATE)
        self.reloaded: list[Bucket] = []
        """Buckets whose digest differed, to be reported."""
        self._make_tables()

    def close(self) -> None:
        self.connection.close()

    def _make_tables(self) -> None:
        database = sqlite_utils.Database(self.connection)
        present = set(database.table_names())
        for spec in map(describe, entities()):
            if spec.name not in present:
                self._make_table(database, spec)

    def _make_table(self, database: Any, spec: EntitySpec) -> None:
        kinds: dict[str, Any] = {"id": str}
        for f in spec.fields:
            kinds[f.name] = int if f.type in (int, bool) else str
        for pd in spec.classes:
            kinds[seq_column(pd)] = int
        for name in (spec.name, own_table(spec)):
            table = database[name].create({**kinds, "deleted": int}, pk="id")
            for f in spec.fields:
                if f.target is not None and not spec_of(f.target).regional:
                    table.create_index([f.name], if_not_exists=True)

    # ---- asking

    def cursors(self) -> list[Cursor]:
        rows = self.connection.execute(
            "SELECT scope, section, pd, year, seq, facet, row_id FROM bucket"
        )
        return [Cursor(Bucket(*row[:4]), Position(*row[4:])) for row in rows]

    def ticket(self) -> int:
        row = self.connection.execute("SELECT value FROM state WHERE name = 'ticket'").fetchone()
        return int(row[0]) if row else 0

    def whole(self) -> bool:
        """Has every bucket had a last page?"""
        row = self.connection.execute("SELECT count(*), min(whole) FROM bucket").fetchone()
        return bool(row[0]) and bool(row[1])

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

    def store(self, answer: PullAnswer) -> Touched | None:
        """Rows and cursors in one transaction; None where the answer is not for this state of the cache."""
        touched: Touched = defaultdict(set)
        with Transaction(self.connection) as c:
            if answer.ticket != self.ticket():
                return None
            c.execute("INSERT OR REPLACE INTO state VALUES ('ticket', ?)", (answer.ticket + 1,))
            self._lose(c, set(answer.buckets), touched)
            self._reshape(c, answer.shapes)
            numbers = self._numbers(c, answer.buckets)
            for page in answer.pages:
                if self._position(c, numbers[page.bucket]) == page.frm:
                    self._store_page(c, numbers[page.bucket], page, touched)
        return touched

    def _numbers(self, c: Connection, buckets: Iterable[Bucket]) -> dict[Bucket, int]:
        c.executemany(
            "INSERT OR IGNORE INTO bucket (scope, section, pd, year, seq, facet, row_id, whole) VALUES (?, ?, ?, ?, 0, '', '', 0)",
            list(buckets),
        )
        rows = c.execute("SELECT scope, section, pd, year, no FROM bucket")
        return {Bucket(*row[:4]): row[4] for row in rows}

    def _position(self, c: Connection, number: int) -> Position:
        row = c.execute("SELECT seq, facet, row_id FROM bucket WHERE no = ?", (number,)).fetchone()
        return Position(*row)

    def _store_page(self, c: Connection, number: int, page: Page, touched: Touched) -> None:
        for facet_rows in page.rows:
            self._put(c, number, facet_rows, touched)
        for gone in page.gone:
            self._drop(c, number, gone, touched)
        c.execute(
            "UPDATE bucket SET seq = ?, facet = ?, row_id = ?, whole = ? WHERE no = ?",
            (*page.to, int(not page.more), number),
        )
        first_load = page.frm == START or page.frm.facet != END
        if page.digest is not None and first_load and self.digest(number) != page.digest:
            self.reset(c, number)
            self.reloaded.append(page.bucket)

    def _put(self, c: Connection, number: int, page: FacetRows, touched: Touched) -> None:
        name, _, pd = page.facet.partition(".")
        spec = spec_of(name)
        known = [n for n in page.columns if n in spec.by_name]
        if known != page.columns:
            return  # a facet of a newer server: its shape will be raised when this program knows it
        seq = seq_column(PersonalData.of(pd))
        names = ", ".join(["id", seq, *map(quoted, page.columns)])
        sets = ", ".join(f"{quoted(n)} = excluded.{quoted(n)}" for n in (seq, *page.columns))
        marks = ", ".join("?" * (len(page.columns) + 2))
        c.executemany(
            f"INSERT INTO {name} ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {sets} "  # noqa: S608  declared names
            f"WHERE {name}.{seq} IS NULL OR {name}.{seq} <= excluded.{seq}",
            page.rows,
        )
        c.executemany(
            "INSERT INTO held VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq WHERE seq <= excluded.seq",
            [(number, page.facet, row[0], row[1]) for row in page.rows],
        )
        touched[name].update(row[0] for row in page.rows)

    def _drop(self, c: Connection, number: int, gone: Position, touched: Touched) -> None:
        """(facet, id) leaves a bucket; its values leave with the last holder."""
        done = c.execute(
            "DELETE FROM held WHERE row_id = ? AND facet = ? AND bucket = ? AND seq <= ?",
            (gone.id, gone.facet, number, gone.seq),
        )
        if done.rowcount:
            self._release(c, gone.facet, gone.id)
            touched[gone.facet.partition(".")[0]].add(gone.id)

    def _release(self, c: Connection, facet: str, id: str) -> None:
        holder = c.execute(
            "SELECT 1 FROM held WHERE row_id = ? AND facet = ?", (id, facet)
        ).fetchone()
        if holder:
            return
        name, _, pd = facet.partition(".")
        spec = spec_of(name)
        lost = [f.name for f in spec.facet(PersonalData.of(pd))]
        sets = ", ".join(f"{quoted(n)} = NULL" for n in (*lost, seq_column(PersonalData.of(pd))))
        c.execute(f"UPDATE {name} SET {sets} WHERE id = ?", (id,))  # noqa: S608  declared names
        none_left = " AND ".join(f"{seq_column(pd)} IS NULL" for pd in spec.classes)
        c.execute(f"DELETE FROM {name} WHERE id = ? AND {none_left}", (id,))  # noqa: S608

    # ---- losing and reloading

    def _lose(self, c: Connection, mine: set[Bucket], touched: Touched) -> None:
        rows = c.execute("SELECT scope, section, pd, year, no FROM bucket").fetchall()
        for row in rows:
            if Bucket(*row[:4]) not in mine:
                self._empty(c, row[4], touched)
                c.execute("DELETE FROM bucket WHERE no = ?", (row[4],))

    def _empty(self, c: Connection, number: int, touched: Touched) -> None:
        held = c.execute("SELECT facet, row_id FROM held WHERE bucket = ?", (number,)).fetchall()
        c.execute("DELETE FROM held WHERE bucket = ?", (number,))
        for facet, id in held:
            self._release(c, facet, id)
            touched[facet.partition(".")[0]].add(id)

    def _reshape(self, c: Connection, shapes: dict[str, int]) -> None:
        """A facet whose columns changed is read again, with the buckets that hold its class."""
        known = dict(c.execute("SELECT facet, number FROM shape").fetchall())
        raised = [f for f, n in shapes.items() if known.get(f, n) < n]
        for facet in raised:
            numbers = c.execute(
                "SELECT DISTINCT bucket FROM held WHERE facet = ?", (facet,)
            ).fetchall()
            for (number,) in numbers:
                self.reset(c, number)
        c.executemany("INSERT OR REPLACE INTO shape VALUES (?, ?)", list(shapes.items()))

    def reset(self, c: Connection, number: int) -> None:
        """Read this bucket from its beginning; what it holds stays until it is told again or swept."""
        c.execute(
            "UPDATE bucket SET seq = 0, facet = '', row_id = '', whole = 0 WHERE no = ?", (number,)
        )

    def digest(self, number: int) -> Digest:
        count = low = high = 0
        rows = self.connection.execute(
            "SELECT facet, row_id, seq FROM held WHERE bucket = ?", (number,)
        )
        for facet, row_id, seq in rows:
            raw = hashlib.blake2b(f"{facet}|{row_id}|{seq}".encode(), digest_size=8).digest()
            count += 1
            low += int.from_bytes(raw[:4], "big")
            high += int.from_bytes(raw[4:], "big")
        return Digest(count, low, high)


def own_table(spec: EntitySpec) -> str:
    """Where the rows with own operations over them lie."""
    return f"own_{spec.name}"


def quoted(name: str) -> str:
    return f'"{name}"'
