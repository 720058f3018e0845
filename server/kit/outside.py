"""What lies beside the database: the key of seals and the anchor of given numbers (SYNC 7), which survive its restore, and files."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

SECRETS = "secrets.toml"
ANCHOR = "anchor.jsonl"
FILES = "files"
OPTION = "outside"
PROOF = 16
"""Bytes of the proof that goes with every answer."""


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number that may never be given again; `number` 0 stands for the series itself."""

    college: UUID
    series: str
    book: str = ""
    number: int = 0
    uuid: UUID | None = None
    """The chain of operations that consumed it; None for the top of a lease."""


class Outside:
    """One folder per server, shared by its processes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.key = _mac_key(folder / SECRETS)
        self.path = folder / ANCHOR
        self.lock = threading.Lock()
        self.read_to = 0
        self.owners: dict[tuple[UUID, str, str, int], UUID] = {}
        self.tops: dict[tuple[UUID, str, str], int] = {}
        self.of_chain: dict[tuple[UUID, UUID, str], Given] = {}

    @property
    def files(self) -> Path:
        """The shelves of the colleges' files."""
        return self.folder / FILES

    @property
    def jobs(self) -> Path:
        """What long work was given and what it has made; in no backup."""
        return self.folder / "jobs"

    # ---- the anchor

    def keep(self, given: Iterable[Given]) -> None:
        """On the disk before the transaction that gives these numbers is committed."""
        lines = b"".join(msgspec.json.encode(each) + b"\n" for each in given)
        if not lines:
            return
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, lines)
            os.fsync(handle)
        finally:
            os.close(handle)

    def owner(self, college: UUID, series: str, book: str, number: int) -> UUID | None:
        """Whose this number is, in any history."""
        self._read()
        return self.owners.get((college, series, book, number))

    def given_to(self, college: UUID, chain: UUID | None, book: str) -> Given | None:
        """What these operations were given in this book, be it in a history that is no more."""
        self._read()
        return self.of_chain.get((college, chain, book)) if chain is not None else None

    def top(self, college: UUID, series: str, book: str) -> int:
        """The highest number of this book ever leased or used."""
        self._read()
        return self.tops.get((college, series, book), 0)

    def series(self, college: UUID) -> int:
        """The highest series ever given to a desk of this college."""
        self._read()
        return max((int(s) for c, s, _ in self.tops if c == college), default=0)

    def _read(self) -> None:
        with self.lock:
            if not self.path.exists() or self.path.stat().st_size == self.read_to:
                return
            with self.path.open("rb") as file:
                file.seek(self.read_to)
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # cut off by a fault: its transaction was never committed
                    self.read_to += len(line)
                    self._learn(msgspec.json.decode(line, type=Given))

    def _learn(self, given: Given) -> None:
        place = (given.college, given.series, given.book)
        self.tops[place] = max(self.tops.get(place, 0), given.number)
        if given.uuid is not None:
            self.owners.setdefault((*place, given.number), given.uuid)
            self.of_chain.setdefault((given.college, given.uuid, given.book), given)

    # ---- seals

    def seal(self, college: UUID, uuid: UUID, result: Mapping[str, Any]) -> bytes:
        """Proves after a restore what the centre had answered."""
        said = msgspec.json.encode([college.hex, uuid.hex, result], order="sorted")
        return hmac.digest(self.key, said, hashlib.sha256)

    def derived(self, what: str) -> bytes:
        """32 bytes that follow from the key and from nothing in the database."""
        return hmac.digest(self.key, f"derived {what}".encode(), hashlib.sha256)

    def verifier(self, code: str) -> str:
        """What is kept of a one-time code: useless without the key, and codes are too long to be guessed."""
        return hmac.digest(self.key, f"code {code}".encode(), hashlib.sha256).hex()

    def vouch(self, college: UUID, epoch: str, clock: int, mark: int) -> bytes:
        """Proves after a restore that this server had come so far in that history."""
        said = f"witness {college.hex} {epoch} {clock} {mark}".encode()
        return hmac.digest(self.key, said, hashlib.sha256)[:PROOF]

    def is_vouched(self, proof: bytes, college: UUID, epoch: str, clock: int, mark: int) -> bool:
        return hmac.compare_digest(proof, self.vouch(college, epoch, clock, mark))

    def person_key(self, number: str) -> bytes:
        """Tells the same human being in two colleges; the number cannot be had back, nor tried out without the key."""
        return hmac.digest(self.key, f"person {number}".encode(), hashlib.sha256)

    def ending(self, token: str) -> bytes:
        """What nobody else can say to the desk of this token: that its account has ended."""
        return hmac.digest(self.key, f"access ended {token}".encode(), hashlib.sha256)

    def sign(self, said: bytes) -> str:
        """That this server said it: for what is kept outside and shown to it again."""
        return hmac.digest(self.key, b"said " + said, hashlib.sha256).hex()

    def has_signed(self, mac: str, said: bytes) -> bool:
        return hmac.compare_digest(mac.encode(), self.sign(said).encode())

    def is_sealed(self, mac: bytes, college: UUID, uuid: UUID, result: Mapping[str, Any]) -> bool:
        return hmac.compare_digest(mac, self.seal(college, uuid, result))


def _mac_key(path: Path) -> bytes:
    """Made once, readable by the server's user only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(tomllib.loads(path.read_text(encoding="ascii"))["mac"])
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f'mac = "{key.hex()}"\n')
        file.flush()
        os.fsync(file.fileno())
    return key


def attach(engine: sa.Engine, outside: Outside) -> sa.Engine:
    """The same engine, whose sessions know what lies beside their database."""
    return engine.execution_options(**{OPTION: outside})


def outside_of(db: Session) -> Outside:
    return outside_at(db.get_bind())


def outside_at(engine: sa.Engine | sa.Connection) -> Outside:
    found: Outside | None = engine.get_execution_options().get(OPTION)
    if found is None:
        raise RuntimeError("this engine was opened without its folder of secrets and numbers")
    return found
