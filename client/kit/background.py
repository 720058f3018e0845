"""Work off the GUI thread: a function runs in a pool, its answer comes back to the thread that asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from common.kit.errors import EpoError


class _Post(QObject):
    done = Signal(object)
    refused = Signal(object)
    broken = Signal(object)


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], post: _Post) -> None:
        super().__init__()
        self.work, self.post = work, post

    def run(self) -> None:
        try:
            answer = self.work()
        except EpoError as fault:
            self.post.refused.emit(fault)
        except BaseException as fault:  # noqa: BLE001  it is raised again on the GUI thread
            self.post.broken.emit(fault)
        else:
            self.post.done.emit(answer)


class Background(QObject):
    """Runs work one at a time, in the order of asking; the newest of a name makes the older ones silent."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(1)
        self._newest: dict[str, int] = {}
        self._posts: set[_Post] = set()

    def ask(
        self,
        name: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        refused: Callable[[EpoError], None] | None = None,
    ) -> None:
        """`done(answer)` unless something newer of this name was asked meanwhile."""
        number = self._newest[name] = self._newest.get(name, 0) + 1
        post = _Post(self)
        self._posts.add(post)

        def finish(act: Callable[[Any], None] | None, value: Any) -> None:
            self._posts.discard(post)
            post.deleteLater()
            if self._newest[name] == number and act is not None:
                act(value)

        post.done.connect(lambda value: finish(done, value))
        post.refused.connect(lambda fault: finish(refused, fault))
        post.broken.connect(lambda fault: finish(_raise, fault))
        self.pool.start(_Task(work, post))

    def wait(self) -> bool:
        """Until everything asked has run; True where it has."""
        return self.pool.waitForDone(30_000)


def _raise(fault: BaseException) -> None:
    raise fault
