"""Work off the GUI thread ends with its window."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from client.kit.background import Background


def test_an_answer_comes_to_the_thread_that_asked(qtbot: QtBot) -> None:
    told: list[int] = []
    asked = Background()
    asked.ask("sum", lambda: 2 + 2, told.append)
    qtbot.waitUntil(lambda: told == [4])


def test_whoever_asks_after_the_window_has_gone_asks_nobody(qtbot: QtBot) -> None:
    window = QObject()
    asked = Background(window)
    delete(window)
    done: list[str] = []
    asked.ask("edge", lambda: done.append("work"), lambda _: done.append("told"))
    assert done == []


AT_THE_END = """
import atexit
from PySide6.QtCore import QObject
from client.kit.background import Background
window = QObject()
asked = Background(window)
asked.ask("first", lambda: None, lambda _: None)
asked.wait()
atexit.register(lambda: asked.ask("last", lambda: None, lambda _: None))
"""


def test_whoever_asks_at_the_end_of_the_program_asks_nobody() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", AT_THE_END], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stderr == ""
