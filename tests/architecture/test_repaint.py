"""The pinned PySide6 can be painted for hours: some releases lose None on Python 3.11 and die."""

from __future__ import annotations

import sys

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

REPAINTS = 20_000
UNRELATED = 1_000
"""Other code may drop a few references meanwhile; a bad release loses one at each repaint."""


class Painted(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


def test_twenty_thousand_repaints_lose_no_reference_to_none(qtbot: QtBot) -> None:
    widget = Painted()
    qtbot.addWidget(widget)
    widget.resize(1, 1)
    with qtbot.waitExposed(widget):
        widget.show()
    before, painted = sys.getrefcount(None), widget.painted
    for _ in range(REPAINTS):
        widget.repaint()
    assert widget.painted - painted == REPAINTS
    assert sys.getrefcount(None) > before - UNRELATED
