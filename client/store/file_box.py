"""Contents of files at the desk (SYNC 10): encrypted beside the journal, in pieces, so that each goes on from where it stopped."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from client.store.connection import (
    LOCKED,
    Asleep,
    Connection,
    Damaged,
    DatabaseError,
    OperationalError,
    Transaction,
    open_file,
)
from client.store.journal import set_aside
from common.kit.contents import PIECE, digest_of
from common.kit.errors import EpoError

SCHEMA = """
CREATE TABLE IF NOT EXISTS content (
  digest TEXT PRIMARY KEY, size INTEGER NOT NULL, have INTEGER NOT NULL, used_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS piece (
  digest TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE (digest, at));
"""

KEPT_BYTES = 64_000_000
"""So much of what is on the server too stays here, to be opened without a link."""

SPOILT = "Файл на этом компьютере повреждён; прикрепите его снова или откройте, когда будет связь"


class FileBox:
    """Made at the first file. What it holds is either precious or not; only the records say which."""

    def __init__(self, path: Path, key: bytes, *, now: Callable[[], int], notes: list[str]) -> None:
        """`notes` is told where the file was damaged and set aside."""
        self.path = path
        self.key = key
        self.now = now
        self.lock = threading.RLock()
        self.notes = notes
        self._connection: Connection | None = None
        self._whole: set[str] | None = None
        """Known without a question to the file: a form asks while a long content is being stored."""
        self._fresh: set[str] = set()
        """Contents whose records are just being written."""

    @property
    def empty(self) -> bool:
        """Nobody has attached or opened a file here yet."""
        return not self.path.exists()

    def close(self) -> None:
        with self.lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        with self.lock:
            if self._connection is None:
                self._connection = self._opened()
            try:
                yield self._connection
            except OperationalError:
                raise
            except DatabaseError as fault:
                raise EpoError(SPOILT) from fault

    def _opened(self) -> Connection:
        try:
            return self._made()
        except Damaged:
            aside = set_aside(self.path, dt.datetime.fromtimestamp(self.now() / 1000, dt.UTC))
            self.notes.append(
                f"Файлы этого компьютера повреждены и отложены в «{aside.name}». Сканы, которые "
                "ещё ждут отправки, прикрепите снова; отложенный файл передайте администратору"
            )
            return self._made()

    def _made(self) -> Connection:
        if not self.key:
            raise Asleep(LOCKED)
        fresh = self.empty
        connection = open_file(self.path, self.key, durable=True)
        if fresh:  # the room of what was let go is given back
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("VACUUM")
        connection.executescript(SCHEMA)
        return connection

    # ---- what is here

    def whole(self) -> set[str]:
        """Digests of the contents that are here to their last byte."""
        if self.empty:
            return set()
        if self._whole is None:
            with self._open() as c:
                rows = c.execute("SELECT digest FROM content WHERE have = size").fetchall()
                self._whole = {digest for (digest,) in rows}
        return set(self._whole)

    def _know(self, digest: str, *, whole: bool) -> None:
        known = self.whole()
        self._whole = known | {digest} if whole else known - {digest}

    def size(self, digest: str) -> int:
        return self._fact("size", digest)

    def have(self, digest: str) -> int:
        """How many first bytes of it are here."""
        return self._fact("have", digest)

    def _fact(self, name: str, digest: str) -> int:
        if self.empty:
            return 0
        with self._open() as c:
            query = f"SELECT {name} FROM content WHERE digest = ?"  # noqa: S608  own words
            row = c.execute(query, (digest,)).fetchone()
            return int(row[0]) if row else 0

    def piece(self, digest: str, at: int, most: int = PIECE) -> bytes:
        """At most so many bytes from there on."""
        query = "SELECT at, body FROM piece WHERE digest = ? AND at > ? - length(body) AND at < ? ORDER BY at"
        with self._open() as c:
            rows = c.execute(query, (digest, at, at + most)).fetchall()
        if not rows:
            return b""
        joined = b"".join(body for _, body in rows)
        start = at - int(rows[0][0])
        return joined[start : start + most]

    def read(self, digest: str) -> bytes | None:
        """The whole content; None where it is not here. EpoError where it is damaged, and it is let go."""
        if digest not in self.whole():
            return None
        with self._open() as c, Transaction(c):
            query = "SELECT body FROM piece WHERE digest = ? ORDER BY at"
            content = b"".join(body for (body,) in c.execute(query, (digest,)))
            c.execute("UPDATE content SET used_at = ? WHERE digest = ?", (self.now(), digest))
        if digest_of(content) != digest:
            self.drop([digest])
            raise EpoError(SPOILT)
        return content

    # ---- what comes and goes

    def put(self, content: bytes) -> str:
        """On the disk when this returns; its digest."""
        digest = digest_of(content)
        with self._open() as c, Transaction(c):
            self._forget(c, digest)
            self._begin(c, digest, len(content), len(content))
            c.executemany(
                "INSERT INTO piece VALUES (?, ?, ?)",
                [(digest, at, content[at : at + PIECE]) for at in range(0, len(content), PIECE)],
            )
        self._know(digest, whole=True)
        return digest

    @contextmanager
    def held(self, content: bytes) -> Iterator[str]:
        """Put it, and let nothing take it away before its record is written; its digest."""
        digest = digest_of(content)
        self._fresh.add(digest)
        try:
            yield self.put(content)
        finally:
            self._fresh.discard(digest)

    def grow(self, digest: str, size: int, chunk: bytes) -> None:
        """The next bytes of a content that comes from the server."""
        with self._open() as c, Transaction(c):
            have = self.have(digest)
            if not have:
                self._begin(c, digest, size, 0)
            c.execute("INSERT INTO piece VALUES (?, ?, ?)", (digest, have, chunk))
            c.execute(
                "UPDATE content SET have = ?, size = ? WHERE digest = ?",
                (have + len(chunk), size, digest),
            )
        if have + len(chunk) == size:
            self._know(digest, whole=True)

    def _begin(self, c: Connection, digest: str, size: int, have: int) -> None:
        c.execute(
            "INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)", (digest, size, have, self.now())
        )

    def _forget(self, c: Connection, digest: str) -> None:
        c.execute("DELETE FROM piece WHERE digest = ?", (digest,))
        c.execute("DELETE FROM content WHERE digest = ?", (digest,))

    def drop(self, digests: Collection[str]) -> None:
        """No byte of these stays: neither in the file nor in the log beside it."""
        if not (digests := set(digests) - self._fresh):
            return
        with self._open() as c:
            with Transaction(c):
                for digest in digests:
                    self._forget(c, digest)
            for digest in digests:
                self._know(digest, whole=False)
            c.execute("PRAGMA incremental_vacuum").fetchall()
            c.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def keep_only(self, wanted: Collection[str]) -> None:
        """Let go of every content that no record here speaks of any more."""
        if self.empty:
            return
        with self._open() as c:
            known = {digest for (digest,) in c.execute("SELECT digest FROM content")}
            self.drop(known.difference(wanted))

    def shrink(self, precious: Collection[str], limit: int = KEPT_BYTES) -> None:
        """Of what is on the server too only the newest stays, as much as the limit allows."""
        if self.empty:
            return
        with self._open() as c:
            rows = c.execute("SELECT digest, have FROM content ORDER BY used_at DESC, digest")
            room, old = limit, []
            for digest, have in rows.fetchall():
                if digest in precious:
                    continue
                room -= have
                if room < 0:
                    old.append(digest)
            self.drop(old)
