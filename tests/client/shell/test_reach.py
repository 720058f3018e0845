"""What a screen reader is told, and where the focus goes: over Qt's accessible interfaces, as AT-SPI reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell.desktop import Desktop
from tests.client.admissions.conftest import fill
from tests.client.conftest import Dress
from tests.keys_page import desktop_at
from tests.widget_checks import missing_names, settle, small_targets

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description


@pytest.fixture
def desktop(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Iterator[Desktop]:
    with desktop_at(tmp_path) as made:
        fill(made.store)
        made.frame.resize(1200, 800)
        made.frame.show()
        made.frame.activateWindow()
        qtbot.waitActive(made.frame)
        yield made


def spoken(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def a_new_campaign(desktop: Desktop) -> RecordPage:
    spec = next(s for s, _, _ in desktop.work.sections() if s.name == "campaigns")
    desktop.work.open_record(spec, None)
    page = desktop.frame.current_page()
    assert isinstance(page, RecordPage)
    return page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_5_a_screen_reader_is_told_the_cells_of_a_list_and_the_faults_of_a_field(
    desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.work.open_section("groups")
    screen = desktop.frame.tab("groups")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: screen.total == 4)
    model = screen.table.model
    said = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    assert all("Экономика" in each or "Финансы" in each or "Логистика" in each for each in said)
    assert spoken(screen.table.view).text(NAME) == "Конкурсные группы"
    page = a_new_campaign(desktop)
    page.store_it()
    year = page.form.editor("campaign", "year").focusProxy()
    assert year is not None
    assert "Год" in spoken(year).text(NAME)
    assert "обязательное поле" in spoken(year).text(NAME)
    assert spoken(year).text(DESCRIPTION) == "Заполните поле"
    assert spoken(page.faults.links[0]).text(NAME) == "«Год»: заполните поле"
    assert (missing_names(desktop.frame), small_targets(desktop.frame)) == ([], [])


def test_6_tab_walks_a_form_in_reading_order_and_comes_back_with_the_ring_in_sight(
    desktop: Desktop,
) -> None:
    page = a_new_campaign(desktop)
    way = [w for w in page.form.way() if w.isVisible() and w.isEnabled()]
    way[0].setFocus()
    for expected in way[1:]:
        QTest.keyPress(focused(), Qt.Key.Key_Tab)
        assert focused() is expected
    body = page.form.area.widget()
    assert body is not None
    tops = [w.mapTo(body, w.rect().topLeft()).y() for w in way[:4]]
    assert tops == sorted(tops)
    for _ in range(40):  # through the buttons and the window, and back: no trap
        QTest.keyPress(focused(), Qt.Key.Key_Tab)
        if focused() is way[0]:
            break
    assert focused() is way[0]
    ring = way[0]
    ring.setFocus()
    settle()
    with_ring = ring.grab().toImage()
    way[1].setFocus()
    settle()
    assert differs(with_ring, ring.grab().toImage())


def differs(one: QImage, other: QImage) -> bool:
    """Along the upper edge, where the ring is drawn."""
    middle = one.width() // 2
    return any(one.pixelColor(middle, y) != other.pixelColor(middle, y) for y in range(3))
