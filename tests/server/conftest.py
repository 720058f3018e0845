"""A begun database with two colleges, on each kind of database."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account, Role, RoleGrant
from common.colleges.entities import College
from common.kit.rights import Permissions, permissions
from server.app import COMMANDS_READY
from server.kit import schema
from server.kit.auth import Caller, register_device, set_password
from server.kit.commit import commit
from server.kit.database import open_engine
from server.kit.outside import Outside, attach
from server.kit.session import CollegeSession
from server.kit.start import begin_history, open_college
from server.kit.web import make_app
from tests.postgres import Postgres
from tests.shared import DATABASE, once

NOW = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)
PASSWORD = "Очень длинный пароль"


def now() -> dt.datetime:
    return NOW


def migrate(url: str) -> None:
    made = open_engine(url)
    schema.upgrade(made)
    made.dispose()


FILE = "epo.sqlite"
TABLES, BEGUN, ONE, TWO = "tables", "a begun history", "college k1 too", "college k2 too"
STAGES = (TABLES, BEGUN, ONE, TWO)
"""How far a test's database is when it begins: made once, each from the one before, and copied."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A database that is copied and never used, and the folder that lies beside it."""

    database: str
    """The file, or PostgreSQL's name."""
    outside: Path


def pattern_of(kind: str, stage: str, postgres: Postgres | None) -> Pattern:
    """Made when it is first asked for, by whichever worker."""

    def make(folder: Path) -> None:
        before = STAGES[STAGES.index(stage) - 1] if stage != TABLES else ""
        pattern = pattern_of(kind, before, postgres) if before else None
        database = copy_database(pattern, folder, postgres)
        (folder / DATABASE).write_text(database, encoding="utf-8")
        if pattern is None:
            migrate(url_of(database, postgres))
            (folder / "outside").mkdir()
        else:
            shutil.copytree(pattern.outside, folder / "outside")
            fill(url_of(database, postgres), folder / "outside", stage)

    folder = once(f"{kind}-{STAGES.index(stage)}", make)
    database = (folder / DATABASE).read_text(encoding="utf-8") if postgres else str(folder / FILE)
    return Pattern(database, folder / "outside")


def copy_database(pattern: Pattern | None, place: Path, postgres: Postgres | None) -> str:
    """The name of a new database: a copy of the pattern's, or an empty one."""
    if postgres:
        return postgres.create(template=pattern.database if pattern else "template0")
    file = str(place / FILE)
    return shutil.copyfile(pattern.database, file) if pattern else file


def url_of(database: str, postgres: Postgres | None) -> str:
    return postgres.database_url(database) if postgres else f"sqlite:///{database}"


def fill(url: str, outside: Path, stage: str) -> None:
    engine = attach(open_engine(url), Outside(outside))
    if stage == BEGUN:
        begin_history(engine, now=now)
    else:
        open_house_in(engine, "k1" if stage == ONE else "k2")
    engine.dispose()


def stage_of(names: list[str]) -> str:
    return TWO if "theirs" in names else ONE if "ours" in names else BEGUN


CopyOf = Callable[[str], str]
"""`copy_of(stage)`: the URL of a copy; its folder lies in tmp_path / "outside"."""


@pytest.fixture
def copy_of(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CopyOf]:
    made: list[str] = []
    postgres: Postgres | None = (
        request.getfixturevalue("postgres") if database_kind == "postgresql" else None
    )

    def copy(stage: str) -> str:
        pattern = pattern_of(database_kind, stage, postgres)
        shutil.copytree(pattern.outside, tmp_path / "outside")
        made.append(copy_database(pattern, tmp_path, postgres))
        return url_of(made[-1], postgres)

    yield copy
    if postgres:
        for name in made:
            postgres.drop(name)


@pytest.fixture
def migrated_url(copy_of: CopyOf) -> str:
    """Tables and nothing in them."""
    return copy_of(TABLES)


@pytest.fixture
def filled_url(copy_of: CopyOf, request: pytest.FixtureRequest) -> str:
    """With the colleges that the test asks for."""
    return copy_of(stage_of(request.fixturenames))


@pytest.fixture
def engine(filled_url: str, tmp_path: Path) -> Iterator[sa.Engine]:
    assert COMMANDS_READY
    made = attach(open_engine(filled_url), Outside(tmp_path / "outside"))
    yield made
    made.dispose()


@dataclass(frozen=True, slots=True)
class House:
    """A college with one account of each first role; logins are role codes."""

    engine: sa.Engine
    id: UUID
    code: str

    def session(self) -> CollegeSession:
        return CollegeSession(self.engine, self.id, now=now)

    def caller(self, role: str = "admission_secretary") -> Caller:
        """A caller of that role at a desk of his own."""
        with self.session() as db:
            account = db.scalars(
                sa.select(Account).where(Account.login == f"{role}.{self.code}")
            ).one()
            device = f"desk-{role}-{self.code}"
            register_device(db, account.id, account.id, device)
            commit(db, "test.desk")
            held = db.scalars(sa.select(Role.permissions).where(Role.code == role)).one()
        return Caller(account.id, self.id, device, _held(held))


def _held(text: str) -> Permissions:
    return permissions(tuple(text.split()))


def open_house_in(engine: sa.Engine, code: str) -> House:
    """A new college."""
    college = College(
        code=code, short_name=f"Колледж {code}", full_name=f"Колледж {code}", town="Юрга"
    )
    open_college(engine, college, now=now)
    house = House(engine, college.id, code)
    with house.session() as db:
        for role in db.scalars(sa.select(Role)):
            account = Account(
                login=f"{role.code}.{code}", name=role.name, consent_on=dt.date(2026, 6, 1)
            )
            db.add(account)
            db.add(
                RoleGrant(
                    account_id=account.id,
                    role_id=role.id,
                    order_number="1",
                    order_date=NOW.date(),
                    valid_from=NOW.date(),
                )
            )
            set_password(db, account, PASSWORD)
        commit(db, "test.open")
    return house


def opened(engine: sa.Engine, code: str) -> House:
    """The college that the pattern brought."""
    with engine.connect() as connection:
        found = connection.scalars(sa.select(College.id).where(College.code == code)).one()
    return House(engine, found, code)


@pytest.fixture
def open_house(engine: sa.Engine) -> Callable[[str], House]:
    return functools.partial(open_house_in, engine)


@pytest.fixture
def ours(engine: sa.Engine) -> House:
    return opened(engine, "k1")


@pytest.fixture
def theirs(engine: sa.Engine) -> House:
    return opened(engine, "k2")


@pytest.fixture
def client(ours: House) -> Iterator[TestClient[Any]]:
    """The application over the college's database, in this process."""
    with TestClient(make_app(ours.engine, now=now, second_factor=False)) as made:
        yield made


def enter(client: TestClient[Any], login: str, password: str = PASSWORD) -> dict[str, str]:
    """The headers of one who has signed in."""
    asked = {"login": login, "password": password, "computer": "ПК-7"}
    answer = client.post("/api/sign-in", json=asked)
    return {"Authorization": f"Bearer {answer.json().get('token', '')}"}
