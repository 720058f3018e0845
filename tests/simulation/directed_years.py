"""A directed history of years that pass: desks hold this and the last one, the rest is read online (SYNC 4)."""

from __future__ import annotations

from common.kit.ids import new_id
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


@directed("shape_newest", "digest_seq")
def told_again_by_an_older_entry(s: Simulation) -> None:
    """A person is of two years; a column is filled, and the year whose entry is the newer one loses him before a desk reads again."""
    desk, other = s.desks[0], s.desks[2]
    s.campaign(other, 2027)
    drain(s, other)
    person = min(s.seen(other, "person"))
    campaigns = s.seen(other, "admission_campaign")
    (later,) = (id for id, row in campaigns.items() if row["year"] == 2027)
    role = new_id()
    body = s.application(role, person, later, None)
    s.record(other, f"application of {person[-6:]} in 2027", lambda _: [body])
    drain(s, other, desk)
    s.do_shape(0, 1, 0, 0)
    gone = s.deletion(other, "applicant", role.hex)
    s.record(other, f"deletes applicant {role.hex[-6:]}", lambda _: gone)
    drain(s, other)
    _all_equal(s)


ENTITY = 3
"""The place of applicants among the kinds of the simulation."""


def _all_equal(s: Simulation) -> None:
    drain(s, *s.desks)
    for desk in s.desks:
        s.oracle.equal(desk)
