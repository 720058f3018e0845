"""A record behind a form: what was seen of it, what is typed over that, and the operations that store the difference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from client.kit.fields import Editor
from client.kit.records import Records
from client.kit.screen import Part, Screen
from common.kit.saving import save
from common.kit.spec import EntitySpec
from common.kit.sync import Delete, PartSeen, Save
from common.kit.wire import pack

Values = dict[str, Any]


@dataclass(slots=True, eq=False)
class Held:
    """`seen` is the stored record or, where there is none yet, what a new one begins with."""

    id: UUID
    seen: Values
    stored: bool = False
    editors: dict[str, Editor] = field(default_factory=dict)
    proposed: bool = False
    """A row that the form itself offers."""

    def value(self, name: str) -> Any:
        editor = self.editors.get(name)
        return editor.value() if editor else self.seen.get(name)

    def values(self) -> Values:
        values = dict(self.seen) | {name: self._typed(name) for name in self.editors}
        for editor in self.editors.values():
            if editor.is_dirty():
                values |= editor.also()
        return values

    def _typed(self, name: str) -> Any:
        """An unticked box over «unknown» leaves it unknown."""
        value, seen = self.editors[name].value(), self.seen.get(name)
        return seen if value is False and seen is None else value

    def show(self) -> None:
        """Put what was seen into the editors; they are clean."""
        for name, editor in self.editors.items():
            editor.set_value(self.seen.get(name))

    def is_filled(self) -> bool:
        """Was anything typed beside what it begins with?"""
        return any(
            editor.value() not in (None, "", False, self.seen.get(name)) or editor.problem()
            for name, editor in self.editors.items()
        )

    def is_dirty(self) -> bool:
        return any(editor.is_dirty() for editor in self.editors.values())

    def unread(self) -> dict[str, str]:
        """Why what was typed cannot be read, by field."""
        return {name: said for name, e in self.editors.items() if (said := e.problem())}


def save_of(spec: EntitySpec, held: Held, values: Values) -> Save | None:
    """The whole of a new record, the changed atoms of a stored one; None where nothing changed."""
    return save(spec, held.id, held.seen if held.stored else None, values)


def order_of(spec: EntitySpec, owner: Held, rows: Sequence[Held]) -> Save:
    """The order of a stored record's list as it is on the screen, with the one that these rows have without it."""
    places = {h.id: h.seen[spec.ordered] if h.stored else at for at, h in enumerate(rows, 1)}
    seen = sorted(places, key=lambda id: (places[id], id.hex))
    pair = ([id.hex for id in seen], [row.id.hex for row in rows])
    target = spec[spec.part_of or ""].target or ""
    return Save(target, owner.id, create=False, set={spec.name: pair})


def delete_of(
    spec: EntitySpec, held: Held, readable: Collection[str], parts: tuple[PartSeen, ...]
) -> Delete:
    """Into the basket, with the values on the screen; fields that nobody showed are not vouched for."""
    seen = {f.name: pack(held.seen.get(f.name)) for f in spec.fields if f.name in readable}
    return Delete(spec.name, held.id, seen, parts)


def find(
    store: Records, plan: Screen, part: Part, held: Mapping[str, Held], id: UUID | None
) -> Held | None:
    """The stored record of a part, the first where there are many; `held` has the parts before it."""
    if part.name == plan.main:
        return _get(store, part, id)
    main = held[plan.main]
    for reference, name in plan.part(plan.main).points_at.items():
        if name == part.name and (target := main.seen.get(reference)):
            return _get(store, part, target)
    return next(iter(stored_rows(store, part, held)), None)


def _get(store: Records, part: Part, id: UUID | None) -> Held | None:
    record = store.get(part.spec.name, id) if id else None
    return Held(id, record, stored=True) if id and record is not None else None


def stored_rows(store: Records, part: Part, held: Mapping[str, Held]) -> list[Held]:
    """The records of this part's owner, oldest first or by their places."""
    if part.owner is None or not held[part.owner[1]].stored:
        return []
    found = store.where(part.spec.name, part.owner[0], held[part.owner[1]].id)
    rows = [
        Held(UUID(id), row, stored=True)
        for id, row in found.items()
        if all(row.get(k) == v for k, v in part.fixed.items())
    ]
    return sorted(rows, key=lambda h: h.seen[part.numbered]) if part.numbered else rows
