"""The tab of any record stores what was typed, and says what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.kit.drafts import write_into
from client.kit.record_form import RecordForm
from client.kit.record_page import RecordPage
from client.kit.screen import plain_screen
from client.shell.lists import LISTS
from client.store.store import Store
from common.administration.roles import shipped
from common.admissions.entities import AdmissionCampaign


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
    assert page.faults.text.text() == (
        "Не записано. «Год»: заполните поле · «Наименование»: заполните поле"
    )
    write_into(form.editor("main", "year"), "2027")
    write_into(form.editor("main", "name"), "Приём 2027 года")
    assert page.store_it() is True
    assert page.may_close() is True
    assert [c["name"] for c in store.all("admission_campaign").values()] == ["Приём 2027 года"]
    assert store.counts().waiting == 1
