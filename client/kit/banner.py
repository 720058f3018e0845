"""One line of warning with its ways out; hidden where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from client.kit.theme import theme
from client.kit.words import plain
from client.kit.wrap_row import WrapRow

Way = tuple[str, Callable[[], object]]


class Banner(QFrame):
    """`tone` is the style sheet's: ok, warn or bad."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        self.text = plain("")
        self.text.setWordWrap(True)
        self._ways = QWidget()
        self._row = WrapRow()
        self._ways.setLayout(self._row)
        self._ways.hide()
        self.line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.line.addWidget(self.text, 1)
        self.line.addWidget(self._ways)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 6, 16, 6)
        self.body.setSpacing(4)
        self.body.addLayout(self.line)
        self.buttons: list[QPushButton] = []
        self.hide()

    def say(self, text: str, ways: Sequence[Way] = ()) -> None:
        """Words and a button for each way out of it; nothing hides the banner."""
        for button in self.buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(words, act) for words, act in ways]
        self._ways.setVisible(bool(ways))
        self.text.setText(text)
        self.setVisible(bool(text))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """The ways out stand beside the words, or beneath them where these would have less than half of the line."""
        gap = theme().px(8)
        needed = sum(button.sizeHint().width() + gap for button in self.buttons)
        beside = needed * 2 <= self.width()
        ways = QBoxLayout.Direction
        self.line.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._ways.setMinimumWidth(needed if beside else 0)

    def _button(self, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: act())
        self._row.addWidget(button)
        return button
