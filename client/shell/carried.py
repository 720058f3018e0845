"""What one record of a kind leaves for the next one: its pinned values, and which record it was. It outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from client.store.store import Store

PINNED, LAST = "pinned", "last_stored"


class Carried:
    """Kept in the account's journal, by entity."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def pinned(self, entity: str) -> dict[str, Any]:
        """Primitives by the names of their fields, as `RecordForm.pinned` gave them."""
        found: dict[str, dict[str, Any]] = self.store.journal.fact(PINNED, {})
        return found.get(entity, {})

    def last(self, entity: str) -> UUID | None:
        found: dict[str, str] = self.store.journal.fact(LAST, {})
        return UUID(found[entity]) if entity in found else None

    def keep(self, entity: str, id: UUID, pinned: Mapping[str, Any]) -> None:
        with self.store.lock:
            journal = self.store.journal
            pins, last = journal.fact(PINNED, {}), journal.fact(LAST, {})
            journal.set_facts(
                **{PINNED: pins | {entity: dict(pinned)}, LAST: last | {entity: id.hex}}
            )
