"""The tab of any record stores what was typed, and says what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.kit.drafts import name_of, write_into
from client.kit.record_form import RecordForm
from client.kit.record_page import RecordPage
from client.kit.screen import plain_screen
from client.shell.lists import LISTS
from client.store.store import Store
from common.administration.roles import shipped
from common.admissions.entities import AdmissionCampaign
from tests.client.conftest import Dress
from tests.widget_checks import everything_wrong


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path, bytes(32), LISTS)
    made.journal.set_facts(
        permissions=[str(p) for p in shipped("admission_secretary").permissions],
        device="desk",
        account=UUID(int=1).hex,
    )
    yield made
    made.close()


def test_a_record_is_stored_and_what_is_missing_is_named(store: Store, qtbot: QtBot) -> None:
    form = RecordForm(store, plain_screen(AdmissionCampaign))
    page = RecordPage(form, "Приёмная кампания")
    qtbot.addWidget(page)
    assert page.store_it() is False
    assert page.faults.text.text() == "Не записано: 2 ошибки. F8 — к следующей"
    assert [link.accessibleName() for link in page.faults.links] == [
        "«Год»: заполните поле",
        "«Наименование»: заполните поле",
    ]
    write_into(form.editor("main", "year"), "2027")
    write_into(form.editor("main", "name"), "Приём 2027 года")
    assert page.store_it() is True
    assert page.may_close() is True
    assert [c["name"] for c in store.all("admission_campaign").values()] == ["Приём 2027 года"]
    assert store.counts().waiting == 1


@pytest.fixture
def page(store: Store, qtbot: QtBot, dress: Dress) -> Iterator[RecordPage]:
    made = RecordPage(RecordForm(store, plain_screen(AdmissionCampaign)), "Приёмная кампания")
    qtbot.addWidget(made)
    made.resize(800, 600)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    made.form.discard()


def focused(page: RecordPage) -> str:
    return name_of(page.focusWidget())


def test_each_fault_leads_to_its_field_and_leaves_the_list_when_it_is_mended(
    page: RecordPage,
) -> None:
    assert page.store_it() is False
    assert focused(page) == "main.year"
    assert everything_wrong(page) == {}
    page.faults.links[1].click()
    assert focused(page) == "main.name"
    assert page.next_fault()
    assert focused(page) == "main.year"  # round again
    write_into(page.form.editor("main", "year"), "2027")
    page.form.editor("main", "year").changed.emit()
    assert [link.accessibleName() for link in page.faults.links] == [
        "«Наименование»: заполните поле"
    ]
    write_into(page.form.editor("main", "name"), "Приём")
    page.form.editor("main", "name").changed.emit()
    assert (page.faults.isVisible(), page.next_fault()) == (False, False)


def test_a_form_is_checked_by_key_before_it_is_stored(page: RecordPage) -> None:
    assert page.next_fault() is False  # nothing is typed, so nothing is wrong
    write_into(page.form.editor("main", "name"), "Приём")
    assert page.next_fault()
    assert page.faults.text.text() == "Мешает записать: 1 ошибка. F8 — к следующей"
    assert focused(page) == "main.year"


def test_22_closing_names_what_was_changed_and_does_as_it_is_told(
    page: RecordPage, store: Store
) -> None:
    asked: list[tuple[str, set[str]]] = []

    def answer(words: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append((box.informativeText(), {b.text() for b in box.buttons()}))
        next(b for b in box.buttons() if b.text() == words).click()

    def close(words: str) -> bool:
        QTimer.singleShot(0, lambda: answer(words))
        return page.may_close()

    write_into(page.form.editor("main", "name"), "Приём 2027 года")
    assert close("Отмена") is False
    assert asked == [("Изменено: Наименование", {"Сохранить", "Не сохранять", "Отмена"})]
    assert close("Сохранить") is False  # the year is missing, and is told
    assert page.faults.links[0].accessibleName() == "«Год»: заполните поле"
    assert page.form.value("main", "name") == "Приём 2027 года"
    write_into(page.form.editor("main", "year"), "2027")
    assert close("Сохранить") is True
    assert [c["year"] for c in store.all("admission_campaign").values()] == [2027]
    write_into(page.form.editor("main", "secretary"), "Кузьмина О. П.")
    assert close("Не сохранять") is True
    assert (page.form.is_dirty(), store.drafts(), store.counts().waiting) == (False, [], 1)
    assert asked[-1][0] == "Изменено: Ответственный секретарь"
