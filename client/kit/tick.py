"""A check box with a box large enough to hit, drawn by the tokens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from client.kit.icons import paint_icon
from client.kit.theme import theme

BOX = 20


class Tick(QCheckBox):
    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        if text:
            self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        look = theme()
        width = self.fontMetrics().horizontalAdvance(self.text())
        gap = look.px(9) if self.text() else 0
        return QSize(
            look.px(BOX) + 6 + gap + width, max(look.px(28), self.fontMetrics().height() + 4)
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

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
        words = self.rect().adjusted(side + 6 + look.px(9), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()
