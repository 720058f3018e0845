"""A desk is told the years that a dated row lets it hold; earlier ones are read by the same rights, and only when asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from common.kit.errors import Invalid
from common.kit.ids import REGION, new_id
from common.kit.sync import PullAnswer, Save, YearRequest
from common.reference.entities import RetentionTerm
from server.kit.commit import commit
from server.kit.pulling import read_year
from server.kit.scope import Own
from server.kit.session import CollegeSession
from server.kit.terms import DESK_YEARS, first_held
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, applicant, person, rows_of, statuses, taken


def say_months(house: House, months: int) -> None:
    with CollegeSession(house.engine, REGION, now=now) as db:
        values: dict[str, Any] = {"valid_from": dt.date(2023, 5, 17), "months": months}
        db.add(RetentionTerm(code=DESK_YEARS, name="Годы", **values))
        commit(db, "test.term")


def last_year(desk: Desk) -> UUID:
    """Somebody who applied in 2025."""
    p, c, a = new_id(), new_id(), new_id()
    values = {"year": 2025, "name": "Приём 2025", "status": "open"}
    made = Save("admission_campaign", c, True, {n: (None, v) for n, v in values.items()})
    answer = desk.push(desk.op(person(p)), desk.op(made), desk.op(applicant(a, p, c)))
    assert statuses(answer) == ["applied"] * 3
    return a


def applicants(answer: PullAnswer) -> set[str]:
    return {str(row[0]) for row in rows_of(answer, "applicant.P1")}


Read = Callable[[Desk, int], PullAnswer]


@pytest.fixture
def read(ours: House) -> Read:
    def one(desk: Desk, year: int) -> PullAnswer:
        request = YearRequest(device=desk.caller.device, epoch=None, ticket=1, year=year)
        return read_year(ours.engine, desk.caller, request, now=now)

    return one


def test_without_a_row_a_desk_holds_every_year(ours: House) -> None:
    desk = Desk(ours)
    old, (_, present) = last_year(desk), taken(desk)
    answer = desk.pull()
    assert applicants(answer) == {old.hex, present.hex}
    assert answer.since == 0


def test_what_is_older_than_the_row_says_is_told_only_to_who_asks_for_its_year(
    ours: House, read: Read
) -> None:
    desk = Desk(ours)
    old, (_, present) = last_year(desk), taken(desk)
    say_months(ours, 18)
    answer = desk.pull()
    assert (answer.since, applicants(answer)) == (2026, {present.hex})
    assert {bucket.year for bucket in answer.buckets} == {0, 2026}
    past = read(desk, 2025)
    assert applicants(past) == {old.hex}
    assert {bucket.year for bucket in past.buckets} == {0, 2025}
    assert rows_of(past, "admission_campaign.P0")


def test_a_year_is_read_by_the_rights_of_this_moment(ours: House, read: Read) -> None:
    desk, clerk, administrator = Desk(ours), Desk(ours, "admission_reader"), Desk(ours, "org_admin")
    last_year(desk)
    say_months(ours, 18)
    told = {page.bucket.pd for page in read(clerk, 2025).pages if page.rows}
    assert told == {"P0", "P1"}
    assert rows_of(read(desk, 2025), "person.P2")
    assert applicants(read(administrator, 2025)) == set()


def test_who_sees_only_his_own_reads_only_his_own(ours: House, read: Read) -> None:
    other, desk = Desk(ours), Desk(ours, "admission_clerk")
    last_year(other)
    own = Own(desk.caller.permissions, desk.caller.account_id)
    desk.caller = dataclasses.replace(desk.caller, permissions=frozenset(), own=own)
    say_months(ours, 18)
    assert applicants(read(desk, 2025)) == set()
    with ours.session() as db:
        assert first_held(db) == 2026


def test_another_college_is_told_nothing_of_it(ours: House, theirs: House) -> None:
    last_year(Desk(ours))
    stranger = Desk(theirs)
    request = YearRequest(device=stranger.caller.device, epoch=None, ticket=1, year=2025)
    told = read_year(theirs.engine, stranger.caller, request, now=now)
    assert applicants(told) == set()
    assert {bucket.scope for bucket in told.buckets} <= {theirs.id.hex, REGION.hex}
    nothing = YearRequest(device="d", epoch=None, ticket=1, year=0)
    with pytest.raises(Invalid):
        read_year(theirs.engine, stranger.caller, nothing, now=now)
