"""Generated people: valid identifiers in reserved ranges, names with all the hard cases, the shape of real entrants (domain S.11)."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.kit import resources
from common.people.entities import (
    Address,
    CertificateGrade,
    Consent,
    Contact,
    IdentityDocument,
    Person,
    PersonCitizenship,
    PriorEducation,
    Relative,
)
from common.people.kinds import (
    AddressKind,
    ContactKind,
    Honours,
    Kinship,
    Mark,
    PriorLevel,
    Sex,
    SnilsState,
)

SUBJECTS = (
    "Русский язык", "Литература", "Иностранный язык", "Алгебра", "Геометрия", "Информатика", "История",
    "Обществознание", "География", "Физика", "Химия", "Биология", "Музыка", "Изобразительное искусство",
    "Технология", "Физическая культура", "Основы безопасности и защиты Родины",
)  # fmt: skip


@functools.cache
def _column(table: str, name: str) -> tuple[str, ...]:
    return tuple(row[name] for row in resources.rows("demo", table))


@functools.cache
def _first_names(sex: str) -> tuple[str, ...]:
    return tuple(r["name"] for r in resources.rows("demo", "names.csv") if r["sex"] == sex)


@dataclass(frozen=True, slots=True)
class Books:
    """Ids of reference rows that people point at."""

    passport: Any
    birth_certificate: Any
    certificate9: Any
    russia: Any


def demo_snils(number: int) -> str:
    """A valid СНИЛС of the range 900-…, which is given to nobody."""
    nine = f"{900_000_000 + number % 99_999_999:09d}"
    total = sum(int(d) * w for d, w in zip(nine, range(9, 0, -1), strict=True))
    return f"{nine}{total % 101 % 100:02d}"


class People:
    """One stream of people, the same for the same seed."""

    def __init__(self, seed: str, books: Books, today: dt.date) -> None:
        self.random = random.Random(seed)  # noqa: S311  invented data
        self.books = books
        self.today = today
        self.made = 0
        self.offset = self.random.randrange(90_000_000)

    def person(self) -> Person:
        """Only the person, with no papers."""
        r = self.random
        male = r.random() < 0.6
        self.made += 1
        patronymic = _column("patronymics.csv", "masculine" if male else "feminine")
        names = _first_names("M" if male else "F")
        snils = demo_snils(self.offset + self.made) if r.random() > 0.04 else None
        return Person(
            last_name=r.choice(_column("surnames.csv", "masculine" if male else "feminine")),
            first_name=r.choice(names),
            middle_name=r.choice(patronymic) if r.random() > 0.02 else None,
            birth_date=self.today - dt.timedelta(days=r.randrange(15 * 365, 17 * 365 + 200)),
            sex=Sex.MALE if male else Sex.FEMALE,
            birth_place=f"г. {r.choice(_column('towns.csv', 'town'))}",
            snils=snils,
            snils_state=SnilsState.FORMAT_OK if snils else SnilsState.ABSENT,
        )

    def papers(self, person: Person) -> Iterator[Any]:
        """What a desk types about an entrant besides himself; the certificate comes first."""
        yield from self._education(person)
        yield self._identity(person)
        yield PersonCitizenship(person_id=person.id, country_id=self.books.russia)
        yield from self._addresses(person)
        yield from self._contacts(person)
        yield from self._relatives(person)
        yield Consent(person_id=person.id, signed_on=self.today)

    def _education(self, person: Person) -> Iterator[Any]:
        r = self.random
        spread = min(5.0, max(3.0, r.gauss(3.7, 0.4)))
        marks = [min(5, max(3, round(r.gauss(spread, 0.6)))) for _ in SUBJECTS]
        total = sum(marks)
        town = r.choice(_column("towns.csv", "town"))
        education = PriorEducation(
            person_id=person.id,
            level=PriorLevel.BASIC_GENERAL,
            kind_id=self.books.certificate9,
            number=f"04224{r.randrange(10**9):09d}",
            issued_on=dt.date(self.today.year, 6, r.randrange(15, 28)),
            org_name=f"МБОУ «Средняя общеобразовательная школа № {r.randrange(1, 99)}» г. {town}",
            graduation_year=self.today.year,
            honours=Honours.WITH_HONOURS if total == 5 * len(marks) else Honours.NONE,
            average=round(total * 10_000 / len(marks)),
            marks_sum=total,
            marks_count=len(marks),
        )
        yield education
        if self.made % 5 == 0:
            for subject, mark in zip(SUBJECTS, marks, strict=True):
                yield CertificateGrade(
                    prior_education_id=education.id, subject_name=subject, mark=Mark.of(str(mark))
                )

    def _identity(self, person: Person) -> IdentityDocument:
        r = self.random
        return IdentityDocument(
            person_id=person.id,
            kind_id=self.books.passport,
            series="9999",
            number=f"{r.randrange(10**6):06d}",
            issued_on=person.birth_date + dt.timedelta(days=14 * 365 + 40),
            issued_by="ГУ МВД России по Кемеровской области",
            department_code=f"420-{r.randrange(1, 90):03d}",
        )

    def _addresses(self, person: Person) -> Iterator[Address]:
        r = self.random
        town = r.choice(resources.rows("demo", "towns.csv"))
        street, house, flat = (
            r.choice(_column("streets.csv", "street")),
            str(r.randrange(1, 120)),
            str(r.randrange(1, 150)),
        )
        line = f"{town['index']}, Кемеровская область — Кузбасс, г. {town['town']}, ул. {street}, д. {house}, кв. {flat}"
        for kind in (AddressKind.REGISTRATION, AddressKind.ACTUAL):
            yield Address(
                person_id=person.id,
                kind=kind,
                full=line,
                index=town["index"],
                region_code=town["region_code"],
                city=town["town"],
                street=street,
                house=house,
                apartment=flat,
            )

    def _phone(self) -> str:
        return f"+7999{self.random.randrange(10**7):07d}"

    def _contacts(self, person: Person) -> Iterator[Contact]:
        yield Contact(
            person_id=person.id, kind=ContactKind.MOBILE, value=self._phone(), is_primary=True
        )
        if self.made % 3 == 0:
            address = f"demo{self.offset + self.made}@example.invalid"
            yield Contact(person_id=person.id, kind=ContactKind.EMAIL, value=address)

    def _relatives(self, person: Person) -> Iterator[Relative]:
        r = self.random
        mother = r.random() < 0.8
        yield Relative(
            person_id=person.id,
            relation=Kinship.MOTHER if mother else Kinship.FATHER,
            last_name=r.choice(_column("surnames.csv", "feminine" if mother else "masculine")),
            first_name=r.choice(_first_names("F" if mother else "M")),
            middle_name=r.choice(_column("patronymics.csv", "feminine" if mother else "masculine")),
            phone=self._phone(),
        )
