"""Labels that show plain text only: data is never read as markup. One kind wraps, the other elides."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def plain(text: str, *, role: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that takes no markup; `role` is one of the style sheet's."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if role:
        label.setProperty("role", role)
    return label


def hint(text: str) -> str:
    """A tooltip of this text: Qt takes one with a tag in it for markup, and would open the files that it names."""
    if "<" not in text:
        return text
    lines = html.escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>"


def sentence(text: str) -> str:
    """With its full stop, so that another may follow."""
    return text if text[-1:] in ".!?…" else f"{text}."


class ElidedLabel(QLabel):
    """One line that ends in «…» where there is no room; the whole text is the tooltip."""

    def __init__(self, text: str = "", *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("М…"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        whole = shown == self.text()
        said = "" if whole else self.text()
        if self.toolTip() != hint(said):
            self.setToolTip(hint(said))
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), shown)
        painter.end()
