"""The order of an applicant's choices is one value: two who reorder it are asked once, and no half of each is stored."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
import sqlalchemy as sa

from common.admissions.entities import Application
from common.kit.ids import new_id
from common.kit.sync import PushAnswer, Save
from tests.server.admissions.office import Office, application, sent
from tests.server.kit.desks import Desk, statuses


@pytest.fixture
def choices(office: Office) -> list[UUID]:
    """Two choices, the full-time one first."""
    desk = Desk(office.house, "admission_clerk")
    made = [new_id(), new_id()]
    for place, (id, group) in enumerate(
        zip(made, (office.group, office.other_group), strict=True), 1
    ):
        body = application(office, group, id)
        body.set["priority"] = (None, place)
        assert statuses(sent(desk, body)) == ["applied"]
    return made


def order(office: Office, seen: Sequence[UUID], new: Sequence[UUID]) -> Save:
    pair = ([id.hex for id in seen], [id.hex for id in new])
    return Save("applicant", office.applicant, create=False, set={"application": pair})


def stored(office: Office) -> list[tuple[int, UUID]]:
    with office.house.session() as db:
        query = sa.select(Application.priority, Application.id)
        return sorted((place, id) for place, id in db.execute(query))


def test_an_order_is_stored_as_the_places_of_its_rows(office: Office, choices: list[UUID]) -> None:
    a, b = choices
    assert statuses(sent(Desk(office.house), order(office, [a, b], [b, a]))) == ["applied"]
    assert stored(office) == [(1, b), (2, a)]


def said(answer: PushAnswer) -> tuple[list[str], dict[str, str]]:
    return statuses(answer), answer.outcomes[0].fields


def test_who_has_not_seen_the_order_overwrites_nothing(office: Office, choices: list[UUID]) -> None:
    a, b = choices
    desk = Desk(office.house)
    sent(desk, order(office, [a, b], [b, a]))
    answer = sent(desk, order(office, [a], [a, b]))
    told = {"application": "«Порядок: заявления»: на сервере строки стоят иначе"}
    assert said(answer) == (["conflict"], told)
    assert answer.outcomes[0].text == "Порядок строк изменён другим пользователем"
    assert answer.outcomes[0].writers["application"].account == desk.caller.account_id
    assert stored(office) == [(1, b), (2, a)]


def test_the_same_order_twice_is_no_conflict(office: Office, choices: list[UUID]) -> None:
    a, b = choices
    desk = Desk(office.house)
    for seen in ([a, b], [b]):
        assert statuses(sent(desk, order(office, seen, [b, a]))) == ["applied"]


def test_an_order_and_a_field_of_its_owner_are_decided_together(
    office: Office, choices: list[UUID]
) -> None:
    a, b = choices
    desk = Desk(office.house)
    body = order(office, [b, a], [b])
    body.set["language_studied"] = (None, "английский")
    assert statuses(sent(desk, body)) == ["conflict"]
    assert statuses(sent(desk, order(office, [a, b], [b, a]))) == ["applied"]


def test_an_order_names_the_rows_that_there_are(office: Office, choices: list[UUID]) -> None:
    a, b = choices
    desk = Desk(office.house)
    for new in ([a], [a, a], [a, b, new_id()], []):
        answer = sent(desk, order(office, [a, b], new))
        assert statuses(answer) == ["refused"]
        assert "названы не те строки" in answer.outcomes[0].text


@pytest.mark.parametrize("new", ["ab", 7, [7], ["x"], None])
def test_a_senseless_order_is_refused(office: Office, choices: list[UUID], new: object) -> None:
    body = Save("applicant", office.applicant, create=False, set={"application": ([], new)})
    assert statuses(sent(Desk(office.house), body))[0] in {"refused", "conflict"}
    assert stored(office) == [(1, choices[0]), (2, choices[1])]


def test_one_row_is_not_moved_alone(office: Office, choices: list[UUID]) -> None:
    body = Save("application", choices[0], create=False, set={"priority": (1, 2)})
    answer = sent(Desk(office.house), body)
    assert statuses(answer) == ["refused"]
    assert "«Приоритет» меняют только вместе со всем списком" in answer.outcomes[0].text
