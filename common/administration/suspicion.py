"""Signs of abuse in the journal of visits (regulation 10.5.2, TRUST B-27): events and dated limits in, findings out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from common.administration.kinds import AccessKind, Sign
from common.kit.words import counted

TAKEN = {AccessKind.P3_READ, AccessKind.PRINT, AccessKind.EXPORT}
"""What shows or takes out other people's data."""


class Fact(NamedTuple):
    """One event of one account."""

    at: dt.datetime
    kind: AccessKind
    device: str = ""
    """What the server knows the computer or the browser by: a college's many stand behind one address."""
    row: UUID | None = None
    elsewhere: bool = False
    """It was another college's record that was asked for."""
    rows: int = 0
    """That were taken out."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From so much within so many minutes on it is a sign; the hours are those of the college's wall clock."""

    sign: Sign
    most: int
    minutes: int
    suspends: bool
    hour_from: int | None = None
    hour_to: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    limit: Limit
    count: int
    since: dt.datetime
    until: dt.datetime

    def words(self, zone: ZoneInfo) -> str:
        """«Обращения к записям других организаций: 10 за 5 минут, 01.07.2026 с 12:00 по 12:03»."""
        start, end = self.since.astimezone(zone), self.until.astimezone(zone)
        hours, rest = divmod(self.limit.minutes, 60)
        span = counted(self.limit.minutes, "минуту", "минуты", "минут")
        if not rest:
            span = counted(hours, "час", "часа", "часов")
        return f"{self.limit.sign.label}: {self.count} (порог {self.limit.most} за {span}), {start:%d.%m.%Y} с {start:%H:%M} по {end:%H:%M}"


def find(facts: Iterable[Fact], limit: Limit, zone: ZoneInfo) -> Finding | None:
    """The first time that the limit is met; the rest of the facts is asked about again."""
    told = sorted((f for f in facts if _fits(f, limit, zone)), key=lambda f: f.at)
    window: Counter[Hashable] = Counter()
    start = 0
    for place, fact in enumerate(told):
        window[_key(limit.sign, fact, place)] += _weight(limit.sign, fact)
        while fact.at - told[start].at > dt.timedelta(minutes=limit.minutes):
            gone = told[start]
            key = _key(limit.sign, gone, start)
            window[key] -= _weight(limit.sign, gone)
            if not window[key]:
                del window[key]
            start += 1
        count = window.total() if limit.sign is Sign.EXPORTS else len(window)
        if count >= limit.most:
            return Finding(limit, count, told[start].at, fact.at)
    return None


def _fits(fact: Fact, limit: Limit, zone: ZoneInfo) -> bool:
    match limit.sign:
        case Sign.FOREIGN:
            return fact.elsewhere
        case Sign.EXPORTS:
            return fact.kind is AccessKind.EXPORT and fact.rows > 0
        case Sign.PLACES:
            return fact.kind is AccessKind.LOGIN_OK and bool(fact.device)
        case Sign.CARDS:
            return fact.kind is AccessKind.P3_READ
        case Sign.NIGHT:
            return fact.kind in TAKEN and _at_night(fact.at.astimezone(zone).hour, limit)
        case Sign.REFUSALS:
            return fact.kind is AccessKind.DENIED
        case Sign.GUESSES:
            return fact.kind is AccessKind.LOGIN_FAIL


def _at_night(hour: int, limit: Limit) -> bool:
    start, end = limit.hour_from or 0, limit.hour_to or 0
    return start <= hour < end if start <= end else hour >= start or hour < end


def _key(sign: Sign, fact: Fact, place: int) -> Hashable:
    """What is counted once: a record, a computer; else each event."""
    if sign in (Sign.FOREIGN, Sign.CARDS) and fact.row is not None:
        return fact.row
    return fact.device if sign is Sign.PLACES else place


def _weight(sign: Sign, fact: Fact) -> int:
    return fact.rows if sign is Sign.EXPORTS else 1
