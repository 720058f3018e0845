"""Which buckets hold a row (SYNC 1): those of its college and of its root, in the sections of what brings it and in its year."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from common.kit.buckets import brought_by, parts_of, root_of, sections_of
from common.kit.entity import entity_named, spec_of
from server.kit.session import CollegeSession

CHUNK = 500


class Place(NamedTuple):
    """What names a bucket but for the class: college or root, section, academic year or 0."""

    scope: str
    section: str
    year: int


Places = frozenset[Place]


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def holders(db: CollegeSession, name: str, ids: Collection[UUID]) -> dict[UUID, Places]:
    """The places of each row: its root's own, or those of the live roles that bring it."""
    tops = roots(db, name, ids)
    root = root_of(name)
    wanted = set(tops.values())
    held = bringing(db, root, wanted) if brought_by(root) else _own(db, root, wanted)
    return {id: frozenset(held.get(top, ())) for id, top in tops.items()}


def roots(db: CollegeSession, name: str, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The row at the top of the chain of owners of each."""
    found = {id: id for id in ids}
    spec = spec_of(name)
    while spec.part_of:
        up: dict[UUID, UUID] = {}
        for chunk in chunks(set(found.values())):
            up.update(db.execute(_told(spec.name, spec.part_of), {"ids": chunk}).all())
        found = {id: up[at] for id, at in found.items()}
        spec = spec_of(spec[spec.part_of].target or "")
    return found


def bringers(
    db: CollegeSession, root: str, ids: Iterable[UUID]
) -> Iterator[tuple[str, UUID, UUID]]:
    """(entity, id, what it brings) of the live rows that bring these."""
    for name, reference in brought_by(root):
        query = live_with(name, reference, "id", reference)
        for chunk in chunks(ids):
            for id, brought in db.execute(query, {"ids": chunk}):
                yield name, id, brought


def bringing(db: CollegeSession, root: str, ids: Collection[UUID]) -> dict[UUID, set[Place]]:
    held: dict[UUID, set[Place]] = defaultdict(set)
    by_name: dict[str, dict[UUID, UUID]] = defaultdict(dict)
    for name, id, brought in bringers(db, root, ids):
        by_name[name][id] = brought
    for name, rows in by_name.items():
        for id, places in holders(db, name, rows.keys()).items():
            held[rows[id]].update(places)
    return held


def _own(db: CollegeSession, root: str, ids: Collection[UUID]) -> dict[UUID, set[Place]]:
    spec, college = spec_of(root), db.college_id.hex
    years = _years(db, root, ids) if spec.yearly else {}
    return {
        id: {
            Place(scope, section.value, years.get(id, 0))
            for section in sections_of(root)
            for scope in ((college, id.hex) if spec.root else (college,))
        }
        for id in ids
    }


def _years(db: CollegeSession, root: str, ids: Iterable[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for chunk in chunks(ids):
        found.update(db.execute(_year(root), {"ids": chunk}).all())
    return found


def tree(
    db: CollegeSession, root: str, ids: Collection[UUID]
) -> dict[str, list[tuple[UUID, UUID]]]:
    """All live rows under these roots by entity: (id, id of the root); a deleted root may have live parts."""
    found = {root: [(id, id) for id in _live(db, root, ids)]}
    level = {root: {id: id for id in ids}}
    while level:
        below: dict[str, dict[UUID, UUID]] = {}
        for owner, tops in level.items():
            for name, reference in parts_of(owner):
                query = live_with(name, reference, "id", reference)
                rows: dict[UUID, UUID] = {}
                for chunk in chunks(tops):
                    rows |= {id: tops[at] for id, at in db.execute(query, {"ids": chunk})}
                if rows:
                    found.setdefault(name, []).extend(rows.items())
                    below[name] = rows
        level = below
    return found


def _live(db: CollegeSession, name: str, ids: Collection[UUID]) -> Iterator[UUID]:
    """A role may still point at a deleted root: that one enters nothing."""
    for chunk in chunks(ids):
        yield from db.scalars(live_with(name, "id", "id"), {"ids": chunk})


@functools.cache
def live_with(name: str, column: str, *told: str) -> Any:
    """These columns of the live rows whose column is among `ids`."""
    entity: Any = entity_named(name)
    return sa.select(*(getattr(entity, each) for each in told)).where(
        getattr(entity, column).in_(sa.bindparam("ids", expanding=True)),
        entity.deleted_at.is_(None),
    )


@functools.cache
def _told(name: str, column: str) -> Any:
    """A column of these rows, deleted ones included."""
    entity: Any = entity_named(name)
    return sa.select(entity.id, getattr(entity, column)).where(
        entity.id.in_(sa.bindparam("ids", expanding=True))
    )


@functools.cache
def _year(root: str) -> Any:
    """The academic year of these rows, deleted ones included: that of what they belong to."""
    spec, entity = spec_of(root), entity_named(root)
    columns: Any = entity
    kept: Any = entity_named(spec[spec.yearly].target or "")
    return (
        sa.select(columns.id, kept.year)
        .join_from(entity, kept, kept.id == getattr(columns, spec.yearly))
        .where(columns.id.in_(sa.bindparam("ids", expanding=True)))
    )


@functools.cache
def targets(name: str) -> Any:
    """These rows of an entity, locked in the order of their ids; KeyError where there is no such entity."""
    entity: Any = entity_named(name)
    wanted = entity.id.in_(sa.bindparam("ids", expanding=True))
    return sa.select(entity).where(wanted).order_by(entity.id).with_for_update()
