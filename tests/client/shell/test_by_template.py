"""An office's own Word template: its fields are found, its faults named, and papers made of it at a desk."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

import pytest
from docx import Document
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.shell.by_template import ByTemplate, FieldsWindow
from client.shell.templates import CHOOSE
from client.store.store import Store
from client.store.templating import GONE, Made
from common.admissions.lists import APPLICANTS
from common.kit.sync import READ, Command
from tests.client.conftest import Dress, OpenDesktop
from tests.client.kit.test_told import told
from tests.widget_checks import everything_wrong

NAME = "{{ физическое_лицо.фио | дательный }}"


def template(place: Path, *paragraphs: str) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(place))
    return place


def texts(path: Path) -> list[str]:
    return [p.text for p in Document(io.BytesIO(path.read_bytes())).paragraphs]


@pytest.fixture
def asked(filled_store: Store, tmp_path: Path, qtbot: QtBot, dress: Dress) -> ByTemplate:
    dress()
    ids = [UUID(id) for id in filled_store.all("applicant")][:3]
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    parent = ListScreen(filled_store, APPLICANTS, tones={})
    qtbot.addWidget(parent)
    made = ByTemplate(filled_store, "applicant", ids, settings, parent)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_papers_are_made_one_for_each_and_none_over_another(
    asked: ByTemplate, tmp_path: Path, qtbot: QtBot
) -> None:
    own = template(tmp_path / "Справка: «о приёме».docx", f"Дана {NAME}, № {{{{ рег_номер }}}}")
    folder = tmp_path / "вышло"
    folder.mkdir()
    asked.take(own)
    qtbot.waitUntil(lambda: asked.template is not None, timeout=20_000)
    assert "ошибок нет" in asked.meaning.text()
    with qtbot.waitSignal(asked.made, timeout=20_000) as said:
        asked.write(folder)
    made: Made = said.args[0]
    assert (len(made.files), made.refused) == (3, ())
    assert {path.parent for path in made.files} == {folder}
    for id, path in zip(asked.ids, made.files, strict=True):
        record = asked.store.get("applicant", id)
        assert record is not None
        (said,) = texts(path)
        assert said.endswith(f"№ {record['reg_no']}")
        assert "{{" not in said
    assert told(asked.store) == [("print", "applicant", id.hex) for id in asked.ids]
    again = ByTemplate(asked.store, "applicant", asked.ids[:1], asked.settings, asked)
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.waitUntil(lambda: again.template is not None, timeout=20_000)  # the last one is offered
    with qtbot.waitSignal(again.made, timeout=20_000) as said:
        again.write(folder)
    assert said.args[0].files[0].name.endswith("(1).docx")


@pytest.mark.parametrize(("dark", "scale"), [(False, 1.0), (True, 1.5)])
def test_faults_are_listed_by_their_place_and_nothing_is_made(
    asked: ByTemplate, tmp_path: Path, qtbot: QtBot, dress: Dress, *, dark: bool, scale: float
) -> None:
    dress(dark=dark, scale=scale)
    asked.take(template(tmp_path / "а.docx", "Текст", "{{ рег_номр }}", "{% если рег_номер %}"))
    qtbot.waitUntil(asked.faults.isVisible, timeout=20_000)
    first, second = asked.faults.model.source.rows(0, 2)
    assert first[:2] == ("абзац 2", "{{ рег_номр }}")
    assert "может быть, «рег_номер»" in first[2]
    assert second[0] == "абзац 3"
    assert "в шаблоне 2 ошибки" in asked.meaning.text()
    assert not asked.yes.isEnabled()
    assert everything_wrong(asked) in ({}, {"latin_words": ["docx"]})


def test_a_file_that_is_no_template_is_refused_in_words(
    asked: ByTemplate, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "б.docx"
    broken.write_bytes(b"PK\x03\x04")
    asked.take(broken)
    qtbot.waitUntil(asked.trouble.isVisible, timeout=20_000)
    assert "повреждён" in asked.trouble.text()
    asked.take(tmp_path / "нет.docx")
    qtbot.waitUntil(lambda: "больше нет на прежнем месте" in asked.trouble.text(), timeout=20_000)


def test_what_this_person_may_not_see_is_named_and_not_printed(
    asked: ByTemplate, tmp_path: Path, qtbot: QtBot
) -> None:
    held = [p for p in asked.store.journal.fact("permissions", []) if not p.endswith(".P3")]
    with asked.store.lock:
        asked.store.journal.set_facts(permissions=held)
    for text, label in (
        ("{{ особые_условия_овз_инвалидность }}", "Особые условия (ОВЗ, инвалидность)"),
        ("{% если особые_права_поступающих %}льгота{% конец %}", "Особые права поступающих"),
        ("{{ особые_права_поступающих.льгота.код }}", "Особые права поступающих"),
    ):
        asked.take(template(tmp_path / "в.docx", text))
        qtbot.waitUntil(asked.trouble.isVisible, timeout=20_000)
        assert label in asked.trouble.text()
        assert not asked.yes.isEnabled()


def test_restricted_fields_on_paper_are_read_and_a_record_that_is_gone_is_named(
    asked: ByTemplate, tmp_path: Path, qtbot: QtBot
) -> None:
    asked.ids = (asked.ids[0], UUID(int=404))
    own = template(tmp_path / "г.docx", "{{ особые_условия_овз_инвалидность | если_пусто('нет') }}")
    asked.take(own)
    qtbot.waitUntil(lambda: asked.template is not None, timeout=20_000)
    with qtbot.waitSignal(asked.made, timeout=20_000) as said:
        asked.write(tmp_path)
    made: Made = said.args[0]
    assert len(made.files) == 1
    assert made.refused == (("000194", GONE),)
    bodies = [entry.op.body for entry in asked.store.journal.entries("entity = ''")]
    read = [b.args["id"] for b in bodies if isinstance(b, Command) and b.name == READ]
    assert asked.ids[0].hex in read
    assert asked.faults.model.source.rows(0, 1)[0][2] == GONE


def test_fields_are_found_in_either_layout_and_copied_by_enter(qtbot: QtBot, dress: Dress) -> None:
    dress()
    window = FieldsWindow("applicant")
    qtbot.addWidget(window)
    window.resize(800, 560)
    with qtbot.waitExposed(window):
        window.show()
    window.table.quick.setText("lfnf hj;l")
    window.table.filter_asked.emit("lfnf hj;l")
    tag = "{{ физическое_лицо.дата_рождения }}"
    assert window.table.model.source.rows(0, 1)[0][0] == tag
    window.table.select_keys([tag], tag)
    QTest.keyPress(window.table.view, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == tag
    assert set(everything_wrong(window)) <= {"latin_words", "latin_cells"}


def test_it_is_asked_for_what_is_in_front(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.start()
    listed = desktop.frame.current_page()
    assert isinstance(listed, ListScreen)
    desktop.templates.open_fields()
    shown = desktop.frame.current_page()
    assert isinstance(shown, FieldsWindow)
    desktop.templates.print()
    assert desktop.frame.status.text.text() == CHOOSE
    desktop.work.open_section(APPLICANTS.name)
    qtbot.waitUntil(lambda: listed.table.model.rowCount() > 0)
    listed.table.view.selectRow(1)
    desktop.templates.print()
    (dialog,) = desktop.frame.findChildren(ByTemplate)
    assert len(dialog.ids) == 1
    dialog.reject()
