"""How people call a record where another points at it: one spelling for lookups, exported cells and imported ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from common.kit.entity import spec_of
from common.kit.keys import search_key
from common.kit.spec import EntitySpec, text_of
from common.kit.unreadable import Unreadable

Record = Mapping[str, Any]
Rows = Mapping[str, Record]
"""Records by the 32 digits of their ids."""

GONE = "запись недоступна"
MOST_TOLD = 5
_CODED = re.compile(r"\[([0-9a-f]{32})\]$")


def label(spec: EntitySpec, record: Record, label_of: Callable[[str, UUID], str]) -> str:
    """Its name, with the code that people know it by; else what it points at, and its own texts.

    `label_of(entity, id)` names another record.
    """
    if spec.coded:
        return f"{record['code']} {record['name']}"
    if "name" in spec.by_name:
        return str(record["name"] or "")
    own = [str(record[f.name]) for f in spec.fields if f.type is str and record[f.name]]
    owner = next((f for f in spec.fields if f.target and f.required), None)
    if owner is None or owner.target is None:
        return " ".join(own[:3])
    named = label_of(owner.target, record[owner.name]) if record[owner.name] else GONE
    return f"{named} {' '.join(own[:1])}".strip()


def note(spec: EntitySpec, record: Record) -> str:
    """What tells it from its namesakes, by its declaration."""
    said = []
    for name in spec.tells:
        f, value = spec[name], record[name]
        if value is not None:
            counted = f"{f.label.lower()} {value}" if f.type is int else ""
            said.append(counted or text_of(value, f.field.format))
    return " · ".join(said)


class Names:
    """The names of whole books, read once each: ids to names, and what people write to ids."""

    def __init__(self, all: Callable[[str], Rows]) -> None:
        """`all(entity)` gives every live record."""
        self._all = all
        self._books: dict[str, Rows] = {}
        self._meant: dict[str, dict[str, set[str]]] = {}

    def rows(self, entity: str) -> Rows:
        if entity not in self._books:
            self._books[entity] = self._all(entity)
        return self._books[entity]

    def label(self, entity: str, id: UUID) -> str:
        record = self.rows(entity).get(id.hex)
        return label(spec_of(entity), record, self.label) if record else GONE

    def written(self, entity: str, id: UUID) -> str:
        """A spelling that `find` takes back to this record alone."""
        said = self.label(entity, id)
        if said and self._ids(entity).get(search_key(said)) == {id.hex}:
            return said
        return f"{said} [{id.hex}]"

    def find(self, entity: str, text: str) -> UUID:
        """The record that is meant; Unreadable says that there is none, or names those it may be."""
        if match := _CODED.search(text.strip()):
            return UUID(match[1])
        spec = spec_of(entity)
        found = sorted(self._ids(entity).get(search_key(text), ()))
        if not found:
            raise Unreadable(f"В списке «{spec.title}» нет записи «{text[:60]}»")
        if len(found) > 1:
            told = "; ".join(self._told(entity, id) for id in found[:MOST_TOLD])
            raise Unreadable(f"Подходят несколько записей: {told}. Допишите код из скобок")
        return UUID(found[0])

    def _told(self, entity: str, id: str) -> str:
        record = self.rows(entity)[id]
        said = (label(spec_of(entity), record, self.label), note(spec_of(entity), record))
        return f"{' · '.join(filter(None, said))} [{id}]"

    def _ids(self, entity: str) -> dict[str, set[str]]:
        """Every spelling of every record: its label, with its note, its name and its code alone."""
        if entity not in self._meant:
            made: dict[str, set[str]] = {}
            spec = spec_of(entity)
            for id, record in self.rows(entity).items():
                said = label(spec, record, self.label)
                spellings = {said, f"{said} {note(spec, record)}"}
                spellings |= {str(record[n]) for n in ("code", "name") if record.get(n)}
                for spelling in spellings:
                    if key := search_key(spelling):
                        made.setdefault(key, set()).add(id)
            self._meant[entity] = made
        return self._meant[entity]
