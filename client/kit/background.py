"""Work off the GUI thread: a function runs in a thread, its answer comes back to the thread that asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, main_thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from common.kit.errors import EpoError


class Background(QObject):
    """Runs work one at a time, in the order of asking; the newest of a name makes the older ones silent.

    A refusal goes to `refused`; any other fault is raised on the GUI thread, where the one handler sees it.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, "background")
        self._ended = Event()
        self._newest: dict[str, int] = {}
        self._finished.connect(lambda act: act(), Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(_ending(self._pool, self._ended))

    def ask(
        self,
        name: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        refused: Callable[[EpoError], None] | None = None,
        *,
        owner: QObject | None = None,
        ended: Callable[[], None] | None = None,
    ) -> None:
        """`done(answer)` unless something newer of this name was asked meanwhile, or `owner` is gone.

        `ended()` before any of the answers, also before a fault is raised: what was barred meanwhile is free again.
        The work itself is done in any case, but where the window had gone before: a last signal may still ask.
        """
        if self._ended.is_set() or not main_thread().is_alive():
            return  # windows that nobody shut go at the end of the interpreter, after its threads
        number = self._newest[name] = self._newest.get(name, 0) + 1

        def finish(future: Future[Any]) -> None:
            if self._newest[name] != number or (owner is not None and not isValid(owner)):
                return
            if ended is not None:
                ended()
            try:
                answer = future.result()
            except EpoError as fault:
                if refused is not None:
                    refused(fault)
                return
            done(answer)

        future = self._pool.submit(work)
        future.add_done_callback(lambda made: self._say(lambda: finish(made)))

    def _say(self, act: Callable[[], None]) -> None:
        """From the worker's thread; after the window has gone there is nobody to tell."""
        if isValid(self):
            self._finished.emit(act)

    def wait(self) -> None:
        """Until everything asked has run."""
        self._pool.submit(lambda: None).result(30)


def _ending(pool: ThreadPoolExecutor, ended: Event) -> Callable[[], None]:
    def end() -> None:
        ended.set()
        pool.shutdown(wait=False, cancel_futures=True)

    return end
