"""The planted bugs of SYNC 12 about what is sealed when somebody may see it no longer."""

from __future__ import annotations

from typing import Any

from client.store import sealing, syncing
from common.kit.errors import NotSignedIn
from tests.simulation.garden import Garden, bug


@bug(
    "settled work in a lost bucket is erased, whatever the backups have",
    grant=3,
    restore=2,
    backup=2,
)
def revoke_erase(g: Garden) -> None:
    losing: list[bool] = []

    def seal(journal: Any, c: Any, entries: Any, key: str) -> None:
        if not losing:
            former_seal(journal, c, entries, key)

    def lose(journal: Any, overlay: Any, answer: Any) -> Any:
        losing.append(True)
        try:
            return former_lose(journal, overlay, answer)
        finally:
            losing.pop()

    former_seal = g.put(sealing, "_seal", seal)
    former_lose = g.put(sealing, "lose_sight", lose)


@bug("a desk forgets what it sealed once the centre has it", end=4, restore=3, backup=3)
def seal_lost(g: Garden) -> None:
    def take(store: Any, request: Any, answer: Any) -> Any:
        lacking = former(store, request, answer)
        store.journal.connection.execute("DELETE FROM sealed WHERE held = 1")
        return lacking

    former = g.put(sealing, "take_seal", take)


@bug("what waits is forgotten where the sign-in is refused", end=4, restore=3, backup=3)
def refused_forgets(g: Garden) -> None:
    def sign_in(store: Any, *told: Any, **more: Any) -> Any:
        try:
            return former(store, *told, **more)
        except NotSignedIn:
            store.journal.connection.execute("DELETE FROM op WHERE status = 'pending'")
            raise

    former = g.put(syncing, "sign_in", sign_in)
