"""A desk with nothing to send says within five seconds that the server has gone."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings
from pytestqt.qtbot import QtBot

from client.shell.desktop import Desktop
from client.shell.link import Link as State
from client.store.store import Store
from client.store.syncing import Round
from tests.client.conftest import KEY, OpenDesktop
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


def test_a_round_that_ended_with_the_window_is_told_to_nobody(
    filled_store: Store, region: World, tmp_path: Path
) -> None:
    """Its word stands in the queue already when the last window goes."""
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    desktop = Desktop(filled_store, region.address, settings=settings, key=lambda _: KEY)
    thread = threading.Thread(target=lambda: desktop.sync.rounded.emit(Round(why="поздно")))
    thread.start()
    thread.join()
    desktop.stop()
    desktop.frame.deleteLater()
    QCoreApplication.sendPostedEvents(desktop)
    assert desktop.last is None
