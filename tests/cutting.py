"""A line that is cut after every so many bytes, whatever is on its way; it can be mended, and it counts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class CuttingLine:
    """Stands before the server at `port`; each connection carries at most `every` bytes, there and back together."""

    def __init__(self, port: int, every: int) -> None:
        self.port, self.every = port, every
        self.cuts = 0
        self.carried = 0
        self.lock = threading.Lock()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._accept)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def _accept(self) -> None:
        threads = []
        while True:
            try:
                desk, _ = self.listening.accept()
            except OSError:
                break
            threads.append(threading.Thread(target=self._carry, args=(desk,)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def _carry(self, desk: socket.socket) -> None:
        with desk, socket.create_connection(("127.0.0.1", self.port)) as centre:
            left = [self.every]
            back = threading.Thread(target=self._pump, args=(centre, desk, left))
            back.start()
            self._pump(desk, centre, left)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                with self.lock:
                    passed = data[: left[0]]
                    left[0] -= len(passed)
                    self.carried += len(passed)
                target.sendall(passed)
                if len(passed) < len(data):
                    with self.lock:
                        self.cuts += 1
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting_line(port: int, every: int) -> Iterator[CuttingLine]:
    made = CuttingLine(port, every)
    made.thread.start()
    try:
        yield made
    finally:
        made.listening.shutdown(socket.SHUT_RDWR)
        made.listening.close()
        made.thread.join()
