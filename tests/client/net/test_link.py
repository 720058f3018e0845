"""The way to the server, against a server on loopback that answers what a test wants."""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from client.net.link import Link, Offline, TooLarge
from common.kit.errors import Conflict, NotSignedIn, Unavailable
from common.kit.sync import PullAnswer, PullRequest, SignIn

PROBLEM = "application/problem+json"


class Scripted(ThreadingHTTPServer):
    """`status`, `body` and the length it claims; remembers what it was asked."""

    status = 200
    body = b""
    claimed: int | None = None
    headers_sent: dict[str, str]
    asked: list[tuple[str, dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        length = self.server.claimed or len(self.server.body)
        self.send_header("Content-Length", str(length))
        for name, value in self.server.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests keep quiet."""


@pytest.fixture
def server() -> Iterator[Scripted]:
    made = Scripted(("127.0.0.1", 0), Handler)
    made.asked, made.headers_sent = [], {}
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def link(server: Scripted) -> Iterator[Link]:
    made = Link(f"http://127.0.0.1:{server.server_address[1]}/", "secret")
    yield made
    made.close()


REQUEST = PullRequest(device="d", epoch=None, ticket=3)


def packed(message: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(message))


def test_a_pull_is_deflated_msgpack_with_the_desks_token(server: Scripted, link: Link) -> None:
    server.body = packed(PullAnswer(epoch="e", ticket=3))
    assert link.pull(REQUEST).ticket == 3
    path, headers, body = server.asked[0]
    assert path == "/api/sync/pull"
    assert headers["Content-Type"] == "application/vnd.epo.sync"
    assert headers["Authorization"] == "Bearer secret"
    assert msgspec.msgpack.decode(zlib.decompress(body), type=PullRequest) == REQUEST


def test_a_problem_is_raised_as_the_error_it_was_there(server: Scripted, link: Link) -> None:
    server.status = 409
    server.body = msgspec.json.encode(
        Conflict("Запись изменили", {"last_name": "«Фамилия»: изменена"}).problem()
    )
    with pytest.raises(Conflict, match="Запись изменили") as said:
        link.pull(REQUEST)
    assert said.value.fields == {"last_name": "«Фамилия»: изменена"}


def test_a_busy_server_says_when_to_come_again(server: Scripted, link: Link) -> None:
    server.status = 503
    server.body = msgspec.json.encode(Unavailable("Сервер занят", retry_after=2).problem())
    with pytest.raises(Unavailable) as said:
        link.pull(REQUEST)
    assert said.value.retry_after == 2


def test_a_proxy_without_a_server_behind_it_is_busy_too(server: Scripted, link: Link) -> None:
    server.status, server.body = 502, b"<html>Bad gateway</html>"
    with pytest.raises(Unavailable):
        link.pull(REQUEST)


def test_a_token_that_has_run_out_is_said(server: Scripted, link: Link) -> None:
    server.status = 401
    server.body = msgspec.json.encode(NotSignedIn("Войдите снова").problem())
    with pytest.raises(NotSignedIn, match="Войдите снова"):
        link.pull(REQUEST)


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_a_page_of_somebody_else_is_not_our_server(
    server: Scripted, link: Link, status: int
) -> None:
    server.status, server.body = status, b"<html>Wi-Fi</html>"
    server.headers_sent = {"Location": "http://127.0.0.1:9/"}
    with pytest.raises(Offline):
        link.pull(REQUEST)
    with pytest.raises(Offline, match="Ответил не сервер"):
        link.sign_in(SignIn(login="l", password="p", computer="c"))


def test_a_body_cut_in_the_middle_is_being_offline(server: Scripted, link: Link) -> None:
    server.body = packed(PullAnswer(epoch="e", ticket=3))
    server.claimed = len(server.body) + 10
    with pytest.raises(Offline, match="Нет связи"):
        link.pull(REQUEST)


def test_a_stream_that_ends_early_is_not_believed(server: Scripted, link: Link) -> None:
    server.body = packed(PullAnswer(epoch="e", ticket=3))[:-4]
    with pytest.raises(Offline, match="оборван"):
        link.pull(REQUEST)


def test_a_small_body_that_unpacks_to_a_flood_is_stopped(server: Scripted, link: Link) -> None:
    server.body = zlib.compress(bytes(300_000_000), 9)
    assert len(server.body) < 1_000_000
    with pytest.raises(TooLarge, match="больше допустимого"):
        link.pull(REQUEST)


def test_a_body_over_a_megabyte_is_stopped(server: Scripted, link: Link) -> None:
    server.body = bytes(1_100_000)
    with pytest.raises(Offline):
        link.pull(REQUEST)


def test_a_server_that_is_not_there_is_being_offline() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    link = Link(f"http://127.0.0.1:{port}")
    with pytest.raises(Offline, match="работа продолжается на этом компьютере"):
        link.pull(REQUEST)
    link.close()


def test_an_address_that_is_none_is_being_offline() -> None:
    link = Link("не адрес")
    with pytest.raises(Offline):
        link.pull(REQUEST)
    link.close()
