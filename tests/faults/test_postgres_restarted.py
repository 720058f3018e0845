"""PostgreSQL ends and comes back under pushing desks, at once or in good order; nothing confirmed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo_world import make
from tests.faults.conftest import Begin
from tests.faults.desks import Reckoning, desks, settle, wait_for
from tests.postgres import Cluster, running_cluster
from tests.scale import Scale

pytestmark = pytest.mark.fault

DESKS = 4


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A durable one of our own, also where EPO_TEST_PG names another: it is killed."""
    with running_cluster(durable=True) as made:
        yield made


@pytest.fixture(scope="module")
def pattern(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    name = cluster.server.create()
    url = cluster.server.database_url(name)
    make(tmp_path_factory.mktemp("pattern"), applicants=2, database_url=url)
    return name


def restart_again_and_again(
    place: Path,
    begin: Begin,
    cluster: Cluster,
    pattern: str,
    *,
    times: int,
    floor: int,
    bug: str = "",
    modes: tuple[str, ...] = ("immediate", "fast"),
) -> Reckoning:
    """`immediate` is a crash, `fast` rolls back what runs."""
    url = cluster.server.database_url(cluster.server.create(template=pattern))
    with begin(url, bug=bug) as made, desks(DESKS, place, made.address) as working:
        for number in range(1, times + 1):
            wait_for(working, floor * number // (times + 1))
            cluster.stop(mode=modes[number % len(modes)])
            cluster.start()
        wait_for(working, floor)
        return settle(working, url)


def test_desks_do_not_notice_that_the_database_was_away(
    tmp_path: Path, begin: Begin, cluster: Cluster, pattern: str, scale: Scale
) -> None:
    floor = scale(400, 10_000)
    found = restart_again_and_again(
        tmp_path, begin, cluster, pattern, times=scale(2, 40), floor=floor
    )
    scale.say("PostgreSQL restarted", found)
    assert found.clean, str(found)
    assert found.acknowledged >= floor


def test_a_database_that_confirms_before_it_has_written_is_caught(
    tmp_path: Path, begin: Begin, cluster: Cluster, pattern: str, scale: Scale
) -> None:
    found = restart_again_and_again(
        tmp_path, begin, cluster, pattern, times=6, floor=600, bug="late_to_disk", modes=("immediate",)
    )  # fmt: skip
    scale.say("planted: PostgreSQL confirms before it has written", found)
    assert not found.clean
