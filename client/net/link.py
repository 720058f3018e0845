"""The one way to the server: bounded, timed, and honest about being offline."""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec
import requests

from common.kit.errors import EpoError, Problem, Unavailable, from_problem
from common.kit.sync import (
    MAX_PACKED,
    MAX_UNPACKED,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    SignedIn,
    SignIn,
)

T = TypeVar("T")

CONNECT, READ = 3.0, 30.0
MEDIA = "application/vnd.epo.sync"


class Offline(EpoError):
    """The server cannot be reached; nothing is known of what was sent."""


class Link:
    """A server's address, a session of requests and the desk's token."""

    def __init__(self, server: str, token: str = "") -> None:
        self.server = server.rstrip("/")
        self.token = token
        self.session = requests.Session()
        self.session.trust_env = False

    def close(self) -> None:
        self.session.close()

    def sign_in(self, request: SignIn) -> SignedIn:
        body = self._post("/api/sign-in", msgspec.json.encode(request), "application/json")
        return msgspec.json.decode(body, type=SignedIn)

    def pull(self, request: PullRequest) -> PullAnswer:
        return self._sync("/api/sync/pull", request, PullAnswer)

    def push(self, request: PushRequest) -> PushAnswer:
        return self._sync("/api/sync/push", request, PushAnswer)

    def _sync(self, path: str, request: object, kind: type[T]) -> T:
        packed = zlib.compress(msgspec.msgpack.encode(request), 1)
        return msgspec.msgpack.decode(unpacked(self._post(path, packed, MEDIA)), type=kind)

    def _post(self, path: str, body: bytes, media: str) -> bytes:
        headers = {"Content-Type": media}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with self.session.post(
                self.server + path, data=body, headers=headers, timeout=(CONNECT, READ), stream=True
            ) as answer:
                received = answer.raw.read(MAX_UNPACKED + 1)
                status = answer.status_code
        except (requests.RequestException, OSError) as fault:
            raise Offline("Нет связи с сервером; работа продолжается на этом компьютере") from fault
        if len(received) > MAX_UNPACKED:
            raise Offline("Ответ сервера больше допустимого размера")
        if status != requests.codes.ok:
            raise _fault(status, received)
        return bytes(received)


def _fault(status: int, body: bytes) -> EpoError:
    try:
        return from_problem(msgspec.json.decode(body, type=Problem))
    except (msgspec.ValidationError, msgspec.DecodeError):
        if status in (502, 503, 504):
            return Unavailable("Сервер занят; запись будет отправлена снова", retry_after=5)
        return Offline("Ответил не сервер АИС ЭПО: проверьте адрес и сеть")


def unpacked(body: bytes) -> bytes:
    """Inflate within the limit; the header of a packed body is not trusted."""
    if len(body) > MAX_PACKED * 8:
        raise Offline("Ответ сервера больше допустимого размера")
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, MAX_UNPACKED)
    except zlib.error:
        raise Offline("Ответ сервера повреждён в пути") from None
    if stream.unconsumed_tail or not stream.eof:
        raise Offline("Ответ сервера больше допустимого размера или оборван")
    return raw
