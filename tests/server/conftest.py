"""A begun database with two colleges, on each kind of database."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

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
from tests.postgres import Postgres

NOW = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)
PASSWORD = "Очень длинный пароль"


def now() -> dt.datetime:
    return NOW


def migrate(url: str) -> None:
    made = open_engine(url)
    schema.upgrade(made)
    made.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables are made once; every test begins with a copy of them."""
    file = tmp_path_factory.mktemp("migrated") / "epo.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_database(postgres: Postgres) -> Iterator[str]:
    name = postgres.create()
    migrate(postgres.database_url(name))
    yield name
    postgres.drop(name)


@pytest.fixture
def migrated_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """The database of `database_url` with its tables."""
    url = sa.make_url(database_url)
    assert url.database is not None
    if url.get_backend_name() == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_file"), url.database)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        postgres.drop(url.database)
        postgres.create(template=request.getfixturevalue("migrated_database"), name=url.database)
    return database_url


@pytest.fixture
def engine(migrated_url: str, tmp_path: Path) -> Iterator[sa.Engine]:
    assert COMMANDS_READY
    made = attach(open_engine(migrated_url), Outside(tmp_path / "outside"))
    begin_history(made, now=now)
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


@pytest.fixture
def open_house(engine: sa.Engine) -> Callable[[str], House]:
    def make(code: str) -> House:
        college = College(
            code=code, short_name=f"Колледж {code}", full_name=f"Колледж {code}", town="Юрга"
        )
        open_college(engine, college, now=now)
        house = House(engine, college.id, code)
        with house.session() as db:
            for role in db.scalars(sa.select(Role)):
                account = Account(login=f"{role.code}.{code}", name=role.name)
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

    return make


@pytest.fixture
def ours(open_house: Callable[[str], House]) -> House:
    return open_house("k1")


@pytest.fixture
def theirs(ours: House, open_house: Callable[[str], House]) -> House:
    return open_house("k2")
