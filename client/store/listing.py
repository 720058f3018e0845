"""Denormalised list rows with sort keys and a search index: 70 000 rows need no join (DESIGN 2)."""

from __future__ import annotations

import functools
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlite_utils

from client.kit.records import ListRow
from client.store.connection import Connection, Transaction
from client.store.overlay import Overlay
from common.kit.dates import REGION_ZONE
from common.kit.entity import spec_of
from common.kit.keys import sort_key
from common.kit.lists import Children, ListColumn, ListSpec, Path, in_zone
from common.kit.spec import text_of
from common.kit.wire import unpack

CHUNK = 2_000
CLEANED = 100
"""Up to so many rows at once the index forgets to the last byte; more would take six times as long (see `stale`)."""

Record = tuple[Any, ...]
Made = tuple[str, list[str], list[str]]
"""A record's id, its shown texts each with a sort key, and what is searched."""


class Listing:
    """The stored rows of one ListSpec."""

    def __init__(self, spec: ListSpec, overlay: Overlay) -> None:
        self.spec = spec
        self.overlay = overlay
        self.table = f"list_{spec.name}"
        self.index = f"find_{spec.name}"
        self.kept: tuple[object, array[int]] | None = None
        """The last order of all rows that a reader asked for."""
        self._make()

    @property
    def connection(self) -> Connection:
        return self.overlay.cache.connection

    def _make(self) -> None:
        """Tables by sqlite-utils; the index keeps no second copy of the texts."""
        database = sqlite_utils.Database(self.connection)
        keys = [c.key for c in self.spec.columns]
        if self._columns(database) == keys:
            return
        self.connection.execute(f"DROP TABLE IF EXISTS {self.table}")
        self.connection.execute(f"DROP TABLE IF EXISTS {self.index}")
        kinds: dict[str, Any] = {"number": int, "id": str}
        for key in keys:
            kinds[f"c_{key}"] = str
            kinds[f"s_{key}"] = str
        table: Any = database[self.table]
        table.create(kinds, pk="number")
        table.create_index(["id"], unique=True)
        table.create_index([f"s_{self.spec.order[0][0]}", "number"])
        names = ", ".join(f"c_{key}" for key in keys)
        self.connection.execute(
            f"CREATE VIRTUAL TABLE {self.index} USING fts5({names}, content='', "
            "tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')"
        )
        self._clean(self.connection, on=True)

    def _columns(self, database: Any) -> list[str]:
        if self.table not in database.table_names():
            return []
        return [
            c.name.removeprefix("c_")
            for c in database[self.table].columns
            if c.name.startswith("c_")
        ]

    # ---- keeping up

    @property
    def stale(self) -> bool:
        """Does the index hold words of rows that are no more? Only `rebuild` takes them out."""
        return self.overlay.cache.is_marked(self.index)

    def _clean(self, c: Connection, *, on: bool) -> None:
        c.execute(
            f"INSERT INTO {self.index}({self.index}, rank) VALUES ('secure-delete', ?)",  # noqa: S608  own names
            (int(on),),
        )

    def clear(self) -> None:
        with Transaction(self.connection) as c:
            c.execute(f"DELETE FROM {self.table}")  # noqa: S608  own names
            c.execute(f"INSERT INTO {self.index}({self.index}) VALUES ('delete-all')")  # noqa: S608  own names
            self.overlay.cache.mark(self.index, on=False)

    def rebuild(self) -> None:
        self.clear()
        self.remake(self.overlay.all_ids(self.spec.main))

    def affected(self, touched: dict[str, set[str]]) -> set[str]:
        """The rows of this list that show something of the touched records."""
        found = set(touched.get(self.spec.main, ()))
        for steps in {p.steps for p in self.spec.paths() if p.steps}:
            found |= self._upwards(self.spec.main, steps, touched)
        for part in {c.children for c in self.spec.columns if c.children}:
            ids = set(touched.get(part.entity, ()))
            for steps in {p.steps for p in part.paths if p.steps}:
                ids |= self._upwards(part.entity, steps, touched)
            found |= self._owners(part, ids)
        return found

    def _upwards(self, entity: str, steps: Sequence[str], touched: dict[str, set[str]]) -> set[str]:
        """Rows of `entity` from which the steps lead to a touched record."""
        if not steps:
            return set()
        target = spec_of(entity)[steps[0]].target or ""
        ids = set(touched.get(target, ())) | self._upwards(target, steps[1:], touched)
        return set(self.overlay.ids(entity, steps[0], sorted(ids))) if ids else set()

    def _owners(self, part: Children, ids: set[str]) -> set[str]:
        rows = self.overlay.tuples(spec_of(part.entity), sorted(ids))
        place = _place(part.entity, part.reference)
        owners = {row[place] for row in rows.values() if row[place]}
        gone = ids - rows.keys()
        if gone:
            owners |= self._former_owners(part, gone)
        return owners

    def _former_owners(self, part: Children, ids: set[str]) -> set[str]:
        """Owners of child rows that are deleted by an own operation: the cache still knows them."""
        rows = self.overlay.cache.rows(spec_of(part.entity), sorted(ids))
        place = _place(part.entity, part.reference)
        return {row[place] for row in rows.values() if row[place]}

    def remake(self, ids: Iterable[str]) -> None:
        ordered = sorted(ids)
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            made = list(self._rows(chunk))
            self._write(chunk, made)

    def _write(self, chunk: Sequence[str], made: Sequence[Made]) -> None:
        keys = [c.key for c in self.spec.columns]
        marks = ",".join("?" * len(chunk))
        with Transaction(self.connection) as c:
            top = c.execute(f"SELECT coalesce(max(number), 0) FROM {self.table}").fetchone()[0]  # noqa: S608  own names
            query = f"SELECT * FROM {self.table} WHERE id IN ({marks})"  # noqa: S608  own names
            known = {row[1]: row for row in c.execute(query, chunk)}
            rows, finds = [], []
            for id, shown, finding in made:
                if id in known and list(known[id][2:]) == shown:
                    del known[id]  # it is shown as it was
                    continue
                if id in known:
                    number = known[id][0]
                else:
                    top = number = top + 1
                rows.append((number, id, *shown))
                finds.append((number, *finding))
            self._forget(c, list(known.values()))
            spaces = ",".join("?" * (2 + 2 * len(keys)))
            c.executemany(f"INSERT INTO {self.table} VALUES ({spaces})", rows)  # noqa: S608  own names
            names = ", ".join(f"c_{key}" for key in keys)
            c.executemany(
                f"INSERT INTO {self.index} (rowid, {names}) VALUES ({','.join('?' * (1 + len(keys)))})",  # noqa: S608  own names
                finds,
            )

    def _forget(self, c: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Stored rows leave the list and its index, which is told what it had been told of them."""
        if not rows:
            return
        many = len(rows) > CLEANED
        if many:
            self._clean(c, on=False)
            self.overlay.cache.mark(self.index, on=True)
        names = ", ".join(f"c_{each.key}" for each in self.spec.columns)
        marks = ", ".join("?" * len(self.spec.columns))
        c.executemany(
            f"INSERT INTO {self.index} ({self.index}, rowid, {names}) VALUES ('delete', ?, {marks})",  # noqa: S608  own names
            [(row[0], *map(_key, row[2::2])) for row in rows],
        )
        if many:
            self._clean(c, on=True)
        numbers = [(row[0],) for row in rows]
        c.executemany(f"DELETE FROM {self.table} WHERE number = ?", numbers)  # noqa: S608  own names

    def _rows(self, ids: Sequence[str]) -> Iterator[Made]:
        """Each live record as it is stored here."""
        spec = spec_of(self.spec.main)
        mains = self.overlay.tuples(spec, ids)
        fetched: dict[str, dict[str, Record]] = {}
        values = {
            p: self._values(self.spec.main, p, mains, fetched) for p in set(self.spec.paths())
        }
        parts = {c.children for c in self.spec.columns if c.children}
        gathered = {part: self._gather(part, list(mains)) for part in parts}
        plan = [
            (
                each,
                [values[p] for p in each.sources],
                gathered[each.children] if each.children else None,
            )
            for each in self.spec.columns
        ]
        for id in mains:
            shown: list[str] = []
            finding: list[str] = []
            for each, sources, rows in plan:
                given: list[Any] = [source.get(id) for source in sources]
                if rows is not None:
                    given.append(rows.get(id, []))
                text, sort = _shown(each, given)
                shown += (text, sort)
                finding.append(_key(text))
            yield id, shown, finding

    def _values(
        self,
        entity: str,
        path: Path,
        mains: dict[str, Record],
        fetched: dict[str, dict[str, Record]],
    ) -> dict[str, Any]:
        """The python value at the end of the path, by id of the record it begins at."""
        here = {id: id for id in mains}
        owner = entity
        rows = mains
        for step in path.steps:
            place = _place(owner, step)
            owner = spec_of(owner)[step].target or ""
            here = {
                id: rows[at][place] for id, at in here.items() if at in rows and rows[at][place]
            }
            rows = self._fetch_once(owner, set(here.values()), fetched)
        place = _place(owner, path.field.name)
        zone = ZoneInfo(self.overlay.journal.fact("zone", REGION_ZONE))
        return {
            id: in_zone(path, unpack(path.field, rows[at][place]), zone)
            for id, at in here.items()
            if at in rows
        }

    def _fetch_once(
        self, entity: str, ids: set[str], fetched: dict[str, dict[str, Record]]
    ) -> dict[str, Record]:
        """Columns of one chunk share what they read of the same records."""
        known = fetched.setdefault(entity, {})
        known |= self._fetch(entity, ids - known.keys())
        return known

    def _fetch(self, entity: str, ids: set[str]) -> dict[str, Record]:
        return self.overlay.tuples(spec_of(entity), sorted(ids))

    def _gather(self, part: Children, ids: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
        rows = self._fetch(part.entity, set(self.overlay.ids(part.entity, part.reference, ids)))
        place = _place(part.entity, part.reference)
        fetched: dict[str, dict[str, Record]] = {}
        columns = [self._values(part.entity, p, rows, fetched) for p in part.paths]
        found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for id in sorted(rows):
            found[rows[id][place]].append(tuple(column.get(id) for column in columns))
        return found


@functools.cache
def _place(entity: str, name: str) -> int:
    return next(i for i, f in enumerate(spec_of(entity).fields) if f.name == name)


def _shown(each: ListColumn, given: Sequence[Any]) -> tuple[str, str]:
    """The text of a cell, and one that sorts as its value does."""
    value = each.make(*given) if each.make else given[0]
    text = text_of(value, each.format if each.make is None else None)
    if isinstance(value, int) and not isinstance(value, bool):
        return text, f"{value + 10**14:016d}"
    if hasattr(value, "isoformat"):
        return text, str(value.isoformat())
    return text, _key(text)


@functools.lru_cache(maxsize=20_000)
def _key(text: str) -> str:
    """The key of searching and sorting; most cells repeat."""
    return sort_key(text)


# ---- reading


def page(connection: Connection, listing: Listing, numbers: Sequence[int]) -> list[ListRow]:
    """The rows of these numbers, in their order."""
    names = ", ".join(f"c_{c.key}" for c in listing.spec.columns)
    marks = ",".join("?" * len(numbers))
    query = f"SELECT number, id, {names} FROM {listing.table} WHERE number IN ({marks})"  # noqa: S608  own names
    found = {
        number: ListRow(number, id, tuple(texts))
        for number, id, *texts in connection.execute(query, list(numbers))
    }
    return [found[n] for n in numbers if n in found]
