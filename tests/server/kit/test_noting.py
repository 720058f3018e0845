"""Each of the eleven kinds of event has somebody who writes it; what the server itself refuses or gives out is among them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.kinds import AccessKind
from common.kit.contents import digest_of
from common.kit.errors import NotAllowed
from common.kit.ids import new_id
from common.kit.sync import END_ACCESS, Command, Save
from server.app import main
from server.kit.auth import identify
from server.kit.noting import COMMAND_LINE, refusals_noted
from server.kit.push import push
from server.kit.tables import access_event
from server.kit.web import make_app
from tests.server.conftest import NOW, PASSWORD, House, now
from tests.server.kit.desks import Desk, paper, scan, statuses, taken

OTHER = "сорок тысяч зелёных чайников"


def noted(house: House) -> list[Any]:
    with house.engine.connect() as connection:
        return list(connection.execute(sa.select(access_event).order_by(access_event.c.id)))


def kinds(house: House) -> Counter[str]:
    return Counter(row.kind for row in noted(house))


@pytest.fixture
def client(ours: House) -> Iterator[TestClient[Any]]:
    with TestClient(make_app(ours.engine, now=now, second_factor=False)) as made:
        yield made


def enter(client: TestClient[Any], role: str) -> dict[str, str]:
    asked = {"login": f"{role}.k1", "password": PASSWORD, "computer": "ПК-7"}
    return {"Authorization": f"Bearer {client.post('/api/sign-in', json=asked).json()['token']}"}


def test_a_lease_that_is_renewed_and_a_password_that_is_changed_are_told(
    ours: House, client: TestClient[Any]
) -> None:
    head = enter(client, "admission_clerk")
    before = kinds(ours)
    later = NOW + dt.timedelta(hours=30)
    secret = head["Authorization"].partition(" ")[2]
    identify(ours.engine, secret, now=lambda: later, request_id="")
    client.post("/api/password", headers=head, json={"old": PASSWORD, "new": OTHER})
    assert kinds(ours) - before == {"token_refresh": 1, "password_change": 1}


def test_who_asks_for_codes_without_the_right_is_in_the_journal(
    ours: House, client: TestClient[Any]
) -> None:
    head = enter(client, "admission_clerk")
    asked = {"accounts": [str(new_id())]}
    assert client.post("/api/credentials", headers=head, json=asked).status_code == 403
    (denied,) = [row for row in noted(ours) if row.kind == "denied"]
    assert (denied.account_id, denied.request_id != "") == (
        ours.caller("admission_clerk").account_id,
        True,
    )


def test_a_refused_command_and_a_refused_record_are_noted_once_each(ours: House) -> None:
    """A command's refusal undoes what was written with it: the note comes after that."""
    desk = Desk(ours, "admission_reader")
    about = {"account": new_id().hex, "reason": "suspicious", "note": "перебирали карточки"}
    record = Save("person", new_id(), create=True, set={"last_name": (None, "Ёлкина")})
    answer = desk.push(desk.op(Command(END_ACCESS, about)), desk.op(record))
    assert statuses(answer) == ["quarantined", "quarantined"]
    denied = [row for row in noted(ours) if row.kind == "denied"]
    assert [row.entity for row in denied] == ["", "person"]
    assert {row.account_id for row in denied} == {desk.caller.account_id}


def test_who_pushes_in_the_name_of_another_is_in_the_journal(ours: House) -> None:
    desk, other = Desk(ours), Desk(ours, "admission_clerk")
    stolen = desk.request(other.op(Save("person", new_id(), create=True, set={})))
    with pytest.raises(NotAllowed), refusals_noted(ours.engine, desk.caller, now=now):
        push(ours.engine, desk.caller, stolen, now=now)
    assert kinds(ours)["denied"] == 1


def test_a_scan_that_is_asked_for_without_the_right_is_noted_and_another_colleges_is_not_known(
    ours: House, theirs: House, client: TestClient[Any]
) -> None:
    for house in (ours, theirs):
        desk = Desk(house)
        _, applicant = taken(desk)
        held = new_id()
        desk.push(
            desk.op(paper(held, applicant)),
            desk.op(scan(new_id(), held, b"%PDF-" + house.code.encode())),
        )
    head = enter(client, "admission_reader")
    for code in ("k1", "k2"):
        asked: dict[str, str | int] = {
            "digest": digest_of(b"%PDF-" + code.encode()),
            "at": 0,
            "most": 9,
        }
        assert client.get("/api/file", params=asked, headers=head).status_code == 404
    (denied,) = [row for row in noted(ours) if row.kind == "denied"]
    assert denied.entity == "document_scan"


def test_tables_written_at_the_command_line_are_told_to_the_college(
    ours: House, tmp_path: Path
) -> None:
    config = tmp_path / "epo.toml"
    url = ours.engine.url.render_as_string(hide_password=False)
    config.write_text(f'database_url = "{url}"\ndata_dir = "{tmp_path / "outside"}"\n', "utf-8")
    place = ("--college", "k1", "--config", str(config))
    assert main(["access-register", str(tmp_path / "register.xlsx"), *place]) == 0
    assert main(["audit", "export", str(tmp_path / "audit.csv"), *place]) == 0
    exports = [row for row in noted(ours) if row.kind == "export"]
    assert [(row.entity, row.computer, row.account_id) for row in exports] == [
        ("role_grant", COMMAND_LINE, None),
        ("", COMMAND_LINE, None),
    ]
    assert {row.college_id for row in exports} == {ours.id}


WRITTEN = {
    AccessKind.LOGIN_OK: "tests/server/kit/test_visits.py::test_a_login_a_wrong_password_and_a_sign_out_are_in_the_journal",
    AccessKind.LOGIN_FAIL: "tests/server/kit/test_visits.py::test_a_login_a_wrong_password_and_a_sign_out_are_in_the_journal",
    AccessKind.LOGOUT: "tests/server/kit/test_visits.py::test_a_login_a_wrong_password_and_a_sign_out_are_in_the_journal",
    AccessKind.TOKEN_REFRESH: "tests/server/kit/test_noting.py::test_a_lease_that_is_renewed_and_a_password_that_is_changed_are_told",
    AccessKind.PASSWORD_CHANGE: "tests/server/kit/test_noting.py::test_a_lease_that_is_renewed_and_a_password_that_is_changed_are_told",
    AccessKind.LOCK: "tests/client/shell/test_locked.py::test_the_lock_drops_the_key_and_shuts_every_file_until_the_right_password",
    AccessKind.UNLOCK: "tests/client/shell/test_locked.py::test_the_lock_drops_the_key_and_shuts_every_file_until_the_right_password",
    AccessKind.DENIED: "tests/client/kit/test_told.py::test_what_is_refused_at_the_desk_is_written_down_without_a_link",
    AccessKind.EXPORT: "tests/client/kit/test_told.py::test_what_leaves_a_preview_is_written_down_first",
    AccessKind.PRINT: "tests/client/kit/test_told.py::test_what_leaves_a_preview_is_written_down_first",
    AccessKind.P3_READ: "tests/client/kit/test_reading.py::test_a_card_with_restricted_fields_is_noted_before_it_is_shown",
}


def test_every_kind_of_event_has_its_test() -> None:
    root = Path(__file__).resolve().parents[3]
    assert WRITTEN.keys() == set(AccessKind)
    for test in WRITTEN.values():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (root / file).read_text(encoding="utf-8"), test
