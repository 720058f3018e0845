"""A real server process with generated data, for end-to-end tests, benches and screenshots."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from common.administration.kinds import Sign
from common.kit.ids import REGION
from common.reference.entities import SuspicionLimit
from server.app import system_clock
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.session import CollegeSession
from server.reference.service import load_reference
from tests.nursery import ROOT, Process, serve
from tests.ports import free_port
from tests.postgres import Postgres
from tests.shared import DATABASE, PLACE, once

PASSWORD = "Учебный-пароль-1"
PATIENCE = 60.0
MANY_DESKS = 100_000
BY_HAND = 600.0
"""Seconds that a bench waits for its server: it is run by hand, also where the machine is busy with other things."""


@dataclass(slots=True)
class World:
    """The server's address and how to stop and start it again."""

    address: str
    port: int
    environment: dict[str, str]
    log: Path
    process: Process | None = None
    patience: float = PATIENCE

    @property
    def database_url(self) -> str:
        place = Path(self.environment["EPO_DATA_DIR"])
        return self.environment.get("EPO_DATABASE_URL", f"sqlite:///{place / 'server.db'}")

    def start(self, *, bug: str = "", shift: int = 0) -> None:
        """`bug` names a planted fault of tests.faults.planted; its clock is wrong by `shift` seconds."""
        order = ("serve", "--port", str(self.port), "--accept-unsafe-database")
        self.process = serve(order, self.environment, self.log, bug=bug, shift=shift)
        end = time.monotonic() + self.patience
        while time.monotonic() < end and self.process.poll() is None:
            if self._answers():
                return
        raise RuntimeError(self.log.read_text(encoding="utf-8"))

    def _answers(self) -> bool:
        probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            probe.request("GET", "/health/live")
            return probe.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            probe.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def make(place: Path, *, applicants: int, database_url: str = "") -> dict[str, str]:
    """A new region; returns what its server wants to find in its environment."""
    environment = server_environment(place, database_url)
    fill = ("demo-data", "--applicants", str(applicants), "--colleges", "2", "--password", PASSWORD)
    for arguments in (("migrate",), fill) if database_url else (fill,):
        command = [sys.executable, "-m", "server.app", *arguments]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    _allow_many_desks(environment)
    return environment


def _allow_many_desks(environment: dict[str, str]) -> None:
    """Tests sit one person down at dozens of computers within five minutes: as an operator would, who knows why."""
    place = Path(environment["EPO_DATA_DIR"])
    url = environment.get("EPO_DATABASE_URL", f"sqlite:///{place / 'server.db'}")
    engine = attach(open_engine(url), Outside(place))
    load_reference(engine, now=system_clock)
    with CollegeSession(engine, REGION, now=system_clock) as db:
        query = sa.select(SuspicionLimit).where(SuspicionLimit.code == Sign.PLACES.value)
        db.scalars(query).one().most = MANY_DESKS
        commit(db, "tests.many_desks")
    engine.dispose()


def server_environment(place: Path, database_url: str) -> dict[str, str]:
    environment = os.environ | {"EPO_DATA_DIR": str(place / "server"), "PYTHONUNBUFFERED": "1"}
    environment["EPO_SECOND_FACTOR"] = "off"
    if database_url:
        environment["EPO_DATABASE_URL"] = database_url
    return environment


def pattern_of(applicants: int, postgres: Postgres | None = None) -> Path:
    """A region that is copied and never used: its folder, where DATABASE names PostgreSQL's part of it."""

    def begin(folder: Path) -> None:
        url = ""
        if postgres:
            name = postgres.create()
            (folder / DATABASE).write_text(name, encoding="utf-8")
            url = postgres.database_url(name)
        make(folder, applicants=applicants, database_url=url)

    return once(f"{'postgresql' if postgres else 'sqlite'}-region-{applicants}", begin)


@contextmanager
def region(
    place: Path, *, applicants: int, postgres: Postgres | None = None
) -> Iterator[dict[str, str]]:
    """A region of one's own and the environment of its server; a run of tests makes it once and copies it."""
    if PLACE not in os.environ:
        yield make(place, applicants=applicants)
        return
    pattern = pattern_of(applicants, postgres)
    shutil.copytree(pattern / "server", place / "server")
    if postgres is None:
        yield server_environment(place, "")
        return
    name = postgres.create(template=(pattern / DATABASE).read_text(encoding="utf-8"))
    yield server_environment(place, postgres.database_url(name))
    postgres.drop(name)


@contextmanager
def world(
    place: Path,
    *,
    applicants: int,
    postgres: Postgres | None = None,
    start: bool = True,
    patience: float = PATIENCE,
) -> Iterator[World]:
    """A filled database, SQLite's where no other server is named, and, where `start`, its running server."""
    with region(place, applicants=applicants, postgres=postgres) as environment:
        port = free_port()
        address, log = f"http://127.0.0.1:{port}", place / "server.log"
        made = World(address, port, environment, log, patience=patience)
        try:
            if start:
                made.start()
            yield made
        finally:
            made.stop()
