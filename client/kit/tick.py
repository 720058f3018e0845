"""A check box with a box large enough to hit, drawn by the tokens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from client.kit.icons import paint_icon
from client.kit.theme import theme

BOX = 20


class Tick(QCheckBox):
    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._heights: dict[tuple[int, float], int] = {}
        """By width and scale: a layout asks many times, and measuring words is slow."""
        if text:
            self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        look = theme()
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(self._left() + width, max(look.px(28), self.fontMetrics().height() + 4))

    def minimumSizeHint(self) -> QSize:
        """Words wrap, so the box and the longest word are enough."""
        longest = max(self.text().split() or [""], key=len)
        width = self._left() + self.fontMetrics().horizontalAdvance(longest)
        return QSize(width, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        asked = width, theme().scale
        if asked not in self._heights:
            self._heights[asked] = self._measure(width)
        return self._heights[asked]

    def _measure(self, width: int) -> int:
        room = QRect(0, 0, max(width - self._left(), 1), 10_000)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        words = self.fontMetrics().boundingRect(room, int(flags), self.text())
        return max(self.sizeHint().height(), words.height() + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Layouts of layouts do not ask how high wrapped words are: say it as the least height."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _left(self) -> int:
        """Where the words begin."""
        return theme().px(BOX) + 6 + (theme().px(9) if self.text() else 0)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.HoverEnter, QEvent.Type.HoverLeave}:
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, colours = theme(), theme().tokens
        side = look.px(BOX)
        box = QRectF(3, (self.height() - side) / 2, side, side).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(colours.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 7, 7)
        on = self.isChecked()
        painter.setPen(colours.color("accent" if on or self.underMouse() else "edge"))
        painter.setBrush(colours.color("accent" if on else "surface"))
        painter.drawRoundedRect(box, 5, 5)
        if on:
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check", "on_accent")
        painter.setPen(colours.color("text" if self.isEnabled() else "faint"))
        words = self.rect().adjusted(self._left(), 0, 0, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(words, int(flags), self.text())
        painter.end()
