"""One registry: no key twice, no key that the Russian layout swallows, and the list shows them all."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from client.kit.actions import Action, Actions, KeysDialog
from client.shell.frame import MainFrame
from tests.client.conftest import Dress


@pytest.fixture
def actions(qtbot: QtBot, dress: Dress) -> Actions:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = Actions(window)
    made.add(Action("save", "Записать", "Ctrl+S", lambda: None))
    return made


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("save", "F2"),
        ("other", "Ctrl+S"),
        ("help", "Ctrl+/"),
        ("alt", "Ctrl+Alt+K"),
        ("dot", "Ctrl+."),
    ],
)
def test_a_clash_or_a_dead_key_is_refused(actions: Actions, name: str, keys: str) -> None:
    with pytest.raises(ValueError, match=r"taken|there already|does not fire"):
        actions.add(Action(name, "Что-то", keys, lambda: None))


def test_the_list_of_keys_is_the_registry(qtbot: QtBot, dress: Dress) -> None:
    frame = MainFrame()
    qtbot.addWidget(frame)
    dialog = KeysDialog(frame.actions_of_window, frame)
    keys = [(action.shortcut, action.text) for action in frame.actions_of_window if action.shortcut]
    assert sorted(dialog.shown) == sorted(keys)
    assert ("Ctrl+K", "Найти человека, документ или команду") in dialog.shown


def test_a_key_of_a_table_is_told_of_without_a_handler(actions: Actions) -> None:
    assert actions.add(Action("add", "Добавить запись", "Ins", group="Список")) is None
    assert [action.id for action in actions.by_group()["Список"]] == ["add"]
