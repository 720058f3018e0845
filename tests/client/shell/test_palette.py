"""Ctrl+K finds sections, actions and people by words in any layout, and Enter does what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.shell.desktop import Desktop
from tests.client.conftest import OpenDesktop
from tests.widget_checks import everything_wrong

TypeText = Callable[[QWidget, str], None]


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Iterator[Desktop]:
    made = open_desktop()
    made.frame.resize(800, 600)
    with qtbot.waitActive(made.frame):
        made.frame.show()
        made.frame.activateWindow()
    made.frame.actions_of_window.trigger("search")
    yield made
    made.frame.hide()


def lines(desktop: Desktop) -> list[str]:
    palette = desktop.palette
    return (
        [palette.item(row).text() for row in range(palette.count())] if palette.isVisible() else []
    )


@pytest.mark.parametrize("typed", ["групп", "uhegg", "КОНКУРСНЫЕ гр"])
def test_a_section_is_found_in_any_layout_and_enter_opens_it(
    desktop: Desktop, type_text: TypeText, typed: str
) -> None:
    type_text(desktop.frame.search, typed)
    assert lines(desktop)[0] == "Конкурсные группы"
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Return)
    assert desktop.frame.current_tab() == "groups"
    assert (lines(desktop), desktop.frame.search.text()) == ([], "")


def test_an_action_is_done_from_the_palette(desktop: Desktop, type_text: TypeText) -> None:
    type_text(desktop.frame.search, "заблок")
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Return)
    assert desktop.guard.locked


def test_a_person_is_found_and_opened(desktop: Desktop, type_text: TypeText, qtbot: QtBot) -> None:
    numbers = desktop.store.list_ids("applicants", "", (("name", False),), ["name"])
    row = desktop.store.list_page("applicants", numbers[:1])[0]
    type_text(desktop.frame.search, row.texts[1])
    found = f"{row.texts[1]}, № {row.texts[0]}"  # the line that searches the list has the name too
    qtbot.waitUntil(lambda: lines(desktop)[:1] == [found])
    assert everything_wrong(desktop.frame) == {}
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Return)
    assert desktop.frame.current_tab() == f"applicant:{row.id}"


def test_the_last_line_searches_the_list(
    desktop: Desktop, type_text: TypeText, qtbot: QtBot
) -> None:
    type_text(desktop.frame.search, "нет таких")
    assert lines(desktop) == ["Найти «нет таких» в списке поступающих"]
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Return)
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: "«нет таких»" in screen.table.empty.text())


def test_escape_closes_the_palette_and_keeps_the_words(
    desktop: Desktop, type_text: TypeText
) -> None:
    type_text(desktop.frame.search, "групп")
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Escape)
    assert (lines(desktop), desktop.frame.search.text()) == ([], "групп")
