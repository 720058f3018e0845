"""The forms of a campaign with its stages and its list of papers, and of a competitive group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from client.admissions.form import open_campaign
from client.kit.editors import Book
from client.kit.held import Values
from client.kit.record_form import RecordForm
from client.kit.screen import Card, Part, Screen, line, plain_screen, rows
from client.store.store import Store
from common.admissions.entities import (
    AdmissionCampaign,
    CampaignStage,
    CompetitiveGroup,
    RequiredDocument,
)
from common.admissions.rules import group_name
from common.kit.entity import Entity

OF_CAMPAIGN = ("campaign_id", "campaign")

CAMPAIGN = Screen(
    "Приёмная кампания",
    (
        Part("campaign", AdmissionCampaign, optional=False),
        Part("stage", CampaignStage, OF_CAMPAIGN, many=True),
        Part("required", RequiredDocument, OF_CAMPAIGN, many=True),
    ),
    (
        Card(
            "1. Кампания",
            (
                line("campaign", AdmissionCampaign.year),
                line("campaign", AdmissionCampaign.name),
                line("campaign", AdmissionCampaign.status),
                line(
                    "campaign", AdmissionCampaign.most_programmes, label="Специальностей, не более"
                ),
            ),
        ),
        Card(
            "2. Приёмная комиссия",
            (
                line("campaign", AdmissionCampaign.commission_order_number, label="№ приказа"),
                line("campaign", AdmissionCampaign.commission_order_date, label="Дата приказа"),
                line("campaign", AdmissionCampaign.chair),
                line("campaign", AdmissionCampaign.secretary),
                line("campaign", AdmissionCampaign.work_hours),
                line("campaign", AdmissionCampaign.address),
                line("campaign", AdmissionCampaign.phone),
            ),
        ),
        Card(
            "3. Сроки",
            (
                rows(
                    "stage",
                    line("stage", CampaignStage.kind, CampaignStage.form),
                    line(
                        "stage",
                        CampaignStage.date_from,
                        CampaignStage.date_to,
                        CampaignStage.time_to,
                    ),
                    line("stage", CampaignStage.needs_tests),
                    add="Добавить этап",
                ),
            ),
        ),
        Card(
            "4. Перечень документов",
            (
                rows(
                    "required",
                    line("required", RequiredDocument.name),
                    line(
                        "required",
                        RequiredDocument.need,
                        RequiredDocument.count,
                        RequiredDocument.stage,
                    ),
                    line("required", RequiredDocument.condition, RequiredDocument.blocks_enrolment),
                    add="Добавить документ",
                ),
            ),
        ),
    ),
    "campaign",
)


class CampaignForm(RecordForm):
    def __init__(self, store: Store, id: UUID | None = None) -> None:
        super().__init__(store, CAMPAIGN, id)


class GroupForm(RecordForm):
    """A new group is of the open campaign; its name is made of what it is until another is typed."""

    store: Store

    def __init__(self, store: Store, id: UUID | None = None) -> None:
        super().__init__(store, plain_screen(CompetitiveGroup), id)
        self.changed.connect(self._name)

    def presets(self, part: Part) -> Values:
        campaign = open_campaign(self.store)
        return {"campaign_id": UUID(campaign[0])} if campaign else {}

    def _name(self) -> None:
        name = self.editor("main", "name")
        own = self.value("main", "org_specialty_id")
        if self.held["main"].stored or name.is_dirty() or own is None:
            return
        record = self.store.get("org_specialty", own)
        if record:
            label = Book(self.store, "specialty").label(record["specialty_id"])
            told = (self.value("main", n) for n in ("base", "form", "funding"))
            name.set_value(group_name(label, *told))


FORMS: Mapping[type[Entity], Callable[[Store, UUID | None], RecordForm]] = {
    AdmissionCampaign: CampaignForm,
    CompetitiveGroup: GroupForm,
}
"""Entities of this office with a form of their own; the others have the plain one."""
