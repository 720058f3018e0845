"""Where a record is used: whatever holds it, found by the declarations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.pointing import pointing_at
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
    places = ((spec_of(name), reference) for name, reference in pointing_at(entity))
    return [use for spec, field in places if (use := _use(store, spec, spec[field], id))]


def _use(store: Store, spec: EntitySpec, field: FieldSpec, id: UUID) -> Use | None:
    if not store.may(Action.READ, spec.name):
        return None
    with store.mending(), store.lock:
        found = list(store.overlay.ids(spec.name, field.name, [id.hex]))
    return Use(spec, field, tuple(found[:MOST]), len(found)) if found else None
