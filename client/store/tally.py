"""Counts over the live records of this computer, own work over them: what boards show, without a row leaving the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from client.store.cache_file import own_table, quoted
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.kinds import P0


def tally(
    store: Store, entity: str, by: Sequence[str], column: str, value: str
) -> list[tuple[Any, ...]]:
    """Of the records that have this value: how many have each combination of these, as they travel; the count is last.

    Asked part by part, so that a list never waits for the whole of it. ValueError where a value is not P0:
    nothing of a person is counted by.
    """
    spec = spec_of(entity)
    if any(spec[name].field.pd is not P0 for name in (*by, column)):
        raise ValueError(f"{entity}: only public fields are counted by")
    names, own = ", ".join(map(quoted, by)), own_table(spec)
    live = (
        f"SELECT {names} FROM {spec.name} AS base "  # noqa: S608  declared names
        f"WHERE {quoted(column)} = ?1 AND NOT EXISTS (SELECT 1 FROM {own} WHERE {own}.id = base.id) "
        f"UNION ALL SELECT {names} FROM {own} WHERE {quoted(column)} = ?1 AND deleted = 0"
    )
    query = f"SELECT {names}, count(*) FROM ({live}) GROUP BY {names}"  # noqa: S608  declared names
    with store.mending(), store.reading:
        return [*store.reader.execute(query, (value,))]
