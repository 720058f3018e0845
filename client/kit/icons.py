"""Icons that take their colour from the look that is on, sharp at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from client.kit.theme import tokens
from common.kit import resources


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    text = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', 'stroke-width="1.75"')


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = _drawing(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(drawing.encode()))


class SvgEngine(QIconEngine):
    """Asks for the colour at every painting, so that a switched theme needs no new icons."""

    def __init__(self, name: str, tone: str, checked_tone: str) -> None:
        super().__init__()
        self.drawing, self.tone, self.checked_tone = name, tone, checked_tone

    def colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return str(tokens().faint)
        tone = self.checked_tone if state == QIcon.State.On else self.tone
        return str(getattr(tokens(), tone))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _renderer(self.drawing, self.colour(mode, state)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, made.rect(), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return SvgEngine(self.drawing, self.tone, self.checked_tone)


def icon(name: str, tone: str = "text", *, checked_tone: str | None = None) -> QIcon:
    """An icon by its file's name and a token's name; another token for the checked state."""
    return QIcon(SvgEngine(name, tone, checked_tone or tone))


def paint_icon(painter: QPainter, rect: QRectF, name: str, tone: str) -> None:
    _renderer(name, str(getattr(tokens(), tone))).render(painter, rect)
