"""«Долгие работы»: what goes on here and at the server, in one list; cancelled, saved and begun from it without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSize, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client.kit.asking import Asking
from client.kit.buttons import button
from client.kit.forms import FieldRow
from client.kit.icons import icon
from client.kit.pick import ChoiceEdit
from client.kit.rows import Column, FixedRows, answering
from client.kit.table import PagedTable
from client.kit.tasks import Line, Tasks
from client.kit.theme import theme
from client.kit.words import ElidedLabel, hint, plain, sentence
from client.shell.frame import MainFrame
from client.shell.record_words import moment
from client.shell.server_jobs import ServerJobs
from client.store.store import Store
from common.admissions.jobs import EXPORT, IMPORT, REPORT, TAKES, AdmissionsReport
from common.kit.jobs import ExportList, JobState
from common.kit.words import counted
from common.reference.kinds import EducationBase

TAB = "tasks"
TONES = {
    JobState.SENDING.label: "accent",
    JobState.QUEUED.label: "muted",
    JobState.RUNNING.label: "accent",
    JobState.DONE.label: "ok",
    JobState.FAILED.label: "bad",
    JobState.CANCELLED.label: "muted",
}
BARS = 8
NOTHING = "Долгих работ не было. Выгрузка и загрузка таблиц начинаются кнопками вверху"


class Row(NamedTuple):
    line: Line

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def texts(self) -> tuple[str, ...]:
        line = self.line
        return (line.title, line.state.label, how_far(line), line.said, moment(line.at))


def how_far(line: Line) -> str:
    """A bar of signs and the number: read out and seen alike."""
    if not line.state.lasts:
        return ""
    percent = line.percent
    if percent is None:
        return "…"
    full = percent * BARS // 100
    return f"{'■' * full}{'□' * (BARS - full)} {percent} %"


class Rows(FixedRows[Row]):
    columns: Sequence[Column] = (
        Column("what", "Работа", 250, sortable=False),
        Column("state", "Состояние", 140, pill=True, sortable=False),
        Column("far", "Сделано", 180, sortable=False),
        Column("said", "Подробно", 330, sortable=False),
        Column("at", "Начата", 140, sortable=False),
    )


class ImportTable(Asking):
    """How a chosen table is to be loaded; `agreed(base, dry_run)`."""

    agreed = Signal(object, bool)

    def __init__(self, path: Path, parent: QWidget) -> None:
        said = (
            f"«{path.stem}» передаётся на сервер и загружается там в открытую приёмную кампанию. "
            "Повторная загрузка того же файла ничего не удвоит"
        )
        super().__init__("Загрузить заявления из таблицы", said, "Передать", parent)
        self.base = ChoiceEdit.of(EducationBase, "База")
        self.base.set_value(EducationBase.BASIC)
        ways = [(True, "Сначала проверить, ничего не записывая"), (False, "Загрузить")]
        self.way = ChoiceEdit(ways, "Что сделать")
        self.way.set_value(True)
        for field in (self.base, self.way):
            self.fields.addWidget(FieldRow(field.label(), field, required=True))
        self.base.setFocus()

    def agree(self) -> None:
        base, dry_run = self.base.value(), self.way.value()
        for field in (self.base, self.way):
            if field.value() is None:
                field.set_message("Выберите значение", "error")
                field.setFocus()
                return
        self.accept()
        self.agreed.emit(base, dry_run)


class TasksPage(QWidget):
    """`cancel_asked(key)`, `save_asked(key)`, `begin_asked(kind)`."""

    cancel_asked = Signal(str)
    save_asked = Signal(str)
    begin_asked = Signal(str)

    def __init__(self, kinds: Sequence[tuple[str, str, str]]) -> None:
        """`kinds`: what may be begun here, its words and its icon."""
        super().__init__()
        self.all: list[Row] = []
        self.summary = plain("", role="muted")
        self.summary.setWordWrap(True)
        self.table = PagedTable(Rows((), TONES), "Долгие работы", empty=NOTHING)
        self.table.opened.connect(lambda key: self._save(str(key)))
        self.table.delete_asked.connect(lambda _keys: self.cancel())
        self.table.filter_asked.connect(lambda _text: self._show())
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(ElidedLabel("Долгие работы", role="title"), 1)
        for kind, words, name in kinds:
            top.addWidget(button(words, name, run=partial(self.begin_asked.emit, kind)))
        self.stop = button("Отменить  Del", "circle-x", run=self.cancel)
        self.keep = button("Сохранить как…  Enter", "download", run=self.save)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.summary, 1)
        acts.addWidget(self.stop)
        acts.addWidget(self.keep)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(top)
        body.addLayout(acts)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.view)
        self.table.view.selectionModel().currentChanged.connect(lambda *_: self._enable())

    def set_lines(self, lines: Sequence[Line]) -> None:
        first, self.all = not self.all, [Row(line) for line in lines]
        self._show()
        if first and self.all:
            self.table.select_keys([self.all[0].key], self.all[0].key)

    def _show(self) -> None:
        shown = answering(self.all, self.table.quick.text())
        self.table.refresh(Rows(shown, TONES), total=len(self.all))
        going = sum(row.line.state.lasts for row in self.all)
        self.summary.setText(
            counted(going, "работа идёт", "работы идут", "работ идут")
            if going
            else "Сейчас ничего не делается."
        )
        self._enable()

    def current(self) -> Line | None:
        key = self.table.current_key()
        return next((row.line for row in self.all if row.key == key), None)

    def _enable(self) -> None:
        line = self.current()
        self.stop.setEnabled(line is not None and line.state.lasts)
        self.keep.setEnabled(line is not None and bool(line.file))

    def cancel(self) -> None:
        line = self.current()
        if line is not None and line.state.lasts:
            self.cancel_asked.emit(line.key)

    def save(self) -> None:
        line = self.current()
        if line is not None:
            self._save(line.key)

    def _save(self, key: str) -> None:
        if any(row.key == key and row.line.file for row in self.all):
            self.save_asked.emit(key)


class TaskCentre(QObject):
    """One place in the status line, and the tab behind it; whatever ends while nobody looks is told above the work."""

    def __init__(
        self, store: Store, tasks: Tasks, jobs: ServerJobs, frame: MainFrame, search: Callable[[], str]
    ) -> None:  # fmt: skip
        """`search`: what the applicants' list is narrowed by."""
        super().__init__(frame)
        self.store, self.tasks, self.jobs, self.frame, self.search = (
            store,
            tasks,
            jobs,
            frame,
            search,
        )
        self.button = QPushButton()
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self.open)
        self.button.hide()
        frame.status.tasks.addWidget(self.button)
        for source in (tasks, jobs):
            source.changed.connect(self.refresh)
            source.ended.connect(self._tell)
        jobs.refused.connect(lambda said: frame.notice.say(sentence(said), tone="bad"))
        theme().changed.connect(self._show_button)

    def kinds(self) -> list[tuple[str, str, str]]:
        """What this person may begin."""
        held = {str(p) for p in self.store.permissions()}
        every = (
            (EXPORT, "Выгрузить поступающих", "file-down"),
            (IMPORT, "Загрузить таблицу…", "file-up"),
            (REPORT, "Ход приёма страницей", "chart-column"),
        )
        return [each for each in every if TAKES[each[0]] in held]

    def lines(self) -> list[Line]:
        """What lasts first, then the newest."""
        every = [task.line() for task in self.tasks.tasks] + self.jobs.lines()
        return sorted(every, key=lambda line: (not line.state.lasts, -line.at.timestamp()))

    # ---- what is seen

    def open(self) -> None:
        if self.frame.has_tab(TAB):
            self.frame.open_tab(TAB, "", self.frame.tab(TAB))
        else:
            page = TasksPage([each for each in self.kinds() if each[0] != REPORT])
            page.cancel_asked.connect(self.cancel)
            page.save_asked.connect(self.save)
            page.begin_asked.connect(self.begin)
            self.frame.open_tab(TAB, "Долгие работы", page, "clock")
            page.table.view.setFocus()
        self.refresh()
        self.jobs.ask()

    def refresh(self) -> None:
        page = self.frame.tab(TAB) if self.frame.has_tab(TAB) else None
        if isinstance(page, TasksPage):
            page.set_lines(self.lines())
        self._show_button()

    def _show_button(self) -> None:
        going = [line for line in self.lines() if line.state.lasts]
        self.button.setVisible(bool(going))
        if not going:
            return
        known = [line.percent for line in going if line.percent is not None]
        far = f" · {sum(known) // len(known)} %" if known else ""
        words = counted(len(going), "работа", "работы", "работ")
        side = theme().px(16)
        self.button.setIconSize(QSize(side, side))
        self.button.setIcon(icon("clock", "accent"))
        self.button.setText(f" {words}{far}")
        self.button.setAccessibleName(f"Долгие работы: {words}{far}")
        self.button.setToolTip(hint("\n".join(f"{line.title}: {how_far(line)}" for line in going)))

    def _tell(self, line: Line) -> None:
        """What has ended, where its tab is not in front of him; a failure anyhow."""
        if line.state is JobState.CANCELLED or (
            line.state is JobState.DONE and self.frame.current_tab() == TAB
        ):
            return
        bad = line.state is JobState.FAILED
        act = (lambda: self.save(line.key)) if line.file else self.open
        words = "Сохранить как…" if line.file else "Показать"
        said = f"{line.title}: {'не выполнено. ' if bad else ''}{line.said}"
        self.frame.notice.say(sentence(said), words, act, tone="bad" if bad else "ok")

    # ---- what is done

    def begin(self, kind: str) -> None:
        if kind in {EXPORT, REPORT}:
            asked = ExportList(search=self.search()) if kind == EXPORT else AdmissionsReport()
            self.jobs.start(kind, asked)
            self.open()
            return
        name, _ = QFileDialog.getOpenFileName(
            self.frame, "Таблица с заявлениями", "", "Таблицы Excel (*.xlsx *.xls)"
        )
        if name:
            self.ask_import(Path(name))

    def ask_import(self, path: Path) -> ImportTable:
        asking = ImportTable(path, self.frame)
        asking.agreed.connect(lambda base, dry: self._load(path, base=base, dry_run=dry))
        asking.open()
        return asking

    def _load(self, path: Path, *, base: EducationBase, dry_run: bool) -> None:
        self.jobs.load(path, base=base, dry_run=dry_run)
        self.open()

    def cancel(self, key: str) -> None:
        own = next((task for task in self.tasks.tasks if task.key == key), None)
        if own is not None:
            own.cancel()
        else:
            self.jobs.cancel(key)

    def save(self, key: str) -> None:
        line = next((line for line in self.lines() if line.key == key), None)
        if line is None or not line.file:
            return
        name, _ = QFileDialog.getSaveFileName(self.frame, "Сохранить как", line.file)
        if name:
            self.save_to(key, Path(name))

    def save_to(self, key: str, path: Path) -> None:
        self.jobs.fetch(key, path, chosen=self._saved)

    def _saved(self, path: Path) -> None:
        show = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(path)))
        self.frame.notice.say(f"Сохранено: {path.stem}.", "Открыть", show, tone="ok")
