"""A throw-away PostgreSQL for tests, from the system's binaries or from the address in EPO_TEST_PG."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.errors import DuplicateObject, UniqueViolation

from tests.ports import free_port
from tests.shared import DATABASE

DRIVER = "postgresql+psycopg"
ROLE = "epo_test_server"
NAMED = "EPO_TEST_PG"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Never for fault tests: these ask for a durable server."""


class NoPostgresError(Exception):
    """Neither an address nor binaries: the reader is told what to install."""


@dataclass(frozen=True)
class Postgres:
    """A running server; its url names no database."""

    url: str

    def database_url(self, name: str) -> str:
        return f"{DRIVER}://{self.url.partition('://')[2].rstrip('/')}/{name}"

    def create(self, *, template: str = "template0", name: str = "") -> str:
        """The name of a new database: empty, or a copy of the template that nobody is using."""
        name = name or f"epo_test_{uuid.uuid4().hex}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log")
        self._run(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def admit(self, url: str) -> str:
        """The same database for an ordinary role that may log in; the role is left to the next run."""
        role = sql.Identifier(ROLE)
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            with contextlib.suppress(DuplicateObject, UniqueViolation):  # another worker's
                connection.execute(made.format(role, sql.Literal(ROLE)))
        begin, _, end = url.partition("://")
        return f"{begin}://{ROLE}:{ROLE}@{end.partition('@')[2]}"

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, command: sql.Composed) -> None:
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(command)


@dataclass(frozen=True)
class Cluster:
    """The files and the process of a server of our own, which a fault test may kill."""

    home: Path
    port: int
    settings: tuple[str, ...] = FAST
    programs: Path = field(default_factory=lambda: programs_of(os.environ))

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def server(self) -> Postgres:
        return Postgres(f"postgresql://postgres@127.0.0.1:{self.port}")

    def create(self) -> None:
        self._call(
            "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )

    def start(self) -> None:
        settings = (
            "listen_addresses=127.0.0.1",
            "shared_buffers=128MB",
            "max_connections=300",
            *self.settings,
        )
        options = " ".join(f"-c {setting}" for setting in settings)
        options = f"-p {self.port} -k {self.home} {options}"
        self._call("pg_ctl", "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self, *, mode: str = "immediate") -> None:
        self._call("pg_ctl", "-w", "-m", mode, "stop")

    def _call(self, name: str, *arguments: str) -> None:
        command = [str(self.programs / name), "-D", str(self.data), *arguments]
        done = subprocess.run(
            command,
            cwd=self.home,
            user="postgres" if is_root() else None,
            group="postgres" if is_root() else None,
            extra_groups=[] if is_root() else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise NoPostgresError(f"{name}: {done.stderr.decode('utf-8', 'replace')}")


def programs_of(environment: Mapping[str, str]) -> Path:
    """The folder of initdb and pg_ctl: on PATH, or where Debian keeps the newest."""
    found = shutil.which("initdb", path=environment.get("PATH"))
    if found:
        return Path(found).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not kept:
        raise NoPostgresError("no PostgreSQL: apt-get install postgresql, or set EPO_TEST_PG")
    return kept[-1].parent


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextlib.contextmanager
def made_cluster(*settings: str) -> Iterator[Cluster]:
    """A server that is not started yet, in a folder of its own, which is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="epo-pg-"))
    try:
        if is_root():
            shutil.chown(home, "postgres", "postgres")  # PostgreSQL refuses to run as root
        cluster = Cluster(home, free_port(), settings)
        cluster.create()
        yield cluster
    finally:
        shutil.rmtree(home)


@contextlib.contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    with made_cluster(*(() if durable else FAST)) as cluster:
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server named in EPO_TEST_PG, else one of our own."""
    named = os.environ.get(NAMED)
    if named:
        yield Postgres(named.replace(DRIVER, "postgresql").rstrip("/"))
        return
    with running_cluster() as cluster:
        yield cluster.server


@contextlib.contextmanager
def one_postgres(shared: Path) -> Iterator[None]:
    """One for all workers of a run; the databases that they share are dropped at its end."""
    with running_postgres() as server:
        named = os.environ.get(NAMED)
        os.environ[NAMED] = server.url
        try:
            yield
        finally:
            for name in shared.glob(f"postgresql-*/{DATABASE}"):
                server.drop(name.read_text(encoding="utf-8"))
            os.environ.pop(NAMED)
            if named:
                os.environ[NAMED] = named
