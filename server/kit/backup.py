"""Backups (TRUST E-55): one encrypted file of the database and of what lies beside it, made while the server works.

The file is a tar inside age (age-encryption.org), so it can be opened without this program:
`age -d -i KEY FILE | tar x`. The server needs the recipient only; the key is kept elsewhere.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
import pyrage
import sqlalchemy as sa

from common.kit.errors import EpoError, NotFound
from common.kit.sealing import recipient_of
from common.kit.sync import Witness
from server.kit import backup_files, proved, schema
from server.kit.age_keys import identity_of
from server.kit.commit import commit
from server.kit.database import open_engine, reader
from server.kit.gate import end_history
from server.kit.outside import ANCHOR, SECRETS
from server.kit.pulling import note_backup
from server.kit.session import Clock, CollegeSession
from server.kit.tables import clock, clock_mark

FORMAT = 1
MANIFEST, SQLITE, POSTGRES = "manifest.json", "database.sqlite", "database.pgdump"
OUTSIDE = (SECRETS, ANCHOR)
NAMES = (MANIFEST, SQLITE, POSTGRES, *OUTSIDE)
PIECE = 1 << 20

STRANGER = "Копия не открывается этим ключом или повреждена"


class Stood(msgspec.Struct, frozen=True):
    """Where a college's clock stood."""

    college: UUID
    clock: int
    mark: int


class Manifest(msgspec.Struct):
    """What a copy holds; told by `backup` and compared after `restore`."""

    format: int
    made_at: dt.datetime
    dialect: str
    revision: str
    tables: dict[str, int]
    stood: list[Stood]
    sha256: str
    files: int = 0
    """Contents of files that lie beside the database."""


# ---- making


def make_backup(
    engine: sa.Engine, data_dir: Path, target: Path, recipient: str, *, now: Clock
) -> Manifest:
    """Write a whole encrypted copy or nothing; EpoError where the file is there or there is no room."""
    reader_key = recipient_of(recipient)
    if target.exists():
        raise EpoError(f"Файл {target.name} уже есть: копию пишут в новый файл")
    part = target.with_name(target.name + ".part")
    try:
        with _workshop(data_dir) as place:
            manifest = _copy(engine, place, now=now)
            for name in OUTSIDE:
                if (data_dir / name).exists():
                    shutil.copyfile(data_dir / name, place / name)
            tar = place / "whole.tar"
            with tarfile.open(tar, "w") as packed:
                manifest.files = backup_files.pack(packed, data_dir)
                (place / MANIFEST).write_bytes(msgspec.json.encode(manifest))
                for name in NAMES:
                    if (place / name).exists():
                        packed.add(place / name, name)
            with tar.open("rb") as plain, part.open("wb") as file:
                pyrage.encrypt_io(plain, file, [reader_key])
                file.flush()
                os.fsync(file.fileno())
        part.rename(target)
    except OSError as fault:
        raise EpoError(f"Копия не записана: {fault.strerror or fault}") from None
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextlib.contextmanager
def _workshop(data_dir: Path) -> Iterator[Path]:
    """A folder beside the database, as well guarded as it, for the copy before it is encrypted."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir, prefix="backup-") as place:
        yield Path(place)


def _copy(engine: sa.Engine, place: Path, *, now: Clock) -> Manifest:
    if engine.dialect.name == "sqlite":
        path = place / SQLITE
        with engine.execution_options(reading=True).connect() as connection:
            driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]  # SQLite's own
            driver.execute("VACUUM INTO ?", (str(path),))
        copy = open_engine(f"sqlite:///{path}")
        with copy.connect() as connection:
            tables, stood = _tables(connection), _stood(connection)
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        copy.dispose()
    else:
        path = place / POSTGRES
        with reader(engine).connect() as connection:
            snapshot = connection.scalar(sa.select(sa.func.pg_export_snapshot()))
            tables, stood = _tables(connection), _stood(connection)
            _dump(engine.url, path, str(snapshot))
    revision = schema.current(engine) or ""
    return Manifest(FORMAT, now(), engine.dialect.name, revision, tables, stood, _digest(path))


def _tables(connection: sa.Connection) -> dict[str, int]:
    counts = {}
    for name in sorted(sa.inspect(connection).get_table_names()):
        count = sa.select(sa.func.count()).select_from(sa.table(name))
        counts[name] = int(connection.scalar(count) or 0)
    return counts


def _stood(connection: sa.Connection) -> list[Stood]:
    query = sa.select(clock.c.college_id, clock.c.counter, clock_mark.c.mark).join(
        clock_mark,
        sa.and_(clock_mark.c.college_id == clock.c.college_id, clock_mark.c.seq == clock.c.counter),
    )
    return [Stood(*row) for row in connection.execute(query)]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---- PostgreSQL's own programs


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        found = str(kept[-1]) if kept else None
    if found is None:
        raise EpoError(f"Нет программы {name}: поставьте пакет postgresql-client")
    return found


def _dump(url: sa.URL, path: Path, snapshot: str) -> None:
    _call("pg_dump", url, "-Fc", f"--snapshot={snapshot}", "-f", str(path))


def _call(name: str, url: sa.URL, *arguments: str) -> None:
    """The password goes by the environment: a command line is read by everybody."""
    address = url.set(drivername="postgresql", password=None)
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    command = [_program(name), *arguments, "-d", address.render_as_string(hide_password=False)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603  PostgreSQL's own program, no shell
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise EpoError(f"{name}: {said[-1] if said else 'не удалось'}")


# ---- proving and restoring


@contextlib.contextmanager
def opened(source: Path, key: Path, data_dir: Path) -> Iterator[tuple[Manifest, Path]]:
    """The copy's manifest and the folder with what was in it; EpoError where it is not whole."""
    identity = identity_of(key)
    with _workshop(data_dir) as place:
        tar = place / "whole.tar"
        try:
            with source.open("rb") as file, tar.open("wb") as plain:
                pyrage.decrypt_io(file, plain, [identity])
            _unpack(tar, place)
            manifest = msgspec.json.decode((place / MANIFEST).read_bytes(), type=Manifest)
            whole = (
                manifest.format == FORMAT
                and manifest.sha256 == _digest(_database(place))
                and manifest.files == backup_files.count(place)
            )
        except (OSError, pyrage.DecryptError, tarfile.TarError, msgspec.MsgspecError):
            raise EpoError(STRANGER) from None
        if not whole:
            raise EpoError(STRANGER)
        yield manifest, place


def _unpack(tar: Path, place: Path) -> None:
    """Our own names and plain files only: whoever knows the recipient can make a copy that opens.

    Not by extraction filters: Debian 12's Python is older than they are.
    """
    with tarfile.open(tar) as packed:
        for member in packed:
            source = packed.extractfile(member) if member.isreg() else None
            if source is not None and backup_files.is_content(member.name):
                with source:
                    backup_files.unpack(source, member.name, place)
                continue
            if source is None or member.name not in NAMES:
                raise tarfile.TarError(member.name)
            with source, (place / member.name).open("wb") as target:
                shutil.copyfileobj(source, target, PIECE)


def _database(place: Path) -> Path:
    return place / SQLITE if (place / SQLITE).exists() else place / POSTGRES


def prove(engine: sa.Engine, source: Path, key: Path, data_dir: Path, *, now: Clock) -> Manifest:
    """Open a copy as a restore would; what it holds of the present history may be let go by desks."""
    with opened(source, key, data_dir) as (manifest, _):
        for each in manifest.stood:
            with CollegeSession(engine, each.college, now=now) as db:
                note_backup(db, Witness(each.clock, each.mark))
                commit(db, "backup")
    proved.note_proved(engine, manifest.made_at)
    return manifest


def newest(folder: Path) -> Path:
    """The copy that was written last into this folder; NotFound."""
    whole = [p for p in folder.iterdir() if p.is_file() and p.suffix != ".part"]
    if not whole:
        raise NotFound(f"В папке {folder.name} нет ни одной копии")
    return max(whole, key=lambda path: path.stat().st_mtime)


def restore(url: str, source: Path, key: Path, data_dir: Path) -> Manifest:
    """Into an empty place only; a new history begins there, and the server is in recovery until told."""
    engine = open_engine(url)
    try:
        if sa.inspect(engine).get_table_names():
            raise EpoError("Здесь уже есть данные: копию восстанавливают только на пустое место")
        with opened(source, key, data_dir) as (manifest, place):
            if manifest.dialect != engine.dialect.name:
                raise EpoError(
                    f"Копия снята с {manifest.dialect}, а восстановить просят на {engine.dialect.name}"
                )
            _bring(engine, place)
            for name in OUTSIDE:
                if (place / name).exists() and not (data_dir / name).exists():
                    shutil.copyfile(place / name, data_dir / name)
                    (data_dir / name).chmod(0o600)
            backup_files.bring(place, data_dir)
        end_history(engine)
        _compare(engine, manifest)
    finally:
        engine.dispose()
    return manifest


def _bring(engine: sa.Engine, place: Path) -> None:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        target = Path(str(engine.url.database))
        for tail in ("-wal", "-shm"):
            target.with_name(target.name + tail).unlink(missing_ok=True)
        shutil.move(place / SQLITE, target)
    else:
        _call(
            "pg_restore",
            engine.url,
            "--no-owner",
            "--no-acl",  # the roles of another place; `migrate --role` admits those of this one
            "--exit-on-error",
            "--single-transaction",
            str(place / POSTGRES),
        )


def _compare(engine: sa.Engine, manifest: Manifest) -> None:
    with engine.connect() as connection:
        tables = _tables(connection)
    own = {"server_fact"}  # the new epoch has just been written there
    differing = [n for n in manifest.tables if n not in own and tables.get(n) != manifest.tables[n]]
    if differing:
        raise EpoError(f"Восстановлено не всё: {', '.join(differing)}; повторите на пустом месте")
