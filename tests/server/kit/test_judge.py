"""An operation sets the declared fields of its record and nothing else of it, whatever it names."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from common.kit.entity import spec_of
from common.kit.ids import new_id
from common.kit.pointing import refuse_pointed
from common.kit.sync import Delete, Save
from common.people.entities import Address, Person
from server.kit import pointed
from server.kit.session import load
from tests.server.conftest import House
from tests.server.kit.desks import Desk, applicant, campaign, paper, part, person, statuses, taken


def address(person_id: UUID) -> Save:
    values = {"person_id": person_id.hex, "full": "г. Юрга"}
    return Save("address", new_id(), create=True, set={k: (None, v) for k, v in values.items()})


@pytest.mark.parametrize(
    "name",
    ["college_id", "id", "version", "created_by", "changed_at", "deleted_at", "зайка", "__class__"],
)
def test_what_the_house_keeps_cannot_be_set_by_an_operation(ours: House, name: str) -> None:
    desk = Desk(ours)
    made = person(new_id())
    made.set[name] = (None, new_id().hex)
    answer = desk.push(desk.op(made))
    assert statuses(answer) == ["refused"]
    assert answer.outcomes[0].fields == {name: f"«{name}»: такого поля нет у «Физическое лицо»"}
    with ours.session() as db:
        assert db.scalar(sa.select(sa.func.count(Person.id))) == 0


@pytest.mark.parametrize("entity", ["college", "role", "specialty", "token", "sync_entry"])
def test_regional_rows_and_the_servers_own_tables_are_not_written_by_a_push(
    ours: House, entity: str
) -> None:
    desk = Desk(ours, "org_admin")
    answer = desk.push(desk.op(Save(entity, new_id(), create=True, set={})))
    assert statuses(answer)[0] in {"refused", "quarantined"}


def test_a_right_is_not_given_to_oneself_by_who_may_not(ours: House) -> None:
    desk = Desk(ours)
    values = {
        "account_id": desk.caller.account_id.hex,
        "role_id": new_id().hex,
        "order_number": "1",
        "order_date": "2026-07-01",
        "valid_from": "2026-07-01",
    }
    grant = Save("role_grant", new_id(), create=True, set={k: (None, v) for k, v in values.items()})
    assert statuses(desk.push(desk.op(grant))) == ["quarantined"]


def test_a_part_or_role_of_a_deleted_record_is_a_conflict_in_sight(ours: House) -> None:
    desk = Desk(ours)
    p, c = new_id(), new_id()
    desk.push(desk.op(person(p)), desk.op(campaign(c)), desk.op(Delete("person", p)))
    answer = desk.push(desk.op(address(p)), desk.op(applicant(new_id(), p, c)))
    assert statuses(answer) == ["conflict", "conflict"]
    assert "верните её из корзины" in answer.outcomes[0].text


def test_a_record_is_not_moved_under_a_deleted_one(ours: House) -> None:
    desk = Desk(ours)
    p, a = taken(desk)
    gone = new_id()
    desk.push(desk.op(person(gone)), desk.op(Delete("person", gone)))
    moved = Save("applicant", a, create=False, set={"person_id": (p.hex, gone.hex)})
    assert statuses(desk.push(desk.op(moved))) == ["conflict"]


def test_a_part_made_in_the_same_push_goes_with_its_owner(ours: House) -> None:
    desk = Desk(ours)
    p = new_id()
    home = address(p)
    answer = desk.push(
        desk.op(person(p)),
        desk.op(home),
        desk.op(Delete("person", p, {}, (part("address", home.id),))),
    )
    assert statuses(answer) == ["applied"] * 3
    with ours.session() as db:
        assert db.scalars(sa.select(Address.deleted_at)).one() is not None


def test_what_others_point_at_is_not_deleted_and_they_are_named(ours: House) -> None:
    desk = Desk(ours)
    p, c, a = new_id(), new_id(), new_id()
    desk.push(desk.op(person(p)), desk.op(campaign(c)), desk.op(applicant(a, p, c)))
    home = address(p)
    desk.push(desk.op(home))
    answer = desk.push(
        desk.op(Delete("admission_campaign", c)),
        desk.op(Delete("person", p, {}, (part("address", home.id),))),
    )
    assert statuses(answer) == ["refused", "refused"]
    assert answer.outcomes[0].text == (
        "Удалить нельзя: на запись «Приёмная кампания» ссылаются «Поступающие» — 1. "
        "Сначала измените или удалите их, затем удалите снова"
    )
    desk.push(desk.op(Delete("applicant", a)))
    again = desk.push(
        desk.op(Delete("admission_campaign", c)),
        desk.op(Delete("person", p, {}, (part("address", home.id),))),
    )
    assert statuses(again) == ["applied", "applied"]


def test_parts_that_go_along_are_no_obstacle_though_they_point_at_each_other(ours: House) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    document = new_id()
    desk.push(desk.op(paper(document, a)))
    assert statuses(
        desk.push(desk.op(Delete("applicant", a, {}, (part("document", document),))))
    ) == ["applied"]


def test_nothing_points_at_what_lies_in_the_basket(ours: House) -> None:
    """A campaign is no owner of an applicant, and yet the rule is one."""
    desk = Desk(ours)
    p, c = new_id(), new_id()
    desk.push(desk.op(person(p)), desk.op(campaign(c)), desk.op(Delete("admission_campaign", c)))
    answer = desk.push(desk.op(applicant(new_id(), p, c)))
    assert statuses(answer) == ["conflict"]


def test_records_that_one_may_not_read_are_counted_and_not_named(ours: House) -> None:
    desk = Desk(ours)
    p, _ = taken(desk)
    with ours.session() as db:
        found = pointed.by_those_that_stay(db, frozenset(), [load(db, Person, p)])
    assert found == {"другие разделы": 1}
    assert "ссылаются другие разделы — 1" in refuse_pointed(spec_of("person"), found)


def test_a_part_that_the_same_push_has_put_away_with_its_owner_is_not_pointed_at(
    ours: House,
) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    q, e = new_id(), new_id()
    made = {"person_id": (None, q.hex), "level": (None, "basic_general")}
    desk.push(desk.op(person(q)), desk.op(Save("prior_education", e, create=True, set=made)))

    def learnt(seen: str | None, new: str | None) -> Save:
        return Save("applicant", a, create=False, set={"prior_education_id": (seen, new)})

    answer = desk.push(
        desk.op(learnt(None, e.hex)),
        desk.op(learnt(e.hex, None)),
        desk.op(Delete("person", q, {}, (part("prior_education", e),))),
        desk.op(learnt(None, e.hex)),
    )
    assert statuses(answer) == ["applied", "applied", "applied", "conflict"]
