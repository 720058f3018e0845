"""All planted bugs of SYNC 12: each overrides one function of the shipped code while it is planted, and must fall.

Of the names in SYNC 12 these are not here:
    no_horizon, horizon_loop   gone entries are never purged (SYNC 13)
    backup_history             cannot arise: the marks of backups are restored together with the marks of the clock
    revoke_erase, seal_lost    with the seal
"""

from __future__ import annotations

from tests.simulation import (
    bugs_first,
    bugs_later,
    bugs_leaving,
    bugs_meeting,
    bugs_model,
    bugs_orders,
    bugs_scope,
    bugs_wholes,
    bugs_years,
)
from tests.simulation.garden import BUGS, Bug

__all__ = [
    "BUGS",
    "Bug",
    "bugs_first",
    "bugs_later",
    "bugs_leaving",
    "bugs_meeting",
    "bugs_model",
    "bugs_orders",
    "bugs_scope",
    "bugs_wholes",
    "bugs_years",
]
