"""The parts of a record as the centre told them last: what a delete that is sent once more rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from client.kit.owned import walk
from client.store.cache import Cache
from client.store.overlay import Overlay
from common.kit.spec import EntitySpec
from common.kit.sync import PartSeen


def told_parts(overlay: Overlay, entity: str, id: str) -> tuple[PartSeen, ...]:
    """All that stands on the screen, with the centre's values where it has told them."""

    def rows(spec: EntitySpec, reference: str, owner: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for child in overlay.ids(spec.name, reference, [owner]):
            yield child, _told(overlay.cache, spec, child)

    return tuple(walk(rows, entity, id))


def _told(cache: Cache, spec: EntitySpec, id: str) -> dict[str, Any]:
    """What the centre has told of a row, without the classes that it does not tell here."""
    row = cache.rows(spec, [id]).get(id, ())
    heard = dict(zip(spec.classes, row[len(spec.fields) :], strict=False))
    return {
        f.name: value
        for f, value in zip(spec.fields, row, strict=False)
        if heard.get(f.field.pd) is not None
    }
