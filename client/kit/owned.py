"""The parts of a record as the desk holds them: what goes into the basket with it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from client.kit.records import Records
from common.kit.access import opens
from common.kit.buckets import parts_of
from common.kit.entity import spec_of
from common.kit.rights import Action
from common.kit.sync import PartSeen
from common.kit.wire import pack


def owned(store: Records, entity: str, id: UUID) -> tuple[PartSeen, ...]:
    """All that belongs to it, owners before their own parts; what nobody may see here is not vouched for."""
    return tuple(_walk(store, entity, id))


def _walk(store: Records, entity: str, id: UUID) -> Iterator[PartSeen]:
    held = store.permissions()
    for part, reference in parts_of(entity):
        spec = spec_of(part)
        shown = [f.name for f in spec.fields if opens(held, spec, Action.READ, f.field.pd)]
        for child, record in store.where(part, reference, id).items():
            yield PartSeen(part, UUID(child), {name: pack(record[name]) for name in shown})
            yield from _walk(store, part, UUID(child))
