"""Dates as people write them."""

from __future__ import annotations

import datetime as dt
import re

from common.kit.unreadable import Unreadable

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip

PIVOT = 40
"""Two-digit years up to this one are of this century."""

EXCEL_EPOCH = dt.date(1899, 12, 30)

HOW = "Дату пишут так: 01.09.2008"


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        return 2000 + year if year <= PIVOT else 1900 + year
    return year


def _date(year: str, month: int, day: str) -> dt.date:
    try:
        found = dt.date(_year(year), month, int(day))
    except ValueError:
        raise Unreadable(f"Такого дня нет в календаре. {HOW}") from None
    if not 1900 <= found.year <= 2100:
        raise Unreadable(f"Год {found.year}? {HOW}")
    return found


def parse_day(text: str) -> dt.date | None:
    """01.09.2008, 1/9/8, 01092008, 2008-09-01, «1 сентября 2008 г.»; None where empty."""
    written = " ".join(text.replace("\u00a0", " ").split()).casefold()
    written = re.sub(r"\s*(г|года|г\.)$", "", written).strip(' «»"')
    if not written:
        return None
    if m := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?", written):
        return _date(m[1], int(m[2]), m[3])
    if m := re.fullmatch(r"(\d{1,2})[.,/ -]+(\d{1,2})[.,/ -]+(\d{4}|\d{1,2})\.?", written):
        return _date(m[3].zfill(2), int(m[2]), m[1])
    if m := re.fullmatch(r"(\d{2})(\d{2})(\d{4}|\d{2})", written):
        return _date(m[3], int(m[2]), m[1])
    if m := re.fullmatch(r"[«\"]?(\d{1,2})[»\"]?\s+([а-я]+)\s+(\d{4})", written):
        for number, name in enumerate(MONTHS, 1):
            if name.startswith(m[2][:3]) and len(m[2]) >= 3:
                return _date(m[3], number, m[1])
    raise Unreadable(HOW)


def show_day(day: dt.date) -> str:
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def from_excel(serial: float) -> dt.date:
    """The day behind the number that Excel keeps for a date."""
    if not 1 <= serial <= 80_000:
        raise Unreadable(HOW)
    return EXCEL_EPOCH + dt.timedelta(days=int(serial))


def in_words(day: dt.date) -> str:
    """«01» сентября 2026 г."""
    return f"«{day.day:02d}» {MONTHS[day.month - 1]} {day.year} г."
