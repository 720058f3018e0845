"""Beside the server: one thing done again and again in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger("epo.repeating")


class Repeating:
    """Does `act` at once and every so many seconds; what fails for want of a database or a disk is tried again."""

    def __init__(self, name: str, act: Callable[[], object], every: float) -> None:
        self.name, self.act, self.every = name, act, every
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Until somebody ends it."""
        self._thread.join()

    def end(self) -> None:
        """After what is being done has been done; nothing is begun after this."""
        self._ending.set()
        self._thread.join()

    def _repeat(self) -> None:
        while True:
            try:
                self.act()
            except (SQLAlchemyError, OSError):
                log.exception("it is tried again", extra={"place": self.name})
            if self._ending.wait(self.every):
                return
