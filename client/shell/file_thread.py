"""Sends files beside the records, over a way of its own: neither waits for the other."""

from __future__ import annotations

import threading
from contextlib import closing

from PySide6.QtCore import QObject, QThread, Signal

from client.net.link import Link
from client.shell.sync_thread import LONGEST_END
from client.store.connection import Asleep
from client.store.file_sync import Sent, send
from client.store.store import Store
from client.store.syncing import pause
from common.kit.errors import EpoError


class FileThread(QThread):
    """Begins when it is poked; `sent(Sent)` after each round that moved something or said why not."""

    sent = Signal(object)

    def __init__(self, store: Store, server: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self.server = store, server
        self._wake = threading.Event()
        self._ending = threading.Event()

    def poke(self) -> None:
        """The server is there, and something may wait."""
        self._wake.set()

    def end(self) -> None:
        """A piece that is under way may last for its time-out; the rest goes on at the next start."""
        self._ending.set()
        self._wake.set()
        self.wait(LONGEST_END)

    def run(self) -> None:
        failures = 0
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._ending.is_set():
                return
            done = self._round()
            failures = 0 if done.moved or not done.why else failures + 1
            if done.files or done.moved or done.why:
                self.sent.emit(done)
            if failures and self._ending.wait(pause(failures, done.retry_after)):
                return

    def _round(self) -> Sent:
        try:
            if not self.store.counts().files:
                return Sent()
            with closing(Link(self.server, str(self.store.journal.fact("token", "")))) as link:
                return send(self.store, link, lambda: not self._ending.is_set())
        except Asleep:
            return Sent()
        except EpoError as fault:
            return Sent(why=fault.message)
