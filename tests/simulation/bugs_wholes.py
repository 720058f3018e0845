"""Planted bugs about records that are deleted and restored with their parts."""

from __future__ import annotations

from typing import Any

from client.store import journal
from server.kit import deleting
from tests.simulation.garden import Garden, bug


@bug("a part is deleted with its owner whatever it holds by now", delete=6)
def part_unseen(g: Garden) -> None:
    g.put(deleting, "_part_changed", lambda bench, row, differing: None)


@bug("a part that its author has not seen goes with its owner", delete=6)
def part_added(g: Garden) -> None:
    def added(bench: Any, body: Any, parts: Any) -> Any:
        named = {bench.own_id(part.entity, part.id) for part in body.parts}
        return former(bench, body, [row for row in parts if row.id in named])

    former = g.put(deleting, "_differing", added)


@bug("the owner is deleted, its parts stay", delete=6)
def half_deleted(g: Garden) -> None:
    def put_away(bench: Any, spec: Any, doomed: Any) -> Any:
        return former(bench, spec, doomed[:1])

    former = g.put(deleting, "_put_away", put_away)


@bug("the owner is restored, its parts stay in the basket", delete=8)
def half_restored(g: Garden) -> None:
    g.put(deleting, "gone_with", lambda db, row: [])


@bug("the parts of what was deleted here are shown until the centre has answered", delete=6)
def parts_shown(g: Garden) -> None:
    g.put(journal, "parts_named", lambda body: [])
