"""The order of a list as one value of its owner (SYNC 6): compared whole, and written as the places of its rows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.entity import Entity, entity_named, spec_of
from common.kit.spec import EntitySpec, problems
from server.kit import writers
from server.kit.session import CollegeSession

Ids = tuple[UUID, ...]
Refuse = Callable[[EntitySpec, dict[str, Any], frozenset[str]], str | None]

ELSEWHERE = "«{label}»: на сервере строки стоят иначе"
NOT_THESE = "«{label}»: в порядке названы не те строки, которые есть у записи"
ALONE = "«{label}» меняют только вместе со всем списком: переставьте строки в самой записи"


class Orders:
    """The lists that one operation says the order of; found late, so nobody waits for their rows."""

    def __init__(
        self,
        db: CollegeSession,
        spec: EntitySpec,
        owner: Entity,
        seen: Mapping[str, Any],
        new: Mapping[str, Any],
    ) -> None:
        self.db, self.spec, self.owner = db, spec, owner
        self.seen, self.new = seen, new
        self.lists = {name: self._rows(name) for name in spec.lists if name in new}

    def _rows(self, name: str) -> list[Any]:
        """By their places, as this very transaction has them; those of one place by their ids."""
        self.db.flush()
        part = spec_of(name)
        query = live_parts(name, part.part_of or "")
        rows = self.db.scalars(query, {"ids": [self.owner.id]}).all()
        return sorted(rows, key=lambda row: (getattr(row, part.ordered), row.id.hex))

    def differ(self) -> list[str]:
        """The lists that have another order than the author saw, and than he wants."""
        return [name for name, rows in self.lists.items() if self._differs(name, rows)]

    def _differs(self, name: str, rows: list[Any]) -> bool:
        return tuple(row.id for row in rows) not in (self.seen[name], self.new[name])

    def tell(self, fields: dict[str, str], who: writers.Written) -> None:
        """Say of each list that differs that it does, and who gave one of its rows its place last."""
        for name in self.differ():
            place = spec_of(name).ordered
            fields[name] = ELSEWHERE.format(label=self.spec[name].label)
            said = [writers.of(self.db, row, [place]).get(place) for row in self.lists[name]]
            if known := [line for line in said if line]:
                who[name] = max(known, key=lambda line: line[1])

    def refuse(self, refuse: Refuse) -> str | None:
        """Why the rows cannot stand so: others are named than there are, too many, or a rule of the room."""
        part = self.spec
        if part.ordered in self.new and self.new[part.ordered] != getattr(self.owner, part.ordered):
            return ALONE.format(label=part[part.ordered].label)
        said = (self._refuse_list(name, refuse) for name in self.lists)
        return next((words for words in said if words), None)

    def _refuse_list(self, name: str, refuse: Refuse) -> str | None:
        part = spec_of(name)
        if sorted(self.new[name]) != sorted(row.id for row in self.lists[name]):
            return NOT_THESE.format(label=self.spec[name].label)
        place = frozenset({part.ordered})
        for row, at in self._moved(name):
            values = {f.name: getattr(row, f.name) for f in part.fields} | {part.ordered: at}
            faults = problems(part, values, only=place)
            if said := " · ".join(faults.values()) or refuse(part, values, place):
                return said
        return None

    def write(self) -> None:
        for name in self.lists:
            for row, at in self._moved(name):
                setattr(row, spec_of(name).ordered, at)

    def _moved(self, name: str) -> list[tuple[Any, int]]:
        """The rows whose place changes, each with the new one."""
        places = {id: at for at, id in enumerate(self.new[name], 1)}
        held = spec_of(name).ordered
        return [
            (row, places[row.id])
            for row in self.lists[name]
            if getattr(row, held) != places[row.id]
        ]


@functools.cache
def live_parts(name: str, reference: str) -> Any:
    """The live parts of these rows; found late, so nobody waits for them."""
    entity: Any = entity_named(name)
    owned = getattr(entity, reference).in_(sa.bindparam("ids", expanding=True))
    query = sa.select(entity).where(owned, entity.deleted_at.is_(None))
    return query.order_by(entity.id).with_for_update(nowait=True)
