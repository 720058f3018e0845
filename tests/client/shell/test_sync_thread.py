"""A desk with nothing to send says within five seconds that the server has gone."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from client.shell.link import Link as State
from tests.client.conftest import OpenDesktop
from tests.demo_world import World

FIVE_SECONDS = 5_000


def test_a_lost_link_is_on_screen_within_five_seconds(
    open_desktop: OpenDesktop, region: World, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.sync.paused = False
    desktop.frame.show()
    desktop.sync.start()
    qtbot.waitUntil(lambda: desktop.frame.status.state.link is State.ONLINE, timeout=20_000)
    region.stop()
    try:
        qtbot.waitUntil(
            lambda: desktop.frame.status.state.link is State.OFFLINE, timeout=FIVE_SECONDS
        )
        assert "Нет связи с" in desktop.frame.status.state.words()
    finally:
        region.start()
    desktop.sync.poke()
    qtbot.waitUntil(lambda: desktop.frame.status.state.link is State.ONLINE, timeout=20_000)
