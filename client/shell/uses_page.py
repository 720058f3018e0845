"""«Где используется»: whatever points at a record, found by the declarations; Enter opens it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.records import Touched, watching
from client.kit.rows import Column, FixedRows, TextLine, answering
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel, plain
from client.shell.record_words import RecordWords
from client.store.store import Store
from client.store.uses import Use, uses
from common.kit.formats import INTEGER


class UseRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("kind", "Вид записи", 230, sortable=False),
        Column("record", "Запись", 460, sortable=False),
        Column("field", "Поле", 220, sortable=False),
    )


class UsesPage(QWidget):
    """`opened(entity, id)` for a line; `answered` when the list has come."""

    opened = Signal(str, str)
    answered = Signal()
    touched = Signal(object)

    def __init__(
        self, store: Store, background: Background, entity: str, id: UUID, name: str
    ) -> None:
        super().__init__()
        self.store, self.background, self.entity, self.id = store, background, entity, id
        self._lines: list[TextLine] = []
        self.said = plain("", role="muted")
        self.said.setWordWrap(True)
        self.table = PagedTable(UseRows([], {}), "Где используется", empty="Нигде не используется")
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(f"Где используется: {name}", role="title"), 1)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(top)
        body.addWidget(self.said)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.view)
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.opened.connect(self._open)
        self.touched.connect(self.reload, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(watching(store, self._tell))
        self.table.show_loading()
        self.reload()

    def _tell(self, touched: Touched) -> None:
        self.touched.emit(touched)

    def reload(self) -> None:
        self.background.ask("uses", self._find, self._take, owner=self)

    def _find(self) -> tuple[list[TextLine], str]:
        found = uses(self.store, self.entity, self.id)
        names = RecordWords(self.store)
        lines = [line for use in found for line in lines_of(names, use)]
        count = sum(use.count for use in found)
        shown = INTEGER.show(len(lines))
        return lines, f"Показано {shown} из {INTEGER.show(count)}"

    def _take(self, found: tuple[list[TextLine], str]) -> None:
        self._lines, words = found
        self.said.setText(words)
        self._show()
        self.answered.emit()

    def _show(self) -> None:
        lines = answering(self._lines, self.table.quick.text())
        self.table.refresh(UseRows(lines, {}), total=len(self._lines))

    def _open(self, key: str) -> None:
        entity, id, _ = key.split(":")
        self.opened.emit(entity, id)


def lines_of(names: RecordWords, use: Use) -> list[TextLine]:
    return [
        TextLine(
            f"{use.spec.name}:{id}:{use.field.name}",
            (use.spec.one, names.named(use.spec.name, id), use.field.label),
        )
        for id in use.ids
    ]
