"""E-51: the power goes at the server and at the desk; unsynced writes are dropped, kept or torn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from server.kit.database import open_engine
from server.kit.tables import operation
from tests.demo_world import make
from tests.faults.conftest import APPLICANTS, Begin, Filled
from tests.faults.desks import Desk, desks, settle, wait_for
from tests.faults.power import Power, forgetting, why_not
from tests.faults.profiles import make_profile, rows_kept, rows_said, start_recorder
from tests.postgres import Cluster, is_root, made_cluster
from tests.scale import Scale

pytestmark = [pytest.mark.fault, pytest.mark.skipif(bool(why_not()), reason=why_not())]

DESKS = 4
THRIFTY = ("wal_writer_delay=10s", "min_wal_size=32MB", "max_wal_size=64MB")
"""Durable, on a small disk; what is not asked for at once is written late."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """A database whose disk forgets, and whatever must be started again after a cut."""

    url: str
    power: Power
    cluster: Cluster | None = None

    def cut(self) -> None:
        if self.cluster:
            self.cluster.stop()
        self.power.cut()
        if self.cluster:
            self.cluster.start()


@contextmanager
def plugged_sqlite(place: Path, pattern: str) -> Iterator[Plugged]:
    with forgetting(place / "disk") as power:
        yield Plugged(bring(power, pattern), power)


def bring(power: Power, url: str) -> str:
    return f"sqlite:///{power.bring(Path(url.removeprefix('sqlite:///')))}"


@contextmanager
def plugged_postgres(place: Path) -> Iterator[Plugged]:
    """A durable cluster, made on an honest disk, whose files are then brought to one that forgets."""
    with made_cluster(*THRIFTY) as cluster:
        cluster.start()
        url = cluster.server.database_url(cluster.server.create())
        make(place / "pattern", applicants=APPLICANTS, database_url=url)
        cluster.stop(mode="fast")
        honest = cluster.data.rename(cluster.home / "honest")
        cluster.data.mkdir()
        if is_root():
            shutil.chown(cluster.data, "postgres", "postgres")
        with forgetting(cluster.data) as power:
            power.fill(honest)
            cluster.start()
            try:
                yield Plugged(url, power, cluster)
            finally:
                cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def plugged(request: pytest.FixtureRequest, tmp_path: Path, filled: Filled) -> Iterator[Plugged]:
    kind = request.param
    with (
        plugged_sqlite(tmp_path, filled(kind))
        if kind == "sqlite"
        else plugged_postgres(tmp_path) as made
    ):
        yield made


def test_the_server_keeps_what_it_acknowledged_through_power_cuts(
    tmp_path: Path, begin: Begin, plugged: Plugged, scale: Scale
) -> None:
    floor, cuts = scale(200, 10_000), scale(2, 10)
    with begin(plugged.url) as made, desks(DESKS, tmp_path, made.address) as working:
        for number in range(1, cuts + 1):
            wait_for(working, floor * number // (cuts + 1))
            made.kill()
            plugged.cut()
            made.start()
        wait_for(working, floor)
        found = settle(working, plugged.url)
    scale.say("power cut at the server", found)
    assert found.clean, str(found)
    assert found.acknowledged >= floor


def test_a_server_that_does_not_make_its_writes_durable_is_caught(
    tmp_path: Path, begin: Begin, plugged: Plugged, scale: Scale
) -> None:
    bug = "late_to_disk" if plugged.cluster else "not_durable"
    with begin(plugged.url, bug=bug) as made, desks(DESKS, tmp_path, made.address) as working:
        wait_for(working, 100)
        made.kill()
        plugged.cut()
        lost = missing(working, plugged.url)
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
