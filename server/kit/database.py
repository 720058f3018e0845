"""Engines: how SQLite and PostgreSQL are opened so that transactions mean the same on both."""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

READING = {"reading": True}
"""Execution options of a connection that only reads: one snapshot, no write lock."""

LOCK_TIMEOUT = "-c lock_timeout=3000"
"""Who waits longer than 3 s for a row repeats his transaction instead (SYNC 3)."""


def open_engine(url: str) -> sa.Engine:
    """An engine whose transactions begin as SYNC 3 and 4 want them."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    if address.get_driver_name() == "psycopg2":
        address = address.set(drivername="postgresql+psycopg")
    return sa.create_engine(
        address,
        connect_args={"options": LOCK_TIMEOUT},
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
    )


def _open_sqlite(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address,
        connect_args={"check_same_thread": False, "timeout": 15},
        pool_size=8,
        max_overflow=16,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver would begin too late and too weakly
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    """A deferred transaction that turns to writing fails whatever the timeout: writers begin at once."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


DISK_OF_SQLITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}
DISK_OF_POSTGRESQL = ("53100", "58030")
"""disk_full, io_error."""


def is_trouble_of_the_disk(fault: DBAPIError) -> bool:
    """Is no write possible now, whatever is written? Then a repetition only costs time."""
    code = getattr(fault.orig, "sqlite_errorcode", 0) & 0xFF
    return code in DISK_OF_SQLITE or getattr(fault.orig, "sqlstate", "") in DISK_OF_POSTGRESQL


DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def unsafe_settings(engine: sa.Engine) -> list[str]:
    """What this database has switched off of its own durability: after a power cut it forgets what it confirmed."""
    if engine.dialect.name != "postgresql":
        return []
    values = sa.select(*(sa.func.current_setting(name) for name in DURABLE))
    with engine.connect() as connection:
        said = connection.execute(values).one()
    return [name for name, value in zip(DURABLE, said, strict=True) if value == "off"]


def reader(engine: sa.Engine) -> sa.Engine:
    """The same engine for one consistent snapshot without writing."""
    options: dict[str, Any] = dict(READING)
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.execution_options(**options)


def travelling(dialect: str, column: Any) -> Any:
    """The column as the database itself can give its value for the wire (common.kit.wire); moments stay moments.

    SQLite keeps ids, days and choices as the text that travels; PostgreSQL makes that text.
    """
    kind = column.type
    if not isinstance(kind, sa.Uuid | sa.Date | sa.Enum):
        return column
    if isinstance(kind, sa.Enum) or dialect == "sqlite":
        return sa.type_coerce(column, sa.String)
    text = sa.cast(column, sa.Text)
    return sa.func.replace(text, "-", "") if isinstance(kind, sa.Uuid) else text
