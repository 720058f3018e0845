"""A day at the window without a mouse: panels, dialogs and keys where a person tried them and they failed him."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.admissions.screens import NO_CHOICE, AdmissionPage
from client.kit.bulk_edit import BulkEdit
from client.kit.list_screen import ListScreen
from client.kit.popover import Popover
from client.shell.desktop import Desktop
from client.shell.exporting import ExportDialog
from client.shell.history_page import HistoryPage
from client.store.store import Store
from common.admissions.kinds import ReturnMethod
from tests import bench
from tests.client.admissions.conftest import fill
from tests.client.conftest import Dress
from tests.end_to_end.typist import Typist
from tests.keys_page import desktop_at

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ROWS = 6


@pytest.fixture
def desktop(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Iterator[Desktop]:
    with desktop_at(tmp_path) as made:
        fill(made.store)
        bench.fill(made.store, ROWS)
        made.frame.resize(1200, 800)
        made.frame.show()
        made.frame.activateWindow()
        qtbot.waitActive(made.frame)
        made.work.open_section("applicants")
        qtbot.waitUntil(lambda: applicants(made).table.model.rowCount() == ROWS)
        yield made


@pytest.fixture
def keys() -> Typist:
    return Typist()


def applicants(desktop: Desktop) -> ListScreen:
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    return screen


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


# ---- panels


def panels(desktop: Desktop) -> list[Popover]:
    return [each for each in desktop.frame.findChildren(Popover) if each.isVisible()]


def test_enter_in_the_name_saves_the_view_and_the_focus_comes_back(
    desktop: Desktop, keys: Typist
) -> None:
    screen = applicants(desktop)
    keys.press(Qt.Key.Key_V, ALT)
    panel = screen.menu.panel
    assert panel is not None
    panel.name.setFocus()
    keys.type("Мой")
    keys.enter()
    assert [name for _, name in screen.menu.views.names()] == ["Мой"]
    assert screen.menu.button.hasFocus()
    screen.table.show_column(4, shown=False)
    assert screen.menu.is_changed()
    keys.press(Qt.Key.Key_V, ALT)
    assert screen.menu.panel is not None
    screen.menu.panel.name.setFocus()
    keys.enter()
    assert not screen.menu.is_changed()
    assert [name for _, name in screen.menu.views.names()] == ["Мой"]


def test_a_panel_keeps_tab_inside_and_goes_when_the_focus_or_its_tab_goes(
    desktop: Desktop, keys: Typist
) -> None:
    screen = applicants(desktop)
    keys.press(Qt.Key.Key_V, ALT)
    panel = screen.menu.panel
    assert panel is not None
    for _ in range(9):
        keys.press(Qt.Key.Key_Tab)
        assert panel.isAncestorOf(focused())
    keys.press(Qt.Key.Key_K, CTRL)
    assert panels(desktop) == []
    desktop.work.open_section("groups")
    desktop.work.open_section("applicants")
    keys.press(Qt.Key.Key_V, ALT)
    assert len(panels(desktop)) == 1
    keys.press(Qt.Key.Key_Tab, CTRL)
    assert desktop.frame.current_tab() == "groups"
    assert panels(desktop) == []
    desktop.work.open_section("applicants")
    keys.press(Qt.Key.Key_F, ALT | SHIFT)
    names = []
    for _ in range(5):
        names.append(focused().accessibleName())
        keys.press(Qt.Key.Key_Tab)
    assert names == ["Столбец", "Что искать", "Значение", "Кроме таких", "Отобрать  Ctrl+Enter"]
    keys.press(Qt.Key.Key_Escape)
    assert panels(desktop) == []
    assert screen.table.quick.hasFocus()


def test_a_list_that_is_opened_from_another_is_ready_to_be_filtered(desktop: Desktop) -> None:
    for name in ("groups", "campaigns"):
        desktop.work.open_section(name)
        screen = desktop.frame.tab(name)
        assert isinstance(screen, ListScreen)
        assert screen.table.quick.hasFocus()


# ---- one value for many


def ways(store: Store, ids: list[str]) -> set[Any]:
    return {store.many("applicant", ids)[id]["return_method"] for id in ids}


def test_17_a_bulk_change_by_keys_alone(desktop: Desktop, keys: Typist, qtbot: QtBot) -> None:
    screen, store = applicants(desktop), desktop.store
    keys.press(Qt.Key.Key_Down)
    for _ in range(3):
        keys.press(Qt.Key.Key_Down, SHIFT)
    ids = [str(key) for key in screen.table.selected_keys()]
    assert len(ids) == 4
    keys.press(Qt.Key.Key_E, ALT)
    dialog = screen.findChildren(BulkEdit)[-1]
    qtbot.waitActive(dialog)
    keys.type("способ возв")
    keys.enter()
    assert dialog.value is not None
    assert dialog.value.isAncestorOf(focused())
    keys.press(Qt.Key.Key_Tab, SHIFT)
    assert dialog.field.isAncestorOf(focused())
    keys.press(Qt.Key.Key_Tab)
    assert dialog.value.isAncestorOf(focused())
    keys.type("почт")
    keys.enter()
    qtbot.waitUntil(dialog.yes.hasFocus)
    assert dialog.yes.text() == "Изменить у 4 записей"
    keys.enter()
    qtbot.waitUntil(lambda: ways(store, ids) == {ReturnMethod.POST})
    qtbot.waitUntil(desktop.frame.undo_bar.isVisible)
    qtbot.waitUntil(lambda: focused() is screen.table.view)
    keys.press(Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: ReturnMethod.POST not in ways(store, ids))
    qtbot.waitUntil(lambda: "Отменено" in desktop.frame.status.text.text())


# ---- keys that cannot act here


def test_a_key_that_is_not_for_this_tab_says_where_it_acts(desktop: Desktop, keys: Typist) -> None:
    said = desktop.frame.status.text.text
    desktop.work.open_applicant(None)
    keys.press(Qt.Key.Key_E, CTRL)
    assert said() == "Ctrl+E («Сохранить таблицу»): откройте список"
    keys.press(Qt.Key.Key_E, ALT)
    assert said() == "Alt+E («Изменить поле у выбранных записей»): откройте список"
    desktop.work.open_section("applicants")
    keys.press(Qt.Key.Key_S, CTRL)
    assert said() == "Ctrl+S («Записать»): откройте карточку"
    desktop.work.open_section("roles")
    screen = desktop.frame.tab("roles")
    assert isinstance(screen, ListScreen)
    screen.table.view.setFocus()
    keys.press(Qt.Key.Key_Insert)
    assert said().endswith("этот список так не умеет, или на это нет права")
    desktop.work.open_outbox()
    russian = QKeyEvent(QEvent.Type.KeyPress, 0x423, CTRL, "у")  # «у» lies on E
    QApplication.sendEvent(focused(), russian)
    assert said() == "Ctrl+E («Сохранить таблицу»): откройте список"
    keys.press(Qt.Key.Key_Z, CTRL)
    assert said().startswith("Отменять нечего")


@pytest.mark.parametrize(("key", "opened"), [(Qt.Key.Key_E, ExportDialog), (Qt.Key.Key_U, None)])
def test_what_a_line_of_x_takes_for_itself_is_carried_out_by_the_window(
    desktop: Desktop, keys: Typist, qtbot: QtBot, key: Qt.Key, opened: type[QWidget] | None
) -> None:
    """There no shortcut fires in a line: the key comes as one that was typed."""
    keys.press(Qt.Key.Key_Down)
    applicants(desktop).table.quick.setFocus()
    QApplication.sendEvent(focused(), QKeyEvent(QEvent.Type.KeyPress, key, CTRL))
    if opened is not None:
        (dialog,) = desktop.frame.findChildren(opened)
        dialog.close()
    else:
        qtbot.waitUntil(lambda: desktop.frame.current_tab().startswith("uses:"))


def test_history_and_uses_are_asked_of_the_row_where_the_frame_stands(
    desktop: Desktop, keys: Typist, qtbot: QtBot
) -> None:
    screen = applicants(desktop)
    keys.press(Qt.Key.Key_H, CTRL)
    assert "встаньте на строку" in desktop.frame.status.text.text()
    keys.press(Qt.Key.Key_Down)
    id = str(screen.table.current_key())
    keys.press(Qt.Key.Key_H, CTRL)
    qtbot.waitUntil(lambda: desktop.frame.has_tab(f"history:{id}"))
    page = desktop.frame.tab(f"history:{id}")
    assert isinstance(page, HistoryPage)
    record = desktop.store.get("applicant", id)
    assert record is not None
    assert {record["person_id"], record["prior_education_id"], UUID(id)} <= set(page.records)
    desktop.work.open_section("applicants")
    keys.press(Qt.Key.Key_U, CTRL)
    qtbot.waitUntil(lambda: desktop.frame.current_tab() == f"uses:{id}")


# ---- a series of applications


def test_after_ctrl_enter_the_number_stays_in_sight_until_the_next_is_stored(
    desktop: Desktop, keys: Typist
) -> None:
    desktop.work.open_applicant(None)
    for name, text in (
        ("last_name", "Ветрова"),
        ("first_name", "Дарья"),
        ("birth_date", "01092010"),
    ):
        keys.go_to(f"person.{name}")
        keys.type(text)
    keys.press(Qt.Key.Key_Return, CTRL)
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    record = next(
        r for r in desktop.store.all("applicant").values() if not str(r["reg_no"]).startswith("05-")
    )
    number = f"№ {record['reg_no']}"
    assert page.number.text() == f"записано {number}"
    said = desktop.frame.status.text.text()
    assert said == f"Записано {number}: Ветрова Дарья. {NO_CHOICE}"
    applicants(desktop).counted.emit("строк: 7")
    bar = applicants(desktop).chosen.line
    assert bar.heightForWidth(900) > 0  # its items outlive the tab that was closed
    keys.type("С")
    assert (page.number.text(), desktop.frame.status.text.text()) == (f"записано {number}", said)
