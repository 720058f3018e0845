"""E-53: clocks of desks and server are a day off and step back; order and completeness rest on none of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from client.kit.records import now_ms
from tests.faults.conftest import Begin, Filled
from tests.faults.desks import Reckoning, answered, desks, settle, wait_for
from tests.scale import Scale

pytestmark = pytest.mark.fault

DAY = 86_400
HOUR_MS = 3_600_000
SHIFTS = (DAY, -DAY, 0)
"""Of the server, at its first start and after each of its restarts: between them it steps back two days."""


def off(days: int) -> Callable[[], int]:
    return lambda: now_ms() + days * DAY * 1000


def stepping_back() -> Callable[[], int]:
    """A clock that is an hour earlier at every twentieth look, as a dead battery and a time service make it."""
    looks = count()
    return lambda: now_ms() - next(looks) // 20 * HOUR_MS


def work_under(
    place: Path, begin: Begin, url: str, *, restarts: int, floor: int, bug: str = ""
) -> Reckoning:
    clocks = (off(1), off(-1), stepping_back(), now_ms)
    with (
        begin(url, bug=bug) as made,
        desks(len(clocks), place, made.address, clocks=clocks) as working,
    ):
        for number in range(restarts):
            made.shift = SHIFTS[number % len(SHIFTS)]
            made.restart()
            wait_for(working, answered(working) + floor // restarts)
        wait_for(working, floor)
        return settle(working, url)


def test_wrong_clocks_lose_double_and_disorder_nothing(
    tmp_path: Path, begin: Begin, filled_url: str, scale: Scale
) -> None:
    floor = scale(400, 10_000)
    found = work_under(tmp_path, begin, filled_url, restarts=scale(3, 40), floor=floor)
    scale.say("wrong clocks", found)
    assert found.clean, str(found)
    assert found.acknowledged >= floor


def test_a_server_that_refuses_what_seems_to_come_from_the_future_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    found = work_under(tmp_path, begin, filled("sqlite"), restarts=2, floor=200, bug="trust_clocks")
    scale.say("planted: the clocks of desks are trusted", found)
    assert found.troubled
