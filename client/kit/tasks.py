"""Long work of this desk: off the window's thread, with its name, how far it is, and a way to stop it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from common.kit.errors import EpoError
from common.kit.ids import new_id
from common.kit.jobs import JobState
from common.kit.progress import Cancelled, Progress

AT_ONCE = 3
TOLD_EVERY = 100
"""Milliseconds between two words of how far a work is."""
FAULT = "Сбой программы; он записан в окно ошибок"

Work = Callable[[Progress], str]
"""Tells how far it is, and returns the words of its end. Progress raises Cancelled: leave nothing half done."""


@dataclass(frozen=True, slots=True)
class Line:
    """One work as the task centre shows it; `total` is nought where nobody knows it."""

    key: str
    title: str
    state: JobState
    done: int
    total: int
    said: str
    at: dt.datetime
    file: str = ""
    """The name of what it made, where that can be fetched."""

    @property
    def percent(self) -> int | None:
        return min(100 * self.done // self.total, 100) if self.total else None


class OwnTask:
    """A function in a thread of this program."""

    def __init__(self, title: str, work: Work, at: dt.datetime, told: Callable[[], None]) -> None:
        self.key, self.title, self.work, self.at = new_id().hex, title, work, at
        self.told = told
        self._stopped = threading.Event()
        self._state, self._said = JobState.QUEUED, ""
        self._done = self._total = 0
        self.fault: BaseException | None = None

    def line(self) -> Line:
        said = "Отменяется…" if self._stopped.is_set() and self._state.lasts else self._said
        return Line(self.key, self.title, self._state, self._done, self._total, said, self.at)

    def cancel(self) -> None:
        self._stopped.set()
        self.told()

    def progress(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        if self._stopped.is_set():
            raise Cancelled("Отменено вами")
        self.told()

    def run(self) -> None:
        """In its thread; how it ended is in its line."""
        self._state = JobState.RUNNING
        try:
            self.progress(0, 0)
            self._said = self.work(self.progress)
            self._state = JobState.DONE
        except Cancelled as stop:
            self._state, self._said = JobState.CANCELLED, stop.message
        except EpoError as fault:
            self._state, self._said = JobState.FAILED, fault.message
        self.told()

    def settle(self, future: Future[None]) -> None:
        """A bug is shown as a failure here, and raised where the one handler sees it."""
        self.fault = None if future.cancelled() else future.exception()
        if self.fault is not None:
            self._state, self._said = JobState.FAILED, FAULT
            self.told()


class Tasks(QObject):
    """`changed` while anything goes on, at most ten times a second; `ended(Line)` once for each."""

    changed = Signal()
    ended = Signal(object)
    _told = Signal()

    def __init__(self, now: Callable[[], dt.datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = now
        self.tasks: list[OwnTask] = []
        self._lasting: set[str] = set()
        self._pool = ThreadPoolExecutor(AT_ONCE, "task")
        self._pause = QTimer(self, interval=TOLD_EVERY, singleShot=True)
        self._pause.timeout.connect(self._tell)
        self._told.connect(self._wait, Qt.ConnectionType.QueuedConnection)

    def begin(self, title: str, work: Work) -> OwnTask:
        task = OwnTask(title, work, self.now(), self._say)
        self.tasks.insert(0, task)
        self._lasting.add(task.key)
        self._pool.submit(task.run).add_done_callback(task.settle)
        self.changed.emit()
        return task

    def _say(self) -> None:
        """From any thread."""
        if isValid(self):
            self._told.emit()

    def _wait(self) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _tell(self) -> None:
        self.changed.emit()
        ended = [t for t in self.tasks if t.key in self._lasting and not t.line().state.lasts]
        for task in ended:
            self._lasting.discard(task.key)
            self.ended.emit(task.line())
        fault = next((task.fault for task in ended if task.fault is not None), None)
        if fault is not None:
            raise fault

    def end(self) -> None:
        """When the program ends: what is under way is stopped, and nothing of it stays half done."""
        for task in self.tasks:
            task.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
