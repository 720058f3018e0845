"""Planted bugs of grants that reach only one's own."""

from __future__ import annotations

from typing import Any

from server.kit import auth, judge
from server.kit.auth import Granted
from tests.simulation.garden import Garden, bug


@bug("a grant over one's own opens the buckets of the college")
def own_is_all(g: Garden) -> None:
    def granted(*told: Any, **more: Any) -> Granted:
        return Granted(former(*told, **more).all, frozenset())

    former: Any = g.put(auth, "_granted", granted)


@bug("who sees only his own writes to what he knows the id of")
def own_writes_all(g: Garden) -> None:
    g.put(judge, "owns", lambda *told: True)
