"""Named views of a list: kept at the desk, told apart by «*», never lost to a newer or an older program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.kit.view_panel import NEWER
from client.kit.views import View, view_of
from client.shell.lists import LISTS
from client.store.store import Store
from common.admissions.entities import Applicant
from common.admissions.lists import APPLICANTS
from common.kit.conditions import Condition, Op
from common.kit.lists import ListSpec, column
from tests.bench import fill
from tests.client.conftest import KEY, Dress
from tests.widget_checks import everything_wrong, settle

Open = Callable[..., ListScreen]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("views"), KEY, LISTS)
    fill(made, 12)
    yield made
    made.close()


@pytest.fixture
def open_list(profile: Store, qtbot: QtBot, dress: Dress) -> Open:
    """Each opening stands for a start of the program."""
    profile.keep("list:applicants", {})

    def make(spec: ListSpec = APPLICANTS) -> ListScreen:
        made = ListScreen(profile, spec)
        qtbot.addWidget(made)
        made.resize(900, 560)
        made.show()
        answered(made)
        return made

    return make


def answered(screen: ListScreen) -> None:
    for _ in range(2):
        screen.background.wait()
        settle()


def leave(screen: ListScreen) -> None:
    screen.menu.keep()
    answered(screen)
    screen.hide()


def press(screen: ListScreen, words: str) -> None:
    """A line of the panel."""
    screen.menu.open()
    assert screen.menu.panel is not None
    lines = screen.menu.panel.findChildren(QPushButton)
    next(line for line in lines if line.text().strip() == words).click()
    answered(screen)


def name(screen: ListScreen, words: str, way: str) -> None:
    screen.menu.open()
    assert screen.menu.panel is not None
    screen.menu.panel.name.set_value(words)
    lines = screen.menu.panel.findChildren(QPushButton)
    next(line for line in lines if line.text().strip() == way).click()
    answered(screen)


def labelled(screen: ListScreen) -> str:
    return screen.menu.button.text().strip()


def mine(screen: ListScreen) -> View:
    """Columns, widths, order, filter, sort and group: all that a view holds."""
    table = screen.table
    table.show_column(5, shown=False)
    table.header.moveSection(table.header.visualIndex(4), 1)
    table.header.resizeSection(1, 333)
    table.sort_by(2, adding=False)
    screen.filter.add(Condition("state", Op.HAS, "Принято"))
    screen.filter.type("анна")
    table.quick.setText("анна")
    screen.group_by("source")
    answered(screen)
    return screen.look()


def test_12_a_view_is_saved_told_as_changed_and_back_after_a_restart(
    open_list: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    screen = open_list()
    seen = mine(screen)
    assert labelled(screen) == "Весь список *"
    name(screen, "Мои & группы", "Сохранить как новый вид")
    assert labelled(screen) == "Мои && группы"
    screen.table.show_column(6, shown=False)
    assert labelled(screen) == "Мои && группы *"
    left = screen.look()
    leave(screen)

    again = open_list()
    assert (labelled(again), again.look()) == ("Мои && группы *", left)
    press(again, "Сбросить вид")
    assert (labelled(again), again.look()) == ("Мои && группы", seen)
    assert again.source.count() == 4  # three Annas under the heading of their source
    assert everything_wrong(again) == {}
    leave(again)

    added = column(Applicant.language_studied, width=90)
    upgraded = replace(APPLICANTS, columns=(*APPLICANTS.columns, added))
    other = Store(tmp_path / "upgraded", KEY, (upgraded,))
    other.keep("list:applicants", again.store.kept("list:applicants"))
    later = ListScreen(other, upgraded)
    qtbot.addWidget(later)
    answered(later)
    assert labelled(later) == "Мои && группы"
    assert "language_studied" in later.visible()
    assert later.visible()[:2] == seen.columns.order[:2]
    assert later.filter.conditions == seen.conditions
    other.close()


def test_a_view_is_saved_over_renamed_and_deleted(open_list: Open) -> None:
    screen = open_list()
    name(screen, "Мой", "Сохранить как новый вид")
    screen.table.show_column(3, shown=False)
    press(screen, "Сохранить изменения")
    assert labelled(screen) == "Мой"
    name(screen, "Наш", "Переименовать")
    assert labelled(screen) == "Наш"
    press(screen, "Весь список")
    assert "choices" in screen.visible()
    name(screen, "наш", "Сохранить как новый вид")
    assert screen.menu.panel is not None
    assert screen.menu.panel.said.text() == "Вид «наш» уже есть: возьмите другое имя"
    screen.menu.panel.close_quietly()
    press(screen, "Наш")
    assert "choices" not in screen.visible()
    press(screen, "Удалить вид")
    assert labelled(screen) == "Весь список *"
    screen.background.wait()  # kept at once
    screen.hide()
    assert list(open_list().menu.views.names()) == []


def test_a_view_of_a_newer_program_is_shown_with_a_word_and_not_lost(
    open_list: Open, profile: Store
) -> None:
    newer = {"version": 2, "name": "Новый", "shades": [1], "order": ["name"], "words": "анна"}
    broken = {"version": 3, "name": "Иной", "order": {"by": "magic"}}
    profile.keep("list:applicants", {"views": {"a": newer, "b": broken}, "chosen": "a"})
    screen = open_list()
    assert labelled(screen) == "Новый"
    assert screen.filter.words == "анна"
    screen.menu.open()
    assert screen.menu.panel is not None
    lines = {line.text().strip() for line in screen.menu.panel.findChildren(QPushButton)}
    assert "Новый  (новее программы)" in lines
    assert lines & {"Переименовать", "Удалить вид", "Сохранить изменения"} == set()
    assert NEWER in {label.text() for label in screen.menu.panel.findChildren(type(screen.note))}
    assert everything_wrong(screen) == {}
    screen.menu.panel.close_quietly()
    press(screen, "Иной  (новее программы)")
    assert screen.look() == screen.menu.plain
    leave(screen)
    assert profile.kept("list:applicants")["views"] == {"a": newer, "b": broken}


def test_a_view_of_the_office_stays_chosen_until_all_has_come(
    open_list: Open, profile: Store
) -> None:
    seen = {"version": 1, "name": "Общий", "order": ["name"], "words": "анна"}
    kept = {"views": {}, "chosen": "b" * 32, "seen": seen, "left": seen}
    profile.keep("list:applicants", kept)
    assert not profile.loaded()
    screen = open_list()
    assert (labelled(screen), screen.filter.words) == ("Общий", "анна")
    assert not screen.menu.views.may_change("b" * 32)  # its record is not here yet
    leave(screen)
    assert profile.kept("list:applicants")["chosen"] == "b" * 32
    assert profile.kept("list:applicants")["seen"]["name"] == "Общий"


def test_the_panel_is_used_by_keyboard_alone(open_list: Open) -> None:
    screen = open_list()
    screen.activateWindow()
    name(screen, "Мой", "Сохранить как новый вид")
    screen.menu.open()
    panel = screen.menu.panel
    assert panel is not None
    assert isinstance(panel.focusWidget(), QPushButton)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        focus = panel.focusWidget()
        QApplication.sendEvent(
            focus, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        )
    assert labelled(screen) == "Весь список"
    assert not panel.isVisible()


def test_what_a_view_says_is_read_back_the_same() -> None:
    view = View(by="state", conditions=(Condition("a", Op.RANGE, "1", "2", negated=True),))
    assert view_of(view.raw("Имя")) == view
