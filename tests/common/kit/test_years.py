"""From which year on a desk holds records: by months that a dated row says, counted from the first of January."""

from __future__ import annotations

import datetime as dt

import pytest

from common.kit.years import first_year, is_held


@pytest.mark.parametrize(
    ("months", "on", "first"),
    [
        (18, dt.date(2026, 11, 25), 2026),
        (18, dt.date(2027, 6, 30), 2026),
        (18, dt.date(2027, 7, 1), 2027),
        (24, dt.date(2026, 11, 25), 2025),
        (12, dt.date(2026, 12, 31), 2026),
        (12, dt.date(2027, 1, 1), 2027),
    ],
)
def test_a_year_leaves_so_many_months_after_it_began(months: int, on: dt.date, first: int) -> None:
    assert first_year(months, on) == first


def test_what_belongs_to_no_year_and_what_is_to_come_is_held() -> None:
    assert is_held(0, 2026)
    assert is_held(2027, 2026)
    assert not is_held(2025, 2026)
    assert is_held(1999, 0)
