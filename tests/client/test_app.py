"""The desk without a window, two profiles against one real server process."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from client.app import main
from client.net.link import Link
from client.store import syncing
from client.store.store import Store
from common.kit.ids import new_id
from tests.demo_world import PASSWORD, World, world

KEY = "0" * 32
STATUS_KEYS = {
    "waiting", "pushed", "pulled", "conflict", "refused", "quarantined", "held", "failed", "epoch",
    "online",
}  # fmt: skip

Desk = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("centre"), applicants=40) as running:
        yield running
        running.stop()


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A call by the profile's name; gives the exit code and what --json printed."""
    monkeypatch.setenv("EPO_PROFILE_KEY", KEY)

    def call(profile: str, *arguments: str, typed: str = "") -> tuple[int, Any]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main([*arguments, "--profile", str(tmp_path / profile), "--json"])
        said = capsys.readouterr().out
        return code, json.loads(said) if said else None

    return call


def sign_in(desk: Desk, profile: str, login: str, centre: World) -> Any:
    arguments = ("login", "--server", centre.address, "--login", login, "--password-stdin")
    code, said = desk(profile, *arguments, typed=PASSWORD + "\n")
    assert code == 0
    return said


def record(desk: Desk, profile: str, place: Path, operations: list[dict[str, Any]]) -> list[str]:
    path = place / "operations.json"
    path.write_text(json.dumps(operations), encoding="utf-8")
    code, said = desk(profile, "do", str(path))
    assert code == 0
    uuids: list[str] = said["uuids"]
    return uuids


def read(place: Path, profile: str, entity: str) -> dict[str, dict[str, Any]]:
    store = Store(place / profile, KEY.encode())
    found = store.all(entity)
    store.close()
    return found


def applicant(place: Path, profile: str, last_name: str) -> tuple[str, list[dict[str, Any]]]:
    campaign = next(iter(read(place, profile, "admission_campaign")))
    person, own = str(new_id()), str(new_id())
    values = {"last_name": last_name, "first_name": "Анна", "middle_name": None}
    named = {name: [None, value] for name, value in values.items()}
    row = {
        "person_id": person,
        "campaign_id": campaign,
        "reg_no": "05-001",
        "registered_at": "2026-06-20T05:00:00.000000Z",
    }
    return person, [
        {"entity": "person", "id": person, "set": named | {"birth_date": [None, "2010-04-11"]}},
        {"entity": "applicant", "id": own, "set": {n: [None, v] for n, v in row.items()}},
    ]


def test_what_one_desk_typed_offline_the_other_sees_once(
    desk: Desk, centre: World, tmp_path: Path
) -> None:
    sign_in(desk, "first", "priem1", centre)
    said = sign_in(desk, "second", "priem2", centre)
    assert said.keys() >= STATUS_KEYS
    id, operations = applicant(tmp_path, "first", "Ёлкина-Береговая")
    centre.stop()
    assert len(record(desk, "first", tmp_path, operations)) == 2
    code, said = desk("first", "sync")
    assert (code, said["online"], said["waiting"]) == (1, False, 2)
    centre.start()
    code, said = desk("first", "sync")
    assert (code, said["online"], said["pushed"], said["waiting"]) == (0, True, 2, 0)
    assert said.keys() == STATUS_KEYS
    desk("second", "sync")
    people = read(tmp_path, "second", "person")
    assert [k for k, v in people.items() if v["last_name"] == "Ёлкина-Береговая"] == [
        id.replace("-", "")
    ]
    assert desk("first", "sync")[1]["pushed"] == 0


def test_two_desks_that_changed_one_field_meet_in_the_outbox(
    desk: Desk, centre: World, tmp_path: Path
) -> None:
    sign_in(desk, "first", "priem1", centre)
    sign_in(desk, "second", "priem2", centre)
    id, operations = applicant(tmp_path, "first", "Спорная")
    record(desk, "first", tmp_path, operations)
    desk("first", "sync")
    desk("second", "sync")
    for profile, new in (("first", "Первая"), ("second", "Вторая")):
        change = {"entity": "person", "id": id, "set": {"last_name": ["Спорная", new]}}
        record(desk, profile, tmp_path, [change])
    assert desk("first", "sync")[1]["conflict"] == 0
    code, said = desk("second", "sync")
    assert (code, said["conflict"], said["waiting"]) == (0, 1, 0)
    _, items = desk("second", "outbox")
    assert [(i["status"], i["entity"], i["id"]) for i in items] == [
        ("conflict", "person", id.replace("-", ""))
    ]
    shown = read(tmp_path, "second", "person")[id.replace("-", "")]
    assert shown["last_name"] == "Первая"


def test_each_desk_has_its_own_series(desk: Desk, centre: World) -> None:
    first = sign_in(desk, "first", "priem1", centre)
    second = sign_in(desk, "second", "priem2", centre)
    assert first["series"] != second["series"]
    assert sign_in(desk, "first", "priem1", centre)["series"] == first["series"]


def test_a_wrong_password_leaves_no_locked_profile(
    centre: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("EPO_PROFILE_KEY", raising=False)
    profile = tmp_path / "by-password"
    login = ["login", "--server", centre.address, "--login", "priem1", "--password-stdin"]
    codes = []
    for password in ("не тот", PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        codes.append(main([*login, "--profile", str(profile)]))
    assert codes == [1, 0]
    assert "Логин или пароль не подходят" in capsys.readouterr().err


def test_a_profile_opens_by_its_key_only(
    desk: Desk, centre: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(desk, "first", "priem1", centre)
    monkeypatch.delenv("EPO_PROFILE_KEY")
    assert desk("first", "status", "--key-stdin", typed=KEY + "\n")[0] == 0
    assert desk("first", "status", "--key-stdin", typed="1" * 32 + "\n")[0] == 1


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        ([{"entity": "person", "set": {"surname": [None, "Ёлкина"]}}], "такого поля нет"),
        ([{"entity": "starship", "set": {}}], "Нет записей вида"),
        ([{"entity": "person", "set": {}, "colour": "red"}], "Неизвестные ключи"),
        ({"entity": "person"}, "нужен список операций"),
    ],
)
def test_a_file_that_is_wrong_is_said_and_nothing_is_recorded(
    desk: Desk,
    centre: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    operations: Any,
    said: str,
) -> None:
    sign_in(desk, "first", "priem1", centre)
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(operations), encoding="utf-8")
    code = main(["do", str(path), "--profile", str(tmp_path / "first")])
    assert code == 1
    assert said in capsys.readouterr().err
    assert desk("first", "outbox") == (0, [])


def test_a_profile_that_never_signed_in_says_how(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("new", "sync")[0] == 1
    path = tmp_path / "one.json"
    path.write_text('[{"entity": "person", "set": {"last_name": [null, "Ёлкина"]}}]', "utf-8")
    assert main(["do", str(path), "--profile", str(tmp_path / "new")]) == 1
    assert "ещё не входили" in capsys.readouterr().err


def test_a_wrong_call_ends_with_two(desk: Desk) -> None:
    with pytest.raises(SystemExit) as ended:
        desk("first", "login")
    assert ended.value.code == 2


def test_the_sums_of_a_real_server_agree_with_what_a_desk_holds(
    centre: World, tmp_path: Path
) -> None:
    store = Store(tmp_path / "desk", KEY.encode())
    link = Link(centre.address)
    syncing.sign_in(store, link, "sekretar", PASSWORD, "ПК-1")
    assert syncing.run(store, link).pulled > 0
    assert len(store.cache.proved) == len(store.cache.cursors())
    store.close()
    again = Store(tmp_path / "desk", KEY.encode())
    syncing.sign_in(again, link, "sekretar", PASSWORD, "ПК-1")
    assert syncing.run(again, link).online is True
    assert again.cache.whole() is True
    assert (store.cache.reloaded, again.cache.reloaded) == ([], [])
    again.close()
    link.close()
