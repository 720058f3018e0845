"""«Сохранить таблицу»: how much of a list leaves, as which kind of file, and where to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from client.kit.asking import Asking
from client.kit.forms import FieldRow
from client.kit.list_screen import ListScreen
from client.kit.long_work import LongWork
from client.kit.pick import ChoiceEdit
from client.kit.words import plain
from client.store.exporting import Export, Reach, export
from client.store.store import Store
from common.kit.errors import EpoError
from common.kit.outgoing import plain_name
from common.kit.words import counted

KINDS = (
    (".xlsx", "Excel (.xlsx)"),
    (".csv", "Текст с разделителем «;» (.csv)"),
    (".pdf", "Для печати (.pdf)"),
)
SAID = (
    "Таблица сохраняется на этот компьютер. О выгрузке будет запись в журнале посещений. "
    "Особые сведения в таблицы не попадают."
)


class ExportDialog(Asking):
    """`saved(words)` when the file is there, whole."""

    saved = Signal(str)

    def __init__(self, store: Store, listed: ListScreen, parent: QWidget) -> None:
        super().__init__("Сохранить таблицу", SAID, "Выбрать файл…", parent)
        self.store, self.listed = store, listed
        self.reach = ChoiceEdit([(r, r.words) for r in Reach], "Что сохранить")
        self.kind = ChoiceEdit(KINDS, "Вид файла")
        self.meaning = plain("", role="muted")
        self.meaning.setWordWrap(True)
        self.trouble = plain("")
        self.trouble.setWordWrap(True)
        self.trouble.setProperty("tone", "error")
        self.trouble.hide()
        self.work = LongWork()
        self.reach.set_value(Reach.SEEN)
        self.kind.set_value(".xlsx")
        self.reach.changed.connect(self._explain)
        for editor in (self.reach, self.kind):
            self.fields.addWidget(FieldRow(editor.label(), editor))
        for widget in (self.meaning, self.trouble, self.work):
            self.fields.addWidget(widget)
        self._explain()
        self.reach.setFocus()

    def _explain(self) -> None:
        reach = self.reach.value() or Reach.SEEN
        rows = self.listed.flat().count() if reach is Reach.SEEN else self.listed.total
        told = counted(rows, "строка", "строки", "строк")
        self.meaning.setText(f"{reach.meaning[:1].upper()}{reach.meaning[1:]}. {told}")

    def agree(self) -> None:
        """Ask for the place and write; the window stays until the file is whole."""
        reach, kind = self.reach.value(), self.kind.value()
        if self.work.busy or reach is None or kind is None:
            return
        place = Path(_documents()) / f"{plain_name(self.listed.spec.title)}{kind}"
        words = next(label for suffix, label in KINDS if suffix == kind)
        name, _ = QFileDialog.getSaveFileName(
            self, "Сохранить таблицу", str(place), f"{words} (*{kind})"
        )
        if name:
            self.write(reach, Path(name) if name.lower().endswith(kind) else Path(f"{name}{kind}"))

    def write(self, reach: Reach, path: Path) -> None:
        self.trouble.hide()
        self.yes.setEnabled(False)
        asked = self._asked(reach)
        self.work.run(
            f"Сохраняется «{path.name}»",
            lambda told: export(self.store, asked(), path, told),
            lambda rows: self._done(path, rows),
            self._refused,
        )
        self.grow()

    def _asked(self, reach: Reach) -> Callable[[], Export]:
        """What leaves, found off the GUI thread."""
        listed, spec = self.listed, self.listed.spec
        shown, sort, words = listed.visible(), listed.sort, ", ".join(listed.asked_words())
        if reach is Reach.SEEN:
            seen = Export(spec, reach, listed.flat(), shown, words)
            return lambda: seen
        every = tuple(column.key for column in spec.columns)
        empty = listed.source

        def find() -> Export:
            return Export(
                spec, reach, empty.over(self.store.list_ids(spec.name, "", sort, every)), every
            )

        return find

    def _done(self, path: Path, rows: int) -> None:
        self.accept()
        self.saved.emit(f"Сохранено: {path.name}, {counted(rows, 'строка', 'строки', 'строк')}")

    def _refused(self, fault: EpoError) -> None:
        self.yes.setEnabled(True)
        self.trouble.setText(fault.message)
        self.trouble.show()
        self.grow()
        self.reach.setFocus()

    def reject(self) -> None:
        """While the file is being written Esc stops that; once more closes the window."""
        if self.work.busy:
            self.work.cancel()
        else:
            super().reject()


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
