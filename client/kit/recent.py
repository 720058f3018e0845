"""Which records of a book were pointed at last at this desk: they are offered first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from client.kit.records import Records

KEPT = "recent"
MOST = 9


def recent(store: Records, entity: str) -> list[str]:
    """Their ids, the newest first."""
    found: list[str] = store.kept(KEPT).get(entity, [])
    return found


def note_recent(store: Records, chosen: Mapping[str, Sequence[UUID]]) -> None:
    """What a form has chosen, by book."""
    known = store.kept(KEPT)
    for entity, ids in chosen.items():
        fresh = [*(id.hex for id in ids), *known.get(entity, [])]
        known[entity] = list(dict.fromkeys(fresh))[:MOST]
    if chosen:
        store.keep(KEPT, known)
