"""A storm of errors is one window; its report holds no value that a person gave."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.kit.table import PagedTable
from client.shell.errors import ErrorDialog, ErrorGate
from tests.client.conftest import Dress
from tests.client.samples import SampleRows
from tests.widget_checks import settle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock, qtbot: QtBot, dress: Dress) -> Iterator[ErrorGate]:
    made = ErrorGate(clock)
    yield made
    made.uninstall()
    if made.dialog is not None:
        made.dialog.reject()


def fail(gate: ErrorGate, person: str = "Кузнецова") -> None:
    def look_up() -> None:
        raise ValueError(f"не найдена {person}")

    try:
        look_up()
    except ValueError as error:
        gate.take(type(error), error, error.__traceback__)


def fail_in_a_thread() -> None:
    raise LookupError


def dialogs() -> list[ErrorDialog]:
    return [
        w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog) and w.isVisible()
    ]


class Broken(SampleRows):
    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        raise RuntimeError("Кузнецова Анна")


def test_ux_33_a_broken_model_makes_one_dialog(gate: ErrorGate, qtbot: QtBot) -> None:
    table = PagedTable(Broken(), "Заявления")
    qtbot.addWidget(table)
    with qtbot.captureExceptions() as storm:
        table.show()
        table.resize(700, 500)
        settle()
        table.hide()
    assert len(storm) > 5
    for kind, error, trace in storm:
        gate.take(kind, error, trace)
    settle()
    assert len(dialogs()) == 1


def test_the_same_error_again_is_only_counted(gate: ErrorGate) -> None:
    for _ in range(16):
        fail(gate)
    assert [trouble.times for trouble in gate.troubles()] == [16]
    assert len(dialogs()) == 1


def test_a_closed_error_is_shown_again_after_a_minute(gate: ErrorGate, clock: Clock) -> None:
    fail(gate)
    dialogs()[0].accept()
    clock.now += 59
    fail(gate)
    assert dialogs() == []
    clock.now += 62
    fail(gate)
    assert len(dialogs()) == 1


def test_ux_33_the_report_holds_places_and_no_names(gate: ErrorGate) -> None:
    fail(gate)
    dialog = dialogs()[0]
    dialog.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "ValueError" in copied
    assert "test_errors.py" in copied
    assert "Кузнецова" not in copied + dialog.text.text()


def test_the_window_shows_plain_text(gate: ErrorGate) -> None:
    fail(gate)
    assert dialogs()[0].text.textFormat() == Qt.TextFormat.PlainText


def test_an_error_of_a_thread_comes_to_the_window(gate: ErrorGate, qtbot: QtBot) -> None:
    gate.install()
    worker = threading.Thread(target=fail_in_a_thread)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert "LookupError" in dialogs()[0].details.toPlainText()


def test_hooks_are_given_back(gate: ErrorGate) -> None:
    gate.install()
    gate.uninstall()
    assert sys.excepthook is sys.__excepthook__
