"""A sign is found where its limit is met within its minutes, and nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from common.administration.kinds import AccessKind, Sign
from common.administration.suspicion import Fact, Limit, find
from common.kit.dates import REGION_ZONE

NOON = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 7, 1, 17, 0, tzinfo=dt.UTC)
"""Midnight in the zone."""
ZONE = ZoneInfo(REGION_ZONE)


def facts(
    kind: AccessKind, times: int, *, every: float = 10, start: dt.datetime = NOON, **more: Any
) -> list[Fact]:
    """Each of a record and at a computer of its own, unless it is said otherwise."""
    made = []
    for n in range(times):
        values: dict[str, Any] = {"row": UUID(int=n + 1), "device": f"desk {n}"} | more
        made.append(Fact(start + dt.timedelta(seconds=n * every), kind, **values))
    return made


def limit(sign: Sign, most: int, minutes: int, **hours: int) -> Limit:
    return Limit(sign, most, minutes, suspends=False, **hours)


FOREIGN = limit(Sign.FOREIGN, 10, 5)
NIGHTLY = limit(Sign.NIGHT, 3, 60, hour_from=23, hour_to=5)
SAME = UUID(int=7)


@pytest.mark.parametrize(
    ("told", "asked", "amount"),
    [
        (facts(AccessKind.DENIED, 10, elsewhere=True), FOREIGN, 10),
        (facts(AccessKind.DENIED, 9, elsewhere=True), FOREIGN, None),
        (facts(AccessKind.DENIED, 10, elsewhere=True, every=40), FOREIGN, None),
        (facts(AccessKind.DENIED, 10), FOREIGN, None),
        (facts(AccessKind.DENIED, 20, elsewhere=True, row=SAME), FOREIGN, None),
        (facts(AccessKind.DENIED, 3), limit(Sign.REFUSALS, 3, 5), 3),
        (facts(AccessKind.EXPORT, 4, rows=600), limit(Sign.EXPORTS, 2000, 1440), 2400),
        (facts(AccessKind.EXPORT, 3, rows=600), limit(Sign.EXPORTS, 2000, 1440), None),
        (facts(AccessKind.LOGIN_OK, 3), limit(Sign.PLACES, 3, 5), 3),
        (facts(AccessKind.LOGIN_OK, 9, device="desk"), limit(Sign.PLACES, 3, 5), None),
        (facts(AccessKind.P3_READ, 3, row=SAME), limit(Sign.CARDS, 3, 5), None),
        (facts(AccessKind.P3_READ, 3), limit(Sign.CARDS, 3, 5), 3),
        (facts(AccessKind.PRINT, 3, start=NIGHT), NIGHTLY, 3),
        (facts(AccessKind.PRINT, 3), NIGHTLY, None),
        (facts(AccessKind.LOGIN_FAIL, 3), limit(Sign.GUESSES, 3, 5), 3),
    ],
    ids=[
        "ten foreign records", "nine", "ten, slowly", "refused in one's own college",
        "one record twenty times", "refusals", "rows of exports", "less of them",
        "three computers", "one computer", "one card thrice", "three cards", "at night", "at noon",
        "wrong passwords",
    ],
)  # fmt: skip
def test_a_sign_is_found_at_its_limit(told: list[Fact], asked: Limit, amount: int | None) -> None:
    found = find(reversed(told), asked, ZONE)
    assert (found.count if found else None) == amount


def test_it_says_what_how_much_and_when_by_the_wall_clock() -> None:
    found = find(facts(AccessKind.DENIED, 10, elsewhere=True), FOREIGN, ZONE)
    assert found is not None
    assert found.words(ZONE) == (
        "Обращения к записям других организаций: 10 (порог 10 за 5 минут), 01.07.2026 с 12:00 по 12:01"
    )
    daily = find(facts(AccessKind.EXPORT, 2, rows=9), limit(Sign.EXPORTS, 10, 1440), ZONE)
    assert daily is not None
    assert "18 (порог 10 за 24 часа)" in daily.words(ZONE)
