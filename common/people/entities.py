"""A human being and what belongs to him; applicant, student, employee are roles of it (domain 0.2).

Nothing here that identifies a human being is unique: duplicates are findings and never stop a desk.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.kit.columns import choice, day, flag, integer, ref, text
from common.kit.dated import Dated, refuse_backwards
from common.kit.entity import CollegeOwned, link
from common.kit.formats import (
    DAY,
    DEPARTMENT_CODE,
    INDEX,
    INN,
    NAME,
    SNILS,
)
from common.kit.kinds import P0, P1, P2, P3
from common.kit.rights import Section
from common.people import rules
from common.people.formats import AVERAGE
from common.people.kinds import (
    AddressKind,
    CaseSource,
    CitizenshipKind,
    ConsentKind,
    ContactKind,
    Honours,
    Kinship,
    Mark,
    NameCase,
    PriorLevel,
    Sex,
    SignedBy,
    SnilsState,
)
from common.reference.entities import Country, DocumentKind


class Person(CollegeOwned):
    """One physical person of one college (Физлицо)."""

    __tablename__ = "person"
    __title__ = "Физические лица"
    __one__ = "Физическое лицо"
    __section__ = Section.PEOPLE
    __checks__ = (rules.check_name,)

    last_name: Mapped[str] = text("Фамилия", 100, pd=P0, format=NAME, search=True, atom="full_name")
    first_name: Mapped[str] = text("Имя", 100, pd=P0, format=NAME, search=True, atom="full_name")
    middle_name: Mapped[str | None] = text(
        "Отчество", 100, pd=P0, format=NAME, search=True, atom="full_name", default=None
    )
    birth_date: Mapped[dt.date] = day("Дата рождения", pd=P1, format=DAY)
    sex: Mapped[Sex | None] = choice("Пол", Sex, pd=P1, default=None)
    birth_place: Mapped[str | None] = text(
        "Место рождения", 500, pd=P2, in_list=False, default=None
    )
    snils: Mapped[str | None] = text(
        "СНИЛС", 11, pd=P2, format=SNILS, search=True, atom="snils", default=None
    )
    snils_state: Mapped[SnilsState] = choice(
        "Проверка СНИЛС",
        SnilsState,
        pd=P2,
        in_list=False,
        atom="snils",
        default=SnilsState.ABSENT,
    )
    inn: Mapped[str | None] = text("ИНН", 12, pd=P2, format=INN, in_list=False, default=None)
    medical_policy: Mapped[str | None] = text(
        "Медицинский полис", 40, pd=P2, in_list=False, default=None
    )
    nationality: Mapped[str | None] = text(
        "Национальность", 100, pd=P3, in_list=False, default=None
    )
    death_date: Mapped[dt.date | None] = day(
        "Дата смерти", pd=P3, format=DAY, in_list=False, default=None
    )


class PersonName(Dated, CollegeOwned):
    """История ФИО: documents print the name of their date."""

    __tablename__ = "person_name"
    __title__ = "История ФИО"
    __one__ = "Прежние ФИО"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"
    __checks__ = (rules.check_name, refuse_backwards)

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    last_name: Mapped[str] = text("Фамилия", 100, pd=P1, format=NAME, atom="full_name")
    first_name: Mapped[str] = text("Имя", 100, pd=P1, format=NAME, atom="full_name")
    middle_name: Mapped[str | None] = text(
        "Отчество", 100, pd=P1, format=NAME, atom="full_name", default=None
    )
    person: Mapped[Person] = link("PersonName", "person_id", "Person")


class PersonNameCase(CollegeOwned):
    """Склонение ФИО, as a registrar has settled it."""

    __tablename__ = "person_name_case"
    __title__ = "Склонение ФИО"
    __one__ = "Падеж ФИО"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P0, in_list=False)
    case: Mapped[NameCase] = choice("Падеж", NameCase, pd=P0)
    written: Mapped[str] = text("Написание", 300, pd=P0)
    source: Mapped[CaseSource] = choice("Источник", CaseSource, pd=P0, default=CaseSource.AUTO)
    person: Mapped[Person] = link("PersonNameCase", "person_id", "Person")


class IdentityDocument(CollegeOwned):
    """Удостоверение личности."""

    __tablename__ = "identity_document"
    __title__ = "Удостоверения личности"
    __one__ = "Удостоверение личности"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"
    __checks__ = (rules.check_period,)

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P2, in_list=False)
    kind_id: Mapped[UUID] = ref(
        "Вид документа", "document_kind", pd=P2, regional=True, atom="passport"
    )
    series: Mapped[str | None] = text("Серия", 10, pd=P2, atom="passport", default=None)
    number: Mapped[str] = text("Номер", 20, pd=P2, atom="passport")
    issued_on: Mapped[dt.date | None] = day(
        "Дата выдачи", pd=P2, format=DAY, atom="passport", default=None
    )
    issued_by: Mapped[str | None] = text(
        "Кем выдан", 500, pd=P2, in_list=False, atom="passport", default=None
    )
    department_code: Mapped[str | None] = text(
        "Код подразделения", 7, pd=P2, format=DEPARTMENT_CODE, atom="passport", default=None
    )
    valid_to: Mapped[dt.date | None] = day(
        "Действителен до", pd=P2, format=DAY, in_list=False, atom="passport", default=None
    )
    person: Mapped[Person] = link("IdentityDocument", "person_id", "Person")
    kind: Mapped[DocumentKind] = link("IdentityDocument", "kind_id", "DocumentKind", regional=True)


class PersonCitizenship(CollegeOwned):
    __tablename__ = "person_citizenship"
    __title__ = "Гражданства"
    __one__ = "Гражданство"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    country_id: Mapped[UUID | None] = ref("Страна", "country", pd=P1, regional=True, default=None)
    kind: Mapped[CitizenshipKind] = choice(
        "Вид гражданства", CitizenshipKind, pd=P1, default=CitizenshipKind.MAIN
    )
    valid_from: Mapped[dt.date | None] = day("С", pd=P1, format=DAY, default=None)
    valid_to: Mapped[dt.date | None] = day("До", pd=P1, format=DAY, default=None)
    person: Mapped[Person] = link("PersonCitizenship", "person_id", "Person")
    country: Mapped[Country | None] = link(
        "PersonCitizenship", "country_id", "Country", regional=True
    )


class Address(CollegeOwned):
    """The line as it was given, and its parts where they are known."""

    __tablename__ = "address"
    __title__ = "Адреса"
    __one__ = "Адрес"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    kind: Mapped[AddressKind] = choice(
        "Вид адреса", AddressKind, pd=P1, default=AddressKind.REGISTRATION
    )
    full: Mapped[str] = text("Адрес одной строкой", 1024, pd=P1, atom="address")
    index: Mapped[str | None] = text(
        "Индекс", 6, pd=P1, format=INDEX, in_list=False, atom="address", default=None
    )
    region_code: Mapped[str | None] = text(
        "Код региона", 2, pd=P1, in_list=False, atom="address", default=None
    )
    area: Mapped[str | None] = text(
        "Район", 200, pd=P1, in_list=False, atom="address", default=None
    )
    city: Mapped[str | None] = text("Город", 200, pd=P1, atom="address", default=None)
    city_area: Mapped[str | None] = text(
        "Район города", 200, pd=P1, in_list=False, atom="address", default=None
    )
    place: Mapped[str | None] = text(
        "Населённый пункт", 200, pd=P1, in_list=False, atom="address", default=None
    )
    street: Mapped[str | None] = text(
        "Улица", 200, pd=P1, in_list=False, atom="address", default=None
    )
    house: Mapped[str | None] = text("Дом", 20, pd=P1, in_list=False, atom="address", default=None)
    building1: Mapped[str | None] = text(
        "Корпус", 20, pd=P1, in_list=False, atom="address", default=None
    )
    building2: Mapped[str | None] = text(
        "Строение", 20, pd=P1, in_list=False, atom="address", default=None
    )
    apartment: Mapped[str | None] = text(
        "Квартира", 20, pd=P1, in_list=False, atom="address", default=None
    )
    is_rural: Mapped[bool] = flag("Село", pd=P1, in_list=False, default=False)
    valid_from: Mapped[dt.date | None] = day("С", pd=P1, format=DAY, in_list=False, default=None)
    valid_to: Mapped[dt.date | None] = day("До", pd=P1, format=DAY, in_list=False, default=None)
    person: Mapped[Person] = link("Address", "person_id", "Person")


class Contact(CollegeOwned):
    __tablename__ = "contact"
    __title__ = "Контакты"
    __one__ = "Контакт"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    kind: Mapped[ContactKind] = choice("Вид связи", ContactKind, pd=P1, default=ContactKind.MOBILE)
    value: Mapped[str] = text("Номер или адрес", 200, pd=P1, search=True)
    is_primary: Mapped[bool] = flag("Основной", pd=P1, default=False)
    person: Mapped[Person] = link("Contact", "person_id", "Person")


class Relative(CollegeOwned):
    """Родственник или законный представитель."""

    __tablename__ = "relative"
    __title__ = "Родственники и представители"
    __one__ = "Родственник или представитель"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"
    __checks__ = (rules.check_name,)

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P2, in_list=False)
    relation: Mapped[Kinship] = choice("Кем приходится", Kinship, pd=P2, default=Kinship.MOTHER)
    last_name: Mapped[str] = text("Фамилия", 100, pd=P2, format=NAME, atom="full_name")
    first_name: Mapped[str | None] = text(
        "Имя", 100, pd=P2, format=NAME, atom="full_name", default=None
    )
    middle_name: Mapped[str | None] = text(
        "Отчество", 100, pd=P2, format=NAME, atom="full_name", default=None
    )
    is_legal_representative: Mapped[bool] = flag("Законный представитель", pd=P2, default=True)
    phone: Mapped[str | None] = text("Телефон", 100, pd=P2, default=None)
    work_place: Mapped[str | None] = text("Место работы", 300, pd=P2, in_list=False, default=None)
    post: Mapped[str | None] = text("Должность", 200, pd=P2, in_list=False, default=None)
    identity: Mapped[str | None] = text(
        "Документ представителя", 500, pd=P2, in_list=False, default=None
    )
    basis: Mapped[str | None] = text(
        "Основание полномочий", 300, pd=P2, in_list=False, default=None
    )
    person: Mapped[Person] = link("Relative", "person_id", "Person")


class Consent(CollegeOwned):
    """Согласие на обработку персональных данных; withdrawal is an event, not a deletion."""

    __tablename__ = "consent"
    __title__ = "Согласия"
    __one__ = "Согласие"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    kind: Mapped[ConsentKind] = choice(
        "Вид согласия", ConsentKind, pd=P1, default=ConsentKind.PERSONAL_DATA
    )
    signed_on: Mapped[dt.date] = day("Подписано", pd=P1, format=DAY)
    signed_by: Mapped[SignedBy] = choice("Кто подписал", SignedBy, pd=P1, default=SignedBy.SELF)
    withdrawn_on: Mapped[dt.date | None] = day("Отозвано", pd=P1, format=DAY, default=None)
    person: Mapped[Person] = link("Consent", "person_id", "Person")


class PriorEducation(CollegeOwned):
    """Документ о предыдущем образовании."""

    __tablename__ = "prior_education"
    __title__ = "Документы об образовании"
    __one__ = "Документ об образовании"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"
    __checks__ = (rules.check_certificate,)

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    level: Mapped[PriorLevel] = choice(
        "Уровень образования", PriorLevel, pd=P1, default=PriorLevel.BASIC_GENERAL
    )
    kind_id: Mapped[UUID | None] = ref(
        "Вид документа об образовании",
        "document_kind",
        pd=P1,
        regional=True,
        in_list=False,
        default=None,
    )
    series: Mapped[str | None] = text("Серия", 20, pd=P1, atom="certificate", default=None)
    number: Mapped[str | None] = text("Номер", 30, pd=P1, atom="certificate", default=None)
    registration_number: Mapped[str | None] = text(
        "Регистрационный номер", 50, pd=P1, in_list=False, default=None
    )
    issued_on: Mapped[dt.date | None] = day(
        "Дата выдачи", pd=P1, format=DAY, atom="certificate", default=None
    )
    org_name: Mapped[str | None] = text("Кем выдан", 500, pd=P1, in_list=False, default=None)
    graduation_year: Mapped[int | None] = integer("Год окончания", 1950, 2100, pd=P1, default=None)
    honours: Mapped[Honours] = choice(
        "Отличие", Honours, pd=P1, in_list=False, default=Honours.NONE
    )
    is_foreign: Mapped[bool] = flag("Иностранный документ", pd=P1, in_list=False, default=False)
    recognition: Mapped[str | None] = text(
        "Документ о признании", 300, pd=P1, in_list=False, default=None
    )
    average: Mapped[int | None] = integer(
        "Средний балл", 20_000, 50_000, pd=P1, format=AVERAGE, atom="average", default=None
    )
    marks_sum: Mapped[int | None] = integer(
        "Сумма отметок", 0, 500, pd=P1, in_list=False, atom="average", default=None
    )
    marks_count: Mapped[int | None] = integer(
        "Число отметок", 0, 100, pd=P1, in_list=False, atom="average", default=None
    )
    profile_marks: Mapped[str | None] = text(
        "Отметки по профильным предметам", 500, pd=P1, in_list=False, default=None
    )
    person: Mapped[Person] = link("PriorEducation", "person_id", "Person")


class CertificateGrade(CollegeOwned):
    """Отметка аттестата; feeds the average."""

    __tablename__ = "certificate_grade"
    __title__ = "Отметки аттестата"
    __one__ = "Отметка аттестата"
    __section__ = Section.PEOPLE
    __part_of__ = "prior_education_id"
    __tells__ = ("subject_name",)

    prior_education_id: Mapped[UUID] = ref(
        "Документ об образовании", "prior_education", pd=P1, in_list=False
    )
    subject_name: Mapped[str] = text("Предмет", 150, pd=P1)
    mark: Mapped[Mark] = choice("Отметка", Mark, pd=P1)
    prior_education: Mapped[PriorEducation] = link(
        "CertificateGrade", "prior_education_id", "PriorEducation"
    )


class DistinctPerson(CollegeOwned):
    """Somebody has looked and said that two people are not one: nobody is asked of them again, at any desk.

    The lesser of both ids is the owner; two desks that say the same leave two such rows, and no quarrel. The other
    is not held by it: where he is deleted, the row says nothing of anybody whom a list still shows.
    """

    __tablename__ = "distinct_person"
    __title__ = "Разные люди"
    __one__ = "Разные люди"
    __section__ = Section.PEOPLE
    __part_of__ = "person_id"
    __checks__ = (rules.refuse_one_person,)

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P1, in_list=False)
    other_id: Mapped[UUID] = ref(
        "Другое физическое лицо", "person", pd=P1, holds=False, in_list=False
    )
    person: Mapped[Person] = link("DistinctPerson", "person_id", "Person")
    other: Mapped[Person] = link("DistinctPerson", "other_id", "Person")
