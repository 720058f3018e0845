"""Checks of UX §9 by their numbers, as a user would make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from client.shell.desktop import Desktop
from client.shell.link import Link as State
from client.store import basket
from common.kit.sync import Save
from common.kit.wire import pack
from tests.client.conftest import Dress, OpenDesktop
from tests.client.shell.quarrel import Desk, Screen, first_of, quarrel
from tests.demo_world import World

TypeText = Callable[[QWidget, str], None]
FIVE_SECONDS, PATIENCE = 5_000, 120_000


def change(desktop: Desktop, person: str, place: str) -> None:
    seen = desktop.store.get("person", person)
    assert seen is not None
    pair = (pack(seen["birth_place"]), place)
    body = Save("person", UUID(person), create=False, set={"birth_place": pair})
    desktop.store.record(lambda _number: [body])


def waits(desktop: Desktop, number: int) -> bool:
    return desktop.frame.status.state.waiting == number


def dialogs() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def test_ux_23_a_stopped_server_is_told_with_its_time_and_work_drains_by_itself(
    open_desktop: OpenDesktop, region: World, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    state = desktop.frame.status
    desktop.sync.paused = False
    desktop.frame.show()
    desktop.sync.start()
    qtbot.waitUntil(lambda: state.state.link is State.ONLINE, timeout=PATIENCE)
    region.stop()
    try:
        qtbot.waitUntil(lambda: state.state.link is State.OFFLINE, timeout=FIVE_SECONDS)
        assert re.match(r"Нет связи с \d\d:\d\d", state.state.words())
        for number, person in enumerate(sorted(desktop.store.all("person"))[:3], 1):
            change(desktop, person, f"г. Город {number}")
            qtbot.waitUntil(partial(waits, desktop, number))
        assert "ждут отправки: 3 записи" in state.state.words()
    finally:
        region.start()
    qtbot.waitUntil(lambda: state.state.link is State.ONLINE, timeout=PATIENCE)
    qtbot.waitUntil(lambda: state.state.waiting == 0, timeout=PATIENCE)
    assert "всё отправлено" in state.state.words()
    assert dialogs() == []


@pytest.fixture
def desks(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    logins = ("sekretar", "priem1")
    made = tuple(Desk(tmp_path_factory.mktemp("desk") / "d", region, login) for login in logins)
    yield made[0], made[1]
    for desk in made:
        desk.close()


def twelve(here: Desk, there: Desk) -> None:
    """Twelve quarrels at once: a text, a date, a lookup, an atom, two fields, the same twice, both deletes, …"""
    people = sorted(here.store.all("person"))[-12:]
    countries = [UUID(i) for i, c in here.store.all("country").items() if c["name"] != "Россия"]
    document = first_of(here, "identity_document", people[3])
    citizenship = first_of(here, "person_citizenship", people[2])
    contacts = [first_of(here, "contact", p) for p in people[6:9]]
    seen = here.store.get("person", people[1])
    assert seen is not None
    day = seen["birth_date"]
    for desk, mine in ((there, False), (here, True)):
        word = "г. Мой" if mine else "г. Чужой"
        desk.change("person", people[0], birth_place=word)
        desk.change("person", people[1], birth_date=day.replace(day=2 if mine else 3, month=5))
        desk.change("person_citizenship", citizenship, country_id=countries[int(mine)])
        values = {"series": "9998"} if mine else {"number": "100200"}
        desk.change("identity_document", document, **values)
        desk.change(
            "person", people[4], **({"birth_place": "г. А"} if mine else {"inn": "500100732259"})
        )
        desk.change("person", people[5], birth_place="г. Одинаковый")
    there.change("contact", contacts[0], value="+79059601140")
    basket.delete(here.store, "contact", [contacts[0]])
    basket.delete(there.store, "contact", [contacts[1]])
    here.change("contact", contacts[1], value="+79059601141")
    there.change("contact", contacts[2], value="+79059601142")
    here.change("contact", contacts[2], is_primary=True)
    here.change("person", people[9], inn="500100732250")
    country, _ = next(iter(here.store.all("country").items()))
    here.change("country", country, name="Ошибочное")
    fresh = here.create("contact", person_id=UUID(people[10]), value="")
    here.change("contact", fresh, value="+79059601143")


def test_ux_24_of_twelve_quarrels_the_quiet_ones_merge_and_the_others_wait_with_both_versions(
    desks: tuple[Desk, Desk], qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    here, there = desks
    twelve(here, there)
    quarrel(here, there)
    screen = Screen(here, qtbot, type_text)
    assert sorted(row[1] for row in screen.open()) == [
        *["Ждёт решения по связанной записи"],
        *["Конфликт"] * 6,
        "Нет права",
        *["Отклонено правилом"] * 2,
    ]
    assert here.store.counts().waiting == 0
    screen.enter()
    conflict = screen.page.opened
    assert conflict is not None
    assert screen.page.state.text() == "Конфликт"
    assert "решите" in {row[5] for row in screen.rows()}
    screen.key(Qt.Key.Key_Right)
    screen.page.later.click()
    screen.wait()
    assert len(screen.open()) == 10
    screen.enter()
    screen.accept()
    here.sync()
    kept = here.store.journal.entry(conflict.uuid.hex)
    assert kept.closed
    assert isinstance(kept.op.body, Save)
    assert "г. Мой" in str(kept.op.body.set)
    assert here.store.get("person", kept.subject[1])["birth_place"] == "г. Чужой"  # type: ignore[index]  # it is there
