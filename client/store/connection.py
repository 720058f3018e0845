"""Opening an encrypted SQLite file, and saying plainly why it does not open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3

from common.kit.errors import EpoError

Connection = Any
"""sqlcipher3 ships no types."""

DatabaseError: type[Exception] = sqlcipher3.DatabaseError
OperationalError: type[Exception] = sqlcipher3.OperationalError
"""Locked, no space, no access: the child of DatabaseError that says nothing against the file itself."""


class Damaged(EpoError):
    """The key is right and the file is not readable."""


class WrongKey(EpoError):
    """The key does not open this profile."""


LOCKED = "Программа заблокирована: введите пароль, чтобы продолжить"


class Asleep(EpoError):
    """The files are shut and their key is gone: the program is locked, or they were of a tab that is closed."""


class Shut:
    """Stands in the place of a connection whose file is shut: whoever asks it hears why."""

    def __init__(self, why: str) -> None:
        self.why = why

    def __getattr__(self, name: str) -> Any:
        raise Asleep(self.why)

    def close(self) -> None:
        """There is nothing to close."""


SHUT: Connection = Shut(LOCKED)


PAGES_KEPT = "cache_size = -48000"
"""At most 48 MB, as far as the file is so long: a page that is written or read again is not ciphered again."""
LOG_LENGTH = "wal_autocheckpoint = 4000"
"""A long load rewrites a page of the file once in 16 MB, not in 4."""


def open_file(path: Path, key: bytes, *, durable: bool, patience: int = 10_000) -> Connection:
    """A connection to an encrypted file; Damaged where it cannot be read with this key.

    A file that is only busy (for `patience` ms) or out of reach is not damaged: nobody may set it aside.
    """
    try:
        connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
    except OperationalError:
        raise EpoError(f"Файл {path} не открывается: проверьте папку и права на неё") from None
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {patience}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        for pragma in ("secure_delete = ON", "temp_store = MEMORY", PAGES_KEPT, LOG_LENGTH):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except OperationalError:
        connection.close()
        raise busy(path) from None
    except DatabaseError:
        connection.close()
        raise Damaged(f"Файл {path.name} повреждён") from None
    return connection


def busy(path: Path) -> EpoError:
    return EpoError(
        f"Файл {path.name} занят другой программой или на диске нет места; попробуйте ещё раз"
    )


def is_sound(connection: Connection) -> bool:
    """Does the file read whole? It reads every page: ask only where something points at damage."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except DatabaseError:
        return False


NO_ROOM = (
    "Не записано: на диске нет места или файл занят другой программой. "
    "Освободите место и повторите; набранное остаётся на экране"
)


class Transaction:
    """`with Transaction(connection):` begins at once, commits whole or rolls back.

    EpoError where the disk is full or the file is held by another: nothing of it is written.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __enter__(self) -> Connection:
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except OperationalError as fault:
            raise EpoError(NO_ROOM) from fault
        return self.connection

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, _: object
    ) -> None:
        if kind is not None:
            self._undo()
            if issubclass(kind, OperationalError):
                raise EpoError(NO_ROOM) from fault
            return
        try:
            self.connection.execute("COMMIT")
        except OperationalError as full:
            self._undo()
            raise EpoError(NO_ROOM) from full
        except DatabaseError:
            self._undo()
            raise

    def _undo(self) -> None:
        if self.connection.in_transaction:  # some faults have rolled back already
            self.connection.execute("ROLLBACK")
