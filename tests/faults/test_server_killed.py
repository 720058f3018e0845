"""E-49: the server is killed again and again under pushing desks; what it acknowledged is kept, once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.conftest import Begin, Filled
from tests.faults.desks import Reckoning, desks, settle, wait_for
from tests.scale import Scale

pytestmark = pytest.mark.fault

DESKS = 4


def kill_again_and_again(
    place: Path, begin: Begin, url: str, *, kills: int, floor: int, bug: str = ""
) -> Reckoning:
    """Kill at a random moment of the work; between two kills every desk has sent something."""
    chance = random.Random(kills)  # noqa: S311  a moment, not a secret
    with (
        begin(url, bug=bug) as made,
        desks(DESKS, place, made.address) as working,
    ):
        for number in range(1, kills + 1):
            wait_for(working, floor * number // kills - chance.randrange(floor // kills))
            made.restart()
        wait_for(working, floor)
        return settle(working, url)


def test_what_was_acknowledged_outlives_every_kill(
    tmp_path: Path, begin: Begin, filled_url: str, scale: Scale
) -> None:
    found = kill_again_and_again(
        tmp_path, begin, filled_url, kills=scale(3, 40), floor=scale(600, 10_000)
    )
    scale.say("server killed", found)
    assert found.clean, str(found)
    assert found.acknowledged >= scale(600, 10_000)


def test_a_server_that_answers_before_it_writes_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    found = kill_again_and_again(
        tmp_path, begin, filled("sqlite"), kills=4, floor=400, bug="answer_before_commit"
    )
    scale.say("planted: answers before it writes", found)
    assert found.lost or found.wrong
