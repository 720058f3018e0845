"""Check 8: one registry of keys makes the window's actions, the list of Ctrl+F1, the palette and the manual's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.actions import KeysDialog
from client.kit.carrying import take
from client.kit.record_page import RecordPage
from client.shell.desktop import Desktop
from client.shell.keys import manual_page
from tests.client.conftest import Dress
from tests.keys_page import PAGE, desktop_at


@pytest.fixture
def desktop(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Iterator[Desktop]:
    with desktop_at(tmp_path) as made:
        made.frame.resize(1200, 800)
        made.frame.show()
        made.frame.activateWindow()
        qtbot.waitActive(made.frame)
        for spec, _, _ in made.work.sections():
            made.work.open_section(spec.name)
            if spec.adds and spec.main != "account":
                made.work.open_record(spec, None)
        made.work.open_outbox()
        yield made


def keys_of(widget: QWidget) -> list[str]:
    """Those that fire while this widget is seen: its own and those of what is inside it."""
    shortcuts = [each.key() for each in widget.findChildren(QShortcut)]
    return [key.toString() for key in shortcuts if not key.isEmpty()]


def test_8_the_registry_is_the_list_of_keys_and_the_page_of_the_manual(desktop: Desktop) -> None:
    registry = desktop.frame.actions_of_window
    dialog = KeysDialog(registry, desktop.frame)
    keyed = [(action.shortcut, action.text) for action in registry if action.shortcut]
    assert sorted(dialog.shown) == sorted(keyed)
    fresh = manual_page(registry)
    assert PAGE.read_text(encoding="utf-8") == fresh, "python -m tests.keys_page writes it anew"
    assert all(text in fresh for _, text in keyed)


def test_8_no_key_fires_twice_in_a_window_and_the_registry_tells_of_each(desktop: Desktop) -> None:
    registry = desktop.frame.actions_of_window
    told = {QKeySequence(a.shortcut).toString() for a in registry if a.shortcut} | {"Ctrl+Enter"}
    of_window = [
        action.shortcut().toString()
        for action in desktop.frame.findChildren(QAction)
        if not action.shortcut().isEmpty()
    ]
    assert [key for key, times in Counter(of_window).items() if times > 1] == []
    wrong: dict[str, list[str]] = {}
    for key in desktop.frame.tab_keys():
        page = desktop.frame.tab(key)
        held = keys_of(page)
        twice = [k for k, times in Counter([*of_window, *held]).items() if times > 1]
        untold = [k for k in held if k not in told]
        if twice or untold:
            wrong[key] = [*twice, *untold]
    assert wrong == {}


def test_8_every_action_is_found_in_the_palette(desktop: Desktop) -> None:
    found = {each.text for each in desktop._known()}
    acting = {
        action.text
        for action in desktop.frame.actions_of_window
        if action.handler is not None and not action.id.startswith("tab_")
    }
    assert acting <= found


def test_f6_goes_round_the_areas_of_the_window(desktop: Desktop) -> None:
    frame = desktop.frame
    frame.focus_page()
    seen = []
    for _ in range(4):
        QTest.keyPress(frame, Qt.Key.Key_F6)
        focused = QApplication.focusWidget()
        assert focused is not None
        areas = {"nav": frame.nav, "tabs": frame.tabs, "page": frame.pages, "foot": frame.status}
        seen.append(next(n for n, a in areas.items() if a is focused or a.isAncestorOf(focused)))
    assert seen == ["foot", "nav", "tabs", "page"]
    QTest.keyPress(frame, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert frame.tabs.hasFocus()


def test_ctrl_enter_stores_a_card_and_closes_it(desktop: Desktop) -> None:
    campaigns = next(s for s, _, _ in desktop.work.sections() if s.name == "campaigns")
    desktop.work.open_record(campaigns, None)
    page, key = desktop.frame.current_page(), desktop.frame.current_tab()
    assert isinstance(page, RecordPage)
    take(page.form.editor("campaign", "year"), 2027)
    press(Qt.Key.Key_Return)
    assert desktop.frame.has_tab(key)  # its name is missing
    take(page.form.editor("campaign", "name"), "Приём 2027")
    press(Qt.Key.Key_Return)
    assert not desktop.frame.has_tab(key)
    assert [c["name"] for c in desktop.store.all("admission_campaign").values()] == ["Приём 2027"]


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyPress(focused, key, Qt.KeyboardModifier.ControlModifier)
