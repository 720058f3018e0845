"""A grant as the rights read it, made alike of the server's rows and of a desk's records."""

from __future__ import annotations

import datetime as dt

from common.kit.access import Granted
from common.kit.rights import Scope, permissions


def granted(
    role: str,
    rights: str,
    widest: Scope,
    scope: Scope,
    number: str,
    day: dt.date,
    valid_from: dt.date,
    valid_to: dt.date | None,
) -> Granted:
    """`role` and its `rights` are the college's own edition, where the grant gives that one; `widest` is the shipped one's."""
    return Granted(
        role=role,
        permissions=permissions(tuple(rights.split())),
        scope=reach(scope, widest),
        act=f"№ {number} от {day:%d.%m.%Y}",
        valid_from=valid_from,
        valid_to=valid_to,
    )


def reach(scope: Scope, widest: Scope) -> Scope:
    """A grant reaches no further than its role was made for; the region's roles open nothing in a college."""
    return Scope.REGION if widest is Scope.REGION else scope.narrower(widest)
