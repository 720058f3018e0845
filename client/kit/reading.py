"""Restricted data on screen or paper (class P3): whoever is shown a card of it is noted first, without a network too."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from client.kit.records import Records
from client.kit.screen import Line, Rows, Screen
from common.kit.access import opens
from common.kit.kinds import P3
from common.kit.rights import Action, Permissions
from common.kit.spec import EntitySpec


def note_card(store: Records, plan: Screen, id: UUID) -> None:
    """Before the form of a stored record is shown: an event, if this person would see restricted data on it."""
    held = store.permissions()
    if any(sees_restricted(held, spec) for spec in _restricted(plan)):
        store.note_reading(plan.part(plan.main).spec.name, id)


def _restricted(plan: Screen) -> Iterator[EntitySpec]:
    """The entities whose restricted fields stand on this form."""
    for each in (each for card in plan.cards for each in card.lines):
        spec = plan.part(each.part).spec
        lines: tuple[Line, ...] = each.lines if isinstance(each, Rows) else (each,)
        if any(spec[str(a.key)].field.pd is P3 for line in lines for a in line.fields):
            yield spec


def sees_restricted(held: Permissions, spec: EntitySpec) -> bool:
    return opens(held, spec, Action.READ, P3)
