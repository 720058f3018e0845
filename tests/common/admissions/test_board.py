"""«Ход приёма»: every application counts once, where it belongs, beside the places of the plan."""

from __future__ import annotations

import datetime as dt

from common.admissions.board import Filed, Group, Standing, board, pictures
from common.admissions.kinds import ApplicationState, Funding, OriginalState

BUDGET = Group("a", "ИС, бюджет", "09.02.07 Информационные системы", Funding.REGIONAL_BUDGET, 25)
PAID = Group("b", "ИС, договор", "09.02.07 Информационные системы", Funding.PAID, 10)
WELDER = Group("c", "Сварщик", "15.01.05 Сварщик", Funding.FEDERAL_BUDGET, 0)
FIRST, THIRD = dt.date(2026, 6, 20), dt.date(2026, 6, 22)
SUBMITTED, WITHDRAWN = ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN
ORIGINAL, COPY = OriginalState.ORIGINAL, OriginalState.COPY

MADE = board(
    [
        Filed("a", FIRST, SUBMITTED, ORIGINAL, 30),
        Filed("a", THIRD, SUBMITTED, COPY, 20),
        Filed("b", THIRD, WITHDRAWN, ORIGINAL, 5),
        Filed("b", THIRD, ApplicationState.DRAFT, COPY, 7),
        Filed("c", THIRD, ApplicationState.ENROLLED, OriginalState.E_CONFIRMED, 3),
        Filed("of another campaign", FIRST, SUBMITTED, COPY, 1000),
    ],
    [BUDGET, PAID, WELDER],
)


def test_a_day_without_applications_is_a_day() -> None:
    days = [(day.day, count) for day, count in MADE.days]
    assert days == [(20, 30), (21, 0), (22, 28)]
    assert MADE.together() == [30, 30, 58]


def test_the_withdrawn_were_filed_and_take_no_part() -> None:
    assert MADE.whole == Standing("Всего", 35, 53, 33)
    assert MADE.groups[-1] == Standing("ИС, договор", 10, 0, 0)


def test_groups_of_one_programme_and_of_one_basis_are_put_together() -> None:
    assert MADE.programmes == (
        Standing("09.02.07 Информационные системы", 35, 50, 30),
        Standing("15.01.05 Сварщик", 0, 3, 3),
    )
    assert MADE.bases == (
        Standing("За счёт бюджета", 25, 53, 33),
        Standing("По договорам", 10, 0, 0),
    )


def test_competition_is_told_where_there_are_places() -> None:
    assert [s.competition for s in MADE.groups] == [2.0, None, 0.0]


def test_an_empty_campaign_has_its_pictures() -> None:
    for picture in pictures(board([], [])):
        assert picture.draw(600, picture.height) is not None
        assert picture.said is not None
