"""A campaign that takes applications, its groups and one applicant, and what a desk sends about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.admissions.entities import (
    AdmissionCampaign,
    Applicant,
    Application,
    CampaignStage,
    CompetitiveGroup,
)
from common.admissions.kinds import CampaignStatus
from common.kit.ids import REGION, new_id
from common.kit.sync import Delete, PushAnswer, Save
from common.people.entities import Person
from common.reference.entities import OrgSpecialty, Specialty
from common.reference.kinds import ProgrammeKind, StudyForm
from server.kit.commit import commit
from server.kit.session import CollegeSession
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk

LAST = dt.date(2026, 7, 15)
NEXT_MORNING = dt.datetime(2026, 7, 15, 17, 30, tzinfo=dt.UTC)
"""00:30 of the 16th in the college's zone, UTC+7."""
EVENING = dt.datetime(2026, 7, 15, 16, 30, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """A campaign with one full-time group that takes applications up to LAST."""

    house: House
    campaign: UUID
    group: UUID
    other_group: UUID
    applicant: UUID

    def set_status(self, status: CampaignStatus) -> None:
        with self.house.session() as db:
            campaign = db.scalars(sa.select(AdmissionCampaign)).one()
            campaign.status = status
            commit(db, "test.status")

    def count(self) -> int:
        with self.house.session() as db:
            live = sa.select(sa.func.count(Application.id)).where(Application.deleted_at.is_(None))
            return db.scalar(live) or 0


def _specialty(engine: sa.Engine) -> UUID:
    with CollegeSession(engine, REGION, now=now) as db:
        values: dict[str, Any] = {
            "code": "09.02.07",
            "name": "Информационные системы и программирование",
            "kind": ProgrammeKind.PPSSZ,
            "ugs_code": "09.00.00",
            "list_basis": "№ 336",
            "valid_from": dt.date(2022, 9, 1),
        }
        row = Specialty(**values)
        db.add(row)
        commit(db, "test.specialty")
        return row.id


def open_office(ours: House) -> Office:
    with ours.session() as db:
        specialty = OrgSpecialty(specialty_id=_specialty(ours.engine), short_code="ИС")
        campaign = AdmissionCampaign(year=2026, name="Приём 2026", status=CampaignStatus.OPEN)
        groups = [
            CompetitiveGroup(
                campaign_id=campaign.id,
                org_specialty_id=specialty.id,
                name=name,
                form=form,
                places=25,
            )
            for name, form in (
                ("ИС очно", StudyForm.FULL_TIME),
                ("ИС заочно", StudyForm.EXTRAMURAL),
            )
        ]
        stage = CampaignStage(campaign_id=campaign.id, date_from=dt.date(2026, 6, 20), date_to=LAST)
        person = Person(last_name="Ёлкина", first_name="Анна", birth_date=dt.date(2010, 4, 11))
        applicant = Applicant(
            person_id=person.id, campaign_id=campaign.id, reg_no="01-001", registered_at=now()
        )
        db.add_all([specialty, campaign, *groups, stage, person, applicant])
        commit(db, "test.office")
        return Office(ours, campaign.id, groups[0].id, groups[1].id, applicant.id)


def application(office: Office, group: UUID | None = None, id: UUID | None = None) -> Save:
    values: dict[str, Any] = {
        "applicant_id": office.applicant.hex,
        "competitive_group_id": (group or office.group).hex,
        "filed_on": "2026-07-01",
    }
    pairs = {k: (None, v) for k, v in values.items()}
    return Save("application", id or new_id(), create=True, set=pairs)


def sent(desk: Desk, body: Save | Delete, at: dt.datetime = EVENING) -> PushAnswer:
    return desk.push(desk.op(body, at=int(at.timestamp() * 1000)))
