"""One line of warning with its ways out; hidden where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from client.kit.words import plain

Way = tuple[str, Callable[[], object]]


class Banner(QFrame):
    """`tone` is the style sheet's: ok, warn or bad."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        self.text = plain("")
        self.text.setWordWrap(True)
        self.line = QHBoxLayout()
        self.line.addWidget(self.text, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 6, 16, 6)
        self.body.setSpacing(4)
        self.body.addLayout(self.line)
        self.buttons: list[QPushButton] = []
        self.hide()

    def say(self, text: str, ways: Sequence[Way] = ()) -> None:
        """Words and a button for each way out of it; nothing hides the banner."""
        for button in self.buttons:
            self.line.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(words, act) for words, act in ways]
        self.text.setText(text)
        self.setVisible(bool(text))

    def _button(self, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: act())
        self.line.addWidget(button)
        return button
