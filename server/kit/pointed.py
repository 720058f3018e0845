"""What points at a record that is to go into the basket, and whether one that is pointed at lies there.

The two questions meet: who points holds a key-share lock on the target, who deletes has it FOR UPDATE, so one sees the other.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.access import opens
from common.kit.entity import Entity, entity_named, spec_of
from common.kit.pointing import ELSEWHERE, pointing_at
from common.kit.rights import Action, Permissions
from common.kit.spec import EntitySpec
from server.kit.session import CollegeSession


def by_those_that_stay(
    db: CollegeSession, permissions: Permissions, doomed: Sequence[Entity]
) -> Counter[str]:
    """How many live records point at those that go, by the title of their list; ELSEWHERE where that may not be read."""
    going: dict[str, list[UUID]] = defaultdict(list)
    for row in doomed:
        going[row.__tablename__].append(row.id)
    found: Counter[str] = Counter()
    for target, ids in going.items():
        for name, reference in pointing_at(target):
            query = _pointing(name, reference)
            count = db.scalar(query, {"ids": ids, "going": going.get(name, [])})
            if count:
                found[told(permissions, spec_of(name))] += count
    return found


def told(permissions: Permissions, spec: EntitySpec) -> str:
    """How records of this kind are named to one who may not be allowed to know of them."""
    return spec.title if opens(permissions, spec, Action.READ, spec.classes[0]) else ELSEWHERE


class Living:
    """What the operations of one transaction point at: asked about once, and locked since."""

    def __init__(self, db: CollegeSession, rows: Mapping[tuple[str, UUID], Entity]) -> None:
        """`rows`: those that the transaction has loaded, and may have changed."""
        self.db = db
        self.rows = rows
        self.known: set[tuple[str, UUID]] = set()

    def holds(self, name: str, id: UUID) -> bool:
        """What is nowhere is no deleted one: its reference is refused by the database."""
        key = (name, id)
        if row := self.rows.get(key):
            return row.deleted_at is None  # this transaction may just have brought it back
        if key not in self.known and not is_deleted(self.db, name, id):
            self.known.add(key)
        return key in self.known

    def forget(self) -> None:
        """Something may have been deleted past these rows."""
        self.known.clear()


def is_deleted(db: CollegeSession, name: str, id: UUID) -> bool:
    """Does it lie in the basket? What is nowhere does not."""
    return db.scalars(_deletion(name), {"id": id}).first() is not None


@functools.cache
def _deletion(name: str) -> Any:
    entity: Any = entity_named(name)
    query = sa.select(entity.deleted_at).where(entity.id == sa.bindparam("id"))
    return query.with_for_update(read=True, key_share=True)


@functools.cache
def _pointing(name: str, reference: str) -> Any:
    """How many live rows, but for those that go too, point at these."""
    entity: Any = entity_named(name)
    return (
        sa.select(sa.func.count())
        .select_from(entity)
        .where(
            getattr(entity, reference).in_(sa.bindparam("ids", expanding=True)),
            entity.id.not_in(sa.bindparam("going", expanding=True)),
            entity.deleted_at.is_(None),
        )
    )
