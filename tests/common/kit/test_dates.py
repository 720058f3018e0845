"""Two-digit years, births, and the numbers that Excel keeps for dates."""

from __future__ import annotations

import datetime as dt

import pytest

from common.kit.dates import from_excel, in_words, parse_birth, parse_day
from common.kit.unreadable import Unreadable
from common.kit.words import counted, day_in_words, plural

TODAY = dt.date(2026, 7, 20)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("01.09.40", dt.date(2040, 9, 1)),
        ("01.09.41", dt.date(1941, 9, 1)),
        ("01.09.00", dt.date(2000, 9, 1)),
        ("01.09.99", dt.date(1999, 9, 1)),
    ],
)
def test_two_digits_of_a_year_are_of_this_century_up_to_the_pivot(typed: str, day: dt.date) -> None:
    assert parse_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("01.09.10", dt.date(2010, 9, 1)),
        ("01.09.35", dt.date(1935, 9, 1)),
        ("01.07.27", dt.date(2027, 7, 1)),
        ("01.09.27", dt.date(1927, 9, 1)),
        ("01.09.2008", dt.date(2008, 9, 1)),
    ],
)
def test_a_birth_is_never_more_than_a_year_ahead(typed: str, day: dt.date) -> None:
    assert parse_birth(typed, TODAY) == day


def test_a_birth_written_far_ahead_is_told() -> None:
    with pytest.raises(
        Unreadable, match=r"Дата 01\.09\.2080 слишком далеко в будущем, сверьте год"
    ):
        parse_birth("01.09.2080", TODAY)


def test_the_number_of_excel_is_read_by_its_own_function() -> None:
    assert from_excel(39692.0) == dt.date(2008, 9, 1)
    assert from_excel(39692.75) == dt.date(2008, 9, 1)
    with pytest.raises(Unreadable):
        from_excel(0.5)
    with pytest.raises(Unreadable):
        from_excel(1092008)


def test_a_day_is_written_out_for_papers() -> None:
    assert in_words(dt.date(2026, 9, 1)) == "«01» сентября 2026 г."
    assert day_in_words(dt.date(2026, 9, 1)) == "1 сентября 2026 г."


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "студентов"), (1, "студент"), (2, "студента"), (4, "студента"), (5, "студентов"),
        (11, "студентов"), (12, "студентов"), (14, "студентов"), (21, "студент"), (22, "студента"),
        (111, "студентов"), (101, "студент"), (-1, "студент"), (1001, "студент"),
    ],
)  # fmt: skip
def test_a_word_beside_a_number_has_its_ending(number: int, word: str) -> None:
    assert plural(number, "студент", "студента", "студентов") == word


def test_a_count_stands_with_its_word() -> None:
    assert counted(48_211, "запись", "записи", "записей") == "48\u00a0211 записей"
