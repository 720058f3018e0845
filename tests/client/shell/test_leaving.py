"""Closing the window: what stays is said, and nobody waits for the network."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from client.shell.desktop import Desktop
from client.shell.leaving import leave_words
from client.shell.link import Link as State
from client.store.syncing import Round
from common.kit.ids import new_id
from common.kit.sync import Command
from tests.client.conftest import OpenDesktop
from tests.demo_world import World


def question(desktop: Desktop) -> QMessageBox | None:
    return next((b for b in desktop.frame.findChildren(QMessageBox) if b.isVisible()), None)


def record(desktop: Desktop, qtbot: QtBot) -> None:
    """Something that waits in the queue."""
    desktop.store.record(lambda _: [Command("lease_numbers", {"book": f"applicant:{new_id()}"})])
    desktop._look()
    qtbot.waitUntil(lambda: desktop.counts.waiting > 0)


@pytest.mark.parametrize(
    ("waiting", "files", "start"),
    [
        (1, 0, "На этом компьютере останется 1 неотправленная запись. Она уйдёт"),
        (12, 0, "На этом компьютере останутся 12 неотправленных записей. Они уйдут"),
        (0, 1, "На этом компьютере останется 1 неотправленный файл. Он уйдёт"),
        (
            21, 2,
            "На этом компьютере останутся 21 неотправленная запись и 2 неотправленных файла. Они уйдут",
        ),
    ],
)  # fmt: skip
def test_the_question_counts_what_stays(waiting: int, files: int, start: str) -> None:
    assert leave_words(waiting, files).replace("\u00a0", " ").startswith(start)


def test_an_empty_queue_closes_without_a_question(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    assert desktop.frame.close()
    assert question(desktop) is None


def test_ux_25_a_full_queue_is_told_of_and_closing_does_not_wait_for_a_silent_server(
    open_desktop: OpenDesktop, qtbot: QtBot, silent_server: str
) -> None:
    desktop = open_desktop(server=silent_server)
    desktop.frame.show()
    record(desktop, qtbot)
    began = time.perf_counter()
    assert desktop.frame.close() is False
    assert time.perf_counter() - began < 0.1
    box = question(desktop)
    assert box is not None
    began = time.perf_counter()
    box.button(QMessageBox.StandardButton.NoButton)
    next(b for b in box.buttons() if b.text() == "Закрыть программу").click()
    assert time.perf_counter() - began < 0.1
    assert not desktop.frame.isVisible()


def test_staying_keeps_the_window(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    record(desktop, qtbot)
    desktop.frame.close()
    box = question(desktop)
    assert box is not None
    next(b for b in box.buttons() if b.text() == "Остаться").click()
    assert desktop.frame.isVisible()


def test_a_server_that_answers_and_takes_nothing_is_not_called_absent(
    open_desktop: OpenDesktop,
) -> None:
    desktop = open_desktop()
    said = {}
    for name, done in {
        "stuck": Round(stuck=True, why="Сервер не принял ни одной записи"),
        "offline": Round(why="Нет связи"),
        "online": Round(online=True),
    }.items():
        desktop._rounded(done)
        said[name] = desktop.frame.status.state.link
    assert said == {"stuck": State.STUCK, "offline": State.OFFLINE, "online": State.ONLINE}
    assert "Сервер не принял" not in desktop.frame.status.link.toolTip()


def test_a_server_that_comes_back_is_drained_without_a_dialog(
    open_desktop: OpenDesktop, qtbot: QtBot, region: World
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    region.stop()
    desktop.sync.paused = False
    record(desktop, qtbot)
    desktop.sync.start()
    try:
        qtbot.waitUntil(lambda: desktop.frame.status.state.link is State.OFFLINE, timeout=20_000)
    finally:
        region.start()
    desktop.sync.poke()
    qtbot.waitUntil(lambda: desktop.counts.waiting == 0 and bool(desktop.last), timeout=60_000)
    assert question(desktop) is None
