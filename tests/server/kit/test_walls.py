"""PostgreSQL itself keeps colleges apart, also where our own hook is off, and keeps the journal from everybody."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ProgrammingError

from common.colleges.entities import College
from common.kit.errors import Invalid
from common.kit.ids import REGION, new_id
from common.people.entities import Person
from server.kit import session, walls
from server.kit.checking import findings
from server.kit.database import open_engine
from server.kit.outside import attach, outside_at
from server.kit.session import CollegeSession, say_college
from server.kit.strangers import foreign
from server.kit.tables import (
    access_event,
    audit,
    clock,
    metadata,
    operation,
    operator_event,
)
from tests.postgres import ROLE, Postgres
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, person, statuses, taken

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def server(ours: House, theirs: House, postgres: Postgres) -> Iterator[sa.Engine]:
    """Two colleges with records, opened under the role of the server."""
    for house in (ours, theirs):
        taken(Desk(house))
    walls.admit(ours.engine, ROLE)
    url = ours.engine.url.render_as_string(hide_password=False)
    made = open_engine(postgres.admit(url))
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def role(postgres: Postgres, filled_url: str) -> None:
    postgres.admit(filled_url)


@pytest.fixture
def without_hook() -> Iterator[None]:
    event.remove(CollegeSession, "do_orm_execute", session._narrow)
    yield
    event.listen(CollegeSession, "do_orm_execute", session._narrow)


def colleges_in(connection: sa.Connection, table: sa.Table) -> set[UUID]:
    return set(connection.scalars(sa.select(table.c.college_id)))


def person_table() -> sa.Table:
    return metadata.tables[Person.__tablename__]


@pytest.mark.usefixtures("without_hook")
def test_with_the_hook_off_a_session_still_sees_its_own_college_only(
    server: sa.Engine, ours: House
) -> None:
    with ours.session() as db:
        assert len(set(db.scalars(sa.select(Person.college_id)))) == 2  # the owner's, unwalled
    with CollegeSession(server, ours.id, now=now) as db:
        assert set(db.scalars(sa.select(Person.college_id))) == {ours.id}


def test_without_a_college_nothing_of_any_is_seen(server: sa.Engine, ours: House) -> None:
    with server.connect() as connection:
        for table in (person_table(), operation, audit, clock):
            assert colleges_in(connection, table) <= {REGION}
    with server.begin() as connection:
        say_college(connection, ours.id)
        assert colleges_in(connection, person_table()) == {ours.id}
    with server.connect() as connection:  # the same connection, in another transaction
        assert colleges_in(connection, person_table()) == set()


def test_another_colleges_rows_are_neither_written_nor_moved(
    server: sa.Engine, ours: House, theirs: House
) -> None:
    table = person_table()
    with server.begin() as connection:
        say_college(connection, ours.id)
        theirs_changed = sa.update(table).where(table.c.college_id == theirs.id)
        assert connection.execute(theirs_changed.values(last_name="Чужая")).rowcount == 0
    for statement in (
        sa.update(table).values(college_id=theirs.id),
        sa.insert(clock).values(college_id=theirs.id, counter=9, audit_head="0"),
    ):
        with server.begin() as connection:
            say_college(connection, ours.id)
            with pytest.raises(ProgrammingError, match="row-level security"):
                connection.execute(statement)


def test_a_book_of_the_region_is_read_by_all_and_written_by_the_region(
    server: sa.Engine, ours: House
) -> None:
    table = metadata.tables[College.__tablename__]
    renamed = sa.update(table).values(town="Чужой")
    with server.begin() as connection:
        say_college(connection, ours.id)
        assert len(connection.execute(sa.select(table)).all()) == 2
        assert connection.execute(renamed).rowcount == 0
    with server.begin() as connection:
        say_college(connection, REGION)
        assert connection.execute(renamed).rowcount == 2


@pytest.mark.parametrize("harm", [sa.update(audit).values(action="x"), sa.delete(audit)])
def test_the_journal_is_never_changed_or_deleted(
    server: sa.Engine, ours: House, harm: sa.Update | sa.Delete
) -> None:
    with server.begin() as connection:
        say_college(connection, ours.id)
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(harm)


def test_the_server_works_under_its_role(server: sa.Engine, ours: House) -> None:
    assert walls.weak(server) == []
    walled = House(attach(server, outside_at(ours.engine)), ours.id, ours.code)
    desk, id = Desk(walled, "admission_clerk"), new_id()
    assert statuses(desk.push(desk.op(person(id)))) == ["applied"]
    assert desk.pull().clock > 0
    assert findings(walled.engine, now=now) == []


def test_a_role_above_the_walls_is_refused_and_named(ours: House) -> None:
    assert "стоит над защитой строк" in walls.weak(ours.engine)[0]
    with pytest.raises(Invalid, match="стоит над защитой строк"):
        walls.admit(ours.engine, str(ours.engine.url.username))
    with pytest.raises(Invalid, match="Роли базы «nobody» нет"):
        walls.admit(ours.engine, "nobody")


def test_every_table_of_a_college_has_its_wall(ours: House) -> None:
    query = sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with ours.engine.connect() as connection:
        walled = set(connection.scalars(query))
    held = {t.name for t in metadata.sorted_tables if "college_id" in t.c}
    assert held - walled == walls.OPEN
    walls.raise_walls(ours.engine)


def test_an_id_of_another_college_is_known_over_the_walls(
    server: sa.Engine, ours: House, theirs: House
) -> None:
    """The server's role does not see the record, and still gives nobody its id."""
    with theirs.session() as db:
        id = db.scalars(sa.select(Person.id)).first()
    assert id is not None
    with CollegeSession(server, ours.id, now=now) as db:
        assert foreign(db, "person", [id, new_id()]) == {id}
    with CollegeSession(server, theirs.id, now=now) as db:
        assert foreign(db, "person", [id]) == set()


def test_the_region_watches_access_in_every_college_and_nothing_beside_it(
    server: sa.Engine, ours: House, theirs: House
) -> None:
    with server.begin() as connection:
        say_college(connection, REGION)
        assert colleges_in(connection, operator_event) == {ours.id, theirs.id}
        assert colleges_in(connection, access_event) >= {ours.id, theirs.id}
        assert colleges_in(connection, person_table()) == set()
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(sa.update(operator_event).values(name="x"))
    with server.begin() as connection:
        say_college(connection, ours.id)
        assert colleges_in(connection, operator_event) == {ours.id}
