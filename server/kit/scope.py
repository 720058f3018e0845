"""What a grant «только своё» reaches: the roots that an account itself has made, and what belongs to them (SYNC 1)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
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
from common.kit.sync import Bucket, Digest
from common.kit.years import is_held
from server.kit.database import travelling
from server.kit.places import bringers, roots
from server.kit.session import CollegeSession
from server.kit.tables import sync_bucket, sync_entry

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


class Stored(NamedTuple):
    """A bucket that has held something: its number, its sums, and when it was touched last."""

    number: int
    digest: Digest
    newest: int


def buckets_of(
    db: CollegeSession, everywhere: Permissions, own: Own, *, since: int = 0, only: int = 0
) -> dict[Bucket, Stored | None]:
    """The user's buckets, from his permissions of this moment; nothing is stored. None: it has never held anything.

    Of the years those from `since` on, or `only` that one.
    """
    college = db.college_id.hex
    stored = _stored(db, own)
    plain, yearly = _wide(_readable(everywhere))
    books = _books(_readable(own.permissions))
    found = {
        Bucket(REGION.hex if regional else college, section, pd, 0): None
        for regional, section, pd in (*plain, *books)
    }
    if yearly:
        years = sorted({0} | {bucket.year for bucket in stored if bucket.scope == college})
        found |= {Bucket(college, s, pd, y): None for s, pd in yearly for y in years}
    if own.permissions:
        found |= dict.fromkeys(_own_buckets(stored, college, own))
    return {
        bucket: stored.get(bucket)
        for bucket in found
        if bucket.year in (0, only) or (not only and is_held(bucket.year, since))
    }


def _stored(db: CollegeSession, own: Own) -> dict[Bucket, Stored]:
    """All that the region, the college and this account's roots have, in one statement however many these are."""
    query = _standing(db.get_bind().dialect.name, bool(own.permissions))
    asked = {"college": db.college_id, "scope": db.college_id.hex, "account": own.account_id}
    return {
        Bucket(scope, section, pd, year): Stored(number, Digest(count, low, high), newest or 0)
        for scope, section, pd, year, number, count, low, high, newest in db.execute(query, asked)
    }


@functools.cache
def _standing(dialect: str, own: bool) -> Any:  # noqa: FBT001  the shape of a statement, never written by hand
    b, e = sync_bucket.c, sync_entry.c
    newest = sa.select(sa.func.max(e.seq)).where(e.college_id == b.college_id, e.bucket == b.number)
    told = sa.select(
        b.scope, b.section, b.pd, b.year, b.number, b.rows, b.low, b.high, newest.scalar_subquery()
    )
    college = sa.bindparam("college", type_=sa.Uuid)
    parts = [
        told.where(b.college_id == REGION, b.scope == REGION.hex),
        told.where(b.college_id == college, b.scope == sa.bindparam("scope")),
    ]
    if own:
        parts += [
            told.where(b.college_id == college, b.scope.in_(_made_by(spec.name, dialect)))
            for spec in map(describe, entities())
            if spec.root
        ]
    return sa.union_all(*parts)


def _made_by(name: str, dialect: str) -> Any:
    """The scopes of what an account has made; what lies in the basket included."""
    c = entity_named(name).__table__.c
    return sa.select(travelling(dialect, c.id)).where(
        c.college_id == sa.bindparam("college", type_=sa.Uuid),
        c[spec_of(name).root] == sa.bindparam("account", type_=sa.Uuid),
    )


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


def _own_buckets(stored: Iterable[Bucket], college: str, own: Own) -> list[Bucket]:
    """Those of his roots, oldest first."""
    held = {(section.value, pd) for section, pd in _readable(own.permissions)}
    rooted = (b for b in stored if b.scope not in (college, REGION.hex))
    return sorted(b for b in rooted if (b.section, b.pd) in held)


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
