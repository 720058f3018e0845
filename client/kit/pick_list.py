"""The list that hangs under a field: it never takes the focus, and lies inside the window so that nothing covers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from client.kit.theme import theme

NOTE = Qt.ItemDataRole.UserRole + 1


class OptionPainter(QStyledItemDelegate):
    """The label, and what helps to tell it from its namesakes."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, theme().px(30))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        look, colours = theme(), theme().tokens
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        area: QRect = option.rect
        painter.save()
        painter.fillRect(area, colours.color("accent_s" if marked else "surface"))
        painter.setFont(look.font())
        words = area.adjusted(look.px(12), 0, -look.px(12), 0)
        label, note = index.data(), index.data(NOTE)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(colours.color("text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        words.setLeft(words.left() + metrics.horizontalAdvance(shown) + look.px(10))
        painter.setPen(colours.color("muted"))
        shown = metrics.elidedText(note, Qt.TextElideMode.ElideRight, max(words.width(), 0))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class PickList(QListWidget):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(OptionPainter(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setObjectName("pickList")
        self.hide()

    def offer(self, options: Sequence[tuple[Any, str, str]], under: QWidget, rows: int) -> None:
        self.clear()
        for value, label, note in options:
            item = QListWidgetItem(label, self)
            item.setData(NOTE, note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{label} {note}".strip())
            item.setData(Qt.ItemDataRole.UserRole, (value,))
        self.setCurrentRow(0)
        self.setGeometry(self._place(under, min(rows, len(options))))
        self.raise_()
        self.show()

    def _place(self, under: QWidget, rows: int) -> QRect:
        """Beneath the field, or above it where there is more room."""
        window = self._window
        corner = under.mapTo(window, QPoint(0, 0))
        row, gap = theme().px(30), 3
        below = window.height() - corner.y() - under.height() - 2 * gap
        wanted = rows * row + 4
        up = below < wanted and corner.y() > below
        room = corner.y() - 2 * gap if up else below
        height = max(min(wanted, room), row + 4)
        width = min(max(under.width(), theme().px(260)), window.width() - 8)
        left = max(min(corner.x(), window.width() - width - 4), 4)
        top = corner.y() - gap - height if up else corner.y() + under.height() + gap
        return QRect(left, top, width, height)

    def current(self) -> tuple[Any, str, str] | None:
        if self.currentRow() < 0:
            return None
        item = self.currentItem()
        return item.data(Qt.ItemDataRole.UserRole)[0], item.text(), item.data(NOTE)

    def mark(self, value: Any) -> None:
        for row in range(self.count()):
            if self.item(row).data(Qt.ItemDataRole.UserRole)[0] == value:
                self.setCurrentRow(row)

    def step(self, by: int) -> None:
        self.setCurrentRow(min(max(self.currentRow() + by, 0), self.count() - 1))
