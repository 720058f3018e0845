"""Pull and push on both databases: contiguous, idempotent, judged by what the author saw, and blind to other colleges."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from common.admissions.entities import Applicant
from common.kit.errors import NotAllowed
from common.kit.ids import new_id
from common.kit.sync import (
    Command,
    Cursor,
    Delete,
    LegalNumber,
    Restore,
    Save,
    Witness,
)
from common.people.entities import Address, Person
from server.kit.commit import chain
from server.kit.feed import hash64
from server.kit.tables import audit, clock, sync_bucket, sync_entry
from tests.server.conftest import House, now
from tests.server.kit.desks import (
    Desk,
    applicant,
    campaign,
    part,
    person,
    proved,
    renamed,
    rows_of,
    statuses,
    taken,
)


def test_the_same_push_again_gets_the_recorded_answer_and_does_nothing(ours: House) -> None:
    desk = Desk(ours)
    op = desk.op(person(new_id()))
    first, second = desk.push(op), desk.push(op)
    assert [o.seq for o in first.outcomes] == [o.seq for o in second.outcomes]
    with ours.session() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_a_number_met_by_another_uuid_is_called_a_fork(ours: House) -> None:
    desk = Desk(ours)
    desk.push(desk.op(person(new_id())))
    desk.no = 0
    other = desk.op(person(new_id()))
    assert desk.push(other).forked == (1, other.uuid)


def test_a_gap_is_answered_with_the_last_number(ours: House) -> None:
    desk = Desk(ours)
    desk.push(desk.op(person(new_id())))
    desk.no = 7
    assert desk.push(desk.op(person(new_id()))).last == 1


def test_a_pulled_person_comes_with_the_applicant_that_brings_him(ours: House) -> None:
    desk = Desk(ours)
    lonely = new_id()
    desk.push(desk.op(person(lonely)))
    assert rows_of(desk.pull(), "person.P0") == []
    p, _ = taken(desk)
    assert [row[0] for row in rows_of(desk.pull(), "person.P0")] == [p.hex]


def test_a_second_pull_tells_only_what_changed_and_in_its_facet(ours: House) -> None:
    desk = Desk(ours)
    p, _ = taken(desk)
    first = desk.pull()
    cursors = [Cursor(page.bucket, page.to) for page in first.pages]
    desk.push(desk.op(renamed(p, "Ёлкина", "Сосновская")))
    second = desk.pull(*cursors)
    assert {part.facet for page in second.pages for part in page.rows} == {"person.P0"}


def test_a_page_may_cut_anywhere_and_the_rest_follows(ours: House) -> None:
    desk = Desk(ours)
    taken(desk)
    whole = {(p.bucket, f.facet, r[0]) for p in desk.pull().pages for f in p.rows for r in f.rows}
    got: set[Any] = set()
    cursors: dict[Any, Cursor] = {}
    for _ in range(60):
        answer = desk.pull(*cursors.values(), limit=1)
        for page in answer.pages:
            cursors[page.bucket] = Cursor(page.bucket, page.to)
            got |= {(page.bucket, f.facet, r[0]) for f in page.rows for r in f.rows}
        if not answer.more:
            break
    assert got == whole


def test_same_field_conflicts_and_names_what_is_there(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(one)
    one.push(one.op(renamed(p, "Ёлкина", "Петрова")))
    answer = two.push(two.op(renamed(p, "Ёлкина", "Сидорова")))
    assert statuses(answer) == ["conflict"]
    assert answer.outcomes[0].fields["last_name"] == "«Фамилия»: на сервере «Петрова»"


def test_different_fields_merge_and_the_same_value_twice_is_no_conflict(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(one)
    one.push(one.op(renamed(p, "Ёлкина", "Петрова")))
    born = Save("person", p, create=False, set={"birth_date": ("2010-04-11", "2010-04-12")})
    again = renamed(p, "Ёлкина", "Петрова")
    assert statuses(two.push(two.op(born), two.op(again))) == ["applied", "applied"]


def test_half_an_atom_is_refused(ours: House) -> None:
    desk = Desk(ours)
    p, _ = taken(desk)
    half = Save("person", p, create=False, set={"last_name": ("Ёлкина", "Петрова")})
    assert statuses(desk.push(desk.op(half))) == ["refused"]


def test_what_rests_on_an_unresolved_operation_is_held(ours: House) -> None:
    desk = Desk(ours)
    p, c = new_id(), new_id()
    wrong = desk.op(person(p, birth_date="2010-99-99"))
    fine = desk.op(campaign(c))
    held = desk.op(applicant(new_id(), p, c), after=(wrong.uuid,))
    assert statuses(desk.push(wrong, fine, held)) == ["refused", "applied", "held"]
    later = desk.op(renamed(p, "Ёлкина", "Петрова"), after=(held.uuid,))
    assert statuses(desk.push(later)) == ["held"]


def test_a_right_that_is_missing_quarantines(ours: House) -> None:
    reader = Desk(ours, "admission_reader")
    assert statuses(reader.push(reader.op(person(new_id())))) == ["quarantined"]


def test_a_broken_operation_does_not_stop_its_neighbours(ours: House) -> None:
    desk = Desk(ours)
    dangling = Save(
        "address",
        new_id(),
        create=True,
        set={"person_id": (None, new_id().hex), "full": (None, "г. Юрга")},
    )
    unknown = Save("no_such_thing", new_id(), create=True, set={})
    answer = desk.push(
        desk.op(person(new_id())), desk.op(dangling), desk.op(unknown), desk.op(person(new_id()))
    )
    assert statuses(answer) == ["applied", "refused", "refused", "applied"]


def test_one_operation_at_fault_costs_few_transactions(ours: House) -> None:
    """The rest of a long push goes in halves, not one by one: each transaction takes one moment of the clock."""
    desk = Desk(ours)
    fine = [desk.op(person(new_id())) for _ in range(31)]
    dangling = {"person_id": (None, new_id().hex), "full": (None, "г. Юрга")}
    wrong = desk.op(Save("address", new_id(), create=True, set=dangling))
    answer = desk.push(*fine, wrong, *(desk.op(person(new_id())) for _ in range(32)))
    assert statuses(answer) == ["applied"] * 31 + ["refused"] + ["applied"] * 32
    assert len({outcome.seq for outcome in answer.outcomes}) == 7


def test_an_operation_of_another_author_refuses_the_whole_push(ours: House) -> None:
    desk, other = Desk(ours), Desk(ours, "admission_clerk")
    with pytest.raises(NotAllowed):
        desk.push(other.op(person(new_id())))


def test_leases_follow_one_another_and_a_number_is_consumed_once(
    ours: House, request: pytest.FixtureRequest
) -> None:
    desk = Desk(ours)
    with ours.session() as db:
        from common.colleges.entities import Desk as Place
        from server.kit.commit import commit
        from server.kit.tables import device

        place = Place(
            series="05", computer="ПК", account_id=desk.caller.account_id, opened_on=now().date()
        )
        db.add(place)
        db.execute(
            sa.update(device).where(device.c.device == desk.caller.device).values(desk_id=place.id)
        )
        commit(db, "test.desk")
    ask = [desk.op(Command("lease_numbers", {"book": "applicant:2026"})) for _ in range(2)]
    results = [o.result for o in desk.push(*ask).outcomes]
    assert [(r["series"], r["first"], r["last"]) for r in results] == [
        ("05", 1, 100),
        ("05", 101, 200),
    ]
    number = LegalNumber("05", "applicant:2026", 1)
    answer = desk.push(
        desk.op(person(new_id()), number=number), desk.op(person(new_id()), number=number)
    )
    assert [o.result for o in answer.outcomes] == [{}, {"number": "taken"}]


def test_the_last_role_takes_the_person_out_of_the_bucket(ours: House) -> None:
    desk = Desk(ours)
    p, a = taken(desk)
    cursors = [Cursor(page.bucket, page.to) for page in desk.pull().pages]
    assert statuses(desk.push(desk.op(Delete("applicant", a)))) == ["applied"]
    gone = {(g.facet, g.id) for page in desk.pull(*cursors).pages for g in page.gone}
    assert {("person.P0", p.hex), ("applicant.P0", a.hex)} <= gone


def test_a_part_made_in_the_same_push_goes_with_its_owner(ours: House) -> None:
    """Found by the simulation: the part stayed, and desks kept it for ever once the role had gone."""
    desk = Desk(ours)
    p, a = taken(desk)
    cursors = [Cursor(page.bucket, page.to) for page in desk.pull().pages]
    address = new_id()
    pairs = {"person_id": (None, p.hex), "full": (None, "г. Юрга")}
    made = desk.op(Save("address", address, create=True, set=pairs))
    role = desk.op(Delete("applicant", a))
    gone = desk.op(Delete("person", p, {}, (part("address", address),)))
    assert statuses(desk.push(made, role, gone)) == ["applied"] * 3
    assert rows_of(desk.pull(), "address.P1") == rows_of(desk.pull(*cursors), "address.P1") == []
    with ours.session() as db:
        assert db.scalars(sa.select(Address.deleted_at).where(Address.id == address)).one()


def test_a_part_for_a_deleted_owner_is_a_conflict_and_reaches_nobody(ours: House) -> None:
    desk = Desk(ours)
    p, a = taken(desk)
    desk.push(desk.op(Delete("applicant", a)), desk.op(Delete("person", p)))
    pairs = {"person_id": (None, p.hex), "full": (None, "г. Юрга")}
    made = desk.op(Save("address", new_id(), create=True, set=pairs))
    assert statuses(desk.push(made)) == ["conflict"]
    assert rows_of(desk.pull(), "address.P1") == []


def test_a_restore_brings_the_record_and_its_person_back_into_the_buckets(ours: House) -> None:
    desk = Desk(ours)
    p, a = taken(desk)
    desk.push(desk.op(Delete("applicant", a)))
    cursors = [Cursor(page.bucket, page.to) for page in desk.pull().pages]
    assert statuses(desk.push(desk.op(Restore("applicant", a)))) == ["applied"]
    answer = desk.pull(*cursors)
    assert [row[0] for row in rows_of(answer, "applicant.P0")] == [a.hex]
    assert [row[0] for row in rows_of(answer, "person.P0")] == [p.hex]


def test_a_restore_needs_the_right_of_a_delete_and_a_record(ours: House) -> None:
    secretary, clerk = Desk(ours), Desk(ours, "admission_clerk")
    _, a = taken(secretary)
    secretary.push(secretary.op(Delete("applicant", a)))
    assert statuses(clerk.push(clerk.op(Restore("applicant", a)))) == ["quarantined"]
    assert statuses(secretary.push(secretary.op(Restore("applicant", new_id())))) == ["refused"]
    with ours.session() as db:
        assert db.scalars(sa.select(Applicant.deleted_at).where(Applicant.id == a)).one()


def test_digests_equal_a_recount_of_the_entries(ours: House) -> None:
    desk = Desk(ours)
    p, a = taken(desk)
    taken_again = new_id()
    desk.push(
        desk.op(person(taken_again)),
        desk.op(renamed(p, "Ёлкина", "Петрова")),
        desk.op(Delete("applicant", a)),
    )
    with ours.session() as db:
        for bucket in db.execute(sa.select(sync_bucket).where(sync_bucket.c.college_id == ours.id)):
            live = db.execute(
                sa.select(sync_entry).where(
                    sync_entry.c.college_id == ours.id,
                    sync_entry.c.bucket == bucket.number,
                    sync_entry.c.gone.is_(False),
                )
            ).all()
            halves = [hash64(e.facet, e.row_id.hex, e.seq) for e in live]
            assert (bucket.rows, bucket.low, bucket.high) == (
                len(live),
                sum(low for low, _ in halves),
                sum(high for _, high in halves),
            )


def test_a_false_mark_is_answered_with_the_epoch_asked_for(ours: House) -> None:
    desk = Desk(ours)
    first = desk.pull()
    true = Witness(first.clock, first.mark, first.proof)
    again = desk.pull(epoch=first.epoch, witnesses=[true])
    assert (again.was, again.witnessed) == (None, [true])
    lost = proved(ours, first.epoch, first.clock, first.mark + 1)
    false = desk.pull(epoch=first.epoch, witnesses=[lost])
    assert false.was == first.epoch


def test_nobody_pulls_or_changes_another_colleges_rows(ours: House, theirs: House) -> None:
    us, them = Desk(ours), Desk(theirs)
    p, a = taken(us)
    assert rows_of(them.pull(), "person.P0") == []
    answer = them.push(them.op(renamed(p, "Ёлкина", "Чужая")), them.op(Delete("applicant", a)))
    assert answer.outcomes[0].status == "conflict"
    with ours.session() as db:
        assert db.scalars(sa.select(Person.last_name).where(Person.id == p)).one() == "Ёлкина"
        assert db.scalars(sa.select(Applicant.deleted_at).where(Applicant.id == a)).one() is None


def test_a_class_that_is_not_held_is_in_no_answer(ours: House) -> None:
    secretary, clerk = Desk(ours), Desk(ours, "admission_clerk")
    p, _ = taken(secretary)
    secret = Save("person", p, create=False, set={"nationality": (None, "тайна")})
    assert statuses(secretary.push(secretary.op(secret))) == ["applied"]
    assert rows_of(clerk.pull(), "person.P3") == []
    assert [row[2] for row in rows_of(secretary.pull(), "person.P3")] == ["тайна"]


def test_the_audit_chain_holds_and_does_not_tell_restricted_values(ours: House) -> None:
    desk = Desk(ours)
    p, _ = taken(desk)
    desk.push(desk.op(Save("person", p, create=False, set={"nationality": (None, "тайна")})))
    with ours.session() as db:
        lines = (
            db.execute(sa.select(audit).where(audit.c.college_id == ours.id).order_by(audit.c.seq))
            .mappings()
            .all()
        )
        head = "0" * 64
        for line in lines:
            body = {k: v for k, v in line.items() if k != "hash"}
            head = chain(head, body)
            assert head == line["hash"]
        kept = db.execute(
            sa.select(clock.c.audit_head).where(clock.c.college_id == ours.id)
        ).scalar_one()
        assert kept == head
        assert "тайна" not in str(lines)
