"""The queue of files (SYNC 10): apart from the operations, piece by piece, from where the line was cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from client.net.link import FileTransport, Offline
from client.store import filing
from client.store.store import Store
from common.kit.contents import MAX_FILE, PIECE
from common.kit.errors import EpoError, Invalid, NotFound
from common.kit.sync import FileProgress

LEAST_PIECE = 256
STEADY = 4
"""After so many whole pieces a larger one is tried."""

TWISTED = "Файл приходит на сервер повреждённым; попробуем позже"
BROKEN = "Файл пришёл повреждённым; откройте его ещё раз"


class Pace:
    """How much is sent or asked for at once: half where the line is cut, twice where it has held for a while."""

    def __init__(self) -> None:
        self.most = PIECE
        self.whole = 0
        """Pieces since the line was last cut."""

    def held(self) -> None:
        self.whole += 1
        if self.whole % STEADY == 0:
            self.most = min(PIECE, self.most * 2)

    def cut(self, fault: Offline) -> None:
        """Raises the fault where not even the least went through since the last cut."""
        if self.most <= LEAST_PIECE and not self.whole:
            raise fault
        self.most, self.whole = max(LEAST_PIECE, self.most // 2), 0


@dataclass(slots=True)
class Sent:
    """What one round of the queue did."""

    files: int = 0
    moved: bool = False
    """Something went over the line, be it not yet a whole file."""
    left: int = 0
    why: str = ""
    retry_after: int = 0
    pace: Pace = field(default_factory=Pace)


class Unsendable(EpoError):
    """One file cannot be sent now; the next one may."""


def always() -> bool:
    return True


def send(store: Store, link: FileTransport, go_on: Callable[[], bool] = always) -> Sent:
    """Send what waits, one after another, until the line is lost; asked before each piece whether to go on."""
    done = Sent()
    for digest in filing.sendable(store):
        if not go_on():
            break
        try:
            done.files += _send_one(store, link, digest, go_on, done)
        except NotFound:
            continue  # its record has not come there yet
        except (Invalid, Unsendable) as fault:
            done.why = fault.message
        except EpoError as fault:
            done.why, done.retry_after = fault.message, fault.retry_after
            break
    done.left = max(store.counts().files - done.files, 0)
    return done


def _send_one(
    store: Store, link: FileTransport, digest: str, go_on: Callable[[], bool], done: Sent
) -> bool:
    size = store.box.size(digest)
    progress = link.send_piece(digest, size, 0, b"")
    while not progress.whole:
        if not go_on():
            return False
        have = progress.have
        progress = _send_piece(store, link, digest, size, have, done.pace)
        done.moved |= progress.whole or progress.have > have
        if progress.have < have:
            raise Unsendable(TWISTED)
    return True


def _send_piece(
    store: Store, link: FileTransport, digest: str, size: int, at: int, pace: Pace
) -> FileProgress:
    """One piece; where the line is cut, how far it came."""
    body = _piece(store, digest, at, pace.most)
    try:
        progress = link.send_piece(digest, size, at, body)
    except Offline as fault:
        pace.cut(fault)
        return link.send_piece(digest, size, 0, b"")
    pace.held()
    return progress


def _piece(store: Store, digest: str, at: int, most: int) -> bytes:
    try:
        body = store.box.piece(digest, at, most)
    except EpoError as fault:
        raise Unsendable(fault.message) from fault
    if not body:
        raise Unsendable(TWISTED)
    return body


def fetch(store: Store, link: FileTransport, digest: str, size: int) -> bytes:
    """The content, from this computer or from the server; EpoError says why it cannot be had now."""
    if (here := _read(store, digest)) is not None:
        return here
    if size > MAX_FILE:
        raise EpoError(BROKEN)
    pace = Pace()
    while (have := store.box.have(digest)) < size:
        try:
            body = link.fetch_piece(digest, have, pace.most)
        except Offline as fault:
            pace.cut(fault)
            continue
        pace.held()
        if not body:
            break
        store.box.grow(digest, size, body)
    content = _read(store, digest)
    if content is None:
        store.box.drop([digest])
        raise EpoError(BROKEN)
    filing.tidy(store)
    return content


def _read(store: Store, digest: str) -> bytes | None:
    """None also where it is spoilt here: the server may have it whole."""
    try:
        return store.box.read(digest)
    except EpoError:
        return None
