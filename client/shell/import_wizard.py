"""«Загрузка таблицы»: from a file or pasted cells to records, in three steps, each by keyboard; nothing is stored before the last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client.kit.buttons import button
from client.kit.focus import press_focused
from client.kit.long_work import LongWork
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain, sentence
from client.shell.import_pages import CheckPage, ColumnsPage, SheetPage
from client.shell.import_state import Loading
from client.store import importing
from common.kit import limited
from common.kit.errors import EpoError
from common.kit.examining import Plan
from common.kit.grids import Grid
from common.kit.progress import Progress
from common.kit.words import counted

STEPS = ("Таблица", "Столбцы", "Проверка")
SHEET, COLUMNS, CHECK = range(3)
MARKED, BOOK = "с пометками", ".xlsx"


class ImportWizard(QDialog):
    """`applied(Applied)` when the rows are recorded; `begin` shows it at the step that needs a person."""

    applied = Signal(object)

    def __init__(self, loading: Loading, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.loading, self.step = loading, SHEET
        self.pasted = loading.path is None
        name = loading.path.stem if loading.path else "вставленные строки"
        self.setWindowTitle(f"Загрузка таблицы: {name}")
        self.title = ElidedLabel("", role="heading")
        self.stack = QStackedWidget()
        self.work = LongWork()
        self.trouble = plain("")
        self.trouble.setWordWrap(True)
        self.trouble.setProperty("tone", "error")
        self.trouble.hide()
        self._build()
        room = parent.window().size()
        self.resize(min(theme().px(920), room.width()), min(theme().px(640), room.height()))

    def _build(self) -> None:
        self.back = button("Назад", "arrow-left", run=self.go_back)
        self.no = button("Отмена", run=self.reject)
        self.next = button("Далее", primary=True, run=self.go_on)
        self.next.setToolTip("Ctrl+Enter")
        for made in (self.back, self.no, self.next):
            made.setAutoDefault(False)
        below = QHBoxLayout()
        below.addWidget(self.back)
        below.addStretch(1)
        below.addWidget(self.no)
        below.addWidget(self.next)
        body = QVBoxLayout(self)
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(10)
        body.addWidget(self.title)
        body.addWidget(self.stack, 1)
        body.addWidget(self.trouble)
        body.addWidget(self.work)
        body.addLayout(below)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.go_on)
        QShortcut(QKeySequence("Alt+Left"), self, self.go_back)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)

    def begin(self) -> None:
        """Pasted cells whose columns are known are looked at at once; else a person is asked first."""
        if self.pasted:
            self._show(COLUMNS)
            if self.loading.places and not self.loading.lacking():
                self.go_on()
        else:
            self._show(SHEET)
        self.open()

    # ---- steps

    def _make(self, step: int) -> QWidget:
        if step == SHEET:
            page = SheetPage(self.loading)
            page.sheet_asked.connect(self._read_sheet)
            return page
        if step == COLUMNS:
            return ColumnsPage(self.loading)
        check = CheckPage(self.loading)
        check.marks_asked.connect(self.save_marks)
        return check

    def _show(self, step: int) -> None:
        """A page is made of what is known now, so that going back shows what was said."""
        page = self._make(step)
        old = self.stack.currentWidget()
        self.stack.setCurrentIndex(self.stack.addWidget(page))
        if isinstance(old, QWidget):
            self.stack.removeWidget(old)
            old.deleteLater()
        self.page, self.step = page, step
        self.tell("")
        first = COLUMNS if self.pasted else SHEET
        self.title.setText(f"Шаг {step - first + 1} из {CHECK - first + 1}. {STEPS[step]}")
        self.back.setEnabled(step > first)
        self.next.setText("Далее")
        self.next.setEnabled(True)
        if isinstance(page, CheckPage):
            self._offer(page)
        page.first().setFocus(Qt.FocusReason.OtherFocusReason)  # type: ignore[attr-defined]  # each page has one

    def _offer(self, page: CheckPage) -> None:
        wanted = len(page.plan.wanted)
        self.title.setText(f"{self.title.text()}: {page.summary()}")
        self.next.setText(f"Записать: {wanted}")
        self.next.setEnabled(bool(wanted))

    def go_back(self) -> None:
        if not self.work.busy and self.back.isEnabled():
            self._show(self.step - 1)

    def go_on(self) -> None:
        """To the next step; on the last, record."""
        if self.work.busy or not self.next.isEnabled():
            return
        page = self.page
        if isinstance(page, CheckPage):
            self._apply(page.plan)
            return
        assert isinstance(page, SheetPage | ColumnsPage)  # noqa: S101  there are no others
        if said := page.problem():
            self.tell(said)
            return
        if isinstance(page, SheetPage):
            self._show(COLUMNS)
            return
        page.keep()
        self._run("Проверяются строки", self._look, lambda _plan: self._show(CHECK))

    def _look(self, told: Progress) -> Plan:
        plan = self.loading.examine(told)
        self.loading.remember()
        return plan

    def _apply(self, plan: Plan) -> None:
        store = self.loading.store
        self._run(
            "Записываются строки", lambda told: importing.apply(store, plan, told), self._applied
        )

    def _applied(self, done: importing.Applied) -> None:
        self.applied.emit(done)
        self.accept()

    def _read_sheet(self, name: str) -> None:
        path = self.loading.path
        if path is not None:
            self._run("Читается лист", lambda _told: limited.read_grid(path, name), self._read)

    def _read(self, grid: Grid) -> None:
        if isinstance(self.page, SheetPage):
            self.page.show_grid(grid)

    def save_marks(self) -> None:
        """Ask for the place, then make the copy in a child."""
        path = self.loading.path
        place = path.with_name(f"{path.stem} {MARKED}{BOOK}") if path else Path(f"{MARKED}{BOOK}")
        name, _ = QFileDialog.getSaveFileName(
            self, "Копия с пометками", str(place), f"Excel (*{BOOK})"
        )
        if name:
            self.write_marks(Path(name if name.lower().endswith(BOOK) else f"{name}{BOOK}"))

    def write_marks(self, path: Path) -> None:
        self._run(
            f"Сохраняется «{path.name}»",
            lambda _told: self.loading.mark(path),
            lambda _none: self.tell(f"Сохранено: {path.name}", tone="ok"),
        )

    # ---- work and words

    def _run(self, words: str, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        self.tell("")
        self.next.setEnabled(False)
        self.work.run(words, work, lambda answer: self._ran(done, answer), self._refused)

    def _ran(self, done: Callable[[Any], None], answer: Any) -> None:
        self.next.setEnabled(True)
        done(answer)

    def _refused(self, fault: EpoError) -> None:
        self.next.setEnabled(True)
        self.tell(fault.message)

    def tell(self, words: str, *, tone: str = "error") -> None:
        self.trouble.setProperty("tone", tone)
        self.trouble.style().polish(self.trouble)
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def reject(self) -> None:
        """While something is under way Esc stops that; once more closes the window, and nothing is recorded."""
        if self.work.busy:
            self.work.cancel()
        else:
            super().reject()


def told_of(done: importing.Applied) -> str:
    """What was done, in one line."""
    words = [
        counted(len(done.created), "запись создана", "записи созданы", "записей создано")
        if done.created
        else "",
        counted(len(done.changed), "изменена", "изменены", "изменено") if done.changed else "",
    ]
    said = ", ".join(filter(None, words)) or "Ничего не записано"
    if not done.stopped:
        return said
    return f"{said}. {sentence(done.why or 'Остановлено')} Остальное не внесено"
