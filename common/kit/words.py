"""Russian words beside numbers and in dates."""

from __future__ import annotations

import datetime as dt

from common.kit.dates import MONTHS


def plural(number: int, one: str, few: str, many: str) -> str:
    """The word for that number: 1 запись, 2 записи, 5 записей."""
    tens, units = abs(number) % 100, abs(number) % 10
    if units == 1 and tens != 11:
        return one
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return few
    return many


def counted(number: int, one: str, few: str, many: str) -> str:
    return f"{spaced(number)} {plural(number, one, few, many)}"


def spaced(number: int) -> str:
    """Thousands apart, by a space that does not break: 48 211."""
    return f"{number:,}".replace(",", "\u00a0")


def day_in_words(day: dt.date) -> str:
    """1 сентября 2026 г.; with the day in quotes, as orders have it, it is `dates.in_words`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year} г."
