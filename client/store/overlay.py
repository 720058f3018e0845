"""Own work over the cache (SYNC 2): what a screen shows before the centre has told it back."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from client.store.cache import Cache
from client.store.cache_file import columns_of, own_table, quoted, seq_column
from client.store.connection import Connection, Transaction
from client.store.entry import Entry, seen_in
from client.store.journal import Journal
from client.store.orders import Orders, rows_of
from common.kit.entity import describe, entities, spec_of
from common.kit.spec import EntitySpec
from common.kit.sync import Delete, Restore, Save, Status
from common.kit.wire import pack

Record = dict[str, Any]
"""Wire primitives by field."""


class Overlay:
    """Derived rows `own_…`: rebuilt at start, remade for each row that an operation or a page touches."""

    def __init__(self, journal: Journal, cache: Cache) -> None:
        self.journal = journal
        self.cache = cache

    def rebuild(self) -> dict[str, set[str]]:
        """Make all derived rows anew from the journal; returns the rows that had or have one."""
        touched: dict[str, set[str]] = {}
        for spec in map(describe, entities()):
            if former := self._own_ids(spec):
                touched[spec.name] = former
        for entry in self.journal.live():
            for entity, row_id in entry.rows:
                touched.setdefault(entity, set()).add(row_id)
        for entity, ids in touched.items():
            self.remake(entity, ids)
        return touched

    def _own_ids(self, spec: EntitySpec, among: Sequence[str] | None = None) -> set[str]:
        query = f"SELECT id FROM {own_table(spec)}"  # noqa: S608  declared names
        if among is None:
            return {id for (id,) in self.cache.connection.execute(query)}
        query += " WHERE id IN (SELECT value FROM json_each(?))"
        return {id for (id,) in self.cache.connection.execute(query, (json.dumps(among),))}

    def remake(self, entity: str, ids: Iterable[str]) -> None:
        """Those of these rows that own work touches or touched; a page of others costs nothing."""
        try:
            spec = spec_of(entity)
        except KeyError:
            return  # an operation of a newer program
        for part, rows in rows_of(self.journal, self.cache, spec, ids).items():
            self.remake(part, rows)
        orders = Orders(self.journal, spec).said
        asked = sorted(set(ids))
        live = self.journal.live_of(entity, asked)
        own = sorted(live.keys() | self._own_ids(spec, asked) | (orders.keys() & set(asked)))
        if not own:
            return
        base = self.cache.rows(spec, own)
        meaning = Meaning(self.cache.epoch(), self.journal.aliases())
        made = {
            id: meaning.overlaid(spec, id, base.get(id), live.get(id, ()), orders.get(id, ()))
            for id in own
        }
        with Transaction(self.cache.connection) as c:
            self._replace(c, spec, made)

    def _replace(
        self, c: Connection, spec: EntitySpec, rows: Mapping[str, tuple[Any, ...] | None]
    ) -> None:
        c.executemany(
            f"DELETE FROM {own_table(spec)} WHERE id = ?",  # noqa: S608  declared names
            [(id,) for id in rows],
        )
        names = ", ".join(["id", *map(quoted, columns_of(spec)), "deleted"])
        marks = ", ".join("?" * (len(spec.fields) + 2))
        c.executemany(
            f"INSERT INTO {own_table(spec)} ({names}) VALUES ({marks})",  # noqa: S608  own names
            [(id, *row) for id, row in rows.items() if row is not None],
        )

    # ---- reading with own work over the cache

    def records(self, entity: str, ids: Sequence[str]) -> dict[str, Record]:
        """Live rows by id, as the user should see them."""
        spec = spec_of(entity)
        return {
            id: dict(zip(columns_of(spec), row, strict=True))
            for id, row in self.tuples(spec, ids).items()
        }

    def tuples(self, spec: EntitySpec, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        width = len(spec.fields)
        found = {id: row[:width] for id, row in self.cache.rows(spec, ids).items()}
        for start in range(0, len(ids), 500):
            chunk = ids[start : start + 500]
            names = ", ".join(map(quoted, columns_of(spec)))
            query = f"SELECT id, deleted, {names} FROM {own_table(spec)} WHERE id IN ({','.join('?' * len(chunk))})"  # noqa: S608  own names
            for id, deleted, *row in self.cache.connection.execute(query, chunk):
                if deleted:
                    found.pop(id, None)
                else:
                    found[id] = tuple(row)
        return found

    def ids(self, entity: str, column: str, values: Sequence[Any]) -> list[str]:
        """Ids of live rows whose column has one of these values, oldest first."""
        spec = spec_of(entity)
        known: set[str] = set()
        own, place = own_table(spec), quoted(column)
        for start in range(0, len(values), 500):
            chunk = values[start : start + 500]
            marks = ",".join("?" * len(chunk))
            query = (
                f"SELECT id FROM {spec.name} AS base WHERE {place} IN ({marks}) "  # noqa: S608  declared names
                f"AND NOT EXISTS (SELECT 1 FROM {own} WHERE {own}.id = base.id) "
                f"UNION ALL SELECT id FROM {own} WHERE {place} IN ({marks}) AND deleted = 0"
            )
            known.update(id for (id,) in self.cache.connection.execute(query, [*chunk, *chunk]))
        return sorted(known)

    def all_ids(self, entity: str) -> list[str]:
        spec = spec_of(entity)
        query = (
            f"SELECT id FROM {spec.name} WHERE id NOT IN (SELECT id FROM {own_table(spec)}) "  # noqa: S608  own names
            f"UNION SELECT id FROM {own_table(spec)} WHERE deleted = 0 ORDER BY id"
        )
        return [id for (id,) in self.cache.connection.execute(query)]


class Meaning:
    """What operations say over rows of one history."""

    def __init__(self, epoch: str | None, aliases: dict[str, str]) -> None:
        self.epoch = epoch
        self.aliases = aliases

    def overlaid(
        self,
        spec: EntitySpec,
        id: str,
        base: tuple[Any, ...] | None,
        entries: Sequence[Entry],
        orders: Sequence[tuple[Entry, int]] = (),
    ) -> tuple[Any, ...] | None:
        """The row with live operations over it and whether it is deleted; None where the cache alone is right."""
        width = len(spec.fields)
        names = columns_of(spec)
        seqs = dict(zip(map(seq_column, spec.classes), base[width:], strict=True)) if base else {}
        row: Record | None = dict(zip(names, base[:width], strict=True)) if base else None
        touched = deleted = False
        for entry in entries:
            body = entry.op.body
            if isinstance(body, Delete | Restore):
                if self._over(entry, max((s for s in seqs.values() if s is not None), default=-1)):
                    touched, deleted = True, isinstance(body, Delete)
                    if row is None and isinstance(body, Restore):
                        seen = seen_in(body, spec.name, id)
                        row = _blank(spec) | {n: v for n, v in seen.items() if n in spec.by_name}
            elif isinstance(body, Save) and (row is not None or body.create):
                row = row if row is not None else _blank(spec)
                for name, (_, new) in body.set.items():
                    if name not in spec.by_name or name in spec.lists:
                        continue
                    if self._over(entry, seqs.get(seq_column(spec[name].field.pd))):
                        row[name] = self._value(spec, name, new)
                        touched = True
        if row is None or not (self._placed(spec, row, orders, seqs) or touched):
            return None
        return (*(row[name] for name in names), int(deleted))

    def _placed(
        self,
        spec: EntitySpec,
        row: Record,
        orders: Sequence[tuple[Entry, int]],
        seqs: Mapping[str, int | None],
    ) -> bool:
        """Give the row the place that its owner's list says; is there one to give?"""
        over = [
            place
            for entry, place in orders
            if self._over(entry, seqs.get(seq_column(spec[spec.ordered].field.pd)))
        ]
        if over:
            row[spec.ordered] = over[-1]
        return bool(over)

    def _value(self, spec: EntitySpec, name: str, value: Any) -> Any:
        return self.aliases.get(value, value) if spec[name].target else value

    def _over(self, entry: Entry, base_seq: int | None) -> bool:
        """Is the operation newer than what the cache has of this facet? Only moments of one history compare."""
        if entry.status is Status.PENDING or base_seq is None or entry.epoch != self.epoch:
            return True
        return base_seq < entry.seq


def _blank(spec: EntitySpec) -> Record:
    return dict(_defaults(spec.name))


@functools.cache
def _defaults(entity: str) -> Record:
    return {f.name: pack(f.default) for f in spec_of(entity).fields}
