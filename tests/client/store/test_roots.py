"""What is unsettled is told of whole things: a contact belongs to its person, and the person to his application."""

from __future__ import annotations

from uuid import UUID

import pytest

from client.store.store import Store
from client.store.syncing import run
from common.kit.ids import new_id
from common.kit.sync import Command, Operation, Save, Status
from tests.client.store.centre import Centre, person


def create(store: Store, entity: str, **values: str) -> UUID:
    id = new_id()
    pairs = {name: (None, value) for name, value in values.items()}
    store.record(lambda _number: [Save(entity, id, create=True, set=pairs)])
    return id


def application(store: Store) -> tuple[UUID, UUID]:
    """A person with a contact, and the applicant he is."""
    who = create(store, "person", **person("Ёлкина"))
    create(store, "contact", person_id=who.hex, value="+79130000000")
    return who, create(store, "applicant", person_id=who.hex, reg_no="05-001")


def test_a_row_says_what_waits_in_its_parts_too(store: Store) -> None:
    who, applicant = application(store)
    assert store.states("applicant") == {applicant.hex: "pending"}
    assert store.states("person") == {who.hex: "pending"}
    assert store.states("competitive_group") == {}


@pytest.mark.parametrize(
    "status", [Status.CONFLICT, Status.REFUSED, Status.QUARANTINED, Status.FAILED]
)
def test_trouble_of_a_part_is_the_trouble_of_the_whole(
    store: Store, centre: Centre, status: Status
) -> None:
    _, applicant = application(store)

    def judge(op: Operation) -> Status:
        return status if isinstance(op.body, Save) and op.body.entity == "person" else Status.HELD

    centre.judge = judge
    run(store, centre)
    assert store.states("applicant") == {applicant.hex: status.value}


def test_what_waits_is_one_line_for_an_application_with_its_parts_inside(store: Store) -> None:
    _, applicant = application(store)
    store.record(lambda _number: [Command("lease_numbers", {"book": "applicant:2026"})])
    found = store.bundles()
    assert [(b.place[0], len(b.entries), b.state) for b in found] == [
        ("applicant", 3, "pending"),
        ("", 1, "pending"),
    ]
    assert found[0].place == ("applicant", applicant.hex)


def test_what_the_centre_refused_is_still_found_in_its_whole(store: Store, centre: Centre) -> None:
    _, applicant = application(store)
    centre.judge = lambda op: Status.REFUSED if not op.after else Status.HELD
    run(store, centre)
    (bundle,) = store.bundles()
    assert (bundle.place, bundle.state) == (("applicant", applicant.hex), "refused")


def test_what_is_handed_over_lies_with_the_record_that_it_is_about(
    store: Store, centre: Centre
) -> None:
    who = create(store, "person", **person("Ёлкина"))
    centre.judge = lambda _op: Status.REFUSED
    run(store, centre)
    (trouble,) = store.troubles()
    store.hand(trouble.entry.op.uuid, "проверьте")
    (bundle,) = store.bundles()
    assert (bundle.place, bundle.state, len(bundle.entries)) == (("person", who.hex), "handed", 2)


def test_a_whole_thing_is_found_from_any_of_its_parts(store: Store) -> None:
    who, applicant = application(store)
    contact = next(iter(store.where("contact", "person_id", who)))
    assert store.holders("contact", contact) == [
        ("contact", contact),
        ("person", who.hex),
        ("applicant", applicant.hex),
    ]
