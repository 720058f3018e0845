"""The session is the wall between colleges: what goes past its mapped classes does not exist, what goes through them is narrowed."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from common.admissions.entities import AdmissionCampaign, Applicant
from common.colleges.entities import College
from common.kit.errors import NotFound
from common.kit.ids import REGION, new_id
from common.people.entities import Person
from common.reference.entities import Country
from server.kit.commit import commit
from server.kit.session import CollegeSession, TenancyBroken, find, live, load
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, taken


@pytest.fixture
def person(ours: House) -> UUID:
    return taken(Desk(ours))[0]


def values(college: UUID) -> dict[str, object]:
    return {
        "college_id": college,
        "id": new_id(),
        "last_name": "Чужая",
        "first_name": "Анна",
        "birth_date": now().date(),
        "version": 1,
    }


def test_a_bulk_insert_into_another_college_is_refused(ours: House, theirs: House) -> None:
    with theirs.session() as db, pytest.raises(TenancyBroken):
        db.execute(sa.insert(Person), [values(theirs.id), values(ours.id)])


def test_an_insert_whose_college_stands_in_its_values_is_refused(
    ours: House, theirs: House
) -> None:
    with theirs.session() as db, pytest.raises(TenancyBroken):
        db.execute(sa.insert(Person).values(**values(ours.id)))


def test_an_update_by_key_reaches_no_other_college(
    person: UUID, ours: House, theirs: House
) -> None:
    row = {"college_id": ours.id, "id": person, "last_name": "Чужая"}
    with theirs.session() as db, pytest.raises(TenancyBroken):
        db.execute(sa.update(Person), [row])


def test_a_row_is_not_moved_into_another_college(person: UUID, ours: House, theirs: House) -> None:
    with ours.session() as db, pytest.raises(TenancyBroken, match="moved"):
        db.execute(sa.update(Person).values(college_id=theirs.id))


def test_bulk_writing_past_the_events_does_not_exist(ours: House) -> None:
    with ours.session() as db:
        for write in (db.bulk_save_objects, db.bulk_insert_mappings, db.bulk_update_mappings):
            with pytest.raises(TenancyBroken):
                write(Person, [])


def test_a_row_of_another_college_is_not_flushed(ours: House, theirs: House) -> None:
    row = Person(last_name="Чужая", first_name="Анна", birth_date=now().date())
    row.college_id = ours.id
    with theirs.session() as db:
        db.add(row)
        with pytest.raises(TenancyBroken):
            db.flush()


def test_an_aliased_select_sees_its_own_college_alone(
    person: UUID, ours: House, theirs: House
) -> None:
    other = aliased(Person)
    query = sa.select(other.last_name).join(Person, Person.id == other.id)
    found = []
    for house in (ours, theirs):
        with house.session() as db:
            found.append(list(db.scalars(query)))
    assert found == [["Ёлкина"], []]


def test_another_colleges_record_is_as_absent_as_none(
    person: UUID, ours: House, theirs: House
) -> None:
    with theirs.session() as db:
        said = []
        for id in (person, new_id()):
            with pytest.raises(NotFound) as fault:
                load(db, Person, id)
            said.append(fault.value.message)
        assert said[0] == said[1]
        assert find(db, Person, person) is None
        assert live(db, Person, id=person) == []
        assert db.get(Person, (theirs.id, person)) is None


def test_update_and_delete_statements_stay_inside(person: UUID, ours: House, theirs: House) -> None:
    with theirs.session() as db:
        db.execute(sa.update(Person).values(last_name="Чужая"))
        db.execute(sa.delete(Applicant))
        db.execute(sa.delete(Person))
        db.connection().commit()
    with ours.session() as db:
        assert db.scalars(sa.select(Person.last_name)).all() == ["Ёлкина"]


def test_a_relationship_does_not_lead_out(person: UUID, ours: House, theirs: House) -> None:
    with theirs.session() as db:
        campaign = AdmissionCampaign(year=2026, name="Приём")
        own = Person(last_name="Своя", first_name="Анна", birth_date=now().date())
        applicant = Applicant(
            person_id=own.id, campaign_id=campaign.id, reg_no="1", registered_at=now()
        )
        db.add_all([campaign, own, applicant])
        db.flush()
        applicant.person_id = person
        reached: Person | None = applicant.person
        assert reached is None
        db.rollback()
    with ours.session() as db:
        loaded = db.scalars(sa.select(Applicant).options(joinedload(Applicant.person))).one()
        assert loaded.person.last_name == "Ёлкина"


def test_regional_rows_are_written_by_the_region_alone(ours: House) -> None:
    with ours.session() as db:
        db.add(Country(code="999", name="Зазеркалье"))
        with pytest.raises(TenancyBroken, match="region"):
            db.flush()
    with ours.session() as db:
        college = db.scalars(sa.select(College)).one()
        college.town = "Чужой"
        with pytest.raises(TenancyBroken, match="region"):
            db.flush()
    with CollegeSession(ours.engine, REGION, now=now) as db:
        db.add(Country(code="999", name="Зазеркалье"))
        commit(db, "test.country")


@pytest.mark.parametrize("statement", [sa.update(College).values(town="Чужой"), sa.delete(Country)])
def test_a_statement_cannot_write_regional_rows_from_a_college(
    ours: House, statement: sa.Update | sa.Delete
) -> None:
    with ours.session() as db, pytest.raises(TenancyBroken, match="region"):
        db.execute(statement)


def test_a_bulk_insert_of_regional_rows_from_a_college_is_refused(ours: House) -> None:
    row = {"id": new_id(), "code": "999", "name": "Зазеркалье", "version": 1}
    with ours.session() as db, pytest.raises(TenancyBroken, match="region"):
        db.execute(sa.insert(Country), [row])


def test_nothing_is_deleted_but_into_the_basket(person: UUID, ours: House) -> None:
    with ours.session() as db:
        db.delete(load(db, Person, person))
        with pytest.raises(TenancyBroken, match="softly"):
            db.flush()


def test_a_find_sees_what_this_transaction_has_only_planned(ours: House) -> None:
    with ours.session() as db:
        row = Person(last_name="Новая", first_name="Анна", birth_date=now().date())
        db.add(row)
        assert find(db, Person, row.id) is row
        row.deleted_at = now()
        assert find(db, Person, row.id) is None
