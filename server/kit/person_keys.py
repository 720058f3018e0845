"""Which colleges know the same human being (SYNC 9): keyed hashes of his number, kept by the one door of writing, never synced.

Nobody is shown a row of another college: the region's own work asks whether there is one, and how many.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.entity import Entity, entity_named
from server.kit.outside import outside_of
from server.kit.session import Change, CollegeSession
from server.kit.tables import person_key

PERSON, NUMBER = "person", "snils"
PORTION = 1_000


def keep(db: CollegeSession, changes: Iterable[Change]) -> None:
    """After the flush and before the clock: the keys of the people whom this transaction has written."""
    rows = [change.row for change in changes if _concerns(change)]
    if rows:
        _write(db, rows)


def _concerns(change: Change) -> bool:
    if change.row.__tablename__ != PERSON:
        return False
    if change.created:
        return getattr(change.row, NUMBER) is not None
    return bool({NUMBER, "deleted_at"} & change.before.keys())


def _write(db: CollegeSession, rows: list[Entity]) -> None:
    c = person_key.c
    ids = [row.id for row in rows]
    db.execute(sa.delete(person_key).where(c.college_id == db.college_id, c.person_id.in_(ids)))
    outside = outside_of(db)
    found = [
        {"college_id": db.college_id, "person_id": row.id, "key": outside.person_key(number)}
        for row in rows
        if (number := getattr(row, NUMBER)) and row.deleted_at is None
    ]
    if found:
        db.execute(sa.insert(person_key), found)


def same_here(db: CollegeSession, number: str) -> UUID | None:
    """The person of this college under that number, the oldest where there are several."""
    c = person_key.c
    query = sa.select(c.person_id).where(
        c.college_id == db.college_id, c.key == outside_of(db).person_key(number)
    )
    found: UUID | None = db.scalars(query.order_by(c.person_id).limit(1)).first()
    return found


def elsewhere(db: CollegeSession, number: str) -> int:
    """How many other colleges know this human being: for the region's own work, never for an answer to a desk."""
    c = person_key.c
    query = sa.select(sa.func.count(sa.distinct(c.college_id))).where(
        c.key == outside_of(db).person_key(number), c.college_id != db.college_id
    )
    return db.scalar(query) or 0


def faults(db: CollegeSession) -> tuple[int, int]:
    """How many of this college's people are not known by their own number, and how many keys are nobody's."""
    person: Any = entity_named(PERSON)
    number = getattr(person, NUMBER)
    kept = sa.select(person_key.c.person_id, person_key.c.key)
    present = dict(db.execute(kept.where(person_key.c.college_id == db.college_id)).all())
    people = sa.select(person.id, number).where(number.is_not(None), person.deleted_at.is_(None))
    outside = outside_of(db)
    wrong = 0
    for id, told in db.execute(people.execution_options(yield_per=PORTION)):
        if told:
            wrong += present.pop(id, None) != outside.person_key(told)
    return wrong, len(present)


def fill(db: CollegeSession, after: UUID | None) -> UUID | None:
    """One portion of the people of this college, in the order of their ids; where the next begins, None at the end."""
    person = entity_named(PERSON)
    query = sa.select(person).order_by(person.id).limit(PORTION)
    if after is not None:
        query = query.where(person.id > after)
    rows = list(db.scalars(query))
    if rows:
        _write(db, rows)
    return rows[-1].id if len(rows) == PORTION else None
