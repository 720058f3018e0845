"""The parts of a record as the desk holds them, with what is told of each: what goes into the basket with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from client.kit.records import Records
from common.kit.access import opens
from common.kit.buckets import parts_of
from common.kit.entity import spec_of
from common.kit.rights import Action
from common.kit.spec import EntitySpec
from common.kit.sync import PartSeen
from common.kit.wire import pack

Source = Callable[[EntitySpec, str, str], Iterable[tuple[str, dict[str, Any]]]]
"""The rows of a part whose reference names this owner, each with what is told of it."""


def owned(store: Records, entity: str, id: UUID) -> tuple[PartSeen, ...]:
    """As it stands on the screen; what nobody may see here is not vouched for."""
    held = store.permissions()

    def rows(spec: EntitySpec, reference: str, owner: str) -> Iterator[tuple[str, dict[str, Any]]]:
        shown = [f.name for f in spec.fields if opens(held, spec, Action.READ, f.field.pd)]
        for child, record in store.where(spec.name, reference, owner).items():
            yield child, {name: pack(record[name]) for name in shown}

    return tuple(walk(rows, entity, id.hex))


def walk(source: Source, entity: str, id: str) -> Iterator[PartSeen]:
    """All that belongs to a record, owners before their own parts."""
    for part, reference in parts_of(entity):
        for child, seen in source(spec_of(part), reference, id):
            yield PartSeen(part, UUID(child), seen)
            yield from walk(source, part, child)
