"""What only an administrator decides, over the API: the same functions as at the command line, his college's rows alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account
from common.kit.deciding import Asked, Leases, Sealed
from common.kit.ids import new_id
from server.kit.session import CollegeSession
from server.kit.tables import asked, sealed
from tests.server.administration.test_lines import desk_with_numbers
from tests.server.conftest import House, enter, now

Head = dict[str, str]


@pytest.fixture
def admin(client: TestClient[Any]) -> Head:
    return enter(client, "org_admin.k1")


def who(db: CollegeSession, role: str) -> UUID:
    return db.scalars(sa.select(Account.id).where(Account.login.startswith(f"{role}."))).one()


def ask(house: House) -> str:
    """Something that a restore lost, as its desk brought it again."""
    chain = new_id()
    with house.session() as db:
        db.execute(
            sa.insert(asked).values(
                college_id=house.id, chain=chain, author=who(db, "admission_secretary"), command="test_order",
                result={"number": 15}, at=1_782_800_000_000, asked_at=now(), word="",
            )
        )  # fmt: skip
        db.commit()
    return chain.hex


def seal_something(house: House) -> str:
    uuid = new_id()
    with house.session() as db:
        db.execute(
            sa.insert(sealed).values(
                college_id=house.id, uuid=uuid, account_id=who(db, "admission_clerk"),
                device="desk", seq=1, sealed_at=now(), blob=b"sealed",
            )
        )  # fmt: skip
        db.commit()
    return str(uuid)


def test_what_waits_is_listed_and_decided_once(
    ours: House, client: TestClient[Any], admin: Head
) -> None:
    allowed, refused = ask(ours), ask(ours)
    told = client.get("/api/asked", headers=admin)
    rows = msgspec.json.decode(told.content, type=Asked).rows
    assert {row.id for row in rows} == {allowed, refused}
    assert (rows[0].given, rows[0].state) == ({"number": 15}, "ждёт решения")

    def decide(**said: Any) -> int:
        return client.post("/api/asked/decide", headers=admin, json=said).status_code

    assert decide(id=allowed, allow=True) == 200
    assert decide(id=refused, allow=False) == 422
    assert decide(id=refused, allow=False, word="приказ отменён") == 200
    assert decide(id=allowed, allow=False, word="передумал") == 409
    assert client.get("/api/asked", headers=admin).json()["rows"] == []
    every = client.get("/api/asked", headers=admin, params={"every": 1}).json()["rows"]
    assert {row["state"] for row in every} == {"разрешено повторить", "не повторять"}


def test_numbers_are_listed_and_those_of_a_lost_computer_cancelled(
    ours: House, client: TestClient[Any], admin: Head
) -> None:
    desk_with_numbers(ours)
    told = msgspec.json.decode(client.get("/api/numbers", headers=admin).content, type=Leases)
    assert [(each.series, each.used, each.free[:2]) for each in told.rows] == [("05", 2, (2, 4))]
    asked_ = {"series": "05", "word": "компьютер сгорел"}
    closed = client.post("/api/numbers/close", headers=admin, json=asked_)
    assert closed.json() == {"cancelled": 98}
    assert client.post("/api/numbers/close", headers=admin, json=asked_).status_code == 409


def test_sealed_work_is_told_of_unopened(ours: House, client: TestClient[Any], admin: Head) -> None:
    uuid = seal_something(ours)
    told = msgspec.json.decode(client.get("/api/sealed", headers=admin).content, type=Sealed)
    assert [(str(k.uuid), k.login, k.size) for k in told.rows] == [(uuid, "admission_clerk.k1", 6)]
    assert told.total == 1


def test_another_colleges_rows_are_not_there(
    ours: House, theirs: House, client: TestClient[Any], admin: Head
) -> None:
    foreign = ask(theirs)
    desk_with_numbers(theirs, "07")
    seal_something(theirs)
    for path in ("asked", "numbers", "sealed"):
        assert client.get(f"/api/{path}", headers=admin).json()["rows"] == []
    said = {"id": foreign, "allow": True}
    assert client.post("/api/asked/decide", headers=admin, json=said).status_code == 404
    lost = {"series": "07", "word": "нет его"}
    assert client.post("/api/numbers/close", headers=admin, json=lost).status_code == 404


@pytest.mark.parametrize("role", ["admission_secretary", "director"])
def test_nobody_else_is_let_in(client: TestClient[Any], role: str) -> None:
    head = enter(client, f"{role}.k1")
    for path in ("asked", "numbers", "sealed"):
        assert client.get(f"/api/{path}", headers=head).status_code == 403
    for path in ("asked/decide", "numbers/close"):
        assert client.post(f"/api/{path}", headers=head, json={}).status_code == 403
