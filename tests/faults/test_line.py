"""E-54: a line that cuts, loses, doubles, delays, reorders and throttles; a server that is frozen."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from client.net.link import Link
from client.store.store import Store
from tests.faults.conftest import Begin, Filled
from tests.faults.desks import Reckoning, desks, settle, wait_for
from tests.faults.line import TROUBLES, line
from tests.faults.planted import SentIsDone
from tests.scale import Scale

pytestmark = pytest.mark.fault

DESKS = 3


def work_over(
    place: Path,
    begin: Begin,
    url: str,
    troubles: tuple[str, ...],
    *,
    floor: int,
    wrong: bool = False,
) -> Reckoning:
    with (
        begin(url) as made,
        line(made.made.port, troubles) as between,
    ):

        def forgetting(store: Store, token: str) -> Link:
            return SentIsDone(between.address, token, store=store)

        def bad(store: Store, token: str) -> Link:
            return Link(between.address, token)

        with desks(DESKS, place, made.address, link=forgetting if wrong else bad) as working:
            wait_for(working, floor)
            between.calm()
            found = settle(working, url)
        assert set(between.met) == set(troubles)
        assert '"status":"500"' not in made.log()
        return found


def test_a_bad_line_loses_and_doubles_nothing(
    tmp_path: Path, begin: Begin, filled_url: str, scale: Scale
) -> None:
    floor = scale(600, 10_000)
    found = work_over(tmp_path, begin, filled_url, tuple(TROUBLES), floor=floor)
    scale.say("bad line", found)
    assert found.clean, str(found)
    assert found.acknowledged >= floor


def test_a_desk_that_takes_sent_for_arrived_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    found = work_over(tmp_path, begin, filled("sqlite"), ("cut_request",), floor=100, wrong=True)
    scale.say("planted: sent is taken for arrived", found)
    assert found.lost


def test_a_frozen_server_is_waited_for(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    url = filled("sqlite")
    with (
        begin(url) as made,
        desks(DESKS, tmp_path, made.address) as working,
    ):
        wait_for(working, 100)
        made.send(signal.SIGSTOP)
        for each in working:
            each.ending.wait(scale(2, 60))
        recorded = sum(len(d.known) for d in working)
        made.send(signal.SIGCONT)
        wait_for(working, recorded)
        found = settle(working, url)
    scale.say("frozen server", found)
    assert found.clean, str(found)


def test_a_desk_that_does_not_wait_for_a_frozen_server_is_caught(
    tmp_path: Path, begin: Begin, filled: Filled, scale: Scale
) -> None:
    url = filled("sqlite")
    with begin(url) as made:

        def hasty(store: Store, token: str) -> Link:
            link = SentIsDone(made.address, token, store=store)
            link.patience = 0.5
            return link

        with desks(DESKS, tmp_path, made.address, link=hasty) as working:
            wait_for(working, 50)
            made.send(signal.SIGSTOP)
            for each in working:
                each.ending.wait(1)
            made.restart()
            found = settle(working, url)
    scale.say("planted: a frozen server is not waited for", found)
    assert found.lost
