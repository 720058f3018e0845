"""A list over a real store: conditions, several sort keys, groups, honest counts; by keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.condition_popover import ConditionPopover
from client.kit.list_screen import ListScreen
from client.kit.records import Sift
from client.shell.lists import LISTS
from client.store.store import Store
from common.admissions.lists import APPLICANTS
from common.kit.conditions import Condition, Op, of_cell, written
from common.kit.keys import sort_key
from common.kit.lists import Kind, kind_of
from tests.bench import fill
from tests.client.admissions.conftest import fill as filled
from tests.client.admissions.conftest import open_store, put
from tests.client.conftest import KEY, Dress
from tests.widget_checks import everything_wrong, settle

Key, Held = Qt.Key, Qt.KeyboardModifier
NONE, ALT, SHIFT = Held.NoModifier, Held.AltModifier, Held.ShiftModifier
ROWS = 60


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, held, text))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Sixty applicants made at the desk: surnames go round by six, names by four."""
    made = Store(tmp_path_factory.mktemp("list"), KEY, LISTS)
    fill(made, ROWS)
    yield made
    made.close()


@pytest.fixture
def screen(store: Store, qtbot: QtBot, dress: Dress) -> ListScreen:
    store.keep("list:applicants", {})
    made = ListScreen(store, APPLICANTS)
    qtbot.addWidget(made)
    made.resize(900, 560)
    with qtbot.waitActive(made):
        made.show()
    answered(made)
    return made


def answered(screen: ListScreen) -> None:
    """What was asked has come and is shown."""
    for _ in range(2):
        screen.background.wait()
        settle()


def typed(screen: ListScreen, text: str, key: Qt.Key = Key.Key_Down) -> None:
    screen.table.focus_filter()
    screen.table.quick.setText(text)
    screen.table._pause.start()
    press(screen.table.quick, key)
    answered(screen)


def column(screen: ListScreen, id: str) -> list[str]:
    place = [c.key for c in APPLICANTS.columns].index(id)
    return [t[place] for t in screen.source.rows(0, screen.source.count())]


def chips(screen: ListScreen) -> list[str]:
    return [chip.words for chip in screen.filter.bar.chips]


def put_frame(screen: ListScreen, row: int, id: str) -> None:
    place = [c.key for c in APPLICANTS.columns].index(id)
    screen.table.view.setFocus()
    screen.table.view.setCurrentIndex(screen.table.model.index(row, place))


def test_11_words_in_any_order_over_the_visible_columns(screen: ListScreen) -> None:
    typed(screen, "09.02 анна ива", Key.Key_unknown)
    screen.table._ask_filter()
    answered(screen)
    shown = column(screen, "name")
    assert set(shown) == {"Иванова Анна"}
    assert screen.table.count.text() == f"Отобрано {len(shown)} из 60"
    screen.table.clear_filter()
    answered(screen)
    assert (screen.source.count(), screen.table.count.text()) == (ROWS, "60")
    screen.filter.type("лично")
    answered(screen)
    assert screen.source.count() == 0  # the column of the source is hidden
    screen.table.show_column([c.key for c in APPLICANTS.columns].index("source"), shown=True)
    answered(screen)
    assert screen.source.count() == ROWS


def test_13_names_stand_in_russian_order(tmp_path: Path) -> None:
    store = open_store(tmp_path / "profile")
    filled(store)
    campaign = UUID(next(iter(store.all("admission_campaign"))))
    for name in ("Ель", "Ёлкин", "Абрамов", "ёж", "Елисеев"):
        person = put(store, "person", last_name=name, first_name="А")
        moment = dt.datetime(2026, 7, 1, 5, tzinfo=dt.UTC)
        put(
            store,
            "applicant",
            person_id=person,
            campaign_id=campaign,
            reg_no=name,
            registered_at=moment,
        )
    numbers = store.sift("applicants", Sift(), (("name", False),))
    names = [row.texts[0] for row in store.list_page("applicants", numbers)]
    assert names == ["Абрамов", "ёж", "Елисеев", "Ёлкин", "Ель"]
    store.close()


def test_words_that_may_name_whom_the_desk_lost_are_forgotten(
    screen: ListScreen, store: Store
) -> None:
    typed(screen, "фио:былинская")
    screen.menu.save_as("Мой")
    screen.menu.keep()
    answered(screen)
    assert "былинская" in str(store.kept("list:applicants")["left"])
    store.forget_words()
    kept = store.kept("list:applicants")
    assert ("left" in kept, len(kept["views"])) == (False, 1)


def test_typed_conditions_become_chips_and_keep_the_words(screen: ListScreen) -> None:
    typed(screen, "анна дата:01.01.2010..01.04.2010 сост:принято")
    assert chips(screen) == ["Дата рождения: 01.01.2010 – 01.04.2010", "Состояние: Принято"]
    assert screen.table.quick.text() == "анна"
    shown = column(screen, "name")
    assert shown
    assert all("Анна" in name for name in shown)
    assert all(day[3:5] <= "04" for day in column(screen, "person_id__birth_date"))
    assert screen.table.view.hasFocus()
    assert screen.words.startswith(f"Отобрано {len(shown)} запис")
    assert screen.words.endswith("из 60; остальные ещё приходят с сервера")


def test_values_of_one_column_are_either_of_them(screen: ListScreen) -> None:
    typed(screen, "фио:петрова фио:ёлкина")
    assert {name.split()[0] for name in column(screen, "name")} == {"Петрова", "Ёлкина"}


def test_alt_f_keeps_rows_like_the_cell(screen: ListScreen) -> None:
    put_frame(screen, 0, "person_id__birth_date")
    day = column(screen, "person_id__birth_date")[0]
    press(screen.table.view, Key.Key_F, ALT)
    screen.filter.add_cell()
    answered(screen)
    assert chips(screen) == [f"Дата рождения: {day}"]
    assert set(column(screen, "person_id__birth_date")) == {day}


def test_escape_takes_the_words_and_then_the_chips(screen: ListScreen) -> None:
    typed(screen, "анна сост:принято общ:нет")
    for left in (("", 2), ("", 1), ("", 0)):
        press(screen.table.view, Key.Key_Escape)
        assert (screen.table.quick.text(), len(chips(screen))) == left
    answered(screen)
    assert screen.source.count() == ROWS


def test_backspace_at_the_beginning_types_the_last_chip_anew(screen: ListScreen) -> None:
    typed(screen, "сост:принято")
    screen.table.focus_filter()
    press(screen.table.quick, Key.Key_Backspace)
    assert (screen.table.quick.text(), chips(screen)) == ("Состояние:Принято", [])


def test_what_cannot_be_read_is_told_and_the_list_stays(screen: ListScreen) -> None:
    typed(screen, "иванова")
    before = column(screen, "name")
    typed(screen, "иванова группа:СД-21")
    assert column(screen, "name") == before
    assert screen.filter.bar.said.text().startswith("Столбцов «группа» в этом списке нет")
    assert screen.table.quick.hasFocus()
    assert everything_wrong(screen) == {}


def test_an_empty_list_names_what_emptied_it_and_one_key_drops_it(screen: ListScreen) -> None:
    typed(screen, "анна сост:отозвано фио:иванова")
    table = screen.table
    assert table.nothing.words.isVisible()
    assert table.nothing.words.text().startswith("По условию «Состояние: Отозвано» здесь ничего")
    assert table.nothing.way_out.text() == "Снять «Состояние: Отозвано»  Shift+Esc"
    assert everything_wrong(screen) == {}
    screen.drop_emptied()
    answered(screen)
    assert chips(screen) == ["ФИО: иванова"]
    assert set(column(screen, "name")) == {"Иванова Анна"}


def test_the_popover_makes_a_condition_by_keyboard(screen: ListScreen) -> None:
    put_frame(screen, 0, "prior_education_id__average")
    screen.filter.ask()
    popover = screen.filter.popover
    assert isinstance(popover, ConditionPopover)
    assert popover.column.focusProxy() is popover.focusWidget()
    assert popover.column.value().key == "prior_education_id__average"
    popover.op.choose(next(o for o in popover.op._all if o.id is Op.LEAST))
    popover.low.set_value("много")
    popover.agree()
    assert popover.said.text() == "Средний балл пишут числом: 4,37"
    assert everything_wrong(screen) == {}
    popover.low.set_value("3,002")
    popover.agree()
    answered(screen)
    assert chips(screen) == ["Средний балл ≥ 3,002"]
    assert min(column(screen, "prior_education_id__average")) == "3,002"


def test_several_sort_keys_by_keyboard_keep_their_places(screen: ListScreen) -> None:
    put_frame(screen, 0, "person_id__birth_date")
    screen.table.sort_here(adding=False)
    answered(screen)
    put_frame(screen, 0, "reg_no")
    screen.table.sort_here(adding=True)
    put_frame(screen, 0, "person_id__birth_date")
    screen.table.sort_here(adding=True)
    answered(screen)
    assert screen.sort == (("person_id__birth_date", True), ("reg_no", False))
    shown = list(
        zip(column(screen, "person_id__birth_date"), column(screen, "reg_no"), strict=True)
    )
    by_number = sorted(shown, key=lambda pair: pair[1])
    assert shown == sorted(by_number, key=lambda pair: (pair[0][6:], pair[0][3:5]), reverse=True)


def test_groups_are_counted_summed_and_folded_by_keyboard(screen: ListScreen) -> None:
    put_frame(screen, 0, "person_id__birth_date")
    screen.group_here()
    answered(screen)
    table = screen.table
    assert screen.source.rows(0, 1)[0][0] == "11.01.2010 — 4 записи"
    assert table.count.text() == "60"
    put_frame(screen, 0, "reg_no")
    spoken = table.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Группа 11.01.2010 — 4 записи, развёрнута. Средний балл: ср. 3,")
    rows = table.model.rowCount()
    press(table.view, Key.Key_Left)
    assert table.model.rowCount() == rows - 4
    press(table.view, Key.Key_Right)
    assert table.model.rowCount() == rows
    press(table.view, Key.Key_Left, SHIFT)
    assert table.model.rowCount() == len(screen.found.groups if screen.found else ())
    table.view.selectAll()
    assert (table.selected_count(), table.selected_keys(), table.current_key()) == (0, [], None)
    press(table.view, Key.Key_Return)
    assert table.model.rowCount() > 18
    assert everything_wrong(screen) == {}


def test_totals_follow_the_filter(screen: ListScreen) -> None:
    assert screen.totals.text() == "Средний балл: в среднем 3,003"
    typed(screen, "рег:05-00000")
    assert screen.totals.text() == "Средний балл: в среднем 3,00"


@pytest.mark.parametrize("spec", LISTS, ids=lambda spec: spec.name)
def test_13_every_list_sorts_by_each_column_and_filters_by_each(store: Store, spec: object) -> None:
    """Of the applicants each cell finds its own row; of the others the question is answered."""
    listed = next(each for each in LISTS if each is spec)
    keys = [c.key for c in listed.columns]
    every = store.sift(listed.name, Sift(), listed.order)
    first = store.list_page(listed.name, every[:1])
    for place, each in enumerate(listed.columns):
        for down in (False, True):
            found = store.sift(listed.name, Sift(by=(each.key, down)), ((each.key, down),))
            shown = [r.texts[place] for r in store.list_page(listed.name, found)]
            assert sorted(found) == sorted(every)
            if kind_of(each) is Kind.TEXT:
                assert shown == sorted(shown, key=sort_key, reverse=down)
        shown_cell = first[0].texts[place] if first else ""
        condition = of_cell(each, shown_cell) or Condition(each.key, Op.EMPTY)
        kept = store.sift(listed.name, Sift("", keys, (condition,)), listed.order)
        but = Condition(each.key, condition.op, condition.low, condition.high, negated=True)
        others = store.sift(listed.name, Sift("", keys, (but,)), listed.order)
        assert sorted([*kept, *others]) == sorted(every), written(listed.columns, [condition])
        assert all(
            r.texts[place] == shown_cell
            for r in store.list_page(listed.name, kept)
            if kind_of(each) is not Kind.DAY
        )
        assert not first or every[0] in kept
