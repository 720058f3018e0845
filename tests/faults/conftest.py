"""Fault tests ask for databases that are filled once and copied."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.demo_world import world
from tests.faults.centre import Centre, centre, nursery
from tests.postgres import Postgres

Begin = Callable[..., AbstractContextManager[Centre]]
"""`begin(url, bug=…)`: a running server over that database."""

Filled = Callable[[str], str]
"""The URL of a fresh copy of the filled database, by the kind of the database."""


@pytest.fixture(scope="session")
def servers() -> Iterator[subprocess.Popen[str]]:
    with nursery() as made:
        yield made


@pytest.fixture
def begin(tmp_path: Path, servers: subprocess.Popen[str]) -> Begin:
    return functools.partial(centre, tmp_path, servers)


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pattern")
    file = place / "epo.sqlite"
    with world(place, applicants=2, database_url=f"sqlite:///{file}", start=False):
        return file


@pytest.fixture(scope="session")
def postgres_pattern(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    name = postgres.create()
    url = postgres.database_url(name)
    with world(tmp_path_factory.mktemp("pattern"), applicants=2, database_url=url, start=False):
        yield name
    postgres.drop(name)


@pytest.fixture
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Filled]:
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            pattern: Path = request.getfixturevalue("sqlite_pattern")
            return f"sqlite:///{shutil.copy(pattern, tmp_path)}"
        name: str = request.getfixturevalue("postgres_pattern")
        server: Postgres = request.getfixturevalue("postgres")
        made.append(server.create(template=name))
        return server.database_url(made[-1])

    yield make
    for name in made:
        request.getfixturevalue("postgres").drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled_url(request: pytest.FixtureRequest, filled: Filled) -> str:
    kind: str = request.param
    return filled(kind)
