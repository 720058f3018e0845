"""Ctrl+K finds sections, actions and people by words in any layout, and Enter does what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.list_screen import ListScreen
from client.kit.preview import PaperPreview
from client.shell.desktop import Desktop
from common.kit.keys import other_layout
from tests.client.conftest import OpenDesktop
from tests.widget_checks import everything_wrong

TypeText = Callable[[QWidget, str], None]
CTRL = Qt.KeyboardModifier.ControlModifier


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
        [palette.item(row).text() for row in range(len(palette._found))]
        if palette.isVisible()
        else []
    )


def enter(desktop: Desktop, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Return, held)


def somebody(desktop: Desktop, letter: str = "") -> tuple[str, str]:
    """The id and the full name of one whose surname has that letter."""
    numbers = desktop.store.list_ids("applicants", "", (("name", False),), ["name"])
    rows = desktop.store.list_page("applicants", numbers)
    found = next(
        r for r in rows if letter in r.texts[1].split()[0] and len(r.texts[1].split()) == 3
    )
    return found.id, found.texts[1]


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


def test_9_a_person_is_the_same_in_any_layout_with_any_letter_e_by_initials_and_by_tails(
    desktop: Desktop, type_text: TypeText, qtbot: QtBot
) -> None:
    _, name = somebody(desktop, "ё")
    last, first, middle = name.split()
    ways = {
        "whole": last,
        "other layout": other_layout(name.lower()),
        "plain e": name.replace("ё", "е").upper(),
        "initials": f"{last} {first[0]}.{middle[0]}.",
        "the first name first": f"{first} {last}",
        "another ending": f"{last[:-1]}ой {first[:-1]}е",
        "a tail of the surname": f"{last[2:]} {first}",
    }
    for typed in ways.values():
        type_text(desktop.frame.search, typed)
        qtbot.waitUntil(lambda: any(name in line for line in lines(desktop)))
        people = [line for line in lines(desktop) if "№" in line]
        assert people[0].startswith(f"{last} "), (typed, people)
        desktop.frame.search.clear()
        desktop.palette.offer(())


def test_10_without_a_link_ctrl_enter_acts_on_what_was_found(
    desktop: Desktop, type_text: TypeText, qtbot: QtBot
) -> None:
    _, name = somebody(desktop)
    type_text(desktop.frame.search, name)
    qtbot.waitUntil(lambda: any("№" in line for line in lines(desktop)))
    foot = desktop.palette.item(desktop.palette.count() - 1).text()
    assert foot == "Enter — открыть   Ctrl+Enter — напечатать заявление"
    assert everything_wrong(desktop.frame) == {}
    enter(desktop, CTRL)
    qtbot.waitUntil(lambda: bool(desktop.frame.findChildren(PaperPreview)), timeout=20_000)
    desktop.frame.findChildren(PaperPreview)[0].reject()
    desktop.frame.actions_of_window.trigger("search")
    type_text(desktop.frame.search, "поступающие")
    enter(desktop, CTRL)
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    assert not page.form.held["applicant"].stored


def test_a_record_of_any_list_is_found_and_opened(
    desktop: Desktop, type_text: TypeText, qtbot: QtBot
) -> None:
    ((id, campaign), *_) = desktop.store.all("admission_campaign").items()
    type_text(desktop.frame.search, campaign["name"])
    found = f"Приёмные кампании: {campaign['year']} {campaign['name']}"
    qtbot.waitUntil(lambda: found in lines(desktop))
    desktop.palette.setCurrentRow(lines(desktop).index(found))
    enter(desktop)
    assert desktop.frame.current_tab() == f"admission_campaign:{id}"


def test_the_last_line_searches_the_list(
    desktop: Desktop, type_text: TypeText, qtbot: QtBot
) -> None:
    type_text(desktop.frame.search, "нет таких")
    assert lines(desktop) == ["Найти «нет таких» в списке поступающих"]
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Return)
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: "«нет таких»" in screen.table.nothing.words.text())


def test_escape_closes_the_palette_and_keeps_the_words(
    desktop: Desktop, type_text: TypeText
) -> None:
    type_text(desktop.frame.search, "групп")
    QTest.keyPress(desktop.frame.search, Qt.Key.Key_Escape)
    assert (lines(desktop), desktop.frame.search.text()) == ([], "групп")
