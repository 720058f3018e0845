"""Officials of the region sign in, and read what their roles give over all colleges, and nothing of any college beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from common.kit.errors import Invalid, StepNeeded
from common.kit.sync import PullAnswer, PullRequest, SignIn
from server.administration.service import Person, add_user, end_user
from server.kit.entering import REGION_CODE, sign_in
from server.kit.packing import inflate, pack
from server.kit.web import make_app
from tests.server.conftest import PASSWORD, House, now
from tests.server.kit.desks import Desk, taken

Get = Callable[[str, str], Any]


def official(role: str) -> Person:
    return Person(role[:32], "Областная Вера", role, "7", now().date(), consent_on=now().date())


@pytest.fixture
def client(ours: House, theirs: House) -> Iterator[Any]:
    for role in ("region_operator", "regional_observer"):
        add_user(ours.engine, REGION_CODE, official(role), PASSWORD, now=now)
    with TestClient(make_app(ours.engine, now=now, second_factor=False)) as made:
        yield made


@pytest.fixture
def bearer(client: Any) -> Callable[[str], dict[str, str]]:
    def enter(login: str) -> dict[str, str]:
        who = {"login": login, "password": PASSWORD, "computer": "ПК"}
        answer = client.post("/api/sign-in", json=who)
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['token']}"}

    return enter


def test_the_operator_reads_the_events_of_all_colleges_page_by_page(
    client: Any, bearer: Callable[[str], dict[str, str]], ours: House, theirs: House
) -> None:
    head = bearer("region_operator")
    told = client.get("/api/region/events", headers=head).json()
    assert {event["college"] for event in told["events"]} == {"k1", "k2", ""}
    last = told["events"][-1]["number"]
    assert [event["number"] for event in told["events"]] == list(range(1, last + 1))
    end_user(theirs.engine, "admission_clerk.k2", now=now)
    (event,) = client.get(f"/api/region/events?since={last}", headers=head).json()["events"]
    assert (event["college"], event["kind"]) == ("k2", "Прекращён доступ")
    assert client.get("/api/region/events?since=-1", headers=head).status_code == 422


def test_nobody_else_does_however_much_he_may_in_his_college(
    client: Any, bearer: Callable[[str], dict[str, str]]
) -> None:
    for login in ("regional_observer", "org_admin.k1", "region_operator.k1", "director.k1"):
        assert client.get("/api/region/events", headers=bearer(login)).status_code == 403
    assert client.get("/api/region/events").status_code == 401


def test_an_official_is_shown_no_record_of_a_college(
    client: Any, bearer: Callable[[str], dict[str, str]], ours: House
) -> None:
    person, _ = taken(Desk(ours))
    head = bearer("region_operator")
    asked = PullRequest(device="official", epoch=None, ticket=1, cursors=[])
    answer = client.post("/api/sync/pull", content=pack(asked), headers=head)
    told = msgspec.msgpack.decode(inflate(answer.content), type=PullAnswer)
    assert ours.id.hex in str(told)  # the book of colleges
    assert person.hex not in str(told)
    assert "Ёлкина" not in str(told)
    for path in ("/api/access/visits", "/api/access/sessions"):
        assert client.get(path, headers=head).status_code == 403


def test_a_password_alone_does_not_let_the_operator_in(client: Any, ours: House) -> None:
    request = SignIn(login="region_operator", password=PASSWORD, computer="ПК")
    with pytest.raises(StepNeeded):
        sign_in(ours.engine, request, now=now, demand_second=True)


def test_the_regions_roles_are_for_the_region_and_a_colleges_for_a_college(ours: House) -> None:
    for college, role in (("k1", "region_operator"), (REGION_CODE, "org_admin")):
        with pytest.raises(Invalid, match="исправьте --college"):
            add_user(ours.engine, college, official(role), PASSWORD, now=now)
