"""Who may do what with a record, and why: one function decides at both ends, and says which grant gives it or what is lacking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from common.kit.buckets import sections_of
from common.kit.dated import holds
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permission, Permissions, Scope, Section
from common.kit.spec import EntitySpec

BOOKS = frozenset({Section.REFERENCE, Section.COLLEGES})
"""Sections of no person's data: whoever holds a role reads them, however little else it reaches."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A role given to an account, as the rights read it; [valid_from, valid_to)."""

    role: str
    permissions: Permissions
    scope: Scope
    act: str
    """«№ 15-к от 01.09.2026»."""
    valid_from: dt.date
    valid_to: dt.date | None = None

    def opens(self) -> Permissions:
        """What it opens in the whole college; a narrower grant reads the books alone."""
        if self.scope is Scope.COLLEGE:
            return self.permissions
        return frozenset(
            p for p in self.permissions if p.section in BOOKS and p.action is Action.READ
        )


def held(grants: Iterable[Granted], on: dt.date) -> Permissions:
    """The permissions that these grants give on that day."""
    return frozenset().union(*(grant.opens() for grant in grants if holds(grant, on)))


def guard(spec: EntitySpec, action: Action, pd: PersonalData) -> tuple[Permission, ...]:
    """Any of these opens the class of this entity; none does where only the region writes."""
    if spec.regional and action is not Action.READ:
        return ()
    right = taken(spec, action)
    return tuple(Permission(section, right, pd) for section in sections_of(spec.name))


def taken(spec: EntitySpec, action: Action) -> Action:
    """The right that this takes."""
    return spec.changed_by if action is Action.WRITE else action


def opens(have: Permissions, spec: EntitySpec, action: Action, pd: PersonalData) -> bool:
    return not have.isdisjoint(guard(spec, action, pd))


def opens_all(
    have: Permissions, spec: EntitySpec, action: Action, classes: Collection[PersonalData]
) -> bool:
    """All these classes by the rights of one section: nobody puts a record together out of two offices' rights."""
    if spec.regional and action is not Action.READ:
        return False
    right = taken(spec, action)
    return any(
        all(Permission(section, right, pd) in have for pd in classes)
        for section in sections_of(spec.name)
    )


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to «почему видно / не видно»."""

    allowed: bool
    needs: tuple[Permission, ...]
    """Any of these opens it; empty where only the region does this."""
    by: tuple[Granted, ...] = ()
    """The grants that give it."""
    ended: tuple[Granted, ...] = ()
    """Those that would, had they not ended or were they to hold already."""
    narrow: tuple[Granted, ...] = ()
    """Those that would, did they reach the whole college."""


def why(
    grants: Collection[Granted],
    spec: EntitySpec,
    action: Action,
    pd: PersonalData,
    on: dt.date,
) -> Why:
    needs = frozenset(guard(spec, action, pd))
    giving = [g for g in grants if not needs.isdisjoint(g.permissions)]
    today = [g for g in giving if holds(g, on)]
    by = tuple(g for g in today if not needs.isdisjoint(g.opens()))
    return Why(
        allowed=opens(held(grants, on), spec, action, pd),
        needs=guard(spec, action, pd),
        by=by,
        ended=tuple(g for g in giving if g not in today),
        narrow=tuple(g for g in today if g not in by),
    )
