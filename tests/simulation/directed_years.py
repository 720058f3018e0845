"""A directed history of years that pass: desks hold this and the last one, the rest is read online (SYNC 4)."""

from __future__ import annotations

from tests.simulation.directed import directed, drain
from tests.simulation.history import Simulation
from tests.simulation.world import START, Broken


@directed("midnight", "years_kept")
def years_pass(s: Simulation) -> None:
    """What passes leaves with its people and comes back with a longer term; work on it that waits is not lost."""
    desk = s.desks[0]
    s.hold(24)
    year = START.year
    campaigns = s.world.rows("SELECT id FROM admission_campaign WHERE deleted_at IS NULL")
    for place in range(len(campaigns)):
        s.date_campaign(year, place)
    _all_equal(s)
    held = set(s.seen(desk, "applicant"))
    if not held:
        raise Broken("there is nothing that could pass")
    s.pass_year()
    _all_equal(s)
    if set(s.seen(desk, "applicant")) != held:
        raise Broken("I1 the last year is not held")
    s.do_update(0, ENTITY, 0, 0)
    s.pass_year()
    _all_equal(s)
    if s.seen(desk, "applicant"):
        raise Broken("I8 what is of an earlier year is kept")
    s.hold(600)
    _all_equal(s)
    if set(s.seen(desk, "applicant")) != held:
        raise Broken("I1 a year that is held again has not come back")


ENTITY = 3
"""The place of applicants among the kinds of the simulation."""


def _all_equal(s: Simulation) -> None:
    drain(s, *s.desks)
    for desk in s.desks:
        s.oracle.equal(desk)
