"""The main work by keys alone: where the focus goes, and keys that work wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.list_screen import COMING, ListScreen
from client.kit.preview import PaperPreview
from client.shell.desktop import Desktop
from client.shell.link import Link
from client.store.store import Store
from client.store.syncing import Round
from common.admissions.lists import APPLICANTS
from tests.client.conftest import OpenDesktop
from tests.end_to_end.typist import Typist

TypeText = Callable[[QWidget, str], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Iterator[Desktop]:
    made = open_desktop()
    with qtbot.waitActive(made.frame):
        made.frame.show()
        made.frame.activateWindow()
    made.work.open_section("applicants")
    qtbot.waitUntil(lambda: applicants(made).total > 0)
    yield made
    made.frame.hide()


def applicants(desktop: Desktop) -> ListScreen:
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    return screen


def current_page(desktop: Desktop) -> AdmissionPage:
    page = desktop.frame.tab(desktop.frame.current_tab())
    assert isinstance(page, AdmissionPage)
    return page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    Typist().press(key, held)


def test_an_opened_list_is_ready_to_be_filtered(desktop: Desktop) -> None:
    assert applicants(desktop).table.quick.hasFocus()
    press(Qt.Key.Key_Down)
    assert applicants(desktop).table.view.hasFocus()


@pytest.mark.parametrize("place", ["tabs", "search", "theme_switch"])
def test_the_keys_of_a_list_work_wherever_the_focus_stands(desktop: Desktop, place: str) -> None:
    getattr(desktop.frame, place).setFocus()
    press(Qt.Key.Key_F, CTRL)
    assert applicants(desktop).table.quick.hasFocus()
    getattr(desktop.frame, place).setFocus()
    press(Qt.Key.Key_Insert)
    assert focused() is next(current_page(desktop).form.editors()).focusProxy()


def test_the_keys_of_a_list_are_silent_under_another_tab(desktop: Desktop) -> None:
    desktop.work.open_section("groups")
    press(Qt.Key.Key_F, CTRL)
    screen = desktop.frame.tab("groups")
    assert isinstance(screen, ListScreen)
    assert screen.table.quick.hasFocus()
    desktop.guard.lock()
    press(Qt.Key.Key_Insert)
    assert desktop.frame.current_tab() == "groups"


def test_a_closed_form_gives_the_focus_back_to_the_row_it_came_from(
    desktop: Desktop, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert isinstance(current_page(desktop), AdmissionPage)
    press(Qt.Key.Key_W, CTRL)
    assert applicants(desktop).table.view.hasFocus()


def test_ctrl_p_prints_the_row_where_the_cursor_is_and_page_down_scrolls_the_paper(
    desktop: Desktop, qtbot: QtBot
) -> None:
    table = applicants(desktop).table
    press(Qt.Key.Key_Down)
    table.view.clearSelection()
    press(Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: bool(desktop.frame.findChildren(PaperPreview)), timeout=20_000)
    preview = desktop.frame.findChildren(PaperPreview)[0]
    qtbot.waitExposed(preview)
    QTest.keyPress(preview, Qt.Key.Key_PageDown)
    assert preview.area.verticalScrollBar().value() > 0
    preview.reject()


def test_a_row_goes_into_the_basket_and_comes_back_by_keys(desktop: Desktop, qtbot: QtBot) -> None:
    screen = applicants(desktop)
    before = screen.total
    press(Qt.Key.Key_Down)
    name = screen.source.rows(0, 1)[0][1]
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: screen.total == before - 1)
    qtbot.waitUntil(lambda: name in desktop.frame.undo_bar.text.text())
    press(Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: screen.total == before)


def test_the_search_line_gives_the_focus_back(desktop: Desktop, type_text: TypeText) -> None:
    press(Qt.Key.Key_Down)
    rows = focused()
    press(Qt.Key.Key_K, CTRL)
    type_text(focused(), "ntvyfz")
    press(Qt.Key.Key_Return)
    assert focused() is rows
    desktop.set_theme(dark=False)
    press(Qt.Key.Key_K, CTRL)
    type_text(focused(), "гр")
    press(Qt.Key.Key_Escape)
    assert focused() is desktop.frame.search
    press(Qt.Key.Key_Escape)
    assert (focused(), desktop.frame.search.text()) == (rows, "")


def test_ctrl_q_closes_the_program_from_any_place(desktop: Desktop) -> None:
    press(Qt.Key.Key_Q, CTRL)
    assert not desktop.frame.isVisible()


def test_what_was_stored_is_named_when_the_next_form_opens(
    desktop: Desktop, type_text: TypeText
) -> None:
    press(Qt.Key.Key_Insert)
    for words in ("ёлкина", "анна"):
        type_text(focused(), words)
        press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    type_text(focused(), "11042010")
    press(Qt.Key.Key_Return, CTRL)
    said = desktop.frame.status.text.text()
    assert re.match(r"Записано № \S+: Ёлкина Анна\. ", said)
    assert current_page(desktop).form.title() == ""


def test_a_draft_comes_back_with_the_focus_where_it_was(desktop: Desktop) -> None:
    press(Qt.Key.Key_Insert)
    form = current_page(desktop).form
    form.editor("person", "snils").setFocus()
    focused().setText("112")  # type: ignore[attr-defined]  # a line
    form._touched()
    form.drafts.write()
    draft = desktop.store.drafts()[0]
    form.key = f"{draft.key}-first"  # as if the program had ended
    desktop.frame._widgets.pop(draft.key, None)
    desktop.work._open(APPLICANTS, None, draft)
    assert focused() is current_page(desktop).form.editor("person", "snils").focusProxy()


def test_a_list_that_has_not_come_yet_says_so_and_the_link_is_not_said_to_be_lost(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    with filled_store.lock:
        filled_store.cache.connection.execute("UPDATE bucket SET whole = 0")
        for name in ("applicants", "groups", "campaigns"):
            filled_store.cache.connection.execute(f"DELETE FROM list_{name}")  # noqa: S608  names written above
    desktop = open_desktop()
    desktop.frame.show()
    desktop.work.open_section("applicants")
    table = applicants(desktop).table
    qtbot.waitUntil(lambda: table.nothing.words.text() == COMING)
    assert desktop.frame.status.state.link is Link.SYNCING
    with filled_store.lock:
        filled_store.cache.connection.execute("UPDATE bucket SET whole = 1")
    desktop._rounded(Round(online=True))
    qtbot.waitUntil(lambda: table.nothing.words.text() == "Здесь пока нет записей")
    desktop.frame.hide()
