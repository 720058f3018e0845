"""Ordered lists at the desk (SYNC 6): what own work says of the places of their rows, and what the centre told last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from client.store.cache import Cache
from client.store.cache_file import own_table, quoted
from client.store.entry import Entry
from client.store.journal import Journal
from common.kit.entity import spec_of
from common.kit.spec import EntitySpec
from common.kit.sync import Save

Record = dict[str, Any]


def server_values(cache: Cache, spec: EntitySpec, id: str) -> Record:
    """The record as the centre told it last, its ordered lists included; empty where it has none."""
    rows = cache.rows(spec, [id])
    if id not in rows:
        return {}
    known: Record = dict(zip((f.name for f in spec.fields), rows[id], strict=False))
    return known | {name: _told(cache, name, id) for name in spec.lists}


def _told(cache: Cache, name: str, owner: str) -> list[str]:
    part = spec_of(name)
    place, reference = quoted(part.ordered), quoted(part.part_of or "")
    query = f"SELECT id FROM {part.name} WHERE {reference} = ? ORDER BY {place}, id"  # noqa: S608  declared names
    return [id for (id,) in cache.connection.execute(query, (owner,))]


def newest_row(cache: Cache, name: str, owner: str) -> int:
    """The moment of the newest row of a list."""
    part = spec_of(name)
    rows = cache.rows(part, _told(cache, name, owner)).values()
    return max((seq for row in rows for seq in row[len(part.fields) :] if seq), default=0)


def fitted(order: Sequence[str], there: Sequence[str]) -> list[str]:
    """One's own order of the rows that the centre has: those it has beyond follow, those it has not are left out."""
    known = [id for id in order if id in there]
    return known + [id for id in there if id not in known]


class Orders:
    """Live operations on the owners of a list, by the rows that they name."""

    def __init__(self, journal: Journal, spec: EntitySpec) -> None:
        self.said: dict[str, list[tuple[Entry, int]]] = defaultdict(list)
        """By row: the operation and the place that it gives."""
        owner = spec[spec.part_of].target if spec.ordered and spec.part_of else None
        for entry in journal.live_naming(owner, spec.name) if owner else ():
            body = entry.op.body
            if isinstance(body, Save) and spec.name in body.set:
                for place, id in enumerate(body.set[spec.name][1] or (), 1):
                    self.said[journal.alias(id)].append((entry, place))


def rows_of(
    journal: Journal, cache: Cache, spec: EntitySpec, owners: Iterable[str]
) -> dict[str, set[str]]:
    """The rows, by entity, whose places follow what is said of these owners."""
    found: dict[str, set[str]] = {}
    for name in spec.lists:
        part, wanted = spec_of(name), set(owners)
        rows = {
            id
            for id, said in Orders(journal, part).said.items()
            if wanted & {entry.subject[1] for entry, _ in said}
        }
        reference = quoted(part.part_of or "")
        query = f"SELECT id, {reference} FROM {own_table(part)}"  # noqa: S608  declared names
        rows |= {id for id, owner in cache.connection.execute(query) if owner in wanted}
        found[name] = rows
    return found
