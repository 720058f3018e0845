"""Adoption (SYNC 5): one thing entered twice keeps one record; what a desk still says of its own copy goes there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa

from common.kit.sync import Command, Operation, Save
from common.kit.wire import ids_named
from server.kit.places import chunks
from server.kit.session import CollegeSession
from server.kit.tables import adopted

MEANT = sa.select(adopted.c.entity, adopted.c.mine).where(
    adopted.c.college_id == sa.bindparam("college"),
    adopted.c.mine.in_(sa.bindparam("ids", expanding=True)),
)
FURTHER = sa.select(adopted.c.theirs).where(
    adopted.c.college_id == sa.bindparam("college"),
    adopted.c.entity == sa.bindparam("entity"),
    adopted.c.mine == sa.bindparam("mine"),
)

Adopted = dict[tuple[str, UUID], UUID]
"""(entity, a desk's own id) → the record it stands for."""


def read(db: CollegeSession, operations: Sequence[Operation]) -> Adopted:
    """All adoptions of ids that these operations name."""
    found: Adopted = {}
    for chunk in chunks(dict.fromkeys(id for op in operations for id in _named(op))):
        for entity, mine in db.execute(MEANT, {"college": db.college_id, "ids": chunk}).all():
            found[(entity, mine)] = follow(db, entity, mine)
    return found


def _named(op: Operation) -> Iterable[UUID]:
    body = op.body
    if isinstance(body, Command):
        return
    yield body.id
    if isinstance(body, Save):
        for _, new in body.set.values():
            for id in ids_named(new):
                try:
                    yield UUID(id)
                except ValueError:
                    continue  # a text of 32 letters
    else:
        yield from (part.id for part in body.parts)


def follow(db: CollegeSession, entity: str, id: UUID) -> UUID:
    """The record an id stands for in the end; an adopted one may have been adopted itself."""
    seen = {id}
    while True:
        asked = {"college": db.college_id, "entity": entity, "mine": id}
        further = db.execute(FURTHER, asked).scalar_one_or_none()
        if further is None or further in seen:
            return id
        seen.add(further)
        id = further


def write(db: CollegeSession, entity: str, mine: UUID, theirs: UUID) -> None:
    """From now on `mine` means `theirs`; said again it stays as it is."""
    key = {"college_id": db.college_id, "entity": entity, "mine": mine}
    known = sa.select(adopted.c.theirs).where(*(adopted.c[n] == v for n, v in key.items()))
    if db.execute(known).first() is None:
        db.execute(sa.insert(adopted).values(**key, theirs=theirs))
