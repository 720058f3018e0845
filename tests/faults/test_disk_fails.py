"""E-50: the disk under the server or the desk is full or fails; what cannot be kept is not said to be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import Begin, Filled
from tests.faults.desks import Desk, Reckoning, desks, settle, wait_for
from tests.faults.power import Power, forgetting, why_not
from tests.faults.profiles import make_profile, rows_kept, rows_said, start_recorder
from tests.faults.test_power_cut import bring
from tests.scale import Scale

pytestmark = [pytest.mark.fault, pytest.mark.skipif(bool(why_not()), reason=why_not())]

DESKS = 3
TROUBLES = ("full", "broken")


def work_over(
    place: Path, begin: Begin, pattern: str, trouble: str, *, times: int, floor: int, bug: str = ""
) -> Reckoning:
    """The disk of the server fails again and again, each time until every desk has met it."""
    with forgetting(place / "disk") as power:
        url = bring(power, pattern)
        with begin(url, bug=bug) as made, desks(DESKS, place, made.address) as working:
            for number in range(1, times + 1):
                wait_for(working, floor * number // (times + 1))
                power.tell(trouble)
                sit_through(working, rounds=3)
                assert power.tell("well")
            wait_for(working, floor)
            return settle(working, url)


def sit_through(working: list[Desk], *, rounds: int) -> None:
    before = [len(each.latencies) for each in working]
    while any(len(d.latencies) < b + rounds for d, b in zip(working, before, strict=True)):
        working[0].ending.wait(0.01)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_server_whose_disk_fails_takes_nothing_and_goes_on_when_it_is_well(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale, trouble: str
) -> None:
    floor = scale(200, 10_000)
    found = work_over(tmp_path, begin, filled("sqlite"), trouble, times=scale(2, 40), floor=floor)
    scale.say(f"the server's disk is {trouble}", found)
    assert found.clean, str(found)
    assert found.acknowledged >= floor


def test_a_server_that_overlooks_a_failed_write_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    found = work_over(
        tmp_path, begin, filled("sqlite"), "full", times=2, floor=200, bug="overlook_failures"
    )
    scale.say("planted: a failed write is overlooked", found)
    assert not found.clean


def record_until_refused(power: Power, desk: Path, trouble: str, planted: str = "") -> list[str]:
    recorder = start_recorder(desk, planted=planted)
    assert recorder.stdout is not None
    lines = [recorder.stdout.readline() for _ in range(20)]
    power.tell(trouble)
    lines += recorder.stdout.readlines()
    recorder.wait()
    recorder.stdout.close()
    assert power.tell("well")
    return lines


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_desk_whose_disk_fails_refuses_plainly_and_keeps_what_it_has_said(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale, trouble: str
) -> None:
    with begin(filled("sqlite")) as made:
        profile = make_profile(tmp_path / "profile", made.address)
    with forgetting(tmp_path / "disk") as power:
        desk = power.bring(profile)
        said, lines = list[str](), list[str]()
        for _ in range(scale(2, 20)):
            lines = record_until_refused(power, desk, trouble)
            said += rows_said(lines)
            assert lines[-1].startswith("refused"), lines[-1]
            assert "диск" in lines[-1] or "места" in lines[-1], lines[-1]
            assert set(said) <= rows_kept(desk)
        scale.say(
            f"the desk's disk is {trouble}", f"recorded {len(said)}, lost 0: {lines[-1].strip()}"
        )
        tries = (
            rows_said(record_until_refused(power, desk, trouble, "tell_first")) for _ in range(5)
        )
        assert any(set(planted) - rows_kept(desk) for planted in tries)
