"""A closed choice whose values are all in sight: ↑ and ↓ choose at once, and one is always chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy

from client.kit.theme import named, theme

EDGES, ROW = 14, 30
"""Pixels of its border and padding above and below together; of one option at scale 1."""


class OptionList(QListWidget):
    """`picked(value)` as soon as another one is chosen by hand; `set_value` is silent."""

    picked = Signal(object)

    def __init__(self, options: Sequence[tuple[Any, str]], label: str) -> None:
        super().__init__()
        named(self, "contents")
        self.setAccessibleName(label)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._values = [value for value, _ in options]
        for _, words in options:
            self.addItem(QListWidgetItem(words))
        self._retheme()
        theme().changed.connect(self._retheme)
        self.setCurrentRow(0)
        self.currentRowChanged.connect(lambda row: self.picked.emit(self._values[row]))

    def _retheme(self) -> None:
        """Heights are told: Qt keeps those that it took before the style was put on."""
        for row in range(self.count()):
            self.item(row).setSizeHint(QSize(0, theme().px(ROW)))
        self.updateGeometry()

    def value(self) -> Any:
        return self._values[self.currentRow()]

    def set_value(self, value: Any) -> None:
        """ValueError where it is none of the options."""
        before = self.blockSignals(True)
        self.setCurrentRow(self._values.index(value))
        self.blockSignals(before)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), self.count() * theme().px(ROW) + EDGES)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), theme().px(60))
