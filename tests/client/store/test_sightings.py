"""Whoever was met before is found among thousands, and strangers are left alone (UX 20); the whole size is in `poe bench`."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import common.all  # noqa: F401  the declarations
from client.shell.lists import LISTS
from client.store.store import Store
from common.people.duplicates import SURE, Sighting, distance, likeness, near_days
from tests.twin_people import judge


def test_20_of_people_met_again_19_in_20_are_found_and_of_strangers_one_in_100_is_doubted(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path, bytes(32), LISTS)
    told = judge(store, 6_000, 200)
    store.close()
    assert told.recall >= 0.95, told
    assert told.false <= 0.01, told
    assert told.median <= 0.3, told


def test_a_date_that_may_be_a_slip_is_never_passed_by() -> None:
    """Whatever scores at all for its date is among the dates that are looked up."""
    chance = random.Random(7)  # noqa: S311  invented dates
    days = [dt.date(2006, 1, 1) + dt.timedelta(days=chance.randrange(2_500)) for _ in range(400)]
    for one in days[:20]:
        near = near_days(one)
        for other in days:
            a, b = (Sighting("Ёлкина", "Анна", "Петровна", day) for day in (one, other))
            if likeness(a, b)[0] >= SURE:
                assert other in near
            if distance(f"{one:%d%m%Y}", f"{other:%d%m%Y}", 1) == 1:
                assert other in near
