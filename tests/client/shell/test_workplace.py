"""What was open comes back, what was pinned goes over, and F9 takes a value from the record before."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.drafts import write_into
from client.kit.record_page import RecordPage
from client.shell.desktop import Desktop
from client.store.store import Store
from common.admissions.lists import CAMPAIGNS, GROUPS
from tests.client.conftest import OpenDesktop
from tests.end_to_end.typist import Typist

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Iterator[Desktop]:
    made = open_desktop()
    in_front(made, qtbot)
    yield made
    end(made)


def in_front(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.frame.show()
    desktop.frame.activateWindow()
    qtbot.waitActive(desktop.frame)
    QApplication.processEvents()


def end(desktop: Desktop) -> None:
    """A modal question would wait for ever."""
    for opened in desktop.frame.findChildren(RecordPage):
        opened.form.discard()
    desktop.frame.hide()


def page(desktop: Desktop) -> RecordPage:
    shown: QWidget | None = desktop.frame.current_page()
    assert isinstance(shown, RecordPage)
    return shown


def type_person(typist: Typist, last: str) -> None:
    typist.go_to("person.last_name")
    typist.type(last)
    typist.enter()
    typist.type("Анна")
    typist.enter(2)
    typist.type("11042010")
    typist.enter()


def test_pins_go_to_the_next_form_by_keys_and_outlive_the_program(
    desktop: Desktop, open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop.work.open_applicant(None)
    typist = Typist()
    type_person(typist, "Ёлкина")
    typist.go_to("education.graduation_year")
    typist.type("2025")
    page(desktop).form.editor("education", "graduation_year").set_pinned(True)
    typist.press(Qt.Key.Key_Return, CTRL)
    following = page(desktop).form
    assert following.editor("education", "graduation_year").written() == "2025"
    assert following.editor("education", "graduation_year").is_pinned()
    assert (following.title(), following.is_dirty()) == ("", False)
    desktop.frame.hide()
    again = open_desktop()
    in_front(again, qtbot)
    again.work.open_applicant(None)
    assert page(again).form.editor("education", "graduation_year").written() == "2025"
    end(again)


def test_f9_takes_the_value_of_the_record_before(desktop: Desktop) -> None:
    desktop.work.open_applicant(None)
    typist = Typist()
    type_person(typist, "Ёлкина")
    typist.go_to("registration.full")
    typist.type("г. Кемерово, ул. Мира, 5")
    typist.press(Qt.Key.Key_Return, CTRL)
    typist.go_to("registration.full")
    typist.press(Qt.Key.Key_F9)
    form = page(desktop).form
    assert form.value("registration", "full") == "г. Кемерово, ул. Мира, 5"
    assert form.editor("registration", "full").is_dirty()
    typist.go_to("email.value")
    typist.press(Qt.Key.Key_F9)
    assert desktop.frame.status.text.text() == "В предыдущей записи этого значения нет"


def test_a_record_just_stored_is_not_opened_a_second_time(desktop: Desktop) -> None:
    desktop.work.open_applicant(None)
    type_person(Typist(), "Ёлкина")
    stored = page(desktop)
    assert stored.store_it(), stored.faults.text.text()
    tabs = desktop.frame.tabs.count()
    desktop.work.open_applicant(stored.main_id())
    assert (desktop.frame.tabs.count(), page(desktop)) == (tabs, stored)


@pytest.mark.parametrize(
    ("spec", "field"), [(GROUPS, "main.name"), (CAMPAIGNS, "campaign.name")], ids=["group", "campaign"]
)  # fmt: skip
def test_the_draft_of_any_form_is_there_again_at_the_next_start(
    desktop: Desktop, open_desktop: OpenDesktop, qtbot: QtBot, spec: object, field: str
) -> None:
    assert spec in (GROUPS, CAMPAIGNS)
    desktop.work.open_record(GROUPS if spec is GROUPS else CAMPAIGNS, None)
    typist = Typist()
    typist.go_to(field)
    typist.type("Недописано")
    page(desktop).form.drafts.write()
    desktop.frame.hide()
    again = open_desktop()
    in_front(again, qtbot)
    again.work.begin()
    part, name = field.split(".")
    assert page(again).form.value(part, name) == "Недописано"
    assert page(again).draft_note.text().startswith("Восстановлен черновик от")
    end(again)
    assert again.store.drafts() == []


def test_the_draft_of_a_stored_record_opens_that_record(
    desktop: Desktop, open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    id = next(iter(filled_store.all("competitive_group")))
    desktop.work.open_record(GROUPS, UUID(id))
    write_into(page(desktop).form.editor("main", "name"), "Другое имя")
    page(desktop).form.drafts.write()
    again = open_desktop()
    in_front(again, qtbot)
    again.work.begin()
    assert (page(again).main_id().hex, page(again).form.held["main"].stored) == (id, True)
    assert page(again).form.dirty_labels() == ["Название группы"]
    end(again)
