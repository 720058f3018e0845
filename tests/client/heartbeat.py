"""How long the window was not there for its user: the longest gap between two beats of the GUI thread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer


class Heartbeat:
    """`longest`: the longest gap so far by the wall clock, ms; `busiest`: the most work between two beats.

    Where other programs take the processor too, a gap says nothing, and the work of the thread says all.
    """

    def __init__(self) -> None:
        self.longest = self.busiest = 0.0
        self.last, self.worked = time.monotonic(), time.thread_time()
        self.timer = QTimer(interval=2)
        self.timer.timeout.connect(self.beat)

    def beat(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        self.longest = max(self.longest, 1000 * (now - self.last))
        self.busiest = max(self.busiest, 1000 * (worked - self.worked))
        self.last, self.worked = now, worked


@contextmanager
def heartbeat() -> Iterator[Heartbeat]:
    """Beats while the body runs the event loop."""
    made = Heartbeat()
    made.timer.start()
    yield made
    made.timer.stop()
    made.beat()
