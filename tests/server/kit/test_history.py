"""The history of a record: who, when, what was and what became; by the classes of whoever reads it, and of one's own college."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar.testing import TestClient

from common.kit.history import History
from common.kit.ids import new_id
from common.kit.sync import Delete, Save
from server.kit import history as told
from tests.server.conftest import House, enter, now
from tests.server.kit.desks import Desk, renamed, statuses, taken


def asked(desk: Desk, *rows: UUID, before: int = 0) -> History:
    with desk.house.session() as db:
        return told.history(db, desk.caller, rows, before)


def changes(found: History) -> list[tuple[str, str, object, object]]:
    return [(s.kind, f.name, f.before, f.after) for s in found.steps for f in s.fields]


def snils(id: UUID, number: str) -> Save:
    whole = {"snils": (None, number), "snils_state": ("absent", "format_ok")}
    return Save("person", id, create=False, set=whole)


def test_who_and_when_and_what_was_and_became(ours: House) -> None:
    desk = Desk(ours)
    person, applicant = taken(desk)
    assert statuses(desk.push(desk.op(renamed(person, "Ёлкина", "Петрова")))) == ["applied"]
    found = asked(desk, person, applicant)
    assert [(s.entity, s.kind) for s in found.steps] == [
        ("person", "change"), ("person", "create"), ("applicant", "create")
    ]  # fmt: skip
    first = found.steps[0]
    assert changes(History(found.steps[:1])) == [("change", "last_name", "Ёлкина", "Петрова")]
    assert (first.who.account, first.who.name) == (
        desk.caller.account_id,
        "Ответственный секретарь приёмной комиссии",
    )
    assert first.who.at == int(now().timestamp() * 1000)
    assert found.before == 0
    assert [s.kind for s in asked(desk, person, before=first.seq).steps] == ["create"]


def test_a_class_that_the_reader_may_not_see_stays_out(ours: House) -> None:
    desk, clerk, nobody = Desk(ours), Desk(ours, "admission_clerk"), Desk(ours, "teacher")
    person, _ = taken(desk)
    secret = {"nationality": (None, "тайна")}
    desk.push(
        desk.op(snils(person, "11223344595")),
        desk.op(Save("person", person, create=False, set=secret)),
    )
    seen = {f.name for s in asked(desk, person).steps for f in s.fields}
    assert {"snils", "nationality"} <= seen
    assert "тайна" not in str(asked(desk, person))  # it is kept nowhere
    shown = {f.name for s in asked(clerk, person).steps for f in s.fields}
    assert "nationality" not in shown
    assert "last_name" in shown
    assert asked(nobody, person).steps == []


def test_a_deletion_is_told_and_another_college_is_told_nothing(ours: House, theirs: House) -> None:
    desk, stranger = Desk(ours), Desk(theirs)
    person, applicant = taken(desk)
    contact = new_id()
    made = {"person_id": (None, person.hex), "value": (None, "+79131234567")}
    desk.push(desk.op(Save("contact", contact, create=True, set=made)))
    (version,) = desk.push(desk.op(Delete("contact", contact, {"value": "+79131234567"}))).outcomes
    assert version.status == "applied"
    assert [s.kind for s in asked(desk, contact).steps] == ["delete", "create"]
    assert asked(stranger, person, applicant, contact).steps == []
    assert asked(desk, new_id()).steps == []


def test_words_that_are_no_ids_ask_about_nothing() -> None:
    id = new_id()
    assert [*told.ids_in(f"k9,,{id.hex},'; DROP TABLE audit")] == [id]


def test_a_place_beyond_all_numbers_is_refused_in_words(
    ours: House, client: TestClient[Any]
) -> None:
    headers = enter(client, "admission_secretary.k1")
    for before in (-1, 2**70):
        asked: dict[str, str | int] = {"rows": new_id().hex, "before": before}
        assert client.get("/api/history", params=asked, headers=headers).status_code == 422
