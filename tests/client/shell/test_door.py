"""The ways into a profile through the sign-in window, against a real server over loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from client.kit.records import now_ms
from client.shell.door import Door
from client.shell.entrance import Entrance
from client.shell.lists import LISTS
from client.shell.sign_in import SignIn
from client.store.keys import GivenKey
from client.store.store import Store
from tests.client.conftest import KEY, Dress
from tests.demo_world import PASSWORD, World

NOBODY = "http://127.0.0.1:9"


class Hall:
    """A profile, its entrance, and windows that are opened at it."""

    def __init__(self, place: Path, qtbot: QtBot) -> None:
        self.entrance = Entrance(place, LISTS, computer="ПК-1", given=GivenKey(KEY))
        self.qtbot = qtbot
        self.doors: list[Door] = []

    def door(self, server: str, login: str = "priem1") -> tuple[Door, SignIn]:
        window = SignIn(server, login)
        self.qtbot.addWidget(window)
        window.show()
        self.doors.append(Door(self.entrance, window))
        return self.doors[-1], window

    def enter(self, server: str, password: str = PASSWORD, login: str = "priem1") -> SignIn:
        """Sign in and wait for what is said."""
        _, window = self.door(server, login)
        window.fields["password"].setText(password)
        window.submit()
        self.settled(window)
        return window

    def settled(self, window: SignIn) -> None:
        self.qtbot.waitUntil(
            lambda: window.enter.isEnabled() or not window.isVisible(), timeout=20_000
        )

    def change(self, **facts: object) -> None:
        """Facts of the journal, as time or another program would leave them."""
        store = Store(self.entrance.profile, KEY)
        store.journal.set_facts(**facts)
        store.close()

    def close(self) -> None:
        for door in self.doors:
            door.background.wait()
            if door.store is not None:
                door.store.close()
                door.store = None


@pytest.fixture
def hall(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Iterator[Hall]:
    made = Hall(tmp_path / "profile", qtbot)
    yield made
    made.close()


@pytest.fixture
def used(hall: Hall, region: World) -> Hall:
    """Somebody has signed in here."""
    window = hall.enter(region.address)
    hall.qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    hall.close()
    return hall


def go_offline(hall: Hall, password: str, login: str = "priem1") -> tuple[Door, SignIn]:
    door, window = hall.door(NOBODY, login)
    window.fields["password"].setText(password)
    window.submit()
    hall.qtbot.waitUntil(window.offline.isVisible, timeout=20_000)
    window.offline.click()
    hall.qtbot.waitUntil(lambda: door.store is not None or window.enter.isEnabled(), timeout=20_000)
    return door, window


def test_the_right_password_opens_the_profile(hall: Hall, region: World) -> None:
    door, window = hall.door(region.address)
    window.fields["password"].setText(PASSWORD)
    window.submit()
    assert window.enter.text() == "Проверяем…"
    hall.qtbot.waitUntil(lambda: door.store is not None, timeout=20_000)
    assert window.result() == QDialog.DialogCode.Accepted
    assert door.store is not None
    assert door.store.signed_in


def test_a_wrong_password_is_said_under_its_field_and_keeps_no_profile(
    hall: Hall, region: World
) -> None:
    window = hall.enter(region.address, "не тот")
    assert "Логин или пароль не подходят" in window.messages["password"].text()
    assert not hall.entrance.used


def test_the_window_lives_while_a_server_is_silent_and_cancel_works(
    hall: Hall, silent_server: str
) -> None:
    _, window = hall.door(silent_server)
    window.fields["password"].setText(PASSWORD)
    began = time.monotonic()
    window.submit()
    hall.qtbot.waitUntil(window.cancel.isVisible)
    window.cancel.click()
    assert time.monotonic() - began < 2
    assert (window.enter.text(), window.isVisible()) == ("Войти", True)
    assert window.fields["password"].text() == PASSWORD


def test_the_first_sign_in_without_a_server_is_said_by_the_address(hall: Hall) -> None:
    window = hall.enter(NOBODY)
    assert "первый вход возможен только со связью" in window.messages["server"].text()
    assert not window.offline.isVisible()


def test_somebody_elses_server_is_said_by_the_address(used: Hall, tmp_path: Path) -> None:
    import http.server
    import threading

    class Other(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.handle_request, daemon=True).start()
        window = used.enter(f"http://127.0.0.1:{other.server_port}")
    assert "Ответил не сервер АИС ЭПО" in window.messages["server"].text()


def test_without_a_link_the_right_password_opens_within_the_lease(used: Hall) -> None:
    door, window = go_offline(used, PASSWORD)
    assert window.result() == QDialog.DialogCode.Accepted
    assert door.store is not None
    assert door.store.journal.fact("login") == "priem1"


def test_without_a_link_a_wrong_password_is_refused_with_growing_pauses(used: Hall) -> None:
    clock = [now_ms()]
    used.entrance.now = lambda: clock[0]
    said = []
    for _ in range(4):
        door, window = go_offline(used, "не тот")
        assert door.store is None
        said.append(window.messages["password"].text())
    assert said[0] == "Пароль не подходит. Проверьте раскладку и Caps Lock"
    assert said[2].endswith("Следующая попытка через 5 секунд")
    assert said[3] == "Следующая попытка через 5 секунд"
    door, _ = go_offline(used, PASSWORD)
    assert door.store is None
    clock[0] += 5_000
    door, _ = go_offline(used, PASSWORD)
    assert door.store is not None


def test_an_ended_lease_is_said_with_its_date(used: Hall) -> None:
    used.change(lease_to=1_700_000_000_000, contact=1_699_000_000_000)
    assert used.entrance.by_itself(ask=False) is None
    assert "Срок работы без связи истёк" in used.entrance.notes[-1]
    _, window = go_offline(used, PASSWORD)
    assert "истёк 1" in window.notice.text()
    assert ".11.2023" in window.notice.text()


def test_a_clock_set_back_does_not_lengthen_the_lease(used: Hall) -> None:
    used.change(contact=4_000_000_000_000, lease_to=4_100_000_000_000)
    _, window = go_offline(used, PASSWORD)
    assert "Часы компьютера" in window.notice.text()


def test_another_login_is_named_without_a_link(used: Hall) -> None:
    _, window = go_offline(used, PASSWORD, login="priem2")
    assert "только под логином «priem1»" in window.messages["login"].text()


def test_a_profile_with_its_key_opens_by_itself_unless_it_asks_or_was_locked(used: Hall) -> None:
    store = used.entrance.by_itself(ask=False)
    assert store is not None
    store.close()
    assert used.entrance.by_itself(ask=True) is None
    used.change(locked=True)
    assert used.entrance.by_itself(ask=False) is None
    door, _ = go_offline(used, PASSWORD)
    assert door.store is not None
    used.close()
    again = used.entrance.by_itself(ask=False)
    assert again is not None
    again.close()


def test_a_damaged_journal_is_told_in_the_window_and_the_sign_in_goes_on(
    used: Hall, region: World
) -> None:
    journal = used.entrance.profile / "journal.db"
    raw = bytearray(journal.read_bytes())
    raw[5000:5400] = bytes(400)
    journal.write_bytes(raw)
    assert used.entrance.by_itself(ask=False) is None
    door, window = used.door(region.address)
    assert "повреждён и отложен" in window.notice.text()
    window.fields["password"].setText(PASSWORD)
    window.submit()
    used.qtbot.waitUntil(lambda: door.store is not None, timeout=20_000)


def test_an_answer_that_comes_after_cancel_is_closed_unseen(hall: Hall, region: World) -> None:
    door, window = hall.door(region.address)
    window.fields["password"].setText(PASSWORD)
    window.submit()
    window.cancel.click()
    door.background.wait()
    hall.qtbot.waitUntil(window.enter.isEnabled)
    assert (door.store, window.isVisible()) == (None, True)
