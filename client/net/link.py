"""The one way to the server: bounded, timed, and honest about being offline."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import requests
from requests.adapters import HTTPAdapter

from common.kit.deciding import (
    Asked,
    CloseSeries,
    DecideAsked,
    Decided,
    Leases,
    Sealed,
    SeriesClosed,
)
from common.kit.errors import EpoError, Problem, Unavailable, from_problem
from common.kit.history import History
from common.kit.issuing import Issued, IssueRequest, NewPassword, PasswordChanged
from common.kit.jobs import PATH, Job, JobAsked, JobInput, Jobs
from common.kit.ready import ready_messages
from common.kit.sync import (
    MAX_PACKED,
    MAX_UNPACKED,
    FileProgress,
    OfferAnswer,
    OfferRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    SealAnswer,
    SealRequest,
    SignedIn,
    SignIn,
    YearRequest,
)
from common.kit.visits import EndSession, SessionEnded, Sessions, Visits, VisitsAsked

T = TypeVar("T")

CONNECT, READ = 3.0, 30.0
MEDIA = "application/vnd.epo.sync"
RAW = "application/octet-stream"


CHUNK = 64 * 1024

LOST = "Нет связи с сервером; работа продолжается на этом компьютере"
OVER = "Ответ сервера больше допустимого размера"
PLAIN = (
    "Адрес сервера без защиты: ничего не передано. Впишите адрес, который начинается с https:// "
    "(его знает администратор)"
)
STRANGER = "Ответил не сервер АИС ЭПО: проверьте адрес и сеть"

TROUBLE = (requests.RequestException, OSError)
"""`iter_content` puts these in the place of urllib3's own, also where the line is cut in mid-body."""


class Offline(EpoError):
    """The server cannot be reached; nothing is known of what was sent."""


class Stranger(Offline):
    """Something answers at this address, and it is not our server."""


class TooLarge(Offline):
    """More came than a desk unpacks; a smaller page may pass."""


class Unprotected(Stranger):
    """The address would carry everything in clear."""


class NoTls(HTTPAdapter):
    """Without TLS only to this very computer (TRUST D-46): a request to anywhere else does not leave, whatever the address hides."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        if not _is_here(urlsplit(request.url or "").hostname or ""):
            raise Unprotected(PLAIN)
        return super().send(request, *args, **options)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Transport(Protocol):
    """What a round of sync asks of the way to the server; a test hands in its own."""

    server: str
    token: str

    def sign_in(self, request: SignIn) -> SignedIn: ...
    def pull(self, request: PullRequest) -> PullAnswer: ...
    def push(self, request: PushRequest) -> PushAnswer: ...
    def offer(self, request: OfferRequest) -> OfferAnswer: ...
    def seal(self, request: SealRequest) -> SealAnswer: ...


class FileTransport(Protocol):
    """What the queue of files asks of the way to the server."""

    def send_piece(self, digest: str, size: int, at: int, body: bytes) -> FileProgress: ...
    def fetch_piece(self, digest: str, at: int, most: int) -> bytes: ...


class Link:
    """A server's address, a session of requests and the desk's token."""

    def __init__(self, server: str, token: str = "", *, patience: float = READ) -> None:
        """`patience`: seconds without a byte after which the server counts as out of reach."""
        ready_messages()
        self.server = server.rstrip("/")
        self.token = token
        self.patience = patience
        self.session = requests.Session()
        self.session.trust_env = False  # neither a proxy nor other roots of trust
        self.session.mount("http://", NoTls())

    def close(self) -> None:
        self.session.close()

    def answers(self, patience: float) -> bool:
        """Is the server there at all? Asked between rounds; it costs the server nothing."""
        try:
            with self.session.get(
                f"{self.server}/health/live", timeout=patience, allow_redirects=False
            ):
                return True
        except (*TROUBLE, Unprotected):
            return False

    def sign_in(self, request: SignIn) -> SignedIn:
        return self._json("POST", "/api/sign-in", msgspec.json.encode(request), {}, SignedIn)

    def issue(self, request: IssueRequest) -> Issued:
        """One-time codes; the answer is the only place where they are."""
        return self._json("POST", "/api/credentials", msgspec.json.encode(request), {}, Issued)

    def change_password(self, old: str, new: str) -> PasswordChanged:
        body = msgspec.json.encode(NewPassword(old=old, new=new))
        return self._json("POST", "/api/password", body, {}, PasswordChanged)

    def ask_whether_let_in(self) -> None:
        """Does this token still open anything? AccessEnded, NotSignedIn, Offline say why not."""
        for _ in self._ask("GET", "/api/me", b"", "application/json", {}):
            pass

    def pull(self, request: PullRequest) -> PullAnswer:
        return self._sync("/api/sync/pull", request, PullAnswer)

    def read_year(self, request: YearRequest) -> PullAnswer:
        return self._sync("/api/sync/year", request, PullAnswer)

    def push(self, request: PushRequest) -> PushAnswer:
        return self._sync("/api/sync/push", request, PushAnswer)

    def offer(self, request: OfferRequest) -> OfferAnswer:
        return self._sync("/api/sync/offer", request, OfferAnswer)

    def seal(self, request: SealRequest) -> SealAnswer:
        return self._sync("/api/sync/seal", request, SealAnswer)

    def send_piece(self, digest: str, size: int, at: int, body: bytes) -> FileProgress:
        """Bytes of a file from `at` on; an empty body asks how much of it has come."""
        asked: dict[str, str | int] = {"digest": digest, "size": size, "at": at}
        received = b"".join(self._ask("POST", "/api/file", body, RAW, asked))
        return _decoded(received, FileProgress)

    def fetch_piece(self, digest: str, at: int, most: int) -> bytes:
        """At most so many bytes of a file from there on."""
        asked: dict[str, str | int] = {"digest": digest, "at": at, "most": most}
        return b"".join(self._ask("GET", "/api/file", b"", RAW, asked))

    def visits(self, asked: VisitsAsked) -> Visits:
        params = {k: v for k, v in msgspec.structs.asdict(asked).items() if v}
        return self._json("GET", "/api/access/visits", b"", params, Visits)

    def history(self, rows: Sequence[UUID], before: int = 0) -> History:
        asked: dict[str, str | int] = {"rows": ",".join(id.hex for id in rows), "before": before}
        return self._json("GET", "/api/history", b"", asked, History)

    def sessions(self) -> Sessions:
        return self._json("GET", "/api/access/sessions", b"", {}, Sessions)

    def end_session(self, id: str) -> SessionEnded:
        body = msgspec.json.encode(EndSession(id))
        return self._json("POST", "/api/access/sessions/end", body, {}, SessionEnded)

    def asked_list(self, *, every: bool = False) -> Asked:
        return self._json("GET", "/api/asked", b"", {"every": int(every)}, Asked)

    def decide_asked(self, id: str, *, allow: bool, word: str = "") -> Decided:
        body = msgspec.json.encode(DecideAsked(id, allow, word))
        return self._json("POST", "/api/asked/decide", body, {}, Decided)

    def leases(self) -> Leases:
        return self._json("GET", "/api/numbers", b"", {}, Leases)

    def close_series(self, series: str, word: str) -> SeriesClosed:
        body = msgspec.json.encode(CloseSeries(series, word))
        return self._json("POST", "/api/numbers/close", body, {}, SeriesClosed)

    def jobs(self) -> Jobs:
        return self._json("GET", "/api/jobs", b"", {}, Jobs)

    def start_job(self, kind: str, asked: msgspec.Struct) -> Job:
        return self._json("POST", f"{PATH}{kind}", msgspec.json.encode(asked), {}, Job)

    def cancel_job(self, id: str) -> Job:
        return self._json("POST", "/api/jobs/cancel", msgspec.json.encode(JobAsked(id)), {}, Job)

    def send_job_input(self, id: str, at: int, body: bytes) -> JobInput:
        """Bytes of its table from `at` on."""
        answer = b"".join(self._ask("POST", "/api/jobs/input", body, RAW, {"id": id, "at": at}))
        return _decoded(answer, JobInput)

    def job_result(self, id: str, at: int, most: int) -> bytes:
        asked: dict[str, str | int] = {"id": id, "at": at, "most": most}
        return b"".join(self._ask("GET", "/api/jobs/result", b"", RAW, asked))

    def sealed(self) -> Sealed:
        return self._json("GET", "/api/sealed", b"", {}, Sealed)

    def _json(
        self, method: str, path: str, body: bytes, asked: dict[str, str | int], kind: type[T]
    ) -> T:
        return _decoded(b"".join(self._ask(method, path, body, "application/json", asked)), kind)

    def _sync(self, path: str, request: object, kind: type[T]) -> T:
        packed = zlib.compress(msgspec.msgpack.encode(request), 1)
        raw = unpacked(self._post(path, packed, MEDIA))
        try:
            return msgspec.msgpack.decode(raw, type=kind)
        except (msgspec.ValidationError, msgspec.DecodeError):
            raise Stranger(STRANGER) from None

    def _post(self, path: str, body: bytes, media: str) -> Iterator[bytes]:
        return self._ask("POST", path, body, media, {})

    def _ask(
        self, method: str, path: str, body: bytes, media: str, asked: dict[str, str | int]
    ) -> Iterator[bytes]:
        """The answer's body as it comes, at most MAX_PACKED of it; a problem is raised as its error."""
        headers = {"Content-Type": media, "Accept-Encoding": "identity"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with self.session.request(
                method,
                self.server + path,
                params=asked,
                data=body,
                headers=headers,
                timeout=(CONNECT, self.patience),
                stream=True,
                allow_redirects=False,
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    raise _fault(answer.status_code, next(answer.iter_content(CHUNK), b""))
                yield from _bounded(answer)
        except TROUBLE as fault:
            raise Offline(LOST) from fault


def _decoded(received: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(received, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError):
        raise Stranger(STRANGER) from None


def _bounded(answer: requests.Response) -> Iterator[bytes]:
    received = 0
    for chunk in answer.iter_content(CHUNK):
        received += len(chunk)
        if received > MAX_PACKED:
            raise TooLarge(OVER)
        yield chunk


def _fault(status: int, body: bytes) -> EpoError:
    try:
        return from_problem(msgspec.json.decode(body, type=Problem))
    except (msgspec.ValidationError, msgspec.DecodeError):
        if status in (502, 503, 504):
            return Unavailable("Сервер занят; запись будет отправлена снова", retry_after=5)
        return Stranger(STRANGER)


def unpacked(chunks: Iterable[bytes]) -> bytes:
    """Inflate within MAX_UNPACKED, counted while it streams; no header is trusted."""
    stream = zlib.decompressobj()
    found = bytearray()
    try:
        for chunk in chunks:
            found += stream.decompress(chunk, MAX_UNPACKED + 1 - len(found))
            if len(found) > MAX_UNPACKED:
                raise TooLarge(OVER)
    except zlib.error:
        raise Offline("Ответ сервера повреждён в пути") from None
    if not stream.eof:
        raise Offline("Ответ сервера оборван")
    return bytes(found)
