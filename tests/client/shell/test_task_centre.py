"""«Долгие работы» over a real server, whose worker is a process: begun by keys, seen, cancelled, saved, and told when it ends."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from client.kit.tasks import Line
from client.shell.desktop import Desktop
from client.shell.server_jobs import GONE
from client.shell.task_centre import TAB, TasksPage
from client.store.sleeping import put_to_sleep, woken
from common.admissions.jobs import IMPORT
from common.kit import resources, sheets
from common.kit.jobs import Job, JobState
from common.reference.kinds import EducationBase
from tests.client.conftest import KEY, Dress, OpenDesktop
from tests.widget_checks import everything_wrong, settle

CTRL = Qt.KeyboardModifier.ControlModifier
LONG = 240_000


def page_of(desktop: Desktop) -> TasksPage:
    page = desktop.frame.tab(TAB)
    assert isinstance(page, TasksPage)
    return page


def show(desktop: Desktop, qtbot: QtBot, width: int = 1280) -> None:
    desktop.work.begin()
    desktop.frame.resize(width, 700)
    desktop.frame.show()
    qtbot.waitExposed(desktop.frame)
    settle()


def test_an_export_is_begun_by_a_key_seen_in_the_status_line_and_saved_whole(
    open_desktop: OpenDesktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = open_desktop()
    show(desktop, qtbot)
    desktop.work.search("а")
    QTest.keyPress(desktop.frame, Qt.Key.Key_J, CTRL)
    page = page_of(desktop)
    with qtbot.waitSignal(desktop.jobs.ended, timeout=LONG) as ended:
        page.begin_asked.emit("export-applicants")
        qtbot.waitUntil(desktop.centre.button.isVisible, timeout=LONG)
        assert "1 работа" in desktop.centre.button.text()
        assert not everything_wrong(desktop.frame)
    line: Line = ended.args[0]
    assert (line.state, line.file[:11]) == (JobState.DONE, "Поступающие")
    assert not desktop.centre.button.isVisible()
    target = tmp_path / "Моя папка" / "Список за июль.xlsx"
    target.parent.mkdir()
    choose: Any = staticmethod(lambda *_: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    page.table.view.setFocus()
    with qtbot.waitSignal(desktop.tasks.ended, timeout=LONG):
        QTest.keyPress(page.table.view, Qt.Key.Key_Return)
    table = sheets.read(target)
    assert "Отбор: «а»" in table.headers[0]
    assert len(table.rows) > 10
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert desktop.frame.notice.text.text() == "Сохранено: Список за июль."
    assert not everything_wrong(desktop.frame)


def test_a_table_is_sent_checked_by_the_server_and_its_faults_come_back_as_a_table(
    open_desktop: OpenDesktop, qtbot: QtBot, dress: Dress, tmp_path: Path
) -> None:
    table = tmp_path / "Заявления за июль.xlsx"
    shutil.copy(resources.path("samples", "applications.xlsx"), table)
    dress(dark=True)
    desktop = open_desktop()
    show(desktop, qtbot, 800)
    asking = desktop.centre.ask_import(table)
    settle()
    assert not everything_wrong(asking)
    with qtbot.waitSignal(desktop.jobs.ended, timeout=LONG) as ended:
        QTest.keyPress(asking, Qt.Key.Key_Return, CTRL)
    line: Line = ended.args[0]
    assert line.state is JobState.DONE
    assert line.said.startswith("Проверено без записи. Строк ")
    settle()
    assert not everything_wrong(desktop.frame)


def test_a_file_that_cannot_be_read_and_a_server_out_of_reach_are_said_in_words(
    open_desktop: OpenDesktop, qtbot: QtBot, tmp_path: Path
) -> None:
    desktop = open_desktop(server="http://127.0.0.1:9")
    show(desktop, qtbot)
    with qtbot.waitSignal(desktop.tasks.ended, timeout=LONG) as ended:
        desktop.jobs.load(tmp_path / "нет такого.xlsx", base=EducationBase.BASIC, dry_run=True)
    assert ended.args[0].said == "Файл «нет такого.xlsx» не открывается"
    with qtbot.waitSignal(desktop.jobs.refused, timeout=LONG):
        desktop.centre.begin("export-applicants")
    assert "Нет связи" in desktop.frame.notice.text.text()
    assert IMPORT in {kind for kind, _, _ in desktop.centre.kinds()}


def test_what_lasts_is_asked_after_again_behind_the_lock_and_a_job_that_is_gone_is_said(
    open_desktop: OpenDesktop, qtbot: QtBot, tmp_path: Path
) -> None:
    desktop = open_desktop()
    show(desktop, qtbot)
    jobs = desktop.jobs
    running = Job(
        id="0" * 32, kind=IMPORT, title="Загрузить", state="running", done=1, total=2, said="",
        file="", size=0, asked_at="2026-07-01T12:00:00+00:00", finished_at="",
    )  # fmt: skip
    jobs.known = {running.id: running}
    put_to_sleep(desktop.store)
    jobs.ask()
    qtbot.waitUntil(jobs._timer.isActive)
    jobs._timer.stop()
    with woken(desktop.store, KEY):
        pass
    with qtbot.waitSignal(jobs.refused) as said:
        jobs.fetch("1" * 32, tmp_path / "x.xlsx", chosen=print)
    assert said.args == [GONE]
    desktop.frame.hide()
