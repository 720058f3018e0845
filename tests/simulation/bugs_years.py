"""Planted bugs of the years that desks hold."""

from __future__ import annotations

from typing import Any

from client.store.cache import Cache
from common.kit.years import first_year
from server.kit import pull, terms
from server.kit.session import CollegeSession
from tests.simulation.garden import Garden, bug
from tests.simulation.world import START


@bug("the earliest year is reckoned for the day of the start, and stands when the year ends")
def midnight(g: Garden) -> None:
    def stands(db: CollegeSession) -> int:
        months = terms.months_of(db, terms.DESK_YEARS, START.date())
        return first_year(max(months), START.date()) if months else 0

    g.put(pull, "first_held", stands)


@bug("every year stays at the desks")
def years_kept(g: Garden) -> None:
    g.put(pull, "first_held", lambda db: 0)


@bug("of a facet that is read again only the newest entry tells the new columns", shape=3)
def shape_newest(g: Garden) -> None:
    def upsert(self: Cache, *told: Any, known: bool) -> None:
        former(self, *told, known=True)

    former = g.put(Cache, "_upsert", upsert)
