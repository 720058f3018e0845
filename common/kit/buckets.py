"""Which sections guard a record, and which buckets of the change feed hold it (SYNC 1): pure facts of the declarations."""

from __future__ import annotations

import functools

from common.kit.entity import describe, entities, spec_of
from common.kit.kinds import P0
from common.kit.rights import Section
from common.kit.spec import EntitySpec


@functools.cache
def root_of(name: str) -> str:
    """The entity at the top of the chain of owners."""
    spec = spec_of(name)
    owner = spec[spec.part_of].target if spec.part_of else None
    return root_of(owner) if owner else name


@functools.cache
def brought_by(name: str) -> tuple[tuple[str, str], ...]:
    """The (entity, reference) pairs that bring this root into their own buckets."""
    return tuple(
        (spec.name, reference)
        for spec in map(describe, entities())
        for reference in spec.brings
        if spec[reference].target == name
    )


@functools.cache
def parts_of(name: str) -> tuple[tuple[str, str], ...]:
    """The (entity, reference) pairs whose rows are parts of this entity."""
    return tuple(
        (spec.name, spec.part_of)
        for spec in map(describe, entities())
        if spec.part_of and spec[spec.part_of].target == name
    )


@functools.cache
def sections_of(name: str) -> tuple[Section, ...]:
    """The sections whose permissions open this entity: those of the roles that bring its root, else its own."""
    root = root_of(name)
    bringers = brought_by(root)
    if not bringers:
        return (spec_of(root).section,)
    return tuple(dict.fromkeys(s for bringer, _ in bringers for s in sections_of(bringer)))


@functools.cache
def tops_of(name: str) -> tuple[str, ...]:
    """The roots that hold rows of this entity in the end: its own, or those of the roles that bring it."""
    root = root_of(name)
    bringers = brought_by(root)
    if not bringers:
        return (root,)
    return tuple(dict.fromkeys(top for bringer, _ in bringers for top in tops_of(bringer)))


@functools.cache
def is_rooted(name: str) -> bool:
    """Are its rows somebody's own?"""
    return any(spec_of(top).root for top in tops_of(name))


@functools.cache
def years_of(name: str) -> frozenset[bool]:
    """Are there rows of it that belong to a year, and rows that belong to none?"""
    return frozenset(bool(spec_of(top).yearly) for top in tops_of(name))


BOOKS = frozenset({Section.REFERENCE, Section.COLLEGES})


@functools.cache
def is_book(name: str) -> bool:
    """May who sees only his own read it whole? What sections of records that are somebody's own rest on."""
    spec = spec_of(name)
    rests = any(each.root and each.section is spec.section for each in map(describe, entities()))
    told_of_nobody = rests and spec.classes == (P0,)
    return not is_rooted(name) and (spec.section in BOOKS or told_of_nobody)


def spec_is_brought(spec: EntitySpec) -> bool:
    return bool(brought_by(root_of(spec.name)))
