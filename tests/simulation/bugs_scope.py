"""Planted bugs of grants that reach only one's own."""

from __future__ import annotations

from typing import Any

from server.kit import auth, judge
from server.kit.auth import Reach
from tests.simulation.garden import Garden, bug


@bug("a grant over one's own opens the buckets of the college")
def own_is_all(g: Garden) -> None:
    def narrow(*told: Any, **more: Any) -> Reach:
        return Reach(former(*told, **more).all, frozenset())

    former: Any = g.put(auth, "_granted", narrow)


@bug("who sees only his own writes to what he knows the id of")
def own_writes_all(g: Garden) -> None:
    g.put(judge, "owns", lambda *told: True)
