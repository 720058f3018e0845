"""How long the window was not there for its user: the longest gap between two beats of the GUI thread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer


class Heartbeat:
    """`longest`: the longest gap so far, ms."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.last = time.monotonic()
        self.timer = QTimer(interval=2)
        self.timer.timeout.connect(self.beat)

    def beat(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, 1000 * (now - self.last))
        self.last = now


@contextmanager
def heartbeat() -> Iterator[Heartbeat]:
    """Beats while the body runs the event loop."""
    made = Heartbeat()
    made.timer.start()
    yield made
    made.timer.stop()
    made.beat()
