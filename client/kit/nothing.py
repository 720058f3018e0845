"""What stands where a list has no rows: why, and a button to the way out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.words import plain


class Nothing(QWidget):
    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = plain(words, role="muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self._act: Callable[[], object] = _stay
        self.way_out = button("", run=self._go)
        self.way_out.hide()
        body = QVBoxLayout(self)
        body.setContentsMargins(24, 24, 24, 24)
        body.setSpacing(12)
        body.addStretch(1)
        body.addWidget(self.words)
        body.addWidget(self.way_out, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addStretch(1)

    def say(self, words: str) -> None:
        """And no way out is offered, until one is."""
        self.words.setText(words)
        self.way_out.hide()

    def _go(self) -> None:
        self._act()

    def offer(self, words: str, act: Callable[[], object]) -> None:
        self._act = act
        self.way_out.setText(words.replace("&", "&&"))
        self.way_out.setAccessibleName(words)
        self.way_out.show()


def _stay() -> None:
    """There is no way out yet."""
