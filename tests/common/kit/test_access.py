"""Why something is seen or not: which grant gives it, which has ended, which reaches too little."""

from __future__ import annotations

import datetime as dt

import common.all  # noqa: F401  the declarations
from common.kit.access import Granted, held, opens, why
from common.kit.entity import spec_of
from common.kit.kinds import P0, P1, P2
from common.kit.rights import Action, Scope, permissions

DAY = dt.date(2026, 9, 1)
CLERK = permissions(("admissions.read.P0", "admissions.write.P0", "reference.read.P0"))


def grant(scope: Scope = Scope.COLLEGE, start: int = 1, end: int | None = None) -> Granted:
    return Granted(
        "Секретарь",
        CLERK,
        scope,
        "№ 15-к от 01.09.2026",
        dt.date(2026, 9, start),
        dt.date(2026, 9, end) if end else None,
    )


def test_a_grant_opens_what_its_role_holds_and_is_named() -> None:
    said = why([grant()], spec_of("applicant"), Action.READ, P0, DAY)
    assert said.allowed
    assert said.by == (grant(),)
    assert [str(p) for p in said.needs] == ["admissions.read.P0"]


def test_a_grant_ends_by_itself_on_its_day() -> None:
    ended = grant(end=10)
    assert opens(held([ended], dt.date(2026, 9, 9)), spec_of("applicant"), Action.READ, P0)
    said = why([ended], spec_of("applicant"), Action.READ, P0, dt.date(2026, 9, 10))
    assert (said.allowed, said.by, said.ended) == (False, (), (ended,))


def test_a_grant_that_has_not_begun_opens_nothing() -> None:
    assert held([grant(start=2)], DAY) == frozenset()


def test_a_grant_narrower_than_the_college_opens_the_books_alone() -> None:
    for scope in (Scope.UNIT, Scope.GROUP, Scope.SELF, Scope.REGION):
        narrow = grant(scope)
        said = why([narrow], spec_of("applicant"), Action.READ, P0, DAY)
        assert (said.allowed, said.narrow) == (False, (narrow,))
        assert opens(held([narrow], DAY), spec_of("country"), Action.READ, P0)


def test_a_class_that_no_role_holds_is_lacking_and_named() -> None:
    said = why([grant()], spec_of("applicant"), Action.READ, P1, DAY)
    assert (said.allowed, said.by, said.ended, said.narrow) == (False, (), (), ())
    assert [str(p) for p in said.needs] == ["admissions.read.P1"]


def test_nobody_of_a_college_writes_what_the_region_keeps() -> None:
    said = why([grant()], spec_of("country"), Action.WRITE, P2, DAY)
    assert (said.allowed, said.needs) == (False, ())
