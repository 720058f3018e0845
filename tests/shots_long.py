"""The shots of long work and of the admissions board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from client.admissions.board import BoardPage, sheets
from client.kit.pages import PdfPages
from client.kit.tasks import Line
from client.shell.board_tab import BOARD
from client.shell.desktop import Desktop
from client.shell.task_centre import TAB, TasksPage
from common.kit.jobs import JobState
from common.kit.progress import Progress

Settle = Callable[..., None]
Shoot = Callable[[QApplication, QWidget, str, Path], None]

NOW = dt.datetime(2026, 7, 14, 11, 20, tzinfo=dt.timezone(dt.timedelta(hours=7)))
LINES = (
    Line("1", "Выгрузить список поступающих", JobState.RUNNING, 31_000, 50_000, "", NOW),
    Line("2", "Загрузить заявления из таблицы", JobState.QUEUED, 0, 0, "", NOW),
    Line("3", "Передать таблицу «Заявления за июль»", JobState.DONE, 1, 1,
         "Таблица передана; дальше её загружает сервер", NOW - dt.timedelta(minutes=2)),
    Line("4", "Выгрузить список поступающих", JobState.DONE, 1, 1, "Выгружено: 48 211 строк",
         NOW - dt.timedelta(hours=1), "Поступающие 14.07.2026.xlsx"),
    Line("5", "Загрузить заявления из таблицы", JobState.FAILED, 0, 0,
         "Файл «Список» не читается как таблица Excel; сохраните его в Excel как .xlsx", NOW - dt.timedelta(hours=2)),
    Line("6", "Выгрузить список поступающих", JobState.CANCELLED, 0, 0, "Отменено вами", NOW - dt.timedelta(days=1)),
)  # fmt: skip


def long_work(
    app: QApplication, desktop: Desktop, look: str, place: Path, *, settle: Settle, shoot: Shoot
) -> None:
    """The board, its paper, the task centre, and one work in the status line."""
    desktop.frame.show()
    desktop.work.board.open()
    page = desktop.frame.tab(BOARD)
    assert isinstance(page, BoardPage)
    settle(app, lambda: page.told is not None, 10)
    shoot(app, desktop.frame, f"board_{look}", place)
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum() // 2)
    shoot(app, desktop.frame, f"board_middle_{look}", place)
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    shoot(app, desktop.frame, f"board_below_{look}", place)
    told = page.told
    assert told is not None
    assert told.board is not None
    pages = PdfPages(sheets(told.board, "Приём 2026", NOW.date()))
    for number in range(pages.count()):
        pages.image(number, 96).save(str(place / f"board_paper_{number + 1}.png"))
    _tasks(app, desktop, look, place, settle=settle, shoot=shoot)
    for _ in range(2):
        desktop.frame.close_current()


def _tasks(
    app: QApplication, desktop: Desktop, look: str, place: Path, *, settle: Settle, shoot: Shoot
) -> None:
    def endless(progress: Progress) -> str:
        while True:
            progress(62, 100)

    task = desktop.tasks.begin("Выгрузить список поступающих", endless)
    desktop.centre.open()
    tab = desktop.frame.tab(TAB)
    assert isinstance(tab, TasksPage)
    settle(app, desktop.centre.button.isVisible, 5)
    desktop.tasks.changed.disconnect(desktop.centre.refresh)
    desktop.jobs.changed.disconnect(desktop.centre.refresh)
    tab.set_lines(LINES)
    tab.table.select_keys(["4"], "4")
    shoot(app, desktop.frame, f"tasks_{look}", place)
    asking = desktop.centre.ask_import(Path("Заявления за июль.xlsx"))
    settle(app)
    asking.grab().save(str(place / f"import_table_{look}.png"))
    asking.reject()
    task.cancel()
