"""The conditions of a list as chips: each is typed anew by Enter, and goes by Del or its cross."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client.kit.buttons import icon_button
from client.kit.theme import theme
from client.kit.words import hint, plain
from client.kit.wrap_row import WrapRow

LONGEST = 260
"""Pixels at scale 1 that the words of a chip may take."""

GONE = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}


class Chip(QFrame):
    """One condition: `edited` by Enter or a click, `dropped` by Del or its cross."""

    edited = Signal()
    dropped = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.words = words
        self.button = ChipButton(words, self.dropped.emit)
        self.button.clicked.connect(self.edited)
        cross = icon_button("x", f"Снять условие «{words}»", self.dropped.emit)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(2, 0, 2, 0)
        line.setSpacing(0)
        line.addWidget(self.button)
        line.addWidget(cross)


class ChipButton(QPushButton):
    def __init__(self, words: str, drop: Callable[[], object]) -> None:
        super().__init__()
        self._drop = drop
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.ensurePolished()
        room = theme().px(LONGEST)
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(hint(f"{words}\nEnter изменить, Del снять"))
        self.setAccessibleName(f"Условие: {words}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in GONE:
            self._drop()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.focusNextPrevChild(key == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)


class ChipBar(QWidget):
    """Under the quick filter; hidden while there is nothing to show. `edited(n)`, `dropped(n)`."""

    edited = Signal(int)
    dropped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[Chip] = []
        self.said = plain("", role="muted")
        self.said.setProperty("tone", "warn")
        self.said.setWordWrap(True)
        self.said.hide()
        self._row = WrapRow()
        body = QVBoxLayout(self)
        body.setContentsMargins(12, 0, 12, 8)
        body.setSpacing(6)
        body.addLayout(self._row)
        body.addWidget(self.said)
        self._words: tuple[str, ...] = ()
        self.hide()

    def show_chips(self, words: Sequence[str]) -> None:
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(n, each) for n, each in enumerate(words)]
        self._fit()

    def _chip(self, number: int, words: str) -> Chip:
        chip = Chip(words)
        chip.edited.connect(lambda: self.edited.emit(number))
        chip.dropped.connect(lambda: self.dropped.emit(number))
        self._row.addWidget(chip)
        return chip

    def say(self, text: str) -> None:
        """Why what was typed is no condition; empty takes the words away."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        self.setVisible(bool(self.chips or self.said.text()))
        self.updateGeometry()
