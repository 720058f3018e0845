"""Locks the window of a person who has gone away: no key and no mouse for a quarter of an hour (TRUST D-47)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from client.shell.listening import Listening

LIMIT_MS = 15 * 60 * 1000
LOOK_MS = 10_000

INPUT = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
}


class Idle(Listening):
    """`gone` when nothing was typed or moved for so long; `now` is a clock in milliseconds."""

    gone = Signal()

    def __init__(
        self, now: Callable[[], int], *, limit: int = LIMIT_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._now, self._limit = now, limit
        self._last = now()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in INPUT:
            self._last = self._now()
        return False

    def look(self) -> None:
        """A clock that was set back begins anew."""
        now = self._now()
        self._last = min(self._last, now)
        if now - self._last >= self._limit:
            self._last = now
            self.gone.emit()
