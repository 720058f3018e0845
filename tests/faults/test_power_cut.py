"""E-51: the power goes at the server and at the desk; unsynced writes are dropped, kept or torn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from server.kit.database import open_engine
from server.kit.tables import operation
from tests.faults.conftest import Begin, Filled
from tests.faults.desks import Desk, Reckoning, desks, settle, wait_for
from tests.faults.power import Power, forgetting, why_not
from tests.faults.profiles import make_profile, rows_kept, rows_said, start_recorder
from tests.scale import Scale

pytestmark = [pytest.mark.fault, pytest.mark.skipif(bool(why_not()), reason=why_not())]

DESKS = 4


def cut_the_server(place: Path, begin: Begin, pattern: str, *, cuts: int, floor: int) -> Reckoning:
    with forgetting(place / "disk") as power:
        url = bring(power, pattern)
        with begin(url) as made, desks(DESKS, place, made.address) as working:
            for number in range(1, cuts + 1):
                wait_for(working, floor * number // (cuts + 1))
                made.kill()
                power.cut()
                made.start()
            wait_for(working, floor)
            return settle(working, url)


def bring(power: Power, url: str) -> str:
    return f"sqlite:///{power.bring(Path(url.removeprefix('sqlite:///')))}"


def test_the_server_keeps_what_it_acknowledged_through_power_cuts(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    floor = scale(200, 10_000)
    found = cut_the_server(tmp_path, begin, filled("sqlite"), cuts=scale(2, 10), floor=floor)
    scale.say("power cut at the server", found)
    assert found.clean, str(found)
    assert found.acknowledged >= floor


def test_a_server_that_does_not_make_its_writes_durable_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    with forgetting(tmp_path / "disk") as power:
        url = bring(power, filled("sqlite"))
        with (
            begin(url, bug="not_durable") as made,
            desks(DESKS, tmp_path, made.address) as working,
        ):
            wait_for(working, 100)
            made.kill()
            power.cut()
            lost = missing(working, url)
    scale.say("planted: the server does not sync its writes", f"lost {lost}")
    assert lost


def missing(working: Sequence[Desk], url: str) -> int:
    """Acknowledged operations that a database does not hold; all of them where it cannot be read."""
    for each in working:
        each.ending.set()
    for each in working:
        each.join()
    told = {uuid for d in working for uuid, k in d.known.items() if k.answered is not None}
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            kept = set(connection.execute(sa.select(operation.c.uuid)).scalars())
    except DatabaseError:
        return len(told)
    finally:
        engine.dispose()
    return len(told - kept)


def cut_the_desk(profile: Path, power_place: Path, *, cuts: int, planted: str = "") -> int:
    """How many rows were said to be recorded; AssertionError where one is not there afterwards."""
    said: list[str] = []
    with forgetting(power_place) as power:
        desk = power.bring(profile)
        for cut in range(1, cuts + 1):
            recorder = start_recorder(desk, planted=planted)
            assert recorder.stdout is not None
            lines = [recorder.stdout.readline() for _ in range(20 * cut)]
            recorder.kill()
            lines += recorder.stdout.readlines()
            recorder.wait()
            recorder.stdout.close()
            power.cut()
            said += rows_said(lines)
            missing = set(said) - rows_kept(desk)
            assert not missing, f"{len(missing)} of {len(said)} recorded rows are gone"
    return len(said)


def test_a_desk_keeps_what_it_recorded_through_power_cuts(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    with begin(filled("sqlite")) as made:
        profile = make_profile(tmp_path / "profile", made.address)
    said = cut_the_desk(profile, tmp_path / "disk", cuts=scale(2, 10))
    scale.say("power cut at the desk", f"recorded {said}, lost 0")
    with pytest.raises((AssertionError, OSError)) as caught:
        cut_the_desk(profile, tmp_path / "other", cuts=scale(2, 10), planted="not_durable")
    scale.say("planted: the journal is not durable", caught.value)
