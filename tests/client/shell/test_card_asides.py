"""The history of a card by field, read at the server, and where its record is used, read at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.kit.record_page import RecordPage
from client.shell.desktop import Desktop
from client.shell.history_page import HistoryPage, StepRows
from client.shell.uses_page import UsesPage
from client.store.syncing import run
from common.kit.sync import Save
from tests.client.conftest import OpenDesktop
from tests.ports import free_port
from tests.widget_checks import everything_wrong

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Iterator[Desktop]:
    made = open_desktop()
    made.frame.resize(800, 600)
    with qtbot.waitActive(made.frame):
        made.frame.show()
        made.frame.activateWindow()
    yield made
    made.frame.hide()


def press(key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyPress(focused, key, held)


def open_card(desktop: Desktop) -> tuple[RecordPage, UUID]:
    (applicant, record), *_ = sorted(desktop.store.all("applicant").items())
    desktop.work.open_applicant(UUID(applicant))
    page = desktop.frame.current_page()
    assert isinstance(page, RecordPage)
    return page, record["person_id"]


def shown(page: HistoryPage) -> list[tuple[str, ...]]:
    source = page.table.model.source
    assert isinstance(source, StepRows)
    return [line.texts[1:] for line in source.lines]


def test_the_history_of_a_field_says_who_what_was_and_what_became(
    desktop: Desktop, qtbot: QtBot
) -> None:
    card, person = open_card(desktop)
    seen = desktop.store.get("person", person)
    assert seen is not None
    pair = (seen["birth_place"], "г. История")
    body = Save("person", person, create=False, set={"birth_place": pair})
    desktop.store.record(lambda _: [body])
    assert run(desktop.store, desktop.link).online
    card.form.editor("person", "birth_place").setFocus()
    press(Qt.Key.Key_H, CTRL)
    page = desktop.frame.current_page()
    assert isinstance(page, HistoryPage)
    qtbot.waitUntil(lambda: len(page.lines) > 0)
    name = desktop.store.journal.fact("name")
    was = seen["birth_place"] or "—"
    changed = (name, "Изменено", "Физическое лицо", "Место рождения", was, "г. История")
    assert shown(page)[0] == changed
    assert {line[3] for line in shown(page)} == {"Место рождения"}  # the field in focus
    once_more = Save(
        "person", person, create=False, set={"birth_place": ("г. История", "г. Вторая")}
    )
    desktop.store.record(lambda _: [once_more])
    assert run(desktop.store, desktop.link).online
    desktop.frame.open_tab(card.form.key, "", card)
    desktop.frame.activateWindow()
    card.form.editor("person", "birth_place").setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press(Qt.Key.Key_H, CTRL)
    qtbot.waitUntil(lambda: shown(page)[0][5] == "г. Вторая")
    page.narrow("")
    assert {"Поступающий", "Заявление"} <= {line[2] for line in shown(page)}
    assert everything_wrong(desktop.frame) == {}


def test_without_a_link_the_history_says_where_it_is_kept(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop(server=f"http://127.0.0.1:{free_port()}")
    desktop.frame.show()
    open_card(desktop)
    desktop.cards.open_history()
    page = desktop.frame.current_page()
    assert isinstance(page, HistoryPage)
    qtbot.waitUntil(lambda: "Нет связи с сервером" in page.said.text())
    desktop.frame.hide()


def test_what_uses_a_record_is_found_by_the_declarations_and_opened(
    desktop: Desktop, qtbot: QtBot
) -> None:
    applications = desktop.store.all("application").values()
    group = next(iter(applications))["competitive_group_id"]
    using = [a["applicant_id"].hex for a in applications if a["competitive_group_id"] == group]
    desktop.work.open_holder("competitive_group", group.hex)
    card = desktop.frame.current_page()
    assert isinstance(card, RecordPage)
    next(card.form.editors()).setFocus()
    press(Qt.Key.Key_U, CTRL)
    page = desktop.frame.current_page()
    assert isinstance(page, UsesPage)
    qtbot.waitUntil(lambda: "Показано" in page.said.text())
    assert page.said.text() == f"Показано {len(using)} из {len(using)}"
    page.table.view.setFocus()
    page.table.view.setCurrentIndex(page.table.model.index(0, 0))
    assert everything_wrong(desktop.frame) == {}
    QTest.keyPress(page.table.view, Qt.Key.Key_Return)
    assert desktop.frame.current_tab().removeprefix("applicant:") in using
