"""A desk of the admission office without a network: its books, an open campaign, two groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.admissions.desk import today
from client.shell.lists import LISTS
from client.store.store import Store
from common.administration.roles import shipped
from common.admissions.kinds import CampaignStatus, Funding, StageKind
from common.kit.entity import spec_of
from common.kit.ids import new_id
from common.kit.sync import Save
from common.kit.wire import pack
from common.reference.kinds import DocumentUse, ProgrammeKind, StudyForm
from tests.end_to_end.typist import Typist

SECRETARY, CLERK = shipped("admission_secretary"), shipped("admission_clerk")

Show = Callable[..., Typist]


def put(store: Store, entity: str, **values: Any) -> UUID:
    """A record with the defaults of its fields, as if it had come from the centre."""
    id = new_id()
    whole = {f.name: f.default for f in spec_of(entity).fields} | values
    named = {name: (None, pack(value)) for name, value in whole.items() if value is not None}
    store.record(lambda _: [Save(entity, id, create=True, set=named)])
    return id


def open_store(place: Path, role: Any = SECRETARY) -> Store:
    store = Store(place, bytes(32), LISTS)
    store.journal.set_facts(
        permissions=[str(p) for p in role.permissions],
        device="desk",
        college=UUID(int=2).hex,
        account=UUID(int=1).hex,
        name="Кузьмина Ольга Павловна",
    )
    return store


def fill(store: Store) -> None:
    """The books and a campaign that has been taking applications for a week."""
    put(store, "country", code="643", name="Россия")
    put(store, "country", code="398", name="Казахстан")
    put(
        store,
        "document_kind",
        code="1",
        name="Паспорт гражданина Российской Федерации",
        use=DocumentUse.IDENTITY,
    )
    specialty = put(
        store,
        "specialty",
        code="38.02.01",
        name="Экономика",
        kind=ProgrammeKind.PPSSZ,
        ugs_code="38.00.00",
        list_basis="order336",
        valid_from=dt.date(2022, 9, 1),
    )
    own = put(store, "org_specialty", specialty_id=specialty, short_code="ЭБУ")
    campaign = put(
        store,
        "admission_campaign",
        year=today(store).year,
        name="Приём",
        status=CampaignStatus.OPEN,
        most_programmes=3,
    )
    week = dt.timedelta(days=7)
    put(
        store,
        "campaign_stage",
        campaign_id=campaign,
        kind=StageKind.ACCEPT,
        date_from=today(store) - week,
        date_to=today(store) + week,
    )
    put(
        store,
        "campaign_stage",
        campaign_id=campaign,
        kind=StageKind.ACCEPT,
        form=StudyForm.EXTRAMURAL,
        date_from=dt.date(2020, 6, 20),
        date_to=dt.date(2020, 8, 15),
    )
    for name, form, funding in (
        ("Экономика, бюджет", StudyForm.FULL_TIME, Funding.REGIONAL_BUDGET),
        ("Экономика, договор", StudyForm.FULL_TIME, Funding.PAID),
        ("Финансы, бюджет", StudyForm.FULL_TIME, Funding.FEDERAL_BUDGET),
        ("Логистика заочная", StudyForm.EXTRAMURAL, Funding.PAID),
    ):
        put(
            store,
            "competitive_group",
            campaign_id=campaign,
            org_specialty_id=own,
            name=name,
            form=form,
            funding=funding,
            places=25,
        )
    for name in ("Паспорт", "Аттестат", "Фотография"):
        put(store, "required_document", campaign_id=campaign, name=name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "desk")
    fill(made)
    yield made
    made.close()


@pytest.fixture
def clerk_store(tmp_path: Path) -> Iterator[Store]:
    """One without the right to restricted data."""
    made = open_store(tmp_path / "clerk", CLERK)
    fill(made)
    yield made
    made.close()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Shows a window in front and hands the keyboard to it; `close` is run before it is taken away."""

    def shown(window: QWidget, close: Callable[[], object] | None = None) -> Typist:
        def end(_window: QWidget) -> None:
            if close is not None:
                close()

        qtbot.addWidget(window, before_close_func=end)
        window.resize(900, 700)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        QApplication.processEvents()
        return Typist()

    return shown
