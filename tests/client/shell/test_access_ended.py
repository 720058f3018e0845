"""The desktop when an account has ended: plain words, nothing of the work to be seen, and the work handed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client.net.link import Link
from client.shell.door import Door
from client.shell.entrance import Entrance
from client.shell.guard import CLOSED, HANDING, RESTS_SEALED
from client.shell.sign_in import SignIn
from client.store import sealing
from client.store.keys import GivenKey
from client.store.receiving import pull_request
from client.store.sleeping import is_asleep
from client.store.store import Store
from client.store.syncing import run, why_ended
from client.store.syncing import sign_in as enter
from common.administration.kinds import AccountState
from common.admissions.lists import LISTS
from common.kit.errors import AccessEnded, EpoError
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.client.conftest import KEY, Dress, OpenDesktop
from tests.client.shell.test_guard import answer, lock
from tests.demo_world import PASSWORD, World
from tests.widget_checks import everything_wrong, settle
from tests.world_office import Office

LOGIN = "sekretar"


@pytest.fixture
def office(region: World) -> Iterator[Office]:
    """The administrator's end; whatever a test did to the account is undone."""
    made = Office(region)
    made.give_key()
    yield made
    made.set_state(LOGIN, AccountState.ACTIVE)
    made.close()


def create(store: Store, last_name: str) -> None:
    values = {"last_name": last_name, "first_name": "Анна", "birth_date": "2010-04-11"}
    body = Save("person", new_id(), create=True, set={n: (None, v) for n, v in values.items()})
    store.record(lambda _: [body])


def test_the_window_says_what_happened_and_shows_nothing_of_the_work(
    open_desktop: OpenDesktop, office: Office, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.work.begin()
    desktop.work.open_applicant(None)
    create(desktop.store, "Ёлкина")
    office.set_state(LOGIN, AccountState.CLOSED)
    desktop._rounded(run(desktop.store, desktop.link))
    settle()
    assert desktop.frame.covered
    assert not desktop.frame.has_tabs
    screen = desktop.guard.screen
    assert screen.heading.text() == "Доступ прекращён"
    assert screen.why.text() == (
        "Доступ прекращён: учётная запись закрыта или приостановлена. Обратитесь к администратору. "
        "Данные этой программы на компьютере стёрты. Неотправленное передано администратору: 1. "
        "Если доступ вернут, войдите здесь снова."
    )
    assert not screen.later.isVisible()
    assert "Доступ прекращён" in desktop.frame.status.state.words(short=True)
    assert everything_wrong(desktop.frame) == {}
    assert len(office.sealed()) == 1
    assert [done.applied for done in office.release()] == [True]
    desktop.frame.hide()


def test_whoever_gets_his_access_back_signs_in_and_begins_anew(
    open_desktop: OpenDesktop, office: Office, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.work.begin()
    office.set_state(LOGIN, AccountState.SUSPENDED)
    desktop._rounded(run(desktop.store, desktop.link))
    office.set_state(LOGIN, AccountState.ACTIVE)
    desktop._rounded(run(desktop.store, desktop.link))
    screen = desktop.guard.screen
    assert screen.why.text() == "Доступ возвращён: войдите снова"
    screen.password.setText(PASSWORD)
    screen.submit()
    qtbot.waitUntil(lambda: not desktop.frame.covered, timeout=20_000)
    assert desktop.frame.has_tabs
    done = run(desktop.store, desktop.link)
    assert (done.closed, done.pulled > 0) == (False, True)
    desktop.frame.hide()


def test_a_locked_window_hears_it_without_a_key_and_the_password_only_hands_the_work_over(
    open_desktop: OpenDesktop, office: Office, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.work.begin()
    desktop.work.open_applicant(None)
    create(desktop.store, "Ёлкина")
    desktop.sync._proof = str(desktop.store.journal.fact("ending"))
    lock(desktop)
    desktop.sync.hear()
    settle()
    assert not desktop.guard.closed, "the access lasts"
    office.set_state(LOGIN, AccountState.CLOSED)
    desktop.sync.hear()
    settle()
    screen = desktop.guard.screen
    assert (screen.heading.text(), desktop.frame.has_tabs) == (CLOSED, False)
    assert RESTS_SEALED in screen.why.text()
    assert "Доступ прекращён" in desktop.frame.status.state.words(short=True)
    assert (is_asleep(desktop.store), desktop.store.key) == (True, b"")
    assert everything_wrong(desktop.frame) == {}
    answer(desktop, qtbot, "не тот")
    assert "Пароль не подходит" in screen.message.text()
    assert is_asleep(desktop.store)
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: not is_asleep(desktop.store), timeout=20_000)
    assert (screen.why.text(), desktop.frame.covered) == (HANDING, True)
    desktop._rounded(run(desktop.store, desktop.link))
    settle()
    assert "Неотправленное передано администратору: 2" in screen.why.text()  # and the lock itself
    assert not desktop.frame.has_tabs
    assert [done.applied for done in office.release()] == [True, True]
    desktop.frame.hide()


def test_a_strangers_word_that_access_has_ended_is_not_heard() -> None:
    class Liar:
        def ask_whether_let_in(self) -> None:
            raise AccessEnded("Доступ прекращён", {"proof": "00" * 32, "seal_key": ""})

    assert why_ended(Liar(), "11" * 32) == ""
    assert why_ended(Liar(), "") == ""


@pytest.fixture
def ended(office: Office, region: World, tmp_path: Path) -> Path:
    """A profile whose account ended while the line was down: one record is sealed and not handed over."""
    place = tmp_path / "ended"
    store, link = Store(place, KEY, LISTS), Link(region.address)
    enter(store, link, LOGIN, PASSWORD, "ПК-1")
    run(store, link)
    create(store, "Ёлкина")
    office.set_state(LOGIN, AccountState.CLOSED)
    with pytest.raises(AccessEnded) as said:
        link.pull(pull_request(store, store.cache, 1))
    sealing.end_access(store, said.value)
    link.close()
    store.close()
    return place


def test_the_next_start_says_it_and_hands_over_what_waits(
    ended: Path, office: Office, qtbot: QtBot, dress: Dress
) -> None:
    entrance = Entrance(ended, LISTS, computer="ПК-1", given=GivenKey(KEY))
    assert entrance.by_itself(ask=False) is None
    assert "Ждут передачи администратору, когда будет связь: 1" in entrance.notes[0]
    window = SignIn(entrance.server, entrance.login)
    qtbot.addWidget(window)
    window.show()
    door = Door(entrance, window)
    qtbot.waitUntil(lambda: "передано администратору: 1" in window.notice.text(), timeout=20_000)
    assert everything_wrong(window) == {}
    assert len(office.sealed()) == 1
    door.background.wait()
    with pytest.raises(EpoError, match="Доступ прекращён"):
        entrance.offline(LOGIN, PASSWORD)
