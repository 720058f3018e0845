"""Keeps the desk in step with the centre: at once after a record, else every few seconds, never in the way."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QThread, Signal

from client.net.link import Link
from client.store.store import Store
from client.store.syncing import Round, run
from common.kit.errors import EpoError

EVERY = 15.0
OFFLINE_EVERY = 5.0


class SyncThread(QThread):
    """`rounded(Round)` after each round; `started_round` before it."""

    rounded = Signal(object)
    started_round = Signal()

    def __init__(self, store: Store, link: Link, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self.link = store, link
        self._wake = threading.Event()
        self._ending = False
        self.paused = False

    def poke(self) -> None:
        """There is something to send, or a person asks."""
        self._wake.set()

    def end(self) -> None:
        self._ending = True
        self._wake.set()
        self.wait(10_000)

    def run(self) -> None:
        while not self._ending:
            self._wake.clear()
            pause = EVERY
            if not self.paused:
                self.started_round.emit()
                done = self._round()
                self.rounded.emit(done)
                pause = EVERY if done.online else OFFLINE_EVERY
            self._wake.wait(pause)

    def _round(self) -> Round:
        try:
            return run(self.store, self.link)
        except EpoError as fault:
            return Round(why=fault.message)
