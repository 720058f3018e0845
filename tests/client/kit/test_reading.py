"""Restricted data: each card of it that is shown is noted first, without a network too; no list shows any."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from client.admissions.paper import ADMISSION
from client.admissions.printing import package
from client.kit.record_form import RecordForm
from client.kit.screen import plain_screen
from client.store.store import Store
from common.admissions.entities import AdmissionBenefit, AdmissionCampaign, Applicant
from common.kit.errors import EpoError
from common.kit.kinds import P3
from common.kit.lists import ListSpec, column, plain_list
from common.kit.sync import READ, Command
from tests.client.admissions.conftest import CLERK, SECRETARY, fill, open_store, put
from tests.client.conftest import Dress


@pytest.fixture
def place(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Path:
    return tmp_path / "profile"


def opened(place: Path, role: Any) -> tuple[Store, UUID]:
    """A desk without a network, and an applicant."""
    store = open_store(place, role)
    fill(store)
    person = put(store, "person", last_name="Ёлкина", first_name="Анна")
    campaign = next(iter(store.all("admission_campaign")))
    applicant = put(
        store,
        "applicant",
        person_id=person,
        campaign_id=UUID(campaign),
        reg_no="01-001",
        registered_at=dt.datetime(2026, 7, 1, 5, tzinfo=dt.UTC),
    )
    return store, applicant


def readings(store: Store) -> list[dict[str, Any]]:
    bodies = [entry.op.body for entry in store.journal.entries("entity = ''")]
    return [b.args for b in bodies if isinstance(b, Command) and b.name == READ]


def test_a_card_with_restricted_fields_is_noted_before_it_is_shown(
    place: Path, qtbot: QtBot
) -> None:
    store, applicant = opened(place, SECRETARY)
    form = RecordForm(store, ADMISSION, applicant)
    qtbot.addWidget(form)
    assert readings(store) == [{"entity": "applicant", "id": applicant.hex}]
    form.reload()
    assert len(readings(store)) == 1
    store.close()


def test_where_it_cannot_be_noted_nothing_is_shown(place: Path, qtbot: QtBot) -> None:
    store, applicant = opened(place, SECRETARY)
    store.journal.set_facts(ended="Доступ прекращён")
    with pytest.raises(EpoError):
        RecordForm(store, ADMISSION, applicant)
    store.close()


def test_a_new_card_and_one_without_restricted_fields_are_not_noted(
    place: Path, qtbot: QtBot
) -> None:
    store, _ = opened(place, SECRETARY)
    campaign = next(iter(store.all("admission_campaign")))
    for form in (
        RecordForm(store, ADMISSION),
        RecordForm(store, plain_screen(AdmissionCampaign), UUID(campaign)),
    ):
        qtbot.addWidget(form)
    assert readings(store) == []
    store.close()


def test_whoever_may_not_see_it_is_not_shown_it_and_leaves_no_note(
    place: Path, qtbot: QtBot
) -> None:
    store, applicant = opened(place, CLERK)
    qtbot.addWidget(RecordForm(store, ADMISSION, applicant))
    assert readings(store) == []
    store.close()


def test_a_note_is_no_work_that_waits(place: Path, qtbot: QtBot) -> None:
    store, applicant = opened(place, SECRETARY)
    before = store.counts().waiting, len(store.outbox())
    store.note_reading("applicant", applicant)
    assert (store.counts().waiting, len(store.outbox())) == before
    assert len(store.journal.pending(1_000)) == before[0] + 1
    store.close()


def test_a_paper_with_restricted_words_is_noted(place: Path, qtbot: QtBot) -> None:
    store, applicant = opened(place, SECRETARY)
    package(store, applicant)
    assert readings(store) == [{"entity": "applicant", "id": applicant.hex}]
    store.close()


def test_no_list_shows_restricted_data() -> None:
    shown = {path.field.field.pd for path in plain_list(Applicant).paths()}
    assert P3 not in shown
    with pytest.raises(ValueError, match="restricted"):
        ListSpec("bad", "Нельзя", AdmissionBenefit, (column(AdmissionBenefit.legal_basis),), ())
