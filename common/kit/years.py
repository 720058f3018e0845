"""Which years a desk holds (SYNC 4): a rule over the number of months that a dated row says."""

from __future__ import annotations

import datetime as dt


def first_year(months: int, on: dt.date) -> int:
    """The earliest that is held on that day: a year leaves so many months after its first of January."""
    present = on.year * 12 + on.month - 1
    return (present - months) // 12 + 1


def is_held(year: int, since: int) -> bool:
    """What belongs to no year, and what is still to come, is always held."""
    return year == 0 or year >= since
