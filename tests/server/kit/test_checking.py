"""The database that agrees with itself has no findings; each kind of damage is found and named, and no person with it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from common.admissions.entities import Applicant
from common.kit.ids import new_id
from common.people.entities import Person
from server.kit.checking import findings
from server.kit.tables import audit, clock, person_key, sync_bucket, sync_entry
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, person, statuses, taken


def spoil(house: House, *statements: Any) -> list[tuple[str, str]]:
    """What is found after this was done behind the server's back."""
    with house.engine.connect() as connection:
        if house.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    found = findings(house.engine, now=now)
    assert not any("Ёлкина" in f.message for f in found)
    return [(f.college, f.kind) for f in found]


def test_an_untouched_database_has_no_findings(ours: House, theirs: House) -> None:
    taken(Desk(ours))
    assert findings(ours.engine, now=now) == []


def test_a_changed_line_of_the_journal_is_found(ours: House) -> None:
    taken(Desk(ours))
    mine = audit.c.college_id == ours.id
    changed = sa.update(audit).where(mine, audit.c.seq == 2).values(action="quiet")
    assert spoil(ours, changed) == [("k1", "audit")]


def test_a_cut_end_of_the_journal_is_found(ours: House) -> None:
    taken(Desk(ours))
    mine = audit.c.college_id == ours.id
    top = sa.select(clock.c.counter).where(clock.c.college_id == ours.id).scalar_subquery()
    assert spoil(ours, sa.delete(audit).where(mine, audit.c.seq == top)) == [("k1", "audit")]


def test_a_sum_that_differs_from_its_recount_is_found(ours: House) -> None:
    taken(Desk(ours))
    one = sync_bucket.c.number == 1
    mine = sync_bucket.c.college_id == ours.id
    off = sa.update(sync_bucket).where(mine, one).values(low=sync_bucket.c.low + 1)
    assert spoil(ours, off) == [("k1", "sums")]


def test_a_row_without_its_entry_is_found(ours: House) -> None:
    person, _ = taken(Desk(ours))
    lost = sa.delete(sync_entry).where(sync_entry.c.row_id == person)
    assert set(spoil(ours, lost)) == {("k1", "sums"), ("k1", "feed")}


def test_an_entry_without_its_row_and_a_dangling_reference_are_found(ours: House) -> None:
    person, _ = taken(Desk(ours))
    lost = sa.delete(Person).where(Person.id == person)
    assert set(spoil(ours, lost)) == {("k1", "feed"), ("k1", "reference")}


def test_a_row_put_into_the_basket_behind_the_feed_is_found(ours: House) -> None:
    _, applicant = taken(Desk(ours))
    basket = sa.update(Applicant).where(Applicant.id == applicant).values(deleted_at=now())
    assert set(spoil(ours, basket)) == {("k1", "feed")}


def numbered(house: House) -> None:
    """Somebody with a number."""
    desk = Desk(house)
    who = person(new_id())
    who.set.update({"snils": (None, "11223344595"), "snils_state": (None, "format_ok")})
    assert statuses(desk.push(desk.op(who))) == ["applied"]


def test_a_person_without_his_key_and_a_key_of_another_number_are_found(ours: House) -> None:
    numbered(ours)
    assert findings(ours.engine, now=now) == []
    mine = person_key.c.college_id == ours.id
    other = sa.update(person_key).where(mine).values(key=b"x" * 32)
    assert spoil(ours, other) == [("k1", "person_key")]
    assert spoil(ours, sa.delete(person_key).where(mine)) == [("k1", "person_key")]


def test_a_key_that_is_nobodys_is_found(ours: House) -> None:
    numbered(ours)
    stray = {"college_id": ours.id, "person_id": new_id(), "key": b"x" * 32}
    assert spoil(ours, sa.insert(person_key).values(stray)) == [("k1", "person_key")]
