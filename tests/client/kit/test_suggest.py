"""A line that offers usual words takes any other as well."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.kit.suggest import SuggestEdit
from tests.client.conftest import Dress
from tests.end_to_end.typist import Typist


@pytest.fixture
def editor(qtbot: QtBot, dress: Dress) -> SuggestEdit:
    made = SuggestEdit(("Алгебра", "Физика", "Физическая культура"), "Предмет")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    made.setFocus()
    QApplication.processEvents()
    return made


def test_two_letters_and_enter_take_the_usual_word(editor: SuggestEdit) -> None:
    typist = Typist()
    typist.type("фи")
    assert editor.list_is_open()
    typist.press(Qt.Key.Key_Down)
    typist.enter()
    assert editor.value() == "Физическая культура"


def test_another_word_stays_as_it_was_typed(editor: SuggestEdit) -> None:
    Typist().type("Шахматы")
    editor.settle()
    assert (editor.value(), editor.problem()) == ("Шахматы", None)


def test_a_known_word_gets_its_usual_spelling_and_a_part_of_one_does_not(
    editor: SuggestEdit,
) -> None:
    typist = Typist()
    typist.type("физика")
    editor.settle()
    assert editor.value() == "Физика"
    editor.set_value(None)
    typist.type("физ")
    editor.settle()
    assert editor.value() == "физ"
