"""Tables out of a list and into it: «Сохранить таблицу», «Загрузить таблицу», Ctrl+C and Ctrl+V."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from client.kit.background import Background
from client.kit.list_screen import ListScreen
from client.kit.words import sentence
from client.shell.exporting import ExportDialog
from client.shell.frame import MainFrame
from client.shell.import_state import Loading, pasted, recognised
from client.shell.import_wizard import ImportWizard, told_of
from client.store import importing
from client.store.importing import Applied
from client.store.store import Store
from common.kit import limited
from common.kit.errors import EpoError
from common.kit.spec import EntitySpec

TO_UNDO = 120
"""Seconds that «Отменить» is offered: a person looks through what came."""
PICTURE = "В буфере картинка, а не ячейки. Скан прикрепляют в карточке: откройте её и нажмите Ctrl+V у документа"
NOTHING = "В буфере нет ячеек: скопируйте строки в Excel и вставьте снова"
FILES = "Таблицы (*.xlsx *.xlsm *.csv *.txt *.tsv);;Все файлы (*)"
BARRED = "Нет права вносить такие записи таблицей: обратитесь к администратору"


class Tables(QObject):
    """`recorded` when rows were stored."""

    recorded = Signal()

    def __init__(self, store: Store, frame: MainFrame, barred: Mapping[str, str]) -> None:
        """`barred`: why no new records of an entity are made by a table."""
        super().__init__(frame)
        self.store, self.frame, self.barred = store, frame, barred
        self.background = Background(self)

    def equip(self, screen: ListScreen, *, writes: bool) -> None:
        """Give a list its buttons and keys; what comes in is for who may write its records."""
        screen.table.copying.copied.connect(self.frame.set_status)
        items: list[tuple[str, Callable[[], object], str]] = [
            ("Сохранить таблицу…", lambda: self.save(screen), "Ctrl+E")
        ]
        if writes:
            items.append(("Загрузить таблицу…", lambda: self.load(screen), "Ctrl+Shift+E"))
            items.append(("Вставить строки…\tCtrl+V", lambda: self.paste(screen), ""))
            screen.allow_paste()
            screen.paste_asked.connect(lambda: self.paste(screen))
        screen.add_menu("Таблица", "file-spreadsheet", items)

    def save(self, screen: ListScreen) -> ExportDialog:
        dialog = ExportDialog(self.store, screen, self.frame)
        dialog.saved.connect(self.frame.set_status)
        dialog.open()
        return dialog

    # ---- in

    def load(self, screen: ListScreen) -> None:
        name, _ = QFileDialog.getOpenFileName(self.frame, "Загрузить таблицу", "", FILES)
        if name:
            self.read(screen, Path(name))

    def read(self, screen: ListScreen, path: Path) -> None:
        """In a child process; then the wizard, or in words why not."""
        if not (kinds := self._kinds(screen)):
            return
        self.frame.set_status(f"Читается «{path.name}»…")

        def work() -> Loading:
            return recognised(self.store, kinds, limited.read_grid(path), path)

        self.background.ask("table", work, self._begin, self._refuse)

    def paste(self, screen: ListScreen) -> None:
        """The cells on the clipboard, looked at before anything is stored."""
        data = QGuiApplication.clipboard().mimeData()
        if file := _file_in(data):
            self.read(screen, file)
            return
        text = data.text() if data.hasText() else ""
        if not text.strip():
            self.frame.notice.say(PICTURE if data.hasImage() else NOTHING)
            return
        if not (kinds := self._kinds(screen)):
            return
        shown = screen.visible()
        self.background.ask(
            "table",
            lambda: pasted(self.store, kinds, screen.spec, shown, text),
            self._begin,
            self._refuse,
        )

    def _kinds(self, screen: ListScreen) -> list[EntitySpec]:
        """What tables of this list may hold, its own records first."""
        kinds = importing.related(self.store, screen.spec.main)
        if not kinds:
            self.frame.notice.say(BARRED)
        return kinds

    def _begin(self, loading: Loading) -> None:
        self.frame.set_status("")
        loading.barred = self.barred
        self.wizard = ImportWizard(loading, self.frame)
        self.wizard.applied.connect(self._applied)
        self.wizard.begin()

    def _refuse(self, fault: EpoError) -> None:
        self.frame.set_status("")
        self.frame.notice.say(sentence(fault.message))

    def _applied(self, done: Applied) -> None:
        self.recorded.emit()
        self.frame.undo_bar.offer(told_of(done), lambda: self._undo(done), seconds=TO_UNDO)

    def _undo(self, done: Applied) -> None:
        self.background.ask(
            "undo",
            lambda: importing.undo(self.store, done),
            lambda _none: self._undone(),
            self._refuse,
        )

    def _undone(self) -> None:
        self.recorded.emit()
        self.frame.set_status("Загруженное убрано: всё, как было")


def _file_in(data: QMimeData) -> Path | None:
    """A table that was copied as a file."""
    for url in data.urls() if data.hasUrls() else []:
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower() in {".xlsx", ".xlsm", ".csv", ".tsv", ".txt"}:
            return path
    return None
