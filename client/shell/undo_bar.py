"""«Отменить» for some seconds after something was done to a list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from client.kit.buttons import button, icon_button
from client.kit.words import ElidedLabel

SECONDS = 10


class UndoBar(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._offers: list[tuple[str, Callable[[], object]]] = []
        self.text = ElidedLabel()
        self.button = button("Отменить  Ctrl+Z", "undo-2", quiet=True, run=self.undo)
        close = icon_button("x", "Скрыть сообщение", self.dismiss)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 4, 6, 4)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        line.addWidget(close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    def offer(self, text: str, undo: Callable[[], object], *, seconds: int = SECONDS) -> None:
        """What was done, and how it is taken back; what was offered before comes again after this one."""
        self._offers.append((text, undo))
        self._show(seconds)

    def _show(self, seconds: int) -> None:
        text, _ = self._offers[-1]
        self.text.setText(text)
        self.button.setAccessibleName(f"Отменить: {text}")
        self.show()
        self._timer.start(seconds * 1000)

    def undo(self) -> None:
        """The last of what was done; a further one takes back the one before."""
        if not self._offers:
            return
        _, undo = self._offers.pop()
        if self._offers:
            self._show(SECONDS)
        else:
            self.dismiss()
        undo()

    def dismiss(self) -> None:
        self._timer.stop()
        self._offers.clear()
        self.hide()
