"""A bad line between desks and centre: it cuts, loses, doubles, delays, delivers late and throttles whole exchanges."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECE = 512
SLOW_LINE = 8_000
"""Bytes a second: 64 kbit/s."""


class Line(ThreadingHTTPServer):
    """Stands before the server at `port`; each exchange meets one of the `troubles`, or none, by chance."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, troubles: Sequence[str], *, odds: float, seed: int = 1) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.server_side = port
        self.troubles, self.odds = list(troubles), odds
        self.chance = random.Random(seed)  # noqa: S311  a line, not a secret
        self.lock = threading.Lock()
        self.held: list[tuple[str, dict[str, str], bytes]] = []
        self.calmed = threading.Event()
        self.met: Counter[str] = Counter()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def pick(self) -> str:
        with self.lock:
            trouble = ""
            if self.troubles and self.chance.random() < self.odds:
                trouble = self.chance.choice(self.troubles)
                self.met[trouble] += 1
            return trouble

    def roll(self) -> float:
        with self.lock:
            return self.chance.random()

    def calm(self) -> None:
        """From now on the line is good, and what was held on the way arrives."""
        self.troubles = []
        self.calmed.set()
        self.release()

    def hold(self, path: str, headers: dict[str, str], body: bytes) -> None:
        with self.lock:
            self.held.append((path, headers, body))

    def release(self) -> None:
        with self.lock:
            late, self.held = self.held, []
        for each in late:
            self.forward(*each)

    def forward(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
        """(status, headers, body) of the server's answer; OSError where it does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server_side, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except http.client.HTTPException as fault:
            raise OSError(str(fault)) from None
        finally:
            connection.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A cut line is what this server is for."""


class Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Line
    close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = ("Content-Type", "Authorization", "Accept-Encoding")
        headers = {n: self.headers[n] for n in kept if self.headers[n]}
        trouble = TROUBLES.get(self.server.pick(), Exchange.pass_on)
        self.close_connection = True
        try:
            trouble(self, headers, body)
        except OSError:
            self.connection.close()

    # ---- one method a trouble

    def pass_on(self, headers: dict[str, str], body: bytes) -> None:
        self.answer(*self.server.forward(self.path, headers, body))

    def cut_request(self, headers: dict[str, str], body: bytes) -> None:
        """The server gets half of it and the line goes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_side, timeout=60)
        connection.putrequest("POST", self.path)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            connection.putheader(name, value)
        connection.endheaders(body[: len(body) // 2])
        connection.close()
        self.connection.close()

    def lose_answer(self, headers: dict[str, str], body: bytes) -> None:
        self.server.forward(self.path, headers, body)
        self.connection.close()

    def cut_answer(self, headers: dict[str, str], body: bytes) -> None:
        status, said, answer = self.server.forward(self.path, headers, body)
        self.answer(status, said, answer, stop=int(len(answer) * self.server.roll()))
        self.connection.close()

    def double(self, headers: dict[str, str], body: bytes) -> None:
        """The same request arrives twice at once."""
        twin = threading.Thread(target=self._quietly, args=(headers, body))
        twin.start()
        found = self.server.forward(self.path, headers, body)
        twin.join()
        self.answer(*found)

    def delay(self, headers: dict[str, str], body: bytes) -> None:
        self.server.calmed.wait(self.server.roll())
        self.pass_on(headers, body)

    def reorder(self, headers: dict[str, str], body: bytes) -> None:
        """What was held before goes first; then this one is held, lost to its desk."""
        self.server.release()
        self.server.hold(self.path, headers, body)
        self.connection.close()

    def throttle(self, headers: dict[str, str], body: bytes) -> None:
        self.server.calmed.wait(len(body) / SLOW_LINE)
        status, said, answer = self.server.forward(self.path, headers, body)
        self.answer(status, said, answer, pace=PIECE / SLOW_LINE)

    # ----

    def _quietly(self, headers: dict[str, str], body: bytes) -> None:
        try:
            self.server.forward(self.path, headers, body)
        except OSError:
            return

    def answer(
        self, status: int, headers: Any, body: bytes, *, stop: int | None = None, pace: float = 0
    ) -> None:
        self.send_response_only(status)
        for name in ("Content-Type", "Retry-After"):
            if headers.get(name):
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        told = body if stop is None else body[:stop]
        if not pace:
            self.wfile.write(told)
            return
        for start in range(0, len(told), PIECE):
            self.wfile.write(told[start : start + PIECE])
            self.server.calmed.wait(pace)

    def log_message(self, format: str, *args: Any) -> None:
        """Said by the tests themselves."""


TROUBLES: dict[str, Callable[[Exchange, dict[str, str], bytes], None]] = {
    "cut_request": Exchange.cut_request,
    "lose_answer": Exchange.lose_answer,
    "cut_answer": Exchange.cut_answer,
    "double": Exchange.double,
    "delay": Exchange.delay,
    "reorder": Exchange.reorder,
    "throttle": Exchange.throttle,
}


@contextmanager
def line(port: int, troubles: Sequence[str], *, odds: float = 0.5) -> Iterator[Line]:
    made = Line(port, troubles, odds=odds)
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        thread.join()
        made.server_close()
