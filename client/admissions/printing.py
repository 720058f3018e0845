"""From the records of an applicant to his papers, without a network."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from client.admissions.desk import day_of, own_name
from client.kit.preview import PaperPreview
from client.kit.reading import sees_restricted
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.admissions.documents import (
    ApplicationPaper,
    ChoiceRow,
    FolderPaper,
    FolderRow,
    House,
)
from common.admissions.documents import (
    package as make_package,
)
from common.admissions.entities import Applicant
from common.admissions.kinds import DocumentState, ReturnMethod
from common.kit.dates import show_day
from common.kit.entity import describe
from common.kit.errors import NotFound
from common.kit.formats import PHONE, SNILS
from common.kit.spec import text_of
from common.papers.declension import decline
from common.people.formats import AVERAGE
from common.people.kinds import AddressKind, ContactKind, NameCase
from common.people.rules import is_minor

Record = dict[str, Any]


def package(store: Store, id: UUID) -> bytes:
    """The job of one applicant; NotFound where he is gone."""
    applicant = store.get("applicant", id)
    if applicant is None:
        raise NotFound("Заявление удалено или недоступно")
    if sees_restricted(store.permissions(), describe(Applicant)):
        store.note_reading("applicant", id)
    return make_package(_application(store, id, applicant), _folder(store, id, applicant))


def show(store: Store, id: UUID, paper: bytes, parent: QWidget) -> None:
    """The preview is the PDF itself; that it was made to be printed is told of already."""

    def leaving(kind: AccessKind) -> None:
        if kind is not AccessKind.PRINT:
            store.note(kind, Applicant.__tablename__, id)

    PaperPreview(paper, "Заявление, расписка и опись", parent, leaving=leaving).open()


def _house(store: Store) -> House:
    college = store.get("college", UUID(store.journal.fact("college"))) or {}
    return House(
        college.get("full_name") or "",
        college.get("short_name") or "",
        college.get("head_post") or "Директору",
        college.get("head_name") or "",
        demo=bool(college.get("demo")),
    )


def _day(store: Store, applicant: Record) -> dt.date:
    """The date of registration in the college's own zone."""
    return day_of(store, applicant["registered_at"])


def _part(store: Store, entity: str, column: str, id: UUID, **equal: Any) -> Record:
    for row in store.where(entity, column, id).values():
        if all(row[k] == v for k, v in equal.items()):
            return row
    return {}


def _genitive(store: Store, id: UUID, person: Record) -> str:
    """As a registrar has settled it, else by the rules where they are sure; empty where nobody is."""
    told = _part(store, "person_name_case", "person_id", id, case=NameCase.GENITIVE)
    if told or person.get("sex") is None:
        return str(told.get("written", ""))
    last, first, middle = (person.get(n) or "" for n in ("last_name", "first_name", "middle_name"))
    made = decline(last, first, middle, person["sex"])[NameCase.GENITIVE]
    return made.text if made.sure else ""


def _application(store: Store, id: UUID, applicant: Record) -> ApplicationPaper:
    person_id: UUID = applicant["person_id"]
    person = store.get("person", person_id) or {}
    day = _day(store, applicant)
    education = _education(store, applicant)
    choices = _choices(store, id)
    relative = _part(store, "relative", "person_id", person_id)
    country = _part(store, "person_citizenship", "person_id", person_id).get("country_id")
    born: dt.date | None = person.get("birth_date")
    return ApplicationPaper(
        house=_house(store),
        reg_no=applicant["reg_no"],
        registered_on=day,
        last_name=person.get("last_name") or "",
        first_name=person.get("first_name") or "",
        middle_name=person.get("middle_name") or "",
        genitive=_genitive(store, person_id, person),
        birth_date=text_of(born),
        birth_place=person.get("birth_place") or "",
        citizenship=_name(store, "country", country),
        identity=_identity(store, person_id),
        snils=text_of(person.get("snils"), SNILS),
        address=_part(store, "address", "person_id", person_id, kind=AddressKind.REGISTRATION).get(
            "full", ""
        ),
        actual_address=_part(store, "address", "person_id", person_id, kind=AddressKind.ACTUAL).get(
            "full", ""
        ),
        phone=text_of(
            _part(store, "contact", "person_id", person_id, kind=ContactKind.MOBILE).get("value"),
            PHONE,
        ),
        email=_part(store, "contact", "person_id", person_id, kind=ContactKind.EMAIL).get(
            "value", ""
        ),
        education=", ".join(
            filter(
                None,
                (
                    text_of(education.get("level")),
                    education.get("org_name"),
                    text_of(education.get("graduation_year")),
                ),
            )
        ),
        certificate=_certificate(education),
        average=text_of(education.get("average"), AVERAGE),
        choices=choices,
        language=applicant.get("language_studied") or "",
        needs_hostel=bool(applicant.get("needs_hostel")),
        special_conditions=applicant.get("special_conditions") or "",
        first_spo=bool(_part(store, "application", "applicant_id", id).get("first_spo", True)),
        minor=born is not None and is_minor(born, day),
        representative=_initials(relative),
        accepted_by=own_name(store),
        return_method=text_of(applicant.get("return_method") or ReturnMethod.PERSONAL),
    )


def _education(store: Store, applicant: Record) -> Record:
    id = applicant.get("prior_education_id")
    return (store.get("prior_education", id) or {}) if id else {}


def _certificate(education: Record) -> str:
    number = " ".join(filter(None, (education.get("series"), education.get("number"))))
    issued = education.get("issued_on")
    return f"№ {number}{f' от {show_day(issued)}' if issued else ''}" if number else ""


def _identity(store: Store, person_id: UUID) -> str:
    row = _part(store, "identity_document", "person_id", person_id)
    if not row:
        return ""
    issued = f", выдан {show_day(row['issued_on'])}" if row["issued_on"] else ""
    by = f" {row['issued_by']}" if row["issued_by"] else ""
    code = f", код {row['department_code']}" if row["department_code"] else ""
    kind = _name(store, "document_kind", row["kind_id"])
    return f"{kind} {row['series'] or ''} № {row['number']}{issued}{by}{code}"


def _name(store: Store, entity: str, id: UUID | None) -> str:
    record = store.get(entity, id) if id else None
    return str(record["name"]) if record else ""


def _choices(store: Store, id: UUID) -> tuple[ChoiceRow, ...]:
    rows = sorted(
        store.where("application", "applicant_id", id).values(), key=lambda r: r["priority"]
    )
    found = []
    for row in rows:
        group = store.get("competitive_group", row["competitive_group_id"])
        if group:
            found.append(
                ChoiceRow(
                    row["priority"],
                    _programme(store, group),
                    text_of(group["form"]),
                    text_of(group["base"]),
                    text_of(group["funding"]),
                )
            )
    return tuple(found)


def _programme(store: Store, group: Record) -> str:
    own = store.get("org_specialty", group["org_specialty_id"]) or {}
    specialty = store.get("specialty", own["specialty_id"]) if own else None
    return f"{specialty['code']} {specialty['name']}" if specialty else str(group["name"])


def _initials(record: Record) -> str:
    first, middle = record.get("first_name") or "", record.get("middle_name") or ""
    return f"{record.get('last_name') or ''} {first[:1]}{'.' if first else ''} {middle[:1]}{'.' if middle else ''}".strip()


def _folder(store: Store, id: UUID, applicant: Record) -> FolderPaper:
    person = store.get("person", applicant["person_id"]) or {}
    rows = tuple(
        FolderRow(
            row["name"],
            text_of(row["carrier"]),
            row["count"],
            row["details"] or "",
            text_of(row["received_on"]),
        )
        for row in store.where("applicant_document", "applicant_id", id).values()
        if row["state"] not in (DocumentState.MISSING, DocumentState.REJECTED)
    )
    name = " ".join(
        filter(None, (person.get(n) for n in ("last_name", "first_name", "middle_name")))
    )
    return FolderPaper(
        _house(store), applicant["reg_no"], _day(store, applicant), name, rows, own_name(store)
    )
