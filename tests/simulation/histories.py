"""All directed histories, by the name of the bug that each is for."""

from __future__ import annotations

from tests.simulation import (
    directed_meeting,
    directed_orders,
    directed_scope,
    directed_wholes,
    directed_years,
)
from tests.simulation.directed import DIRECTED, Directed, play_directed

__all__ = [
    "DIRECTED",
    "Directed",
    "directed_meeting",
    "directed_orders",
    "directed_scope",
    "directed_wholes",
    "directed_years",
    "play_directed",
]
