"""What the database knows of the people of one batch of a workbook."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.admissions.entities import AdmissionBenefit, Applicant, Application
from common.admissions.importing import Read
from common.kit.keys import person_key
from common.people.entities import (
    Address,
    Contact,
    IdentityDocument,
    Person,
    PersonCitizenship,
    PriorEducation,
    Relative,
)
from server.kit.session import CollegeSession

PARTS: tuple[type[Any], ...] = (
    IdentityDocument,
    PersonCitizenship,
    Address,
    Contact,
    Relative,
    PriorEducation,
)


class Desk:
    """What the database knows of the people of a batch: read once, set by set."""

    def __init__(self, db: CollegeSession, campaign: UUID, rows: Sequence[Read]) -> None:
        self.db = db
        self.people: dict[tuple[str, dt.date], Person] = {}
        self.by_number: dict[str, Applicant] = {}
        self.applicants: dict[UUID, Applicant] = {}
        self.parts: dict[tuple[type[Any], UUID], list[Any]] = defaultdict(list)
        births = {row.get("birth_date") for row in rows}
        numbers = {row.get("reg_no") for row in rows} - {None}
        self._people(births)
        self._applicants(campaign, numbers)
        self._parts()

    def _people(self, births: set[dt.date]) -> None:
        query = sa.select(Person).where(Person.birth_date.in_(births), Person.deleted_at.is_(None))
        for person in self.db.scalars(query.order_by(Person.id.desc())):
            self.people[(key_of(person), person.birth_date)] = person

    def _applicants(self, campaign: UUID, numbers: set[str]) -> None:
        ids = {p.id for p in self.people.values()}
        query = sa.select(Applicant).where(
            Applicant.campaign_id == campaign,
            Applicant.deleted_at.is_(None),
            sa.or_(Applicant.person_id.in_(ids), Applicant.reg_no.in_(numbers)),
        )
        for applicant in self.db.scalars(query):
            self.applicants[applicant.person_id] = applicant
            self.by_number[applicant.reg_no] = applicant
        missing = {a.person_id for a in self.applicants.values()} - ids
        for person in self.db.scalars(sa.select(Person).where(Person.id.in_(missing))):
            self.people[(key_of(person), person.birth_date)] = person

    def _parts(self) -> None:
        people = {p.id for p in self.people.values()}
        for entity in PARTS:
            query = sa.select(entity).where(
                entity.person_id.in_(people), entity.deleted_at.is_(None)
            )
            for row in self.db.scalars(query.order_by(entity.id)):
                self.parts[(entity, row.person_id)].append(row)
        applicants = {a.id for a in self.applicants.values()}
        for part in (Application, AdmissionBenefit):
            table: Any = part
            query = sa.select(table).where(
                table.applicant_id.in_(applicants), table.deleted_at.is_(None)
            )
            for row in self.db.scalars(query.order_by(table.id)):
                self.parts[(part, row.applicant_id)].append(row)

    def add_person(self, person: Person) -> None:
        self.people[(key_of(person), person.birth_date)] = person

    def add_applicant(self, applicant: Applicant) -> None:
        self.applicants[applicant.person_id] = applicant
        self.by_number[applicant.reg_no] = applicant


def key_of(person: Person) -> str:
    return person_key(person.last_name, person.first_name, person.middle_name)
