"""Writes one row of a workbook of applications: the person, his papers, his application."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from common.admissions import rules
from common.admissions.entities import (
    AdmissionBenefit,
    Applicant,
    Application,
    CompetitiveGroup,
)
from common.admissions.kinds import BenefitRight
from common.kit.keys import person_key, search_key
from common.people import parse
from common.people.addresses import address
from common.people.entities import (
    Address,
    Contact,
    IdentityDocument,
    Person,
    PersonCitizenship,
    PriorEducation,
    Relative,
)
from common.people.kinds import AddressKind, ContactKind, Kinship, PriorLevel, SnilsState
from common.reference.kinds import EducationBase
from server.admissions.import_desk import key_of
from server.admissions.import_writing import Faults, Writer
from server.kit.tables import number_lease

SERIES = "00"


def _all_of(key: str) -> Mapping[str, str]:
    """Every field of the record comes from this column."""
    return defaultdict(lambda: key)


class Line(Writer):
    """One row of the workbook."""

    def write(self, group: CompetitiveGroup) -> Faults:
        """Store the row's records; returns faults by column key, where nothing must stay."""
        person = self._person()
        if person is None:
            return self.faults
        self._identity(person)
        self._places(person)
        self._contacts(person)
        self._relatives(person)
        education = self._education(person)
        applicant = self._applicant(person, education)
        self._application(applicant, group)
        self._rights(applicant)
        self._keep_unread(applicant)
        return self.faults

    # ---- the person and his papers

    def _person(self) -> Person | None:
        get = self.row.get
        last, first, middle = get("name")
        known = self.desk.by_number.get(get("reg_no") or "")
        person = None
        if known is not None:
            person = next((p for p in self.desk.people.values() if p.id == known.person_id), None)
        if person is None:
            person = self.desk.people.get((person_key(last, first, middle), get("birth_date")))
        elif person_key(last, first, middle) != key_of(person):
            self.faults.append(
                (
                    "reg_no",
                    f"Под номером {get('reg_no')} записан другой человек: {person.last_name} {person.first_name}",
                )
            )
            return None
        snils = get("snils")
        values = {
            "last_name": last,
            "first_name": first,
            "middle_name": middle,
            "birth_date": get("birth_date"),
            "birth_place": get("birth_place"),
            "snils": snils,
            "snils_state": SnilsState.FORMAT_OK if snils else None,
            "inn": get("inn"),
            "medical_policy": get("medical_policy"),
            "nationality": get("nationality"),
        }
        keys = {"birth_date": "birth_date", "snils": "snils", "inn": "inn"}
        made: Person = self._put(Person, person, values, keys)
        self.desk.add_person(made)
        return made

    def _identity(self, person: Person) -> None:
        said = self.row.get("passport")
        if not said:
            return
        read = parse.passport(said)
        if read.unparsed:
            self._not_read("passport", said)
        if read.number is None:
            return
        row = self._part(IdentityDocument, person.id, number=read.number)
        values = {
            "person_id": person.id,
            "kind_id": self.terms.passport_kind,
            "series": read.series,
            "number": read.number,
            "issued_on": read.issued_on,
            "issued_by": read.issued_by,
            "department_code": read.department_code or self.row.get("department_code"),
        }
        made = self._put(IdentityDocument, row, values, _all_of("passport"))
        self._keep(IdentityDocument, person.id, made)

    def _places(self, person: Person) -> None:
        said = self.row.get("citizenship")
        if said:
            country = self.terms.countries.get(search_key(said))
            if country is None:
                self._not_read("citizenship", said)
            else:
                row = self._part(PersonCitizenship, person.id, country_id=country)
                made = self._put(
                    PersonCitizenship, row, {"person_id": person.id, "country_id": country}, {}
                )
                self._keep(PersonCitizenship, person.id, made)
        for key, kind in (
            ("address", AddressKind.REGISTRATION),
            ("actual_address", AddressKind.ACTUAL),
        ):
            if line := self.row.get(key):
                row = self._part(Address, person.id, kind=kind)
                values = {"person_id": person.id, "kind": kind, "full": line}
                values |= address(line).parts()
                self._keep(
                    Address,
                    person.id,
                    self._put(Address, row, values, _all_of(key)),
                )

    def _contacts(self, person: Person) -> None:
        said = self.row.get("phone")
        numbers, rest = parse.phones(said) if said else ((), "")
        if said and (rest or not numbers):
            self._not_read("phone", said)
        wanted = [(ContactKind.MOBILE, number) for number in numbers]
        if email := self.row.get("email"):
            wanted.append((ContactKind.EMAIL, email))
        for kind, value in wanted:
            if self._part(Contact, person.id, value=value) is None:
                values = {"person_id": person.id, "kind": kind, "value": value}
                self._keep(Contact, person.id, self._put(Contact, None, values, {}))

    def _relatives(self, person: Person) -> None:
        for key in ("relative1", "relative2"):
            said = self.row.get(key)
            if not said:
                continue
            read = parse.representative(said)
            if read.unparsed:
                self._not_read(key, said)
            if not read.last_name:
                continue
            row = self._part(
                Relative,
                person.id,
                last_name=read.last_name,
                first_name=read.first_name,
            )
            values = {
                "person_id": person.id,
                "relation": read.relation_hint or Kinship.OTHER,
                "last_name": read.last_name,
                "first_name": read.first_name,
                "middle_name": read.middle_name,
                "phone": read.phone,
                "work_place": read.work_place,
                "identity": read.identity,
            }
            self._keep(
                Relative,
                person.id,
                self._put(Relative, row, values, _all_of(key)),
            )

    def _education(self, person: Person) -> PriorEducation | None:
        get = self.row.get
        year, school = parse.school(get("school")) if get("school") else (None, None)
        certificate = parse.certificate_number(get("certificate") or "")
        if certificate.unparsed:
            self._not_read("certificate", get("certificate"))
        number = certificate.number
        values = {
            "series": certificate.series,
            "number": number,
            "issued_on": get("certificate_day") or certificate.issued_on,
            "graduation_year": year,
            "org_name": school,
            "average": get("average"),
            "profile_marks": get("profile_marks"),
        }
        if not any(v is not None for v in values.values()):
            return None
        base = self.terms.base
        level = (
            PriorLevel.SECONDARY_GENERAL
            if base is EducationBase.SECONDARY
            else PriorLevel.BASIC_GENERAL
        )
        row = self._part(PriorEducation, person.id, **({"number": number} if number else {}))
        if row is None:
            values["level"] = level
        keys = {"issued_on": "certificate_day", "graduation_year": "school", "average": "average"}
        made: PriorEducation = self._put(
            PriorEducation, row, {"person_id": person.id} | values, keys
        )
        self._keep(PriorEducation, person.id, made)
        return made

    # ---- the applicant

    def _applicant(self, person: Person, education: PriorEducation | None) -> Applicant:
        get = self.row.get
        row = self.desk.applicants.get(person.id)
        values: dict[str, Any] = {
            "person_id": person.id,
            "campaign_id": self.terms.campaign.id,
            "prior_education_id": education.id if education else None,
            "needs_hostel": get("needs_hostel"),
            "target_contract": get("target_contract"),
            "military_record": get("military_record"),
        }
        if get("registered_on"):
            values["registered_at"] = self._moment(get("registered_on"))
        if row is None:
            values["reg_no"] = get("reg_no") or self._next_number()
            values.setdefault("registered_at", self.db.now())
        made: Applicant = self._put(Applicant, row, values, {"reg_no": "reg_no"})
        self.desk.add_applicant(made)
        return made

    def _moment(self, day: dt.date) -> dt.datetime:
        """Noon of that day in the college's zone."""
        return dt.datetime.combine(day, dt.time(12), tzinfo=self.terms.zone).astimezone(dt.UTC)

    def _next_number(self) -> str:
        """Two imports at once take turns at the row of the series, and at making it."""
        key = {
            "college_id": self.db.college_id,
            "series": SERIES,
            "book": rules.number_book(self.terms.campaign.year),
        }
        made: Any = postgresql if self.db.get_bind().dialect.name == "postgresql" else sqlite
        begun = made.insert(number_lease).values(**key, top=0).on_conflict_do_nothing()
        self.db.execute(begun)
        query = (
            sa.update(number_lease)
            .where(*(number_lease.c[name] == value for name, value in key.items()))
            .values(top=number_lease.c.top + 1)
            .returning(number_lease.c.top)
        )
        return rules.registration_number(SERIES, self.db.execute(query).scalar_one())

    def _application(self, applicant: Applicant, group: CompetitiveGroup) -> None:
        row = self._part(Application, applicant.id, competitive_group_id=group.id)
        values: dict[str, Any] = {
            "applicant_id": applicant.id,
            "competitive_group_id": group.id,
            "original": self.row.get("original"),
        }
        if row is None:
            values["priority"] = len(self.desk.parts[(Application, applicant.id)]) + 1
            values["filed_on"] = self.day()
            self.created_application = True
        self._keep(Application, applicant.id, self._put(Application, row, values, {}))

    def _rights(self, applicant: Applicant) -> None:
        for key, right in (
            ("first_order", BenefitRight.FIRST_ORDER),
            ("preferential", BenefitRight.PREFERENTIAL),
        ):
            if said := self.row.get(key):
                row = self._part(AdmissionBenefit, applicant.id, right=right)
                document = None if search_key(said) in {"да", "+", "1"} else said
                values = {"applicant_id": applicant.id, "right": right, "document": document}
                self._keep(
                    AdmissionBenefit, applicant.id, self._put(AdmissionBenefit, row, values, {})
                )

    def _keep_unread(self, applicant: Applicant) -> None:
        if self.notes:
            kept = (applicant.unread or "").split("\n") if applicant.unread else []
            text = "\n".join(dict.fromkeys([*kept, *self.notes]))[:4000]
            self._put(Applicant, applicant, {"unread": text}, {})
