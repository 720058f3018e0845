"""Long work in sight: how far it has got, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.words import plain
from common.kit.errors import EpoError
from common.kit.progress import Cancelled, Progress
from common.kit.words import spaced

LOOK = 100
"""Milliseconds between two looks at the work."""
STOPPED = "Остановлено"


class LongWork(QFrame):
    """One work at a time; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.background = Background(self)
        self.words = plain("", role="strong")
        self.far = plain("", role="muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Сколько сделано")
        self.stop = button("Остановить", "x", run=self.cancel)
        line = QHBoxLayout()
        line.addWidget(self.words)
        line.addWidget(self.far, 1)
        line.addWidget(self.stop)
        body = QVBoxLayout(self)
        body.setContentsMargins(14, 8, 8, 10)
        body.addLayout(line)
        body.addWidget(self.bar)
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self._look)
        self._at = (0, 0)
        self._stop = Event()
        self.busy = False
        self.destroyed.connect(_stopping(self._stop))
        self.hide()

    def run(
        self,
        words: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        refused: Callable[[EpoError], None],
    ) -> None:
        """`work(told)` off the GUI thread; what it says of itself is shown, and «Остановить» ends it."""
        self.busy, self._at = True, (0, 0)
        self._stop.clear()
        self.words.setText(words)
        self.stop.setEnabled(True)
        self._look()
        self.show()
        self._timer.start()
        self.background.ask(
            "work",
            lambda: work(self._told),
            lambda answer: self._end(lambda: done(answer)),
            lambda fault: self._end(lambda: refused(fault)),
        )

    def cancel(self) -> None:
        """The work ends at its next word of progress."""
        if self.busy:
            self._stop.set()
            self.stop.setEnabled(False)
            self.far.setText("Останавливается…")

    def _told(self, done: int, total: int) -> None:
        """From the worker's thread."""
        if self._stop.is_set():
            raise Cancelled(STOPPED)
        self._at = done, total

    def _look(self) -> None:
        done, total = self._at
        self.bar.setRange(0, total)  # nothing known: it runs to and fro
        self.bar.setValue(done)
        if not self._stop.is_set():
            self.far.setText(f"{spaced(done)} из {spaced(total)}" if total else "")

    def _end(self, tell: Callable[[], None]) -> None:
        self.busy = False
        self._timer.stop()
        self.hide()
        tell()


def _stopping(stop: Event) -> Callable[[], None]:
    return stop.set
