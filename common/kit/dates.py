"""Dates as people write them."""

from __future__ import annotations

import datetime as dt
import re

from common.kit.keys import clean
from common.kit.unreadable import Unreadable

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip

MONTHS_ALONE = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip

REGION_ZONE = "Asia/Novokuznetsk"
"""In which the region's officials live, and a college where nothing else is said."""

PIVOT = 40
"""Two-digit years up to this one are of this century."""

EXCEL_EPOCH = dt.date(1899, 12, 30)

HOW = "Дату пишут так: 01.09.2008"
HOW_MOMENT = "Дату и время пишут так: 01.09.2026 14:30"

_MIDNIGHT = re.compile(r"[t ]0?0:00(?::00(?:[.,]0+)?)?(?:z|[+-][0-9:]{2,5})?$")
_OF_YEAR = re.compile(r"(?<=[0-9])\s*(?:г\.?\s?р\.?|г\.?|года?|года рождения)$")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_POINTS = re.compile(r"([0-9]{1,2})[.,/ -]+([0-9]{1,2})[.,/ -]+([0-9]{4}|[0-9]{1,2})\.?")
_RUN = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")
_IN_WORDS = re.compile(r"([0-9]{1,2})[»\"“]?\s+([а-я]{3,})\.?\s+([0-9]{4}|[0-9]{2})")
_CLOCK = re.compile(r"(.+?)(?:t| в |, ?| )([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:[.,][0-9]+)?)?")


def _year(text: str, latest: dt.date | None, month: int, day: int) -> int:
    """A two-digit year is of this century up to the pivot, where that is not too late for the date."""
    year = int(text)
    if len(text) == 4:
        return year
    new = 2000 + year
    too_late = latest is not None and (new, month, day) > (latest.year, latest.month, latest.day)
    return 1900 + year if year > PIVOT or too_late else new


def _date(year: str, month: int, day: int, latest: dt.date | None) -> dt.date:
    try:
        found = dt.date(_year(year, latest, month, day), month, day)
    except ValueError:
        raise Unreadable(f"Такого дня нет в календаре. {HOW}") from None
    if not 1900 <= found.year <= 2100:
        raise Unreadable(f"Год {found.year}? {HOW}")
    if latest is not None and found > latest:
        raise Unreadable(f"Дата {show_day(found)} слишком далеко в будущем, сверьте год")
    return found


def _month(word: str) -> int:
    for number, forms in enumerate(zip(MONTHS, MONTHS_ALONE, strict=True), 1):
        if any(form.startswith(word) for form in forms):
            return number
    raise Unreadable(HOW)


def parse_day(text: str, *, latest: dt.date | None = None) -> dt.date | None:
    """01.09.2008, 1/9/8, 01092008, 2008-09-01, «1 сентября 2008 г.»; None where empty.

    Nothing lies after `latest`: a two-digit year is then of the century before. A time but midnight is
    not a day. The number that Excel keeps for a date is read by `from_excel` alone.
    """
    written = clean(text).casefold().strip(' «»"„')
    written = _OF_YEAR.sub("", _MIDNIGHT.sub("", written))
    if not written:
        return None
    if m := _ISO.fullmatch(written):
        return _date(m[1], int(m[2]), int(m[3]), latest)
    if m := _POINTS.fullmatch(written):
        return _date(m[3].zfill(2), int(m[2]), int(m[1]), latest)
    if m := _RUN.fullmatch(written):
        return _date(m[3], int(m[2]), int(m[1]), latest)
    if m := _IN_WORDS.fullmatch(written):
        return _date(m[3], _month(m[2]), int(m[1]), latest)
    raise Unreadable(HOW)


def parse_birth(text: str, today: dt.date) -> dt.date | None:
    """A date of birth: never more than a year after today, so that 30 is 1930."""
    return parse_day(text, latest=today + dt.timedelta(days=366))


def parse_moment(text: str) -> dt.datetime | None:
    """A date and the time on the wall of the college, to the minute; None where empty."""
    written = clean(text).casefold()
    if not written:
        return None
    if not (match := _CLOCK.fullmatch(written)):
        raise Unreadable(HOW_MOMENT)
    day = parse_day(match[1])
    if day is None or int(match[2]) > 23 or int(match[3]) > 59:
        raise Unreadable(HOW_MOMENT)
    return dt.datetime.combine(day, dt.time(int(match[2]), int(match[3])))


def show_day(day: dt.date) -> str:
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def show_moment(moment: dt.datetime) -> str:
    return f"{show_day(moment)} {moment.hour:02d}:{moment.minute:02d}"


def from_excel(serial: float) -> dt.date:
    """The day behind the number that Excel keeps for a date."""
    if not 1 <= serial <= 80_000:
        raise Unreadable(HOW)
    return EXCEL_EPOCH + dt.timedelta(days=int(serial))


def in_words(day: dt.date) -> str:
    """«01» сентября 2026 г."""
    return f"«{day.day:02d}» {MONTHS[day.month - 1]} {day.year} г."
