"""What a grant «только своё» reaches: the roots that an account itself has made, and what belongs to them (SYNC 1)."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.buckets import (
    brought_by,
    is_book,
    is_rooted,
    root_of,
    sections_of,
    years_of,
)
from common.kit.entity import describe, entities, entity_named, spec_of
from common.kit.ids import REGION
from common.kit.rights import Action, Permissions, Section, may
from common.kit.sync import Bucket
from common.kit.years import is_held
from server.kit.feed import stored_buckets
from server.kit.places import bringers, roots
from server.kit.session import CollegeSession

NOTHING: Permissions = frozenset()


@dataclass(frozen=True, slots=True)
class Own:
    """Permissions that reach only the roots of one account."""

    permissions: Permissions = NOTHING
    account_id: UUID | None = None


def allows(
    db: CollegeSession, everywhere: Permissions, own: Own, name: str, id: UUID, action: Action
) -> Permissions:
    """The permissions that count for this row."""
    reaches = own.permissions and (
        owns(db, own, name, id) or (action is Action.READ and is_book(name))
    )
    return everywhere | own.permissions if reaches else everywhere


def owns(db: CollegeSession, own: Own, name: str, id: UUID) -> bool:
    """Does this row belong to a root of this account? What nobody has brought yet is its maker's."""
    db.flush()
    top = roots(db, name, [id]).get(id) if _is_there(db, name, id) else None
    if top is None:
        return False
    root = root_of(name)
    if spec_of(root).root:
        return _made(db, root, spec_of(root).root, top) == own.account_id
    if not brought_by(root):
        return False
    found = [*bringers(db, root, [top])]
    if not found:
        return is_rooted(root) and _made(db, root, "created_by", top) == own.account_id
    return any(owns(db, own, bringer, at) for bringer, at, _ in found)


def owns_all(db: CollegeSession, own: Own, name: str, new: Mapping[str, Any]) -> bool:
    """May one who sees only his own say this of a record? Whatever it would belong to, or bring, must be his."""
    spec = spec_of(name)
    holding = (*spec.brings, *([spec.part_of] if spec.part_of else ()))
    return is_rooted(name) and all(
        owns(db, own, spec[reference].target or "", new[reference])
        for reference in holding
        if new.get(reference) is not None
    )


def _is_there(db: CollegeSession, name: str, id: UUID) -> bool:
    entity: Any = entity_named(name)
    return db.scalar(sa.select(entity.id).where(entity.id == id)) is not None


def _made(db: CollegeSession, root: str, column: str, id: UUID) -> UUID | None:
    entity: Any = entity_named(root)
    found: UUID | None = db.scalar(sa.select(getattr(entity, column)).where(entity.id == id))
    return found


# ---- buckets


Held = frozenset[tuple[Section, str]]


def _readable(permissions: Permissions) -> Held:
    return frozenset((p.section, p.pd.value) for p in permissions if p.action is Action.READ)


def buckets_of(
    db: CollegeSession, everywhere: Permissions, own: Own, *, since: int = 0, only: int = 0
) -> list[Bucket]:
    """The user's buckets, from his permissions of this moment; nothing is stored.

    Of the years those from `since` on, or `only` that one.
    """
    college = db.college_id.hex
    plain, yearly = _wide(_readable(everywhere))
    books = _books(_readable(own.permissions))
    found = {
        Bucket(REGION.hex if regional else college, section, pd, 0): None
        for regional, section, pd in (*plain, *books)
    }
    if yearly:
        years = sorted({0} | {bucket.year for bucket, _ in stored_buckets(db, [college])})
        found |= {Bucket(college, s, pd, y): None for s, pd in yearly for y in years}
    if own.permissions:
        found |= dict.fromkeys(_own_buckets(db, own))
    return [b for b in found if b.year in (0, only) or (not only and is_held(b.year, since))]


def only_own(everywhere: Permissions, own: Own) -> list[tuple[str, str]]:
    """(section, class) that he reads of his own roots, and of no others."""
    narrow = _readable(own.permissions) - _readable(everywhere)
    return sorted((section.value, pd) for section, pd in narrow)


def _wide(held: Held) -> tuple[tuple[tuple[bool, str, str], ...], tuple[tuple[str, str], ...]]:
    """(regional, section, class) of what belongs to no year, and (section, class) of what does."""
    plain: dict[tuple[bool, str, str], None] = {}
    yearly: dict[tuple[str, str], None] = {}
    for spec in map(describe, entities()):
        for section in sections_of(spec.name):
            for pd in spec.classes:
                if (section, pd.value) in held:
                    if False in years_of(spec.name):
                        plain[(spec.regional, section.value, pd.value)] = None
                    if True in years_of(spec.name):
                        yearly[(section.value, pd.value)] = None
    return tuple(plain), tuple(yearly)


def _books(held: Held) -> tuple[tuple[bool, str, str], ...]:
    return tuple(
        dict.fromkeys(
            (spec.regional, section.value, pd.value)
            for spec in map(describe, entities())
            if is_book(spec.name)
            for section in sections_of(spec.name)
            for pd in spec.classes
            if (section, pd.value) in held
        )
    )


def _own_buckets(db: CollegeSession, own: Own) -> Iterable[Bucket]:
    held = {(section.value, pd) for section, pd in _readable(own.permissions)}
    for bucket, _ in stored_buckets(db, own_roots(db, own)):
        if (bucket.section, bucket.pd) in held:
            yield bucket


def own_roots(db: CollegeSession, own: Own) -> Collection[str]:
    """The scopes of what this account has made, oldest first; what lies in the basket included."""
    return [
        id.hex
        for spec in map(describe, entities())
        if spec.root
        for id in db.scalars(_made_by(spec.name), {"account": own.account_id})
    ]


@functools.cache
def _made_by(name: str) -> Any:
    entity: Any = entity_named(name)
    mine = getattr(entity, spec_of(name).root) == sa.bindparam("account", type_=sa.Uuid)
    return sa.select(entity.id).where(mine).order_by(entity.id)


def opens(
    db: CollegeSession,
    everywhere: Permissions,
    own: Own,
    name: str,
    id: UUID,
    action: Action,
    pd: Any,
) -> bool:
    """May the caller read or write this class of this very row?"""
    held = allows(db, everywhere, own, name, id, action)
    return any(may(held, section, action, pd) for section in sections_of(name))
