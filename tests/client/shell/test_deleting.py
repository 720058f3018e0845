"""The basket of a list shows what was deleted at this desk, and gives it back with its parts."""

from __future__ import annotations

from uuid import UUID

from pytestqt.qtbot import QtBot

from client.kit.owned import owned
from client.shell.basket_screen import BasketScreen
from client.shell.desktop import Desktop
from client.store import basket
from client.store.syncing import run
from common.admissions.lists import APPLICANTS
from common.kit.lists import ListSpec, plain_list
from common.kit.sync import Delete
from common.people.entities import Person
from tests.client.conftest import OpenDesktop
from tests.widget_checks import everything_wrong


def look(desktop: Desktop, qtbot: QtBot, spec: ListSpec = APPLICANTS) -> BasketScreen:
    desktop.frame.show()
    desktop.work.deleting.look(spec)
    screen = desktop.frame.current_page()
    assert isinstance(screen, BasketScreen)
    qtbot.waitUntil(lambda: screen.every != [])
    return screen


def test_a_deleted_record_is_named_in_the_basket_and_comes_back_whole(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    store = desktop.store
    id, applicant = next(iter(store.all("applicant").items()))
    person = store.get("person", applicant["person_id"])
    assert person is not None
    choices = store.where("application", "applicant_id", id)
    basket.delete(store, "applicant", [id])
    screen = look(desktop, qtbot)
    assert [row.deleted.id for row in screen.every] == [id]
    assert screen.every[0].texts[0].startswith(f"{person['last_name']} {person['first_name']}")
    assert screen.every[0].texts[2] == "Ждёт отправки"
    assert everything_wrong(desktop.frame) == {}
    screen.table.select_keys([id], id)
    assert screen.back.isEnabled()
    screen.back.click()
    qtbot.waitUntil(lambda: store.get("applicant", id) is not None)
    assert store.where("application", "applicant_id", id) == choices
    qtbot.waitUntil(lambda: screen.every == [])


def test_what_the_centre_has_deleted_comes_back_too(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    store = desktop.store
    id = next(iter(store.all("applicant")))
    basket.delete(store, "applicant", [id])
    assert run(store, desktop.link).online
    assert store.counts().waiting == 0
    screen = look(desktop, qtbot)
    assert screen.every[0].texts[2] == "Удалено в центре"
    screen.table.select_keys([id], id)
    screen.restore()
    qtbot.waitUntil(lambda: store.get("applicant", id) is not None)
    assert run(store, desktop.link).online
    assert store.counts().troubled == 0
    assert store.get("applicant", id) is not None


def test_what_the_centre_would_not_delete_says_why_and_stays_by_one_key(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    store = desktop.store
    id, applicant = next(iter(store.all("applicant").items()))
    person = applicant["person_id"].hex
    parts = owned(store, "person", UUID(person))
    assert parts
    store.record(lambda _: [Delete("person", UUID(person), {}, parts)])
    assert run(store, desktop.link).online
    screen = look(desktop, qtbot, plain_list(Person))
    (row,) = screen.every
    assert row.texts[2] == "Центр не удалил"
    screen.table.select_keys([person], person)
    assert screen.hint.text() == (
        "Удалить нельзя: на запись «Физическое лицо» ссылаются «Поступающие» — 2. "
        "Сначала измените или удалите их, затем удалите снова"
    )
    assert everything_wrong(desktop.frame) == {}
    screen.restore()
    qtbot.waitUntil(lambda: screen.every == [])
    assert store.counts().troubled == 0
    assert id in store.all("applicant")


def test_the_basket_is_searched_in_any_spelling(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    desktop = open_desktop()
    first, second = list(desktop.store.all("applicant"))[:2]
    basket.delete(desktop.store, "applicant", [first, second])
    screen = look(desktop, qtbot)
    number = screen.every[0].texts[0].split()[-1]
    screen.table.filter_asked.emit(number)
    assert screen.table.model.rowCount() == 1
