"""What a person should know before going on, said above the work, with the one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from client.kit.buttons import button, icon_button
from client.kit.theme import restyle
from client.kit.words import plain


class NoticeBar(QFrame):
    """Stays until it is closed, acted on, or said again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._act: Callable[[], object] | None = None
        self.text = plain("")
        self.text.setWordWrap(True)
        self.button = button("", run=self._run)
        close = icon_button("x", "Скрыть сообщение", self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 4, 6, 4)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        line.addWidget(close)
        self.hide()

    def say(
        self, text: str, words: str = "", act: Callable[[], object] | None = None, *, tone: str = "warn"
    ) -> None:  # fmt: skip
        """`words` name the button that does `act`."""
        self._act = act
        self.text.setText(text)
        self.button.setText(words)
        self.button.setAccessibleName(words)
        self.button.setVisible(act is not None)
        restyle(self, "tone", tone)
        self.show()

    def _run(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()
