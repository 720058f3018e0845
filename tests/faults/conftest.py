"""Fault tests ask for databases that are filled once and copied."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.demo_world import pattern_of
from tests.faults.centre import Centre, centre
from tests.postgres import Postgres
from tests.shared import DATABASE

Begin = Callable[..., AbstractContextManager[Centre]]
"""`begin(url, bug=…)`: a running server over that database."""

APPLICANTS = 2
Filled = Callable[[str], str]
"""The URL of a fresh copy of the filled database, by the kind of the database."""


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    return functools.partial(centre, tmp_path)


@pytest.fixture
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Filled]:
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{shutil.copy(pattern_of(APPLICANTS) / 'server' / 'server.db', tmp_path)}"
        server: Postgres = request.getfixturevalue("postgres")
        pattern = pattern_of(APPLICANTS, server) / DATABASE
        made.append(server.create(template=pattern.read_text(encoding="utf-8")))
        return server.database_url(made[-1])

    yield make
    for name in made:
        request.getfixturevalue("postgres").drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled_url(request: pytest.FixtureRequest, filled: Filled) -> str:
    kind: str = request.param
    return filled(kind)
