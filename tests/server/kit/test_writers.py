"""A conflict says who wrote the other value, on both databases: by name, post and telephone, and only where it may."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import msgspec
import sqlalchemy as sa

from common.administration.entities import Account
from common.kit.ids import new_id
from common.kit.sync import WHOLE, Delete, Outcome, Save, Writer
from common.people.entities import Person
from server.kit import writers
from server.kit.commit import commit
from server.kit.push import push
from server.kit.session import Author, CollegeSession, load
from server.kit.tables import operation
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, renamed, statuses, taken

LATER = now() + dt.timedelta(hours=3)


def named(house: House, login: str, **values: str) -> UUID:
    with house.session() as db:
        account = db.scalars(sa.select(Account).where(Account.login == login)).one()
        for name, value in values.items():
            setattr(account, name, value)
        commit(db, "test.named")
        return account.id


def push_later(desk: Desk, body: Save | Delete) -> None:
    desk_push = push(desk.house.engine, desk.caller, desk.request(desk.op(body)), now=lambda: LATER)
    assert statuses(desk_push) == ["applied"]


def conflict(desk: Desk, body: Save | Delete) -> Outcome:
    (outcome,) = desk.push(desk.op(body)).outcomes
    assert outcome.status == "conflict"
    return outcome


def born(id: UUID, day: str) -> Save:
    return Save("person", id, create=False, set={"birth_date": ("2010-04-11", day)})


def test_each_field_has_its_own_writer_with_post_telephone_and_time(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    named(ours, "admission_secretary.k1", post="секретарь", phone="+7 3842 00-00-10")
    named(ours, "admission_clerk.k1", name="Кузьмина Ольга Павловна")
    p, _ = taken(one)
    push_later(one, renamed(p, "Ёлкина", "Петрова"))
    push_later(two, born(p, "2010-04-12"))
    both = Save(
        "person",
        p,
        create=False,
        set=renamed(p, "Ёлкина", "Сидорова").set | born(p, "2010-04-13").set,
    )
    who = conflict(two, both).writers
    at = int(LATER.timestamp() * 1000)
    assert who["last_name"] == Writer(
        name="Ответственный секретарь приёмной комиссии",
        post="секретарь",
        phone="+7 3842 00-00-10",
        at=at,
        account=one.caller.account_id,
    )
    assert who["birth_date"] == Writer(
        name="Кузьмина Ольга Павловна", at=at, account=two.caller.account_id
    )


def test_the_same_answer_is_told_again_and_holds_no_names_itself(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(one)
    one.push(one.op(renamed(p, "Ёлкина", "Петрова")))
    op = two.op(renamed(p, "Ёлкина", "Сидорова"))
    assert two.push(op).outcomes[0].writers == two.push(op).outcomes[0].writers != {}
    with ours.session() as db:
        kept = db.scalar(sa.select(operation.c.writers).where(operation.c.uuid == op.uuid))
    assert "секретарь" not in str(kept)


def test_a_loaded_table_and_a_command_are_named_as_such(ours: House) -> None:
    desk = Desk(ours)
    p, _ = taken(desk)
    said = []
    for action, name in (("import.applications", "Загруженная"), ("demo.fill", "Учебная")):
        with ours.session() as db:
            load(db, Person, p).last_name = name
            commit(db, action)
        said.append(conflict(desk, renamed(p, "Ёлкина", "Сидорова")).writers["last_name"].name)
    assert said == ["Загрузка таблицы", "Команда на сервере"]


def test_one_who_has_no_account_in_the_college_is_not_named(ours: House) -> None:
    desk = Desk(ours)
    p, _ = taken(desk)
    stranger = Author(new_id(), "elsewhere", "")
    with CollegeSession(ours.engine, ours.id, now=now, author=stranger) as db:
        load(db, Person, p).last_name = "Чужая"
        commit(db, "push")
    who = conflict(desk, renamed(p, "Ёлкина", "Сидорова")).writers["last_name"]
    assert (who.name, who.account) == ("Сотрудник другой организации", None)


def test_a_value_that_was_never_changed_is_its_makers(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(one)
    two.push(two.op(renamed(p, "Ёлкина", "Петрова")))
    wrong = Save("person", p, create=False, set={"birth_date": ("2009-01-01", "2009-01-02")})
    assert conflict(two, wrong).writers["birth_date"].account == one.caller.account_id


def test_a_deleted_record_says_who_deleted_it(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, a = taken(one)
    one.push(one.op(Delete("applicant", a)), one.op(Delete("person", p, {}, ())))
    who = conflict(two, renamed(p, "Ёлкина", "Петрова")).writers
    assert {name: w.account for name, w in who.items()} == {WHOLE: one.caller.account_id}


def test_in_one_push_the_earlier_operation_is_the_writer(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(one)
    answer = two.push(
        two.op(renamed(p, "Ёлкина", "Петрова")), two.op(renamed(p, "Ёлкина", "Сидорова"))
    )
    assert statuses(answer) == ["applied", "conflict"]
    assert answer.outcomes[1].writers["last_name"].account == two.caller.account_id


def test_a_desk_of_an_older_program_reads_the_answer(ours: House) -> None:
    class Older(msgspec.Struct):
        uuid: UUID
        status: str
        fields: dict[str, str]

    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(one)
    one.push(one.op(renamed(p, "Ёлкина", "Петрова")))
    outcome = conflict(two, renamed(p, "Ёлкина", "Сидорова"))
    packed = msgspec.msgpack.encode(outcome)
    assert msgspec.msgpack.decode(packed, type=Older).status == "conflict"
    older = {k: v for k, v in msgspec.msgpack.decode(packed).items() if k != "writers"}
    assert msgspec.convert(older, Outcome).writers == {}


def test_another_colleges_people_are_never_read(ours: House, theirs: House) -> None:
    stranger = Desk(theirs).caller.account_id
    with ours.session() as db:
        told = writers.told(db, {"last_name": [stranger.hex, 1, "push"]})
    assert told == {"last_name": Writer(name="Сотрудник другой организации", at=1)}
