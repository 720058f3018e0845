"""An address in one line: stored as it was typed, its parts read, told, put right by hand, and drafted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.people.address_edit import PARTS, AddressEdit, AddressParts
from tests.client.conftest import Dress
from tests.common.people.test_addresses import SAMPLES
from tests.widget_checks import everything_wrong

TypeText = Callable[[QWidget, str], None]
JURGA = "652050, г. Юрга, ул. Ленина, д. 5, кв. 12"


@pytest.fixture
def editor(qtbot: QtBot, dress: Dress) -> Iterator[AddressEdit]:
    window = QWidget()
    window.resize(760, 560)
    made = AddressEdit("Адрес регистрации", parent=window)
    qtbot.addWidget(window)
    window.show()
    yield made
    window.hide()  # and it lived until now


def parts_window(editor: AddressEdit) -> AddressParts:
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(editor.line, key)
    (found,) = editor.window().findChildren(AddressParts)
    return found


def test_19_an_address_is_kept_as_it_was_typed_with_the_parts_that_are_certain(
    editor: AddressEdit, type_text: TypeText
) -> None:
    for place, (line, parts, unparsed) in enumerate(each for each in SAMPLES if each[0].strip()):
        editor.set_value(None)
        if place % 2:
            type_text(editor.line, line)
        else:
            QApplication.clipboard().setText(line)
            editor.line.paste()
        editor.settle()
        assert editor.value() == " ".join(line.split())
        assert {n: v for n, v in editor.also().items() if v} == parts
        assert editor.message()[1] == ("warn" if unparsed else "hint")


def test_the_parts_are_told_beneath_the_line(editor: AddressEdit, type_text: TypeText) -> None:
    type_text(editor.line, JURGA)
    assert editor.message() == (
        "→ индекс 652050 · город Юрга · улица Ленина · дом 5 · квартира 12. F2 — исправить части",
        "hint",
    )
    type_text(editor.line, ", у вокзала")
    assert editor.message()[0].startswith("Не разобрано: «у вокзала». Строка сохранится целиком")


def test_parts_that_a_person_puts_right_stand_until_the_line_is_typed_anew(
    editor: AddressEdit, type_text: TypeText
) -> None:
    heard: list[object] = []
    editor.changed.connect(lambda: heard.append(editor.also()["street"]))
    type_text(editor.line, JURGA)
    window = parts_window(editor)
    assert everything_wrong(window) == {}
    window.editors["street"].line.setText("Ленинградская")
    window.editors["index"].line.setText("65205")
    window.agree()
    assert window.editors["index"].message() == ("Индекс — 6 цифр, сейчас 5", "error")
    window.editors["index"].line.setText("652050")
    window.agree()
    assert (heard[-1], editor.value()) == ("Ленинградская", JURGA)
    kept = editor.written()
    editor.set_value(None)
    editor.write(kept)  # as a draft does
    assert editor.also()["street"] == "Ленинградская"
    type_text(editor.line, "1")
    assert editor.also()["street"] == "Ленина"


def test_an_untouched_line_has_the_parts_that_are_stored(qtbot: QtBot, dress: Dress) -> None:
    editor = AddressEdit("Адрес", stored=lambda: {"city": "Юрга", "house": "7"})
    qtbot.addWidget(editor)
    editor.set_value("как записано")
    assert editor.also() == dict.fromkeys(PARTS) | {"city": "Юрга", "house": "7"}


def test_a_part_that_its_column_would_not_take_is_left_in_the_line(
    editor: AddressEdit, type_text: TypeText
) -> None:
    type_text(editor.line, f"г. Юрга, ул. Ленина, д. 5{'0' * 30}")
    assert (editor.also()["house"], editor.also()["street"]) == (None, "Ленина")
