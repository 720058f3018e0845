"""The description of the API in the repository is the one the server gives, and nothing answers without a policy row."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.kit import resources
from common.kit.kinds import PersonalData
from server.app import COMMANDS_READY
from server.kit import judge, web
from server.kit.policy import ROUTES, RULED, policy
from server.kit.web import make_app, openapi_bytes
from tests.server.conftest import PASSWORD, House, now


def test_the_description_in_the_repository_is_the_servers() -> None:
    written = resources.path("openapi.json").read_bytes()
    assert written == openapi_bytes() + b"\n", (
        "write it anew: epo-server openapi > resources/openapi.json"
    )


def test_every_described_operation_has_a_policy_row() -> None:
    described = msgspec.json.decode(openapi_bytes())["paths"]
    operations = {(m.upper(), p) for p, methods in described.items() for m in methods}
    assert operations == {(r.method, r.path) for r in ROUTES}


def test_an_operation_without_a_policy_row_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "ROUTES", ROUTES[1:])
    with pytest.raises(RuntimeError, match="/health/live has no row in the policy"):
        make_app(sa.create_engine("sqlite://"), now=lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_a_command_without_a_policy_row_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMMANDS_READY
    assert judge.COMMANDS.keys() <= RULED.keys()
    monkeypatch.setitem(judge.COMMANDS, "new_command", lambda _db, _command: {})
    with pytest.raises(RuntimeError, match="new_command: a command without a row in the policy"):
        make_app(sa.create_engine("sqlite://"), now=now)


def test_the_policy_names_who_may_give_each_command(ours: House) -> None:
    who = {c["command"]: c["who"] for c in policy(ours.engine, now=now)["commands"]}
    assert who.keys() == RULED.keys() >= judge.COMMANDS.keys()
    assert (who["end_access"], who["hand"], who["adopt"]) == (
        "administration.write.P1",
        "signed_in",
        "record",
    )


def test_the_policy_names_roles_by_class(ours: House) -> None:
    said = policy(ours.engine, now=now)
    person = next(r for r in said["records"] if r["entity"] == "person")
    assert person["classes"]["P3"]["read"] == ["admission_secretary"]
    assert person["classes"]["P2"]["write"] == ["admission_clerk", "admission_secretary"]
    assert {c for r in said["records"] for c in r["classes"]} == {p.value for p in PersonalData}
    country = next(r for r in said["records"] if r["entity"] == "country")
    assert country["classes"]["P0"]["write"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/api/me", 401),
        ("GET", "/api/openapi.json", 401),
        ("POST", "/api/sync/pull", 401),
        ("POST", "/api/sync/push", 401),
        ("POST", "/api/sign-out", 401),
        ("GET", "/schema", 404),
        ("GET", "/nothing", 404),
    ],
)
def test_without_a_token_only_the_closed_list_answers(
    ours: House, method: str, path: str, status: int
) -> None:
    with TestClient(make_app(ours.engine, now=now)) as client:
        answer = client.request(method, path)
        assert answer.status_code == status
        assert answer.headers["x-request-id"]
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_anybody_is_answered_at_five_addresses_and_no_more() -> None:
    assert {r.path for r in ROUTES if r.who == "anybody"} == {
        "/health/live",
        "/health/ready",
        "/api/sign-in",
        "/sign-in",
        "/static/{name}",
    }


def test_unknown_keys_and_wrong_passwords_are_said_in_russian(ours: House) -> None:
    with TestClient(make_app(ours.engine, now=now)) as client:
        login = {"login": "admission_reader.k1", "password": PASSWORD, "computer": "ПК"}
        extra = client.post("/api/sign-in", json=login | {"зайка": 1})
        assert extra.status_code == 422
        assert extra.json()["title"].startswith("Запрос составлен неверно")
        wrong = client.post("/api/sign-in", json=login | {"password": "не тот"})
        unknown = client.post("/api/sign-in", json=login | {"login": "никого"})
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json()["title"] == unknown.json()["title"]
        good = client.post("/api/sign-in", json=login | {"login": " ADMISSION_READER.k1 "})
        assert good.status_code == 200
        token = good.json()["token"]
        head = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/me", headers=head).json()["college"] == ours.id.hex
        assert client.post("/api/sign-out", headers=head).status_code == 200
        assert client.get("/api/me", headers=head).status_code == 401


def test_the_sixth_wrong_password_waits(ours: House) -> None:
    login = {"login": "admission_reader.k1", "password": "не тот", "computer": "ПК"}
    with TestClient(make_app(ours.engine, now=now)) as client:
        statuses = [client.post("/api/sign-in", json=login).status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]
        last = client.post("/api/sign-in", json=login | {"password": PASSWORD})
        assert int(last.headers["retry-after"]) == 300


def test_a_bomb_and_a_broken_body_are_refused(ours: House) -> None:
    import zlib

    login = {"login": "admission_reader.k1", "password": PASSWORD, "computer": "ПК"}
    with TestClient(make_app(ours.engine, now=now)) as client:
        token = client.post("/api/sign-in", json=login).json()["token"]
        head = {"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.epo.sync"}
        for body in (b"", b"garbage", zlib.compress(b"\0" * 20_000_000), zlib.compress(b"\xc1")):
            answer = client.post("/api/sync/pull", content=body, headers=head)
            assert answer.status_code == 422, body[:20]
