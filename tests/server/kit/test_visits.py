"""The journal of visits and the sign-ins that last: what is noted, who reads it, and that nothing of it is changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient
from sqlalchemy.exc import DBAPIError

from common.administration.kinds import AccessKind
from common.kit.ids import REGION, new_id
from common.kit.sync import NOTE, READ, Command
from server.kit import events
from server.kit.session import CollegeSession
from server.kit.tables import access_event
from server.reference.service import load_reference
from tests.server.conftest import NOW, House, enter, now
from tests.server.kit.desks import Desk, statuses, taken


def journal(client: TestClient[Any], head: dict[str, str], **asked: str) -> list[dict[str, Any]]:
    answer = client.get("/api/access/visits", headers=head, params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def test_a_login_a_wrong_password_and_a_sign_out_are_in_the_journal(
    client: TestClient[Any],
) -> None:
    admin = enter(client, "org_admin.k1")
    enter(client, "admission_clerk.k1", "не тот пароль")
    clerk = enter(client, "admission_clerk.k1")
    client.post("/api/sign-out", headers=clerk)
    told = [(v["kind"], v["login"]) for v in journal(client, admin, kind="login_fail")]
    assert told == [("login_fail", "admission_clerk.k1")]
    kinds = [v["kind"] for v in journal(client, admin)]
    assert sorted(kinds[:4]) == ["login_fail", "login_ok", "login_ok", "logout"]


def test_logins_are_counted_by_user_and_day_in_ones_own_college_only(
    ours: House, theirs: House, client: TestClient[Any]
) -> None:
    admin, stranger = enter(client, "org_admin.k1"), enter(client, "org_admin.k2")
    for _ in range(3):
        enter(client, "admission_clerk.k1")
    mine = journal(client, admin, kind="login_ok")
    assert [v["login"] for v in mine].count("admission_clerk.k1") == 3
    assert {v["login"] for v in journal(client, stranger, kind="login_ok")} == {"org_admin.k2"}
    assert journal(client, admin, since="2026-07-02T00:00:00+07:00") == []
    assert mine[0]["computer"] == "ПК-7"


def test_the_journal_is_the_administrators_and_a_refusal_is_noted(
    client: TestClient[Any],
) -> None:
    clerk = enter(client, "admission_clerk.k1")
    for path in ("/api/access/visits", "/api/access/sessions"):
        assert client.get(path, headers=clerk).status_code == 403
    ending = client.post("/api/access/sessions/end", headers=clerk, json={"id": "0" * 32})
    assert ending.status_code == 403
    admin = enter(client, "org_admin.k1")
    denied = journal(client, admin, kind="denied")
    assert [v["login"] for v in denied] == ["admission_clerk.k1"] * 3


def test_an_ended_session_is_out_at_its_next_request(client: TestClient[Any]) -> None:
    admin, clerk = enter(client, "org_admin.k1"), enter(client, "admission_clerk.k1")
    rows = client.get("/api/access/sessions", headers=admin).json()["rows"]
    other = next(r for r in rows if r["login"] == "admission_clerk.k1")
    assert [r["this"] for r in rows if r["login"] == "org_admin.k1"] == [True]
    assert client.get("/api/me", headers=clerk).status_code == 200
    ended = client.post("/api/access/sessions/end", headers=admin, json={"id": other["id"]})
    assert ended.json() == {"status": "ended"}
    assert client.get("/api/me", headers=clerk).status_code == 401
    again = client.post("/api/access/sessions/end", headers=admin, json={"id": other["id"]})
    assert again.status_code == 404


def test_a_session_of_another_college_is_not_ended(
    ours: House, theirs: House, client: TestClient[Any]
) -> None:
    admin, stranger = enter(client, "org_admin.k1"), enter(client, "org_admin.k2")
    (row,) = client.get("/api/access/sessions", headers=stranger).json()["rows"]
    ended = client.post("/api/access/sessions/end", headers=admin, json={"id": row["id"]})
    assert ended.status_code == 404
    assert client.get("/api/me", headers=stranger).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"kind": "луна"}, {"row": "x"}, {"since": "вчера"}, {"before": "|"}]
)
def test_a_filter_that_cannot_be_read_is_said_so(
    client: TestClient[Any], asked: dict[str, str]
) -> None:
    admin = enter(client, "org_admin.k1")
    answer = client.get("/api/access/visits", headers=admin, params=asked)
    assert answer.status_code == 422


def test_who_opened_a_card_is_told_with_the_moment_of_the_fact(
    ours: House, client: TestClient[Any]
) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    desk.push(desk.op(Command(READ, {"entity": "applicant", "id": a.hex})))
    admin = enter(client, "org_admin.k1")
    (seen,) = journal(client, admin, row=a.hex)
    assert (seen["kind"], seen["login"]) == ("p3_read", "admission_secretary.k1")
    assert seen["at"].startswith("2026-06-30T06:13:20")


@pytest.mark.parametrize("kind", ["lock", "unlock", "print", "export", "denied"])
def test_a_desk_tells_what_happened_at_it(ours: House, kind: str) -> None:
    desk = Desk(ours)
    about = {"kind": kind, "entity": "applicant", "id": new_id().hex}
    assert statuses(desk.push(desk.op(Command(NOTE, about)))) == ["applied"]
    with ours.engine.connect() as connection:
        kinds = list(connection.scalars(sa.select(access_event.c.kind)))
    assert kinds.count(kind) == 1


@pytest.mark.parametrize("kind", ["login_ok", "p3_read", "луна", ""])
def test_a_desk_does_not_tell_what_the_server_itself_knows(ours: House, kind: str) -> None:
    desk = Desk(ours)
    assert statuses(desk.push(desk.op(Command(NOTE, {"kind": kind})))) == ["refused"]


def put(house: House, at: dt.datetime) -> None:
    with house.engine.begin() as connection:
        connection.execute(events.EVENT, events.event(AccessKind.PRINT, at, house.id))


def test_the_database_itself_changes_and_loses_no_event_of_the_last_year(ours: House) -> None:
    put(ours, dt.datetime.now(dt.UTC))  # noqa: TID251  the database has a clock of its own
    for statement in (sa.update(access_event).values(kind="луна"), sa.delete(access_event)):
        with pytest.raises(DBAPIError), ours.engine.begin() as connection:
            connection.execute(statement)


def test_what_is_older_than_the_dated_row_says_is_let_go(ours: House) -> None:
    load_reference(ours.engine, now=now)
    with CollegeSession(ours.engine, REGION, now=now) as db:
        assert events.months_kept(db, NOW.date()) == 12
    put(ours, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    put(ours, NOW)
    with ours.engine.begin() as connection:
        assert events.forget(connection, NOW, 12) == 1


def test_the_journal_comes_page_by_page(ours: House, client: TestClient[Any]) -> None:
    admin = enter(client, "org_admin.k1")
    with ours.engine.begin() as connection:
        made = [events.event(AccessKind.PRINT, NOW, ours.id) for _ in range(events.MOST + 5)]
        connection.execute(events.EVENT, made)
    first = journal(client, admin, kind="print")
    rest = journal(client, admin, kind="print", before=f"{first[-1]['at']}|{first[-1]['id']}")
    assert (len(first), len(rest)) == (events.MOST, 5)
    assert not {v["id"] for v in first} & {v["id"] for v in rest}
