"""A cell is edited in its place where the declaration and the rights allow it; by keyboard, as in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.cell_edit import CellEdit
from client.kit.list_screen import ListScreen
from client.shell.lists import LISTS
from client.store.store import Store
from common.admissions.entities import CompetitiveGroup
from common.admissions.lists import GROUPS
from common.kit.lists import ListSpec, column
from common.kit.rights import Action
from tests.client.admissions.conftest import SECRETARY, fill, open_store
from tests.client.conftest import Dress
from tests.hostile import TEXTS
from tests.widget_checks import everything_wrong, settle

Key, Held = Qt.Key, Qt.KeyboardModifier
TypeText = Callable[[QWidget, str], None]
PLACES = 2
"""Where the column of places stands."""


def press(widget: QWidget | None, key: Qt.Key) -> None:
    assert widget is not None
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, Held.NoModifier))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "profile", SECRETARY)
    fill(made)
    yield made
    made.close()


@pytest.fixture
def screen(store: Store, qtbot: QtBot, dress: Dress) -> ListScreen:
    made = ListScreen(store, GROUPS)
    made.allow_edit(dict)
    qtbot.addWidget(made)
    made.resize(900, 500)
    with qtbot.waitActive(made):
        made.show()
    qtbot.waitUntil(lambda: made.total == 4)
    return made


def stand(screen: ListScreen, row: int, place: int = PLACES) -> None:
    screen.table.view.setFocus()
    screen.table.view.setCurrentIndex(screen.table.model.index(row, place))


def cell(screen: ListScreen, qtbot: QtBot) -> CellEdit:
    qtbot.waitUntil(lambda: screen.inline.cell is not None)
    assert screen.inline.cell is not None
    return screen.inline.cell


def is_open(screen: ListScreen) -> bool:
    return screen.inline.cell is not None


def stored(store: Store, screen: ListScreen, row: int, name: str) -> Any:
    record = store.get("competitive_group", screen.source.id_at(row))
    assert record is not None
    return record[name]


def test_typing_begins_enter_stores_and_goes_down(
    screen: ListScreen, store: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    said: list[tuple[str, Any]] = []
    screen.changed_many.connect(lambda words, undo: said.append((words, undo)))
    stand(screen, 0)
    type_text(screen.table.view, "30")
    editing = cell(screen, qtbot)
    field = editing.editor.focusProxy()
    assert field is not None
    assert field.hasFocus()
    qtbot.waitUntil(lambda: editing.editor.value() == 30)
    settle()
    assert everything_wrong(screen) == {}
    press(field, Key.Key_Return)
    qtbot.waitUntil(lambda: stored(store, screen, 0, "places") == 30)
    assert (screen.inline.cell, screen.table.view.currentIndex().row()) == (None, 1)
    qtbot.waitUntil(lambda: len(said) == 1)
    assert said[0][0] == "«Мест» изменено"
    said[0][1]()
    assert stored(store, screen, 0, "places") == 25


def type_over(
    screen: ListScreen, row: int, text: str, qtbot: QtBot, type_text: TypeText
) -> tuple[CellEdit, QWidget]:
    """The open cell and its line, with that text in the place of the number."""
    stand(screen, row)
    press(screen.table.view, Key.Key_F2)
    editing = cell(screen, qtbot)
    field = editing.editor.focusProxy()
    assert field is not None
    assert editing.editor.value() == 25
    field.selectAll()  # type: ignore[attr-defined]  # a line of text
    type_text(field, text)
    return editing, field


def test_a_wrong_value_is_refused_in_its_place_and_escape_gives_up(
    screen: ListScreen, store: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    editing, field = type_over(screen, 1, "много", qtbot, type_text)
    press(field, Key.Key_Return)
    assert screen.inline.cell is editing
    assert editing.notes.text() != ""
    settle()
    assert everything_wrong(screen) == {}
    press(editing, Key.Key_Escape)
    assert not is_open(screen)
    assert screen.table.view.hasFocus()
    assert stored(store, screen, 1, "places") == 25


def test_another_cell_opens_after_what_was_typed_in_the_first_is_stored(
    screen: ListScreen, store: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    stand(screen, 0)
    type_text(screen.table.view, "30")
    first = cell(screen, qtbot)
    qtbot.waitUntil(lambda: first.editor.value() == 30)
    stand(screen, 1)
    type_text(screen.table.view, "41")
    qtbot.waitUntil(lambda: screen.inline.cell not in (None, first))
    second = cell(screen, qtbot)
    qtbot.waitUntil(lambda: second.editor.value() == 41)
    assert (stored(store, screen, 0, "places"), stored(store, screen, 1, "places")) == (30, 25)
    assert (second.place.row_id, screen.table.view.currentIndex().row()) == (
        screen.source.id_at(1),
        1,
    )


def test_what_cannot_be_stored_is_mended_before_another_cell_opens(
    screen: ListScreen, qtbot: QtBot, type_text: TypeText
) -> None:
    editing, field = type_over(screen, 0, "много", qtbot, type_text)
    stand(screen, 1)
    press(screen.table.view, Key.Key_F2)
    screen.inline.background.wait()
    settle()
    assert screen.inline.cell is editing
    assert editing.notes.text() != ""
    assert field.hasFocus()


def test_tab_goes_to_the_next_cell_that_may_be_typed_in(
    screen: ListScreen, store: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    stand(screen, 0)
    type_text(screen.table.view, "31")
    editing = cell(screen, qtbot)
    qtbot.waitUntil(lambda: editing.editor.value() == 31)
    press(editing.editor.focusProxy(), Key.Key_Tab)
    qtbot.waitUntil(lambda: stored(store, screen, 0, "places") == 31)
    here = screen.table.view.currentIndex()
    assert (here.row(), screen.table.model.columns()[here.column()].id) == (0, "duration")


def test_elsewhere_typing_filters_and_f2_says_where_it_is_edited(
    screen: ListScreen, type_text: TypeText
) -> None:
    stand(screen, 0, 0)
    press(screen.table.view, Key.Key_F2)
    assert screen.filter.bar.said.text() == "«Название группы» правят в карточке: Enter."
    type_text(screen.table.view, "эк")
    assert (screen.table.quick.text(), screen.inline.cell) == ("эк", None)


def test_without_the_right_and_over_what_is_being_typed_nothing_opens(
    screen: ListScreen, store: Store
) -> None:
    stand(screen, 0)
    id = screen.source.id_at(0)
    screen.inline.busy = lambda: {id: "открыта и не записана"}
    assert screen.inline.begin("3")
    assert screen.filter.bar.said.text() == (
        "Эта запись открыта и не записана: запишите её или закройте."
    )
    readers = [str(p) for p in SECRETARY.permissions if p.action is Action.READ]
    store.journal.set_facts(permissions=readers)
    assert not screen.inline.begin("3")
    assert screen.inline.cell is None


@pytest.mark.parametrize("name", ["sql", "formula", "script", "emoji", "long"])
def test_whatever_is_typed_is_stored_as_it_is_or_refused(
    name: str, screen: ListScreen, store: Store, qtbot: QtBot
) -> None:
    stand(screen, 0, [c.key for c in GROUPS.columns].index("duration"))
    press(screen.table.view, Key.Key_F2)
    editing = cell(screen, qtbot)
    before = stored(store, screen, 0, "duration")
    editing.editor.line.setText(TEXTS[name])  # type: ignore[attr-defined]  # a line of text
    typed = editing.editor.value()
    editing.finished.emit(0)
    if screen.inline.cell is editing:
        assert stored(store, screen, 0, "duration") == before
    else:
        qtbot.waitUntil(lambda: stored(store, screen, 0, "duration") == typed)


def test_a_column_that_does_not_change_alone_is_no_inline_one() -> None:
    with pytest.raises(ValueError, match="does not change alone"):
        ListSpec(
            "bad",
            "Нельзя",
            CompetitiveGroup,
            (column(CompetitiveGroup.campaign_id, inline=True),),
            (),
        )


@pytest.mark.parametrize("spec", LISTS, ids=lambda spec: spec.name)
def test_each_inline_column_of_a_list_has_a_field_of_its_own(spec: ListSpec) -> None:
    for each in spec.columns:
        if each.inline:
            assert each.make is None
            assert each.sources[0].field.target is None
