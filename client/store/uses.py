"""Where a record is used: whatever points at it, found by the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from client.store.store import Store
from common.kit.entity import describe, entities
from common.kit.rights import Action
from common.kit.spec import EntitySpec, FieldSpec

MOST = 1_000
"""Records of one kind that are named; how many there are is told."""


@dataclass(frozen=True, slots=True)
class Use:
    """Records of one kind that point at it by one reference; `ids` are the first of `count`."""

    spec: EntitySpec
    field: FieldSpec
    ids: tuple[str, ...]
    count: int


def uses(store: Store, entity: str, id: UUID) -> list[Use]:
    """In the order of the declarations; what this person does not read is not there."""
    return [use for spec, field in pointing_at(entity) if (use := _use(store, spec, field, id))]


def pointing_at(entity: str) -> Iterator[tuple[EntitySpec, FieldSpec]]:
    for spec in map(describe, entities()):
        yield from ((spec, field) for field in spec.fields if field.target == entity)


def _use(store: Store, spec: EntitySpec, field: FieldSpec, id: UUID) -> Use | None:
    if not store.may(Action.READ, spec.name):
        return None
    with store.mending(), store.lock:
        found = list(store.overlay.ids(spec.name, field.name, [id.hex]))
    return Use(spec, field, tuple(found[:MOST]), len(found)) if found else None
