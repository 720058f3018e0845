"""What was open is open again: tabs, filter, sorting, scroll, what was typed; Shift begins clean. And how it looks is kept."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.carrying import take
from client.kit.list_screen import ListScreen
from client.kit.theme import theme
from client.shell.desktop import Desktop
from client.shell.look import SIZES, Look, LookSettings, kept, kept_size, wear, worn
from client.shell.session import FACT
from client.store.connection import Transaction
from client.store.sleeping import put_to_sleep, woken
from tests.client.conftest import KEY, Dress, OpenDesktop
from tests.keys_page import desktop_at
from tests.widget_checks import everything_wrong, settle


def begin(open_desktop: OpenDesktop, qtbot: QtBot, *, clean: bool = False) -> Desktop:
    desktop = open_desktop()
    desktop.frame.resize(1000, 700)
    desktop.frame.show()
    desktop.work.begin(clean=clean)
    if not clean:
        qtbot.waitUntil(lambda: desktop.work.session.begun)
    return desktop


def applicants(desktop: Desktop) -> ListScreen:
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    return screen


def end(desktop: Desktop) -> None:
    desktop.work.write_drafts()
    desktop.work.session.keep()
    desktop.work.session.background.wait()
    desktop.frame.hide()


def with_three_cards(open_desktop: OpenDesktop, qtbot: QtBot) -> tuple[Desktop, list[str]]:
    """The ids in the order of the tabs."""
    desktop = begin(open_desktop, qtbot)
    ids = sorted(desktop.store.all("applicant"))[:3]
    for id in ids:
        desktop.work.open_applicant(UUID(id))
    return desktop, ids


def test_the_session_comes_back_with_filter_sorting_scroll_and_what_was_typed(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = begin(open_desktop, qtbot)
    screen = applicants(desktop)
    screen.table.quick.setText("а")
    screen.table.filter_asked.emit("а")
    screen.table.sort_asked.emit((("reg_no", True),))
    qtbot.waitUntil(lambda: "Отобрано" in screen.words)
    screen.table.select_keys((), screen.source.id_at(7))
    row = screen.table.current_key()
    told = screen.words
    first, second = sorted(desktop.store.all("applicant"))[:2]
    desktop.work.open_applicant(UUID(first))
    desktop.work.open_section("groups")
    desktop.work.open_applicant(UUID(second))
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    take(page.form.editor("person", "birth_place"), "г. Сеанс")
    bar = page.form.area.verticalScrollBar()
    settle()
    bar.setValue(bar.maximum() // 2)
    top = bar.value()
    assert top > 0
    tabs = desktop.frame.tabs_in_order()
    end(desktop)

    again = begin(open_desktop, qtbot)
    assert (
        again.frame.tabs_in_order()
        == tabs
        == ["applicants", f"applicant:{first}", "groups", f"applicant:{second}"]
    )
    page = again.frame.current_page()
    assert isinstance(page, AdmissionPage)
    assert page.form.value("person", "birth_place") == "г. Сеанс"
    assert again.frame.tabs.is_dirty(f"applicant:{second}")
    qtbot.waitUntil(lambda: page.form.area.verticalScrollBar().value() == top)
    screen = applicants(again)
    qtbot.waitUntil(lambda: screen.words == told)
    assert (screen.table.quick.text(), screen.sort) == ("а", (("reg_no", True),))
    assert screen.table.current_key() == row
    end(again)

    clean = begin(open_desktop, qtbot, clean=True)
    assert clean.frame.tabs_in_order() == ["applicants"]
    assert applicants(clean).table.quick.text() == ""
    assert len(clean.store.drafts()) == 1  # nothing is lost by it
    clean.work.session.keep()
    clean.work.session.background.wait()
    clean.frame.hide()
    assert begin(open_desktop, qtbot).frame.tabs_in_order() == tabs


def test_what_was_seen_is_open_at_once_and_the_rest_follows_behind_it(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop, (_, second, third) = with_three_cards(open_desktop, qtbot)
    seen = f"applicant:{second}"
    desktop.frame.open_tab(seen, "", desktop.frame.tab(seen))
    tabs = desktop.frame.tabs_in_order()
    end(desktop)

    again = open_desktop()
    again.frame.show()
    again.work.begin()
    assert again.frame.tabs_in_order() == ["applicants", seen]
    again.work.session.keep()  # nothing is kept over what is still to come
    again.work.session.background.wait()
    again.frame.cover(again.guard.screen)
    settle()
    assert again.frame.tabs_in_order() == ["applicants", seen]
    again.frame.uncover()
    qtbot.waitUntil(lambda: again.work.session.begun)
    assert again.frame.tabs_in_order() == tabs
    assert again.frame.current_tab() == seen
    behind = again.frame.tab(f"applicant:{third}")
    assert not behind.isVisible()
    again.frame.open_tab(f"applicant:{third}", "", behind)
    focused: QWidget | None = again.frame.focusWidget()
    assert focused is not None
    assert behind.isAncestorOf(focused)
    end(again)


@pytest.mark.parametrize("clean", [False, True])
def test_a_record_opened_by_hand_before_its_turn_has_its_draft(
    open_desktop: OpenDesktop, qtbot: QtBot, *, clean: bool
) -> None:
    desktop = begin(open_desktop, qtbot)
    first, second = sorted(desktop.store.all("applicant"))[:2]
    desktop.work.open_applicant(UUID(first))
    typed = desktop.frame.current_page()
    assert isinstance(typed, AdmissionPage)
    take(typed.form.editor("person", "birth_place"), "г. Черновик")
    desktop.work.open_applicant(UUID(second))
    end(desktop)

    again = open_desktop()
    again.frame.show()
    again.work.begin(clean=clean)
    assert not again.frame.has_tab(f"applicant:{first}")
    again.work.open_applicant(UUID(first))
    page = again.frame.current_page()
    assert isinstance(page, AdmissionPage)
    assert page.form.value("person", "birth_place") == "г. Черновик"
    assert again.frame.tabs.is_dirty(f"applicant:{first}")
    qtbot.waitUntil(lambda: clean or again.work.session.begun)
    assert [d.key for d in again.store.drafts()] == [f"applicant:{first}"]
    again.frame.hide()


def test_a_card_that_cannot_be_shown_keeps_no_other_away(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop, (broken, second, third) = with_three_cards(open_desktop, qtbot)
    end(desktop)

    again = open_desktop()
    again.frame.show()

    def open_tab(key: str) -> None:
        if key.endswith(broken):
            raise LookupError(key)
        again.work._open_again(key, None)

    with qtbot.captureExceptions() as raised:
        again.work.session.restore(open_tab)
        qtbot.waitUntil(lambda: again.work.session.begun)
    assert [kind for kind, _, _ in raised] == [LookupError]
    shown = again.frame.tabs_in_order()
    assert shown == ["applicants", f"applicant:{second}", f"applicant:{third}"]
    again.frame.hide()


def test_the_session_is_written_beside_the_window_and_not_behind_the_lock(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = begin(open_desktop, qtbot)
    session, store = desktop.work.session, desktop.store
    session.background.wait()
    with store.lock, Transaction(store.journal.connection):
        desktop.work.open_section("groups")  # another thread has the journal
    session.background.wait()
    assert store.journal.fact(FACT)["current"] == "groups"
    with store.lock:
        desktop.work.open_section("applicants")
        put_to_sleep(store)
    session.background.wait()
    with woken(store, KEY):
        pass
    assert store.journal.fact(FACT)["current"] == "groups"
    desktop.frame.hide()


@pytest.mark.parametrize("look", Look)
def test_4_every_look_is_chosen_seen_at_once_and_kept(
    look: Look, tmp_path: Path, qtbot: QtBot, dress: Dress, qapp: QApplication
) -> None:
    with desktop_at(tmp_path) as desktop:
        desktop.frame.resize(800, 600)
        desktop.frame.show()
        desktop.show_look()
        (dialog,) = desktop.frame.findChildren(LookSettings)
        dialog.look.setCurrentRow(list(Look).index(look))
        dialog.letters.setCurrentRow(SIZES.index(200))
        assert (worn(), theme().scale) == (look, 2.0)
        assert everything_wrong(dialog) == {}
        dialog.agree()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert (kept(settings), kept_size(settings)) == (look, 200)
    dress()
    wear(qapp, settings)
    assert (worn(), theme().scale) == (look, 2.0)


def test_a_look_that_is_not_agreed_to_is_taken_off(
    tmp_path: Path, qtbot: QtBot, dress: Dress
) -> None:
    with desktop_at(tmp_path) as desktop:
        desktop.frame.show()
        dialog = LookSettings(desktop.settings, desktop.frame)
        with qtbot.waitActive(dialog):
            dialog.open()
        assert dialog.look.hasFocus()
        QTest.keyPress(dialog.look, Qt.Key.Key_Down)
        QTest.keyPress(dialog.look, Qt.Key.Key_Down)
        assert worn() is Look.CONTRAST
        QTest.keyPress(dialog.look, Qt.Key.Key_Tab)
        assert dialog.letters.hasFocus()
        QTest.keyPress(dialog.letters, Qt.Key.Key_Down)
        assert theme().scale == 1.1
        QTest.keyPress(dialog.letters, Qt.Key.Key_Escape)
        assert (worn(), theme().scale) == (Look.LIGHT, 1.0)


@pytest.mark.parametrize(("dark", "contrast"), [(False, False), (True, True)])
def test_2_and_3_at_800_by_600_and_200_per_cent_nothing_is_clipped(
    tmp_path: Path, qtbot: QtBot, dress: Dress, *, dark: bool, contrast: bool
) -> None:
    dress(dark=dark, scale=2.0, contrast=contrast)
    wrong = {}
    with desktop_at(tmp_path) as desktop:
        desktop.frame.resize(800, 600)
        desktop.frame.show()
        for spec, _, _ in desktop.work.sections():
            desktop.work.open_section(spec.name)
            wrong[spec.name] = everything_wrong(desktop.frame)
            if spec.adds and spec.main != "account":
                desktop.work.open_record(spec, None)
                wrong[f"new {spec.name}"] = everything_wrong(desktop.frame)
        assert (desktop.frame.width(), desktop.frame.height()) == (800, 600)
    assert {name: said for name, said in wrong.items() if said} == {}
