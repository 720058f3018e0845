"""Keeps the desk in step with the centre: at once after a record, else every few seconds, never in the way."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QThread, Signal

from client.net.link import CONNECT, LOST, READ, Link
from client.store.connection import Asleep
from client.store.sleeping import is_asleep
from client.store.store import Store
from client.store.syncing import Round, pause, run, why_ended
from common.kit.errors import EpoError

EVERY = 15.0
LISTEN, PATIENCE = 2.5, 2.0
"""Between rounds the link is tried this often and for so long: a lost one is on screen within five seconds."""
LONGEST_END = 1000 * int(CONNECT + 2 * READ)
"""Milliseconds within which a request that is under way has ended by itself."""


class SyncThread(QThread):
    """`rounded(Round)` after each round; `started_round` before it; `ended(why)` where access has ended behind the lock."""

    rounded = Signal(object)
    started_round = Signal()
    ended = Signal(str)

    def __init__(self, store: Store, link: Link, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self.link = store, link
        self._wake = threading.Event()
        self._ending = threading.Event()
        self.paused = False
        self._proof = ""
        """What proves to a desk whose files are shut that its access has ended."""

    def poke(self) -> None:
        """There is something to send, or a person asks."""
        self._wake.set()

    def end(self) -> None:
        """For the time after the window has gone: a request under way may last for its time-out."""
        self._ending.set()
        self._wake.set()
        self.wait(LONGEST_END)

    def run(self) -> None:
        failures = 0
        while not self._ending.is_set():
            self._wake.clear()
            wait = EVERY
            if not (self.paused or is_asleep(self.store)):
                self.started_round.emit()
                done = self._round()
                if self._ending.is_set():
                    return
                if done is None:  # the program was locked meanwhile
                    self._wake.wait(EVERY)
                    continue
                failures = 0 if done.online and not done.stuck else failures + 1
                wait = pause(failures, done.retry_after) if failures else EVERY
                self.rounded.emit(done)
                if not failures:
                    self._listen(wait)
                    continue
            elif not self.paused:
                self.hear()
            self._wake.wait(wait)

    def hear(self) -> None:
        """The files are shut and there is no key: only whether the access lasts is asked, by the desk's token."""
        if why := why_ended(self.link, self._proof):
            self.ended.emit(why)

    def _listen(self, seconds: float) -> None:
        """Wait for the next round; a link that is lost meanwhile is told at once."""
        for _ in range(int(seconds / LISTEN)):
            if self._wake.wait(LISTEN):
                return
            if not self.link.answers(PATIENCE) and not self._ending.is_set():
                self.rounded.emit(Round(why=LOST))
                return

    def _round(self) -> Round | None:
        try:
            done = run(self.store, self.link)
            self._proof = str(self.store.journal.fact("ending", ""))
        except Asleep:
            return None
        except EpoError as fault:
            return Round(why=fault.message)
        return done
