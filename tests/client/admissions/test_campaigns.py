"""A campaign's stages and papers are edited in its form; a group is added to the open campaign."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from client.admissions.campaigns import CampaignForm, GroupForm
from client.store.store import Store
from common.admissions.kinds import Funding, StageKind
from common.admissions.lists import GROUPS, LISTS
from common.reference.kinds import StudyForm
from tests.client.admissions.conftest import Show


def only(store: Store, entity: str) -> UUID:
    (id,) = store.all(entity)
    return UUID(id)


def test_a_stage_is_moved_and_another_added_by_keys(store: Store, show: Show) -> None:
    form = CampaignForm(store, only(store, "admission_campaign"))
    typist = show(form, form.discard)
    form.editor("campaign", "year").setFocus()
    QApplication.processEvents()
    typist.go_to("stage1.date_to")
    typist.type("31122099")
    typist.press(Qt.Key.Key_Insert)
    assert typist.editor_name() == "stage3.kind"
    typist.type("ориг")
    typist.enter()
    typist.go_to("stage3.date_from")
    typist.type("01072099")
    typist.enter()
    typist.type("15082099")
    assert form.faults() == []
    form.save()
    stages = list(store.all("campaign_stage").values())
    assert stages[0]["date_to"] == dt.date(2099, 12, 31)
    assert (stages[2]["kind"], stages[2]["date_from"], stages[2]["form"]) == (
        StageKind.ORIGINALS,
        dt.date(2099, 7, 1),
        StudyForm.FULL_TIME,
    )


def test_a_required_paper_is_taken_off_the_list(store: Store, show: Show) -> None:
    form = CampaignForm(store, only(store, "admission_campaign"))
    typist = show(form, form.discard)
    form.editor("campaign", "year").setFocus()
    QApplication.processEvents()
    typist.go_to("required2.name")
    typist.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    form.save()
    assert [r["name"] for r in store.all("required_document").values()] == ["Паспорт", "Фотография"]


def test_a_group_is_added_to_the_open_campaign_and_named_by_what_it_is(
    store: Store, show: Show
) -> None:
    form = GroupForm(store)
    typist = show(form, form.discard)
    form.editor("main", "campaign_id").setFocus()
    QApplication.processEvents()
    typist.go_to("main.org_specialty_id")
    typist.type("38.02.01 э")
    typist.enter()
    typist.go_to("main.funding")
    typist.type("целев")
    typist.enter()
    typist.go_to("main.places")
    typist.type("12")
    assert form.faults() == []
    form.save()
    group = next(
        g for g in store.all("competitive_group").values() if g["funding"] is Funding.TARGET
    )
    assert (group["campaign_id"], group["name"], group["places"], group["qualification"]) == (
        only(store, "admission_campaign"),
        "38.02.01 Экономика, на базе 9 кл., очная, целевое",
        12,
        "",
    )


def test_rows_may_be_added_to_every_list_of_the_office() -> None:
    assert all(spec.adds for spec in LISTS)


def test_what_tells_groups_apart_comes_before_what_they_share() -> None:
    assert [c.key for c in GROUPS.columns][:3] == ["name", "funding", "places"]
