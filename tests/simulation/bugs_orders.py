"""The planted bug of SYNC 12 about lists that are one value."""

from __future__ import annotations

from typing import Any

from common.kit.entity import spec_of
from server.kit.ordering import Orders
from tests.simulation.garden import Garden, bug


@bug("the places of a list's rows are merged one by one: half an order from each")
def merge_order(g: Garden) -> None:
    def moved(self: Orders, name: str) -> list[tuple[Any, int]]:
        seen, new = self.seen[name], self.new[name]
        places = {id: at for at, id in enumerate(new, 1) if id not in seen or seen[at - 1] != id}
        held = spec_of(name).ordered
        return [
            (row, places[row.id])
            for row in self.lists[name]
            if row.id in places and getattr(row, held) != places[row.id]
        ]

    g.put(Orders, "differ", lambda self: [])
    g.put(Orders, "_moved", moved)
