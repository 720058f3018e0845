"""Officials of the region sign in, and read what their roles give over all colleges, and nothing of any college beside it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account
from common.kit.errors import Invalid, NotAllowed, NotFound, StepNeeded
from common.kit.ids import REGION, new_id
from common.kit.sync import (
    END_ACCESS,
    Command,
    Delete,
    Operation,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    Save,
    SignedIn,
    SignIn,
)
from server.administration.region_command import add_region
from server.administration.service import Person, add_user, end_user
from server.kit.entering import REGION_CODE, sign_in
from server.kit.packing import inflate, pack
from server.kit.session import CollegeSession, say_college
from server.kit.tables import access_event, clock
from server.kit.web import make_app
from tests.server.conftest import PASSWORD, House, now
from tests.server.kit.desks import AT, Desk, taken

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


def test_officials_read_the_rows_of_every_college_in_the_classes_of_their_roles_and_no_others(
    client: Any, bearer: Callable[[str], dict[str, str]], ours: House, theirs: House
) -> None:
    head = bearer("region_operator")
    for house in (ours, theirs):
        answer = client.get(f"/api/region/rows?entity=account&college={house.code}", headers=head)
        told = answer.json()
        assert {row["login"].partition(".")[2] for row in told["rows"]} == {house.code}
        assert told["labels"].keys() | {"id"} == told["rows"][0].keys()
        assert not told["more"]
        last = told["rows"][-2]["id"]
        again = client.get(
            f"/api/region/rows?entity=account&college={house.code}&after={last}", headers=head
        ).json()
        assert again["rows"] == told["rows"][-1:]
    hidden = "/api/region/rows?entity={}&college=k1"
    for entity in ("person", "applicant", "handed_operation", "nothing", "college"):
        assert client.get(hidden.format(entity), headers=head).status_code == 404
    observer = bearer("regional_observer")
    assert client.get(hidden.format("account"), headers=observer).status_code == 404
    assert client.get(hidden.format("desk"), headers=observer).status_code == 200
    assert client.get(hidden.format("desk") + "0", headers=observer).status_code == 404
    for login in ("org_admin.k1", "director.k1", "region_operator.k1"):
        assert client.get(hidden.format("account"), headers=bearer(login)).status_code == 403
    spoilt = hidden.format("account") + "&after=дальше"
    assert client.get(spoilt, headers=head).status_code == 422


def told_in(house: House, college: UUID) -> list[tuple[str, str, int, str]]:
    c = access_event.c
    with CollegeSession(house.engine, college, now=now) as db:
        query = sa.select(c.kind, c.entity, c.rows, c.login).where(
            c.college_id == college, c.kind.in_(["export", "denied"])
        )
        return [(kind, entity, rows, login) for kind, entity, rows, login in db.execute(query)]


def test_each_reading_over_a_college_is_in_its_journal_and_in_the_regions(
    client: Any, bearer: Callable[[str], dict[str, str]], ours: House, theirs: House
) -> None:
    head = bearer("region_operator")
    clock = last_clock(ours)
    rows = client.get("/api/region/rows?entity=account&college=k1", headers=head).json()["rows"]
    client.get("/api/region/rows?entity=person&college=k1", headers=head)
    told = ("export", "account", len(rows), "region_operator")
    assert told_in(ours, ours.id) == [told]
    assert told_in(theirs, theirs.id) == []
    assert told_in(ours, REGION) == [told, ("denied", "person", 0, "")]
    assert last_clock(ours) == clock, "nothing of a college's own history is touched"
    count = len(client.get("/api/region/events", headers=head).json()["events"])
    assert told_in(ours, REGION)[-1] == ("export", "operator_event", count, "region_operator")


def last_clock(house: House) -> int:
    with house.engine.connect() as connection:
        say_college(connection, house.id)
        query = sa.select(clock.c.counter).where(clock.c.college_id == house.id)
        return int(connection.execute(query).scalar_one())


def test_no_official_writes_anything_in_a_college(
    client: Any, bearer: Callable[[str], dict[str, str]], ours: House
) -> None:
    """By any entity and by any command; the matrix asks the same of every class of every record."""
    person, _ = taken(Desk(ours))
    clock = last_clock(ours)
    who = {"login": "region_operator", "password": PASSWORD, "computer": "ПК"}
    signed = msgspec.convert(client.post("/api/sign-in", json=who).json(), SignedIn)
    with ours.session() as db:
        account = db.scalars(sa.select(Account.id).where(Account.login == "org_admin.k1")).one()
    bodies: list[Save | Delete | Command] = [
        Save("person", person, create=False, set={"birth_place": (None, "г. Юрга")}),
        Save("account", account, create=False, set={"name": (None, "Чужой")}),
        Save("person", new_id(), create=True, set={"last_name": (None, "Чужая")}),
        Delete("account", account, {}),
        Command(END_ACCESS, {"account": account.hex, "reason": "suspicious", "note": "Потому что"}),
    ]
    ops = [
        Operation(uuid=new_id(), no=no, author=signed.account, at=AT, body=body)
        for no, body in enumerate(bodies, 1)
    ]
    request = PushRequest(device=signed.device, epoch=None, settled_to=0, operations=ops)
    head = {"authorization": f"Bearer {signed.token}"}
    answer = client.post("/api/sync/push", content=pack(request), headers=head)
    told = msgspec.msgpack.decode(inflate(answer.content), type=PushAnswer)
    assert [o.status for o in told.outcomes] == ["quarantined"] * len(bodies)
    assert last_clock(ours) == clock


def test_the_command_line_reads_in_an_officials_name_only(
    client: Any, ours: House, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(*words: str) -> int:
        parser = argparse.ArgumentParser()
        add_region(parser, lambda act: act)
        asked = parser.parse_args(words)
        return int(asked.run(ours.engine, asked, now=now))

    assert say("account", "--college", "k1", "--as", "region_operator") == 0
    assert "Логин: org_admin.k1" in capsys.readouterr().out
    with pytest.raises(NotAllowed, match="нет действующей роли региона"):
        say("account", "--college", "k1", "--as", "director.k1")
    with pytest.raises(NotFound):
        say("account", "--college", "k1", "--as", "regional_observer")


def test_a_password_alone_lets_no_official_in(client: Any, ours: House) -> None:
    """Whoever reads over the colleges needs a second factor as much as whoever gives access (TRUST B-25)."""
    for login in ("region_operator", "regional_observer"):
        request = SignIn(login=login, password=PASSWORD, computer="ПК")
        with pytest.raises(StepNeeded):
            sign_in(ours.engine, request, now=now, demand_second=True)


def test_the_regions_roles_are_for_the_region_and_a_colleges_for_a_college(ours: House) -> None:
    for college, role in (("k1", "region_operator"), (REGION_CODE, "org_admin")):
        with pytest.raises(Invalid, match="исправьте --college"):
            add_user(ours.engine, college, official(role), PASSWORD, now=now)
