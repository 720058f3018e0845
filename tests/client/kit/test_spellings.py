"""Check 19 at the field: each spelling typed, and pasted, becomes the canonical one or says in Russian why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.fields import FormatEdit
from common.kit import formats
from common.kit.formats import Format
from common.people.formats import AVERAGE_OR_MARKS
from tests.client.conftest import Dress
from tests.common.kit.test_formats import READ, REFUSED

TypeText = Callable[[QWidget, str], None]

MARKS: list[tuple[Format, str, Any, str]] = [
    (AVERAGE_OR_MARKS, "4.37", 43_700, "4,37"),
    (AVERAGE_OR_MARKS, " 4,5 ", 45_000, "4,50"),
    (AVERAGE_OR_MARKS, "5х12, 4х6", 46_667, "4,6667"),
    (AVERAGE_OR_MARKS, "5 5 4 3", 42_500, "4,25"),
    (AVERAGE_OR_MARKS, "отл, хор, хор", 43_333, "4,3333"),
]
MARKS_REFUSED = [
    (AVERAGE_OR_MARKS, "5 5 2", "В аттестате нет отметки «2»"),
    (AVERAGE_OR_MARKS, "пятёрки", "«пятерки» — не отметка"),
]
TABLE = [*READ, *MARKS]
NEVER = [*REFUSED, *MARKS_REFUSED]


def type_into(editor: FormatEdit, text: str, type_text: TypeText) -> None:
    type_text(editor.line, text)


def paste_into(editor: FormatEdit, text: str, _type_text: TypeText) -> None:
    QApplication.clipboard().setText(text)
    editor.line.paste()


@pytest.fixture(params=[type_into, paste_into], ids=["typed", "pasted"])
def enter(request: pytest.FixtureRequest) -> Callable[..., None]:
    way: Callable[..., None] = request.param
    return way


def test_19_the_table_is_long_enough_and_has_every_kind() -> None:
    kinds = {kind.name for kind, *_ in TABLE}
    assert {"day", "phone", "snils", "inn", "passport_series", "passport_number"} <= kinds
    assert {"department_code", "money", "marks"} <= kinds
    assert (len(TABLE) >= 40, len(NEVER) >= 40) == (True, True)


def test_19_every_spelling_becomes_the_canonical_one(
    enter: Callable[..., None], qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    wrong = {}
    for kind, spelling, value, canonical in TABLE:
        editor = FormatEdit(kind, "Поле")
        qtbot.addWidget(editor)
        enter(editor, spelling, type_text)
        editor.settle()
        if (editor.value(), editor.line.text(), editor.problem()) != (value, canonical, None):
            wrong[kind.name, spelling] = (editor.value(), editor.line.text(), editor.problem())
    assert wrong == {}


def test_19_what_cannot_be_read_stays_letter_by_letter_with_a_russian_reason(
    enter: Callable[..., None], qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    wrong = {}
    for kind, spelling, reason in NEVER:
        editor = FormatEdit(kind, "Поле")
        qtbot.addWidget(editor)
        enter(editor, spelling, type_text)
        editor.settle()
        said, tone = editor.message()
        stays = (editor.line.text(), editor.value()) == (spelling, None)
        told = said.casefold().startswith(reason.casefold()) and re.search("[а-яё]", said)
        if not (stays and told and tone == "error" and editor.problem()):
            wrong[kind.name, spelling] = (editor.line.text(), editor.value(), said, tone)
    assert wrong == {}


def test_19_a_long_paste_is_not_cut_in_silence(qtbot: QtBot, dress: Dress) -> None:
    editor = FormatEdit(formats.TEXT, "Поле")
    qtbot.addWidget(editor)
    QApplication.clipboard().setText("д" * 40_000)
    editor.line.paste()
    editor.settle()
    assert editor.value() == "д" * 40_000
