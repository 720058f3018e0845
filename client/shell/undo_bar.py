"""«Отменить» for some seconds after something was done to a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QDeadlineTimer, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from client.kit.buttons import button, icon_button
from client.kit.words import ElidedLabel

SECONDS = 10


@dataclass(slots=True)
class Offer:
    text: str
    undo: Callable[[], object]
    until: QDeadlineTimer

    def last(self, milliseconds: int) -> None:
        """At least so long from now on."""
        if self.until.remainingTime() < milliseconds:
            self.until.setRemainingTime(milliseconds)


class UndoBar(QFrame):
    """Each offer has an end of its own; what was offered before lasts no less than what lies over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._offers: list[Offer] = []
        self.text = ElidedLabel()
        self.button = button("Отменить  Ctrl+Z", "undo-2", quiet=True, run=self.undo)
        close = icon_button("x", "Скрыть сообщение", self.dismiss)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 4, 6, 4)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        line.addWidget(close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._expire)
        self.hide()

    def offer(self, text: str, undo: Callable[[], object], *, seconds: int = SECONDS) -> None:
        """What was done, and how it is taken back; what was offered before comes again after this one."""
        for before in self._offers:
            before.last(seconds * 1000)
        self._offers.append(Offer(text, undo, QDeadlineTimer(seconds * 1000)))
        self._show()

    def _show(self) -> None:
        offer = self._offers[-1]
        self.text.setText(offer.text)
        self.button.setAccessibleName(f"Отменить: {offer.text}")
        self.show()
        self._timer.start(offer.until.remainingTime())

    def _expire(self) -> None:
        self._offers = [offer for offer in self._offers if not offer.until.hasExpired()]
        if self._offers:
            self._show()
        else:
            self.dismiss()

    def undo(self) -> None:
        """The last of what was done; a further one takes back the one before."""
        if not self._offers:
            return
        undo = self._offers.pop().undo
        if self._offers:
            self._offers[-1].last(SECONDS * 1000)
            self._show()
        else:
            self.dismiss()
        undo()

    def dismiss(self) -> None:
        self._timer.stop()
        self._offers.clear()
        self.hide()
