"""The table asks for pages, keeps what was chosen by key, and does everything by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.rows import PAGES, Column, Mark, RowModel, ViewState
from client.kit.selection_bar import SelectionBar
from client.kit.table import PagedTable
from client.kit.tick import Tick
from tests.client.conftest import Dress
from tests.client.samples import SampleRows
from tests.widget_checks import settle

Key = Qt.Key
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)  # fmt: skip


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, held, text))


def rows_of(*keys: int) -> SampleRows:
    made = SampleRows()
    made.keys = list(keys)
    return made


@pytest.fixture
def source() -> SampleRows:
    return SampleRows(100_000)


@pytest.fixture
def table(source: SampleRows, qtbot: QtBot, dress: Dress) -> PagedTable:
    made = PagedTable(source, "Заявления")
    qtbot.addWidget(made)
    made.resize(760, 480)
    with qtbot.waitActive(made):
        made.show()
    made.view.setFocus()
    settle()
    return made


def test_only_the_pages_that_are_seen_are_asked_for(table: PagedTable, source: SampleRows) -> None:
    assert set(source.asked) == {(0, 128)}
    press(table.view, Key.Key_End)
    settle()
    assert set(source.asked) == {(0, 128), (99_968, 100_000)}


def test_pages_long_unused_are_forgotten(dress: Dress) -> None:
    source = SampleRows(100_000)
    model = RowModel(source)
    for row in range(0, 128 * (PAGES + 1), 128):
        model.text(row, 0)
    source.asked.clear()
    model.text(128 * PAGES, 0)
    assert source.asked == []
    model.text(0, 0)
    assert source.asked == [(0, 128)]


def test_a_cell_says_its_column_to_a_screen_reader(table: PagedTable) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert table.model.index(0, 2).data(role) == "Состояние: Принято"


def test_chosen_rows_stay_chosen_by_key_after_another_order(table: PagedTable) -> None:
    table.select_keys([3, 5], 5)
    table.refresh(rows_of(*reversed(range(100_000))))
    assert table.selected_keys() == [5, 3]
    assert table.current_key() == 5
    assert table.view.currentIndex().row() == 99_994


def test_enter_and_del_tell_what_is_wanted(table: PagedTable, qtbot: QtBot) -> None:
    table.select_keys([2, 4], 4)
    with qtbot.waitSignal(table.opened) as opened:
        press(table.view, Key.Key_Return)
    with qtbot.waitSignal(table.delete_asked) as deleted:
        press(table.view, Key.Key_Delete)
    assert (opened.args, deleted.args) == ([4], [[2, 4]])


def test_ctrl_a_chooses_all_and_shift_end_to_the_end(table: PagedTable) -> None:
    press(table.view, Key.Key_A, CTRL)
    assert len(table.selected_keys()) == 100_000
    table.select_keys([99_997], 99_997)
    press(table.view, Key.Key_End, SHIFT)
    assert table.selected_keys() == [99_997, 99_998, 99_999]


def test_typed_letters_go_into_the_quick_filter(table: PagedTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.filter_asked) as asked:
        press(table.view, Key.Key_unknown, NONE, "к")
        press(table.quick, Key.Key_unknown, NONE, "у")
    assert asked.args == ["ку"]


def test_escape_clears_the_filter_and_down_goes_to_the_rows(
    table: PagedTable, qtbot: QtBot
) -> None:
    table.focus_filter()
    table.quick.setText("кузн")
    with qtbot.waitSignal(table.filter_asked) as asked:
        press(table.quick, Key.Key_Escape)
    assert (asked.args, table.quick.text()) == ([""], "")
    press(table.quick, Key.Key_Down)
    assert (table.view.hasFocus(), table.view.currentIndex().row()) == (True, 0)


def test_the_count_says_how_many_of_how_many(table: PagedTable) -> None:
    table.refresh(rows_of(1, 2, 3), total=1248)
    assert table.count.text() == "Отобрано 3 из 1\u00a0248"


def test_what_is_chosen_and_gone_is_chosen_no_more(table: PagedTable) -> None:
    table.select_keys([1, 50], 50)
    table.refresh(rows_of(1, 2, 3))
    assert table.selected_keys() == [1]


def test_an_empty_table_says_so(table: PagedTable) -> None:
    table.refresh(rows_of(), total=0)
    assert (table.nothing.words.isVisible(), table.nothing.words.text()) == (
        True,
        "Здесь пока нет записей",
    )
    table.quick.setText("кузн")
    table.refresh(total=5)
    assert (
        table.nothing.words.text()
        == "По отбору «кузн» ничего не найдено. Esc покажет все 5 записей"
    )


def click_header(table: PagedTable, section: int, held: Qt.KeyboardModifier, qtbot: QtBot) -> None:
    left = table.header.sectionViewportPosition(section) + 20
    qtbot.mouseClick(table.header.viewport(), Qt.MouseButton.LeftButton, held, QPoint(left, 10))


def test_a_click_sorts_a_second_one_turns_the_order(table: PagedTable, qtbot: QtBot) -> None:
    said: list[Sequence[object]] = []
    table.sort_asked.connect(said.append)
    click_header(table, 0, NONE, qtbot)
    click_header(table, 0, NONE, qtbot)
    assert said == [(("name", False),), (("name", True),)]


def test_the_list_of_columns_stays_open(table: PagedTable) -> None:
    table.choose_columns()
    ticks = table.popover.findChildren(Tick)
    ticks[3].click()
    ticks[4].click()
    assert table.popover.isVisible()
    assert table.shown_columns()[:4] == ("name", "number", "state", "birth")


def test_a_view_comes_back_by_column_ids(table: PagedTable, qtbot: QtBot, dress: Dress) -> None:
    table.show_column(3, shown=False)
    table.header.moveSection(5, 1)
    table.header.resizeSection(0, 300)
    table.show_sort((("birth", True),))
    state = table.view_state()

    class Wider(SampleRows):
        columns = (*SampleRows.columns[:2], Column("new", "Новый"), *SampleRows.columns[2:])

        def row(self, key: int) -> tuple[str, ...]:
            before = super().row(key)
            return (*before[:2], "", *before[2:])

    other = PagedTable(Wider(), "Заявления")
    qtbot.addWidget(other)
    other.restore_view(state)
    shown = other.shown_columns()
    assert (shown[:3], "programme" in shown, "new" in shown) == (
        ("name", "birth", "number"),
        False,
        True,
    )
    assert (other.header.sectionSize(0), other.sort) == (300, (("birth", True),))


def test_a_state_of_gone_columns_is_passed_by(table: PagedTable) -> None:
    table.restore_view(ViewState(("gone",), ("gone",), (("gone", 50),), (("gone", True),)))
    assert (table.shown_columns()[0], table.sort) == ("name", ())


def test_the_first_column_stays_when_the_others_scroll(table: PagedTable) -> None:
    assert not table.view._frozen.isVisible()
    table.view.horizontalScrollBar().setValue(400)
    assert table.view._frozen.isVisible()
    assert table.view._frozen.width() == table.view.columnWidth(0)


def test_no_empty_field_stands_at_the_right_of_a_narrow_list(table: PagedTable) -> None:
    table.resize(2000, 480)
    settle()
    assert table.header.length() == table.view.viewport().width()
    table.resize(500, 480)
    settle()
    assert table.header.length() > table.view.viewport().width()


def test_a_stretched_column_is_remembered_at_its_own_width(table: PagedTable) -> None:
    before = table.view_state()
    table.resize(2000, 480)
    settle()
    assert table.view_state() == before


def test_escape_in_the_rows_takes_the_choice_away_and_then_the_filter(table: PagedTable) -> None:
    table.quick.setText("кузн")
    table.select_keys([1, 2], 1)
    press(table.view, Key.Key_Escape)
    assert (table.selected_count(), table.quick.text()) == (0, "кузн")
    press(table.view, Key.Key_Escape)
    assert table.quick.text() == ""


def test_the_bar_counts_what_is_chosen_from_the_second_row_on(
    table: PagedTable, qtbot: QtBot
) -> None:
    bar = SelectionBar(table)
    qtbot.addWidget(bar)
    table.select_keys([1], 1)
    assert bar.isHidden()
    table.select_keys([1, 2, 3], 1)
    assert (bar.isHidden(), bar.text.text()) == (False, "Выбраны 3 записи")
    table.refresh(rows_of())
    assert bar.isHidden()


def test_a_row_says_its_mark_on_hover_and_to_a_screen_reader(
    table: PagedTable, source: SampleRows
) -> None:
    table.model.marks = {1: Mark("triangle-alert", "bad", "Ждёт вашего решения: конфликт")}
    table.refresh(source)
    index = table.model.index(1, 0)
    said = table.model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "ФИО: Белоусова Мария Петровна. Ждёт вашего решения: конфликт"
    assert table.model.data(index, Qt.ItemDataRole.ToolTipRole).endswith("решения: конфликт")
    other = table.model.data(table.model.index(2, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "решения" not in other


def test_a_mark_is_painted_beside_the_words_and_all_rows_stay_in_line(
    table: PagedTable, source: SampleRows
) -> None:
    plain = table.view.grab().toImage()
    table.model.marks = {0: Mark("cloud-upload", "accent", "Ждёт отправки")}
    table.refresh(source)
    settle()
    marked = table.view.grab().toImage()
    assert marked != plain
