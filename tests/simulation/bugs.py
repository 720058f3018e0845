"""All planted bugs of SYNC 12: each overrides one function of the shipped code while it is planted, and must fall."""

from __future__ import annotations

from tests.simulation import bugs_first, bugs_later, bugs_leaving
from tests.simulation.garden import BUGS, Bug

__all__ = ["BUGS", "Bug", "bugs_first", "bugs_later", "bugs_leaving"]
