"""How many rows are chosen and what can be done with all of them; seen from the second chosen row on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from client.kit.buttons import button
from client.kit.table import PagedTable
from client.kit.theme import theme
from client.kit.words import plain
from client.kit.wrap_row import WrapRow
from common.kit.words import counted, plural


class SelectionBar(QFrame):
    """Lives under its table; the screen adds what it can do."""

    def __init__(self, table: PagedTable) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.table = table
        self.text = plain("", role="strong")
        self.clear = button("Снять выбор  Esc", quiet=True, run=table.view.clearSelection)
        self.line = WrapRow(self.text, self.clear)
        body = QVBoxLayout(self)
        body.setContentsMargins(14, 4, 8, 4)
        body.addLayout(self.line)
        self._retheme()
        theme().changed.connect(self._retheme)
        table.selection_changed.connect(self._show)
        self.hide()

    def add(self, made: QPushButton, name: str) -> None:
        """A button for all chosen rows; `name` is read aloud."""
        made.setAccessibleName(name)
        self.line.removeWidget(self.clear)
        self.line.addWidget(made)
        self.line.addWidget(self.clear)

    def _retheme(self) -> None:
        self.text.setMinimumHeight(theme().px(32))

    def _show(self) -> None:
        number = self.table.selected_count()
        word = plural(number, "Выбрана", "Выбраны", "Выбрано")
        self.text.setText(f"{word} {counted(number, 'запись', 'записи', 'записей')}")
        self.setVisible(number > 1)
