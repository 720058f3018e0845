"""The list that hangs under a field: it never takes the focus, and lies inside the window so that nothing covers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
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
WAY = Qt.ItemDataRole.UserRole + 2

SCROLL_BAR = 14
"""Pixels at the right of a list that is longer than its room, its border included."""


ROW, TALL_ROW = 30, 50
"""Heights of an option in one line and in two."""

BESIDE = 10
"""Between a label and the note in one line with it."""

MARGIN = 12


class OptionPainter(QStyledItemDelegate):
    """The label, and what helps to tell it from its namesakes: beside it, or beneath where there is no room."""

    tall = False

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, theme().px(TALL_ROW if self.tall else ROW))

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
        words = area.adjusted(look.px(MARGIN), 0, -look.px(MARGIN), 0)
        upper, lower = words, words
        if self.tall:
            upper = words.adjusted(0, look.px(4), 0, -words.height() // 2)
            lower = words.adjusted(0, words.height() // 2, 0, -look.px(4))
        metrics = painter.fontMetrics()
        # namesakes differ at their ends
        label = metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, upper.width())
        painter.setPen(colours.color("text"))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, label)
        if not self.tall:
            lower = words.adjusted(metrics.horizontalAdvance(label) + look.px(BESIDE), 0, 0, 0)
        note = metrics.elidedText(index.data(NOTE), Qt.TextElideMode.ElideRight, lower.width())
        painter.setPen(colours.color("muted"))
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, note)
        painter.restore()


class PickList(QListWidget):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._painter = OptionPainter(self)
        self.setItemDelegate(self._painter)
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
        width = self._fit(options, under.width())
        self.setGeometry(self._place(under, min(rows, len(options)), width))
        self.raise_()
        self.show()

    def _fit(self, options: Sequence[tuple[Any, str, str]], least: int) -> int:
        """As wide as the longest label, at the most as the window; a note that has no room goes beneath."""
        look = theme()
        measure = QFontMetrics(look.font()).horizontalAdvance
        beside, around = look.px(BESIDE), 2 * look.px(MARGIN) + SCROLL_BAR
        labels = max(measure(label) for _, label, _ in options)
        whole = max(measure(f"{label}{note}") for _, label, note in options) + beside
        width = min(max(least, look.px(260), labels + around), self._window.width() - 8)
        self._painter.tall = any(note for *_, note in options) and whole + around > width
        self.doItemsLayout()
        return width

    def _place(self, under: QWidget, rows: int, width: int) -> QRect:
        """Beneath the field, or above it where there is more room."""
        window = self._window
        corner = under.mapTo(window, QPoint(0, 0))
        row, gap = theme().px(TALL_ROW if self._painter.tall else ROW), 3
        below = window.height() - corner.y() - under.height() - 2 * gap
        wanted = rows * row + 4
        up = below < wanted and corner.y() > below
        room = corner.y() - 2 * gap if up else below
        height = max(min(wanted, room), row + 4)
        left = max(min(corner.x(), window.width() - width - 4), 4)
        top = corner.y() - gap - height if up else corner.y() + under.height() + gap
        return QRect(left, top, width, height)

    def add_way(self, words: str, key: str) -> None:
        """A last line that is no value but a way on."""
        item = QListWidgetItem(words, self)
        item.setData(NOTE, key)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words} {key}")
        item.setData(WAY, True)
        item.setData(Qt.ItemDataRole.UserRole, (None,))
        row = theme().px(TALL_ROW if self._painter.tall else ROW)
        room = self._window.height() - self.y() - 4
        self.resize(self.width(), min(self.height() + row, max(room, self.height())))

    def at_way(self) -> bool:
        return self.currentRow() >= 0 and bool(self.currentItem().data(WAY))

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
