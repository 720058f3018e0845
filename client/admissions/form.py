"""The admission form: one scrollable paper, its lines in the order of the paper, typed by keyboard alone."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from client.kit.record_form import RecordForm
from client.kit.records import now_ms
from client.kit.screen import Card, Line, Part, Screen, line
from client.store.store import Store
from common.admissions import rules
from common.admissions.entities import AdmissionBenefit, Applicant, Application
from common.admissions.kinds import CampaignStatus
from common.kit.sync import LegalNumber, Save
from common.kit.wire import pack
from common.people.duplicates import Sighting
from common.people.entities import (
    Address,
    Consent,
    Contact,
    IdentityDocument,
    Person,
    PersonCitizenship,
    PriorEducation,
    Relative,
)
from common.people.kinds import AddressKind, ConsentKind, ContactKind, SnilsState

CHOICES = 3
"""Lines for choices that the form offers."""


def now() -> dt.datetime:
    return dt.datetime.fromtimestamp(now_ms() / 1000, dt.UTC)


def today() -> dt.date:
    return now().astimezone().date()


def _choice(number: int) -> Part:
    return Part(
        f"choice{number}",
        Application,
        ("applicant_id", "applicant"),
        nth=number - 1,
        defaults={"filed_on": today, "priority": lambda: number},
    )


PARTS = (
    Part(
        "applicant",
        Applicant,
        optional=False,
        points_at={"person_id": "person", "prior_education_id": "education"},
        defaults={"registered_at": now},
    ),
    Part("person", Person, optional=False),
    Part("citizenship", PersonCitizenship, ("person_id", "person")),
    Part("identity", IdentityDocument, ("person_id", "person")),
    Part("registration", Address, ("person_id", "person"), {"kind": AddressKind.REGISTRATION}),
    Part("actual", Address, ("person_id", "person"), {"kind": AddressKind.ACTUAL}),
    Part("mobile", Contact, ("person_id", "person"), {"kind": ContactKind.MOBILE}),
    Part("email", Contact, ("person_id", "person"), {"kind": ContactKind.EMAIL}),
    Part("education", PriorEducation, ("person_id", "person")),
    *(_choice(number) for number in range(1, CHOICES + 1)),
    Part("relative", Relative, ("person_id", "person")),
    Part("benefit", AdmissionBenefit, ("applicant_id", "applicant")),
    Part(
        "consent",
        Consent,
        ("person_id", "person"),
        {"kind": ConsentKind.PERSONAL_DATA},
        optional=False,
        defaults={"signed_on": today},
    ),
)


def _choice_lines(number: int) -> tuple[Line, ...]:
    part = f"choice{number}"
    return (
        line(part, Application.competitive_group_id, label=f"{number}-й приоритет"),
        line(part, Application.original, label="Документ об образовании"),
    )


CARDS = (
    Card(
        "1. Поступающий",
        (
            line("person", Person.last_name),
            line("person", Person.first_name),
            line("person", Person.middle_name),
            line("person", Person.birth_date),
            line("person", Person.sex),
            line("person", Person.snils),
            line("person", Person.inn),
            line("person", Person.birth_place),
            line("citizenship", PersonCitizenship.country_id, label="Гражданство", pinnable=True),
            line("person", Person.nationality),
        ),
    ),
    Card(
        "2. Удостоверение личности",
        (
            line("identity", IdentityDocument.kind_id, label="Документ", pinnable=True),
            line(
                "identity",
                IdentityDocument.series,
                IdentityDocument.number,
                label="Серия и номер",
                advance=(4, 6),
            ),
            line("identity", IdentityDocument.issued_on, label="Выдан"),
            line("identity", IdentityDocument.department_code),
            line("identity", IdentityDocument.issued_by),
        ),
    ),
    Card(
        "3. Адрес и связь",
        (
            line("registration", Address.full, label="Адрес регистрации"),
            line("actual", Address.full, label="Фактический адрес"),
            line("mobile", Contact.value, label="Телефон"),
            line("email", Contact.value, label="Эл. почта"),
        ),
    ),
    Card(
        "4. Образование",
        (
            line("education", PriorEducation.level, pinnable=True),
            line("education", PriorEducation.number, label="Номер аттестата"),
            line("education", PriorEducation.issued_on, label="Выдан"),
            line("education", PriorEducation.org_name, label="Кем выдан"),
            line("education", PriorEducation.graduation_year, pinnable=True),
            line("education", PriorEducation.average),
            line("applicant", Applicant.language_studied),
        ),
    ),
    Card(
        "5. Заявление: специальности по приоритету",
        tuple(each for number in range(1, CHOICES + 1) for each in _choice_lines(number)),
    ),
    Card(
        "6. Законный представитель",
        (
            line("relative", Relative.relation),
            line("relative", Relative.last_name),
            line("relative", Relative.first_name),
            line("relative", Relative.middle_name),
            line("relative", Relative.phone),
        ),
    ),
    Card(
        "7. Условия и права",
        (
            line("applicant", Applicant.needs_hostel, label="Общежитие"),
            line("applicant", Applicant.source, pinnable=True),
            line("applicant", Applicant.return_method, pinnable=True),
            line("applicant", Applicant.special_conditions),
            line("benefit", AdmissionBenefit.right, label="Особое право"),
            line("benefit", AdmissionBenefit.benefit_kind_id, label="Льгота"),
            line("benefit", AdmissionBenefit.document, label="Документ о праве"),
        ),
    ),
    Card(
        "8. Подписи на заявлении",
        (
            line("choice1", Application.acquainted, label="Ознакомление"),
            line("choice1", Application.first_spo, label="Впервые"),
            line("choice1", Application.knows_original_date, label="Срок оригинала"),
            line("choice1", Application.consents_to_data, label="Согласие"),
            line("consent", Consent.signed_on, label="Согласие подписано"),
        ),
    ),
)

ADMISSION = Screen("admission", "Новое заявление", PARTS, CARDS, "applicant")


class AdmissionForm(RecordForm):
    """Gives numbers from the desk's own block; a new form carries the open campaign."""

    def __init__(self, store: Store, id: UUID | None = None) -> None:
        super().__init__(store, ADMISSION, id)
        self.campaign = self._campaign()
        if not self.held["applicant"].stored and self.campaign:
            self.held["applicant"].seen["campaign_id"] = UUID(self.campaign[0])
            self.store.want_numbers(self.book)

    def _campaign(self) -> tuple[str, dict[str, Any]] | None:
        """The applicant's campaign, or the newest that takes applications."""
        own = self.held["applicant"].seen.get("campaign_id")
        if own:
            record = self.store.get("admission_campaign", own)
            return (own.hex, record) if record else None
        every = self.store.all("admission_campaign").items()
        taking = [c for c in every if c[1]["status"] in rules.OPEN_STATES]
        return max(taking, key=lambda c: c[1]["year"], default=None)

    @property
    def book(self) -> str:
        year = self.campaign[1]["year"] if self.campaign else today().year
        return rules.number_book(year)

    def title(self) -> str:
        last = self.value("person", "last_name") or ""
        first = self.value("person", "first_name") or ""
        return f"{last} {first[:1] + '.' if first else ''}".strip()

    def full_name(self) -> str:
        names = ("last_name", "first_name", "middle_name")
        return " ".join(filter(None, (self.value("person", n) for n in names)))

    def sighting(self) -> Sighting | None:
        """What is typed of the person so far; None where it is too little to compare."""
        last, snils = self.value("person", "last_name"), self.value("person", "snils")
        if not snils and not (last and self.value("person", "first_name")):
            return None
        return Sighting(
            last or "",
            self.value("person", "first_name") or "",
            self.value("person", "middle_name"),
            self.value("person", "birth_date"),
            snils,
        )

    def refusal(self) -> str | None:
        """Why the college cannot take this application today, judged by the rule the server uses."""
        if self.held["applicant"].stored:
            return None
        if self.campaign is None:
            return "Нет открытой приёмной кампании; её открывает ответственный секретарь"
        status: CampaignStatus = self.campaign[1]["status"]
        return rules.refuse_application(status, None, today())

    def values(self, part: Part) -> dict[str, Any]:
        values = super().values(part)
        if part.name == "person" and values["snils_state"] is SnilsState.ABSENT and values["snils"]:
            values["snils_state"] = SnilsState.FORMAT_OK
        if part.name == "applicant" and not values["reg_no"]:
            values["reg_no"] = "Б/Н"
        if part.name.startswith("choice") and part.name != "choice1":
            flags = ("acquainted", "first_spo", "knows_original_date", "consents_to_data")
            values |= {name: self.value("choice1", name) for name in flags}
        return values

    def _is_wanted(self, part: Part) -> bool:
        """A choice is a group; its other fields have values of their own."""
        if part.name.startswith("choice") and not self.held[part.name].stored:
            return self.value(part.name, "competitive_group_id") is not None
        return super()._is_wanted(part)

    def store_number(self, number: LegalNumber | None, bodies: list[Save]) -> list[Save]:
        """The number that the journal gave in this transaction goes into the record."""
        id = self.held["applicant"].id
        text = (
            rules.registration_number(number.series, number.number)
            if number
            else f"Б/Н-{id.hex[-6:]}"
        )
        for body in bodies:
            if body.id == id and body.create:
                body.set["reg_no"] = (None, pack(text))
        return bodies

    def save_application(self) -> None:
        new = not self.held["applicant"].stored
        self.save(book=self.book if new else None, fill=self.store_number)
