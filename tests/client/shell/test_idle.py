"""A window in which nobody works for a quarter of an hour is locked; the clock is handed in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.shell.idle import LIMIT_MS, Idle
from tests.client.conftest import OpenDesktop
from tests.widget_checks import settle


class Clock:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


def test_a_quarter_of_an_hour_without_a_key_locks_the_window(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    clock = Clock()
    idle = Idle(clock, parent=desktop)
    idle.gone.connect(desktop.guard.lock)
    desktop.frame.show()
    clock.ms += LIMIT_MS - 1
    idle.look()
    assert not desktop.guard.locked
    clock.ms += 1
    idle.look()
    desktop.guard.background.wait()
    settle()
    assert desktop.guard.locked


def test_a_key_in_the_window_begins_the_time_anew(qtbot: QtBot) -> None:
    clock, window = Clock(), QWidget()
    qtbot.addWidget(window)
    idle = Idle(clock, parent=window)
    gone: list[int] = []
    idle.gone.connect(lambda: gone.append(clock.ms))
    window.show()
    idle.listen(window.windowHandle())
    clock.ms += LIMIT_MS - 1
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_F5)
    clock.ms += LIMIT_MS - 1
    idle.look()
    assert gone == []
    clock.ms += 1
    idle.look()
    assert gone == [clock.ms]


def test_a_clock_that_is_set_back_does_not_keep_the_window_open(qtbot: QtBot) -> None:
    clock, window = Clock(), QWidget()
    qtbot.addWidget(window)
    idle = Idle(clock, parent=window)
    gone: list[int] = []
    idle.gone.connect(lambda: gone.append(clock.ms))
    clock.ms -= 500_000
    idle.look()
    clock.ms += LIMIT_MS
    idle.look()
    assert len(gone) == 1
