"""Fields take any spelling, put it right when left, and never hold the focus or lose what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.fields import FlagEdit, FormatEdit, TextEdit
from client.kit.forms import FieldRow, FormArea, Section
from client.kit.pick import ChoiceEdit, LookupEdit
from common.kit import formats
from common.people.formats import AVERAGE
from tests.client.conftest import Dress
from tests.widget_checks import settle

TypeText = Callable[[QWidget, str], None]


def press(widget: QWidget, key: Qt.Key) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


@pytest.mark.parametrize("how", ["typed", "pasted"])
@pytest.mark.parametrize(
    ("kind", "spelling", "canonical"),
    [
        (formats.PHONE, "8 (913) 123-45-67", "+7 913 123-45-67"),
        (formats.PHONE, "89131234567", "+7 913 123-45-67"),
        (formats.PHONE, "+7 913 123 45 67", "+7 913 123-45-67"),
        (formats.DAY, "01.09.08", "01.09.2008"),
        (formats.DAY, "1/9/2008", "01.09.2008"),
        (formats.DAY, "01092008", "01.09.2008"),
        (formats.DAY, "2008-09-01", "01.09.2008"),
        (formats.DAY, "1 сентября 2008 г.", "01.09.2008"),
        (formats.SNILS, " 112-233-445 95 ", "112-233-445 95"),
        (formats.SNILS, "11223344595", "112-233-445 95"),
        (formats.SNILS, "СНИЛС 112 233 445 95", "112-233-445 95"),
        (formats.PASSPORT_SERIES, "32 22", "3222"),
        (formats.PASSPORT_NUMBER, " 904511", "904511"),
        (formats.NAME, "КУЗНЕЦОВА", "Кузнецова"),
        (formats.DEPARTMENT_CODE, "420012", "420-012"),
        (AVERAGE, "4.37", "4,37"),
    ],
)
def test_any_spelling_becomes_the_canonical_one(
    how: str, kind: formats.Format, spelling: str, canonical: str,
    qtbot: QtBot, dress: Dress, type_text: TypeText,
) -> None:  # fmt: skip
    editor = FormatEdit(kind, "Поле")
    qtbot.addWidget(editor)
    if how == "typed":
        type_text(editor.line, spelling)
    else:
        QApplication.clipboard().setText(spelling)
        editor.line.paste()
    editor.settle()
    assert editor.line.text() == canonical


@pytest.mark.parametrize(
    ("kind", "written", "words"),
    [
        (formats.SNILS, "148-562-903 16", "Контрольное число не сходится — сверьте с документом"),
        (formats.SNILS, "1,12E+10", "Excel испортил число"),
        (formats.PHONE, "38-45-12", "Местный номер без кода города"),
        (formats.DAY, "31.02.2008", "Такого дня нет в календаре"),
        (formats.PASSPORT_SERIES, "322", "Серия паспорта — 4 цифры, сейчас 3"),
    ],
)
def test_what_cannot_be_read_stays_as_it_was_typed_with_the_reason_beside(
    kind: formats.Format, written: str, words: str, qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    editor = FormatEdit(kind, "Поле")
    qtbot.addWidget(editor)
    type_text(editor.line, written)
    editor.settle()
    assert editor.line.text() == written
    assert editor.message()[0].startswith(words)
    assert editor.message()[1] == "error"
    assert editor.problem() == editor.message()[0]
    assert editor.line.accessibleDescription() == editor.message()[0]


def test_an_empty_field_is_empty_and_right(qtbot: QtBot, dress: Dress) -> None:
    editor = FormatEdit(formats.PHONE, "Телефон")
    qtbot.addWidget(editor)
    editor.settle()
    assert (editor.value(), editor.problem(), editor.is_dirty()) == (None, None, False)


def test_the_canonical_form_stands_beside_while_typing(
    qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    editor = FormatEdit(formats.PHONE, "Телефон")
    qtbot.addWidget(editor)
    type_text(editor.line, "8 923 481 20 17")
    assert editor.message() == ("→ +7 923 481-20-17", "hint")


def test_a_stored_value_is_shown_clean_and_typing_makes_it_dirty(
    qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    editor = FormatEdit(formats.DAY, "Дата рождения")
    qtbot.addWidget(editor)
    editor.set_value(dt.date(2008, 9, 1))
    assert (editor.line.text(), editor.is_dirty()) == ("01.09.2008", False)
    with qtbot.waitSignal(editor.changed):
        type_text(editor.line, "1")
    assert editor.is_dirty()
    editor.mark_clean()
    assert not editor.is_dirty()


@pytest.fixture
def form(qtbot: QtBot, dress: Dress) -> FormArea:
    section = Section("Паспорт")
    section.add(
        "Паспорт",
        FormatEdit(formats.PASSPORT_SERIES, "Серия", advance_at=4),
        FormatEdit(formats.PASSPORT_NUMBER, "Номер", advance_at=6),
    )
    section.add("Гражданство", ChoiceEdit([("643", "Россия"), ("398", "Казахстан")]), pinnable=True)
    section.add("Общежитие", FlagEdit(text="Нужно место"))
    section.add("Примечание", TextEdit())
    area = FormArea([section])
    qtbot.addWidget(area)
    area.resize(800, 500)
    with qtbot.waitActive(area):
        area.show()
    return area


def test_digits_move_the_focus_on(form: FormArea, type_text: TypeText) -> None:
    series, number, country, _, _ = form.editors()
    series.setFocus()
    type_text(focused(), "3222")
    assert focused() is number.focusProxy()
    type_text(focused(), "904511")
    assert focused() is country.focusProxy()


def test_enter_goes_through_the_form_and_past_the_pin(form: FormArea) -> None:
    editors = list(form.editors())
    editors[0].setFocus()
    for editor in editors[1:]:
        press(focused(), Qt.Key.Key_Return)
        assert focused() is editor.focusProxy()


def test_a_wrong_field_lets_the_focus_go(form: FormArea, type_text: TypeText) -> None:
    series, number, *_ = form.editors()
    series.setFocus()
    type_text(focused(), "32")
    press(focused(), Qt.Key.Key_Return)
    assert focused() is number.focusProxy()
    assert series.message() == ("Серия паспорта — 4 цифры, сейчас 2", "error")


def test_tab_leaves_a_long_text(form: FormArea) -> None:
    *_, note = form.editors()
    note.setFocus()
    press(focused(), Qt.Key.Key_Tab)
    assert focused() is not note.focusProxy()


def test_a_pinned_field_stands_in_blue(form: FormArea) -> None:
    _, _, country, _, _ = form.editors()
    country.set_pinned(True)
    assert country._inner.property("state") == "pinned"
    country.set_message("Проверьте", "error")
    assert country._inner.property("state") == "error"
    country.set_message(None)
    assert country._inner.property("state") == "pinned"


def test_the_note_of_a_row_shows_what_is_wrong(form: FormArea) -> None:
    row = form.sections[0].rows[0]
    assert isinstance(row, FieldRow)
    row.editors[0].set_message("Серия паспорта — 4 цифры", "error")
    settle()
    assert (row.note.isVisible(), row.note.text()) == (True, "Серия паспорта — 4 цифры")
    row.editors[0].set_message(None)
    assert not row.note.isVisible()


def test_words_under_a_field_make_room_for_themselves_in_any_number_of_columns(
    form: FormArea, qtbot: QtBot
) -> None:
    row = form.sections[0].rows[1]
    assert isinstance(row, FieldRow)
    for width in (800, 1300, 700):
        form.resize(width, 500)
        settle()
        before = row.height()
        row.editors[0].set_message("Выберите из списка", "error")
        settle()
        assert row.height() - before >= row.note.height()
        row.editors[0].set_message(None)
        settle()


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("bdfyjd", "Набрано латиницей. Если это «Иванов», смените раскладку и наберите снова"),
        ("Смирнjd", "Среди русских букв есть латинские: «jd». Проверьте раскладку"),
        ("Иванов", ""),
        ("ИВAНОВ", ""),
    ],
)
def test_a_name_in_the_wrong_layout_is_doubted_and_stored(
    qtbot: QtBot, dress: Dress, type_text: TypeText, typed: str, doubt: str
) -> None:
    editor = FormatEdit(formats.NAME, "Фамилия")
    qtbot.addWidget(editor)
    type_text(editor.line, typed)
    editor.settle()
    assert editor.message() == (doubt, "warn" if doubt else "")
    assert editor.problem() is None


@pytest.mark.parametrize(
    "typed", ["очно", "jxyj", "заоч", "ОЧНО-З"], ids=["начало", "раскладка", "слово", "регистр"]
)
def test_letters_and_enter_choose(
    typed: str, qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    editor = ChoiceEdit([(1, "Заочная"), (2, "Очно-заочная")], "Форма обучения")
    qtbot.addWidget(editor)
    editor.show()
    type_text(editor.line, typed)
    press(editor.line, Qt.Key.Key_Return)
    assert editor.value() == (1 if typed == "заоч" else 2)
    assert editor.line.text() == ("Заочная" if typed == "заоч" else "Очно-заочная")


def test_what_fits_once_is_chosen_by_leaving(
    qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    editor = ChoiceEdit([(1, "Заочная"), (2, "Очная"), (3, "Очно-заочная")], "Форма")
    qtbot.addWidget(editor)
    type_text(editor.line, "очна")
    editor.settle()
    assert (editor.value(), editor.line.text()) == (2, "Очная")


def test_what_fits_often_asks_for_the_list(qtbot: QtBot, dress: Dress, type_text: TypeText) -> None:
    editor = ChoiceEdit([(1, "Заочная"), (2, "Очная")], "Форма")
    qtbot.addWidget(editor)
    type_text(editor.line, "ная")
    editor.settle()
    assert (editor.value(), editor.line.text()) == (None, "ная")
    assert editor.problem() == "Подходит несколько значений: выберите из списка"


def test_f4_opens_the_whole_list_and_arrows_go_through_it(qtbot: QtBot, dress: Dress) -> None:
    editor = ChoiceEdit([(1, "Заочная"), (2, "Очная"), (3, "Дистанционная")], "Форма")
    qtbot.addWidget(editor)
    editor.show()
    editor.set_value(2)
    press(editor.line, Qt.Key.Key_F4)
    assert editor.list_is_open()
    press(editor.line, Qt.Key.Key_Down)
    press(editor.line, Qt.Key.Key_Return)
    assert (editor.value(), editor.list_is_open()) == (3, False)


def test_escape_closes_the_list_and_changes_nothing(qtbot: QtBot, dress: Dress) -> None:
    editor = ChoiceEdit([(1, "Заочная"), (2, "Очная")], "Форма")
    qtbot.addWidget(editor)
    editor.show()
    editor.set_value(1)
    press(editor.line, Qt.Key.Key_F4)
    press(editor.line, Qt.Key.Key_Escape)
    assert (editor.value(), editor.list_is_open()) == (1, False)


def find(text: str, limit: int) -> list[tuple[int, str, str]]:
    people = [(7, "Иванова Анна", "СД-21"), (8, "Иванова Анна", "ИСП-11"), (9, "Ким Олег", "")]
    return [one for one in people if text.casefold() in one[1].casefold()][:limit]


def test_a_lookup_tells_namesakes_apart(qtbot: QtBot, dress: Dress, type_text: TypeText) -> None:
    editor = LookupEdit(find, lambda key: f"№ {key}", "Студент")
    qtbot.addWidget(editor)
    editor.show()
    type_text(editor.line, "ива")
    press(editor.line, Qt.Key.Key_Down)
    press(editor.line, Qt.Key.Key_Return)
    assert (editor.value(), editor.line.text()) == (8, "Иванова Анна")
    editor.settle()
    assert editor.value() == 8


LONG = "09.02.07 Информационные системы и программирование, на базе 9 кл., очная, "


def test_options_that_differ_at_their_ends_are_told_apart(
    qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    notes = ["Областной бюджет · мест 50", "По договорам · мест 25"]
    options = [(n, LONG + end, notes[n]) for n, end in enumerate(("бюджет", "договор"))]
    window = QWidget()
    editor = LookupEdit(lambda text, limit: options, str, "Группа", parent=window)
    qtbot.addWidget(window)
    window.resize(760, 400)
    editor.setFixedWidth(300)
    window.show()
    type_text(editor.line, "09")
    assert editor._list is not None
    labels = editor._list.fontMetrics().horizontalAdvance(LONG + "договор")
    assert labels < editor._list.width() <= 760
    row = editor._list.visualItemRect(editor._list.item(0))
    assert row.height() == 50  # the note stands beneath
    assert editor._list.height() >= 2 * row.height()


def test_a_stored_value_of_a_lookup_is_named(qtbot: QtBot, dress: Dress) -> None:
    editor = LookupEdit(find, lambda key: f"№ {key}", "Студент")
    qtbot.addWidget(editor)
    editor.set_value(7)
    assert (editor.line.text(), editor.value(), editor.is_dirty()) == ("№ 7", 7, False)
