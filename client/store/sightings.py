"""People of this desk who may be one that is being typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from client.store.store import Store
from common.people.duplicates import SURE, Sighting, likeness, near_days

INDEXES = (
    "CREATE INDEX IF NOT EXISTS person_birth ON person (birth_date)",
    "CREATE INDEX IF NOT EXISTS person_snils ON person (snils)",
)
"""Made by the first who asks: a cache that came from an earlier program has none."""

COLUMNS = "id, last_name, first_name, middle_name, birth_date, snils"


def alike(store: Store, wanted: Sighting) -> list[tuple[str, int, tuple[str, ...]]]:
    """(person, likeness, reasons), the likeliest first: nobody with another СНИЛС and a date further off can be alike."""
    found = [
        (id, *likeness(wanted, other))
        for id, other in _met(store, wanted.birth_date, wanted.snils).items()
    ]
    return sorted((each for each in found if each[1] >= SURE), key=lambda each: -each[1])


def _met(store: Store, day: dt.date | None, snils: str | None) -> dict[str, Sighting]:
    """Whoever has this number or one of the dates that this one may be a slip of; own work over the centre's."""
    days = [each.isoformat() for each in near_days(day)] if day else []
    marks = ",".join("?" * len(days))
    where = f"(snils = ? OR birth_date IN ({marks}))"
    asked = (snils or "", *days)
    theirs = f"SELECT {COLUMNS} FROM person WHERE {where} AND id NOT IN (SELECT id FROM own_person)"  # noqa: S608  marks
    ours = f"SELECT {COLUMNS} FROM own_person WHERE {where} AND deleted = 0"  # noqa: S608  marks
    with store.mending(), store.lock:
        for index in INDEXES:
            store.cache.connection.execute(index)
        rows = [
            row
            for query in (theirs, ours)
            for row in store.cache.connection.execute(query, asked).fetchall()
        ]
    return dict(_sightings(rows))


def _sightings(rows: list[tuple[str | None, ...]]) -> Iterator[tuple[str, Sighting]]:
    for id, last, first, middle, day, snils in rows:
        born = dt.date.fromisoformat(day) if day else None
        yield str(id), Sighting(last or "", first or "", middle, born, snils)
