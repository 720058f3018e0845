"""One batch of a workbook against the database: what is known of its people, and how a row is written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from common.admissions import rules
from common.admissions.entities import (
    AdmissionBenefit,
    AdmissionCampaign,
    Applicant,
    Application,
    CompetitiveGroup,
)
from common.admissions.importing import Read
from common.admissions.kinds import BenefitRight
from common.kit.entity import Entity, describe
from common.kit.keys import person_key, search_key
from common.kit.spec import problems
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
from server.kit.session import CollegeSession
from server.kit.tables import number_lease

SERIES = "00"

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
            self.people[(_key(person), person.birth_date)] = person

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
            self.people[(_key(person), person.birth_date)] = person

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
        self.people[(_key(person), person.birth_date)] = person

    def add_applicant(self, applicant: Applicant) -> None:
        self.applicants[applicant.person_id] = applicant
        self.by_number[applicant.reg_no] = applicant


def _key(person: Person) -> str:
    return person_key(person.last_name, person.first_name, person.middle_name)


@dataclass(frozen=True, slots=True)
class Terms:
    """What all rows of a run have in common."""

    campaign: AdmissionCampaign
    zone: ZoneInfo
    base: EducationBase
    passport_kind: UUID
    countries: Mapping[str, UUID]
    header: Callable[[str], str]


Faults = list[tuple[str, str]]


def _all_of(key: str) -> Mapping[str, str]:
    """Every field of the record comes from this column."""
    return defaultdict(lambda: key)


class Line:
    """Writes one row of the workbook."""

    def __init__(self, terms: Terms, db: CollegeSession, desk: Desk, row: Read) -> None:
        self.terms, self.db, self.desk, self.row = terms, db, desk, row
        self.touched = self.created_application = False
        self.unread: list[str] = []
        self.faults: Faults = []
        self.added: list[Any] = []
        self.changes: list[tuple[Any, str, Any]] = []
        self.notes: list[str] = []

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

    def undo(self) -> None:
        """Nothing of a refused row stays in the session."""
        for row in self.added:
            self.db.expunge(row)
            for kept in self.desk.parts.values():
                if row in kept:
                    kept.remove(row)
            if isinstance(row, Person):
                self.desk.people.pop((_key(row), row.birth_date), None)
            if isinstance(row, Applicant):
                self.desk.applicants.pop(row.person_id, None)
                self.desk.by_number.pop(row.reg_no, None)
        for row, name, value in reversed(self.changes):
            setattr(row, name, value)

    # ---- the general step

    def _put(
        self,
        entity: type[Entity],
        row: Any | None,
        values: Mapping[str, Any],
        keys: Mapping[str, str],
    ) -> Any:
        """Create or change a record; `keys` tells by which column a field's fault is named."""
        spec = describe(entity)
        given = {n: v for n, v in values.items() if v is not None}
        if row is None:
            whole = {f.name: given.get(f.name, f.default) for f in spec.fields}
            self._check(problems(spec, whole), keys)
            row = entity(**whole)
            self.db.add(row)
            self.added.append(row)
            self.touched = True
            return row
        for name, value in given.items():
            if getattr(row, name) != value:
                self.changes.append((row, name, getattr(row, name)))
                setattr(row, name, value)
                self.touched = True
        merged = {f.name: getattr(row, f.name) for f in spec.fields}
        self._check(problems(spec, merged, only=frozenset(given)), keys)
        return row

    def _check(self, found: Mapping[str, str], keys: Mapping[str, str]) -> None:
        self.faults += [
            (keys[name] if isinstance(keys, defaultdict) else keys.get(name, "name"), text)
            for name, text in found.items()
        ]

    def _part(self, entity: type[Any], owner: UUID, **equal: Any) -> Any | None:
        """The owner's first part with these values."""
        rows = self.desk.parts[(entity, owner)]
        return next((r for r in rows if all(getattr(r, n) == v for n, v in equal.items())), None)

    def _keep(self, entity: type[Any], owner: UUID, row: Any) -> None:
        if row not in self.desk.parts[(entity, owner)]:
            self.desk.parts[(entity, owner)].append(row)

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
        elif person_key(last, first, middle) != _key(person):
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
        book = rules.number_book(self.terms.campaign.year)
        key = {"college_id": self.db.college_id, "series": SERIES, "book": book}
        where = [number_lease.c[name] == value for name, value in key.items()]
        top = self.db.execute(
            sa.select(number_lease.c.top).where(*where).with_for_update()
        ).scalar()
        if top is None:
            self.db.execute(sa.insert(number_lease).values(**key, top=1))
            return rules.registration_number(SERIES, 1)
        self.db.execute(sa.update(number_lease).where(*where).values(top=top + 1))
        return rules.registration_number(SERIES, top + 1)

    def _application(self, applicant: Applicant, group: CompetitiveGroup) -> None:
        row = self._part(Application, applicant.id, competitive_group_id=group.id)
        values: dict[str, Any] = {
            "applicant_id": applicant.id,
            "competitive_group_id": group.id,
            "original": self.row.get("original"),
        }
        if row is None:
            values["priority"] = len(self.desk.parts[(Application, applicant.id)]) + 1
            values["filed_on"] = self.row.get("registered_on") or self._today()
            self.created_application = True
        self._keep(Application, applicant.id, self._put(Application, row, values, {}))

    def _today(self) -> dt.date:
        return self.db.now().astimezone(self.terms.zone).date()

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

    # ---- what was not understood

    def _not_read(self, key: str, said: str) -> None:
        self.unread.append(key)
        self.notes.append(f"{self.terms.header(key)}: {said}")

    def _keep_unread(self, applicant: Applicant) -> None:
        if self.notes:
            kept = (applicant.unread or "").split("\n") if applicant.unread else []
            text = "\n".join(dict.fromkeys([*kept, *self.notes]))[:4000]
            self._put(Applicant, applicant, {"unread": text}, {})
