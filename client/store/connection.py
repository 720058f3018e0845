"""Opening an encrypted SQLite file, and saying plainly why it does not open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3

from common.kit.errors import EpoError

Connection = Any
"""sqlcipher3 ships no types."""

DatabaseError: type[Exception] = sqlcipher3.DatabaseError


class Damaged(EpoError):
    """The key is right and the file is not readable."""


class WrongKey(EpoError):
    """The key does not open this profile."""


def open_file(path: Path, key: bytes, *, durable: bool) -> Connection:
    """A connection to an encrypted file; Damaged where it cannot be read with this key."""
    connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        for pragma in ("secure_delete = ON", "busy_timeout = 10000", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError:
        connection.close()
        raise Damaged(f"Файл {path.name} повреждён") from None
    return connection


class Transaction:
    """`with Transaction(connection):` begins at once, commits whole or rolls back."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __enter__(self) -> Connection:
        self.connection.execute("BEGIN IMMEDIATE")
        return self.connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.connection.execute("COMMIT" if kind is None else "ROLLBACK")
