"""A workbook of 32 columns: every column has its home, every planted error is named by its cell, twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from common.admissions.entities import AdmissionBenefit, Applicant, Application, CompetitiveGroup
from common.admissions.importing import HEADERS
from common.admissions.kinds import BenefitRight, Funding, OriginalState
from common.colleges.entities import College
from common.kit import resources, sheets
from common.kit.errors import Invalid, NotFound
from common.people.entities import (
    Address,
    Contact,
    IdentityDocument,
    Person,
    PersonCitizenship,
    PriorEducation,
    Relative,
)
from common.people.kinds import AddressKind, ContactKind, Kinship
from common.reference.entities import Country
from server.admissions.demo import make_region
from server.admissions.demo_people import demo_snils
from server.admissions.importing import Report, import_applications
from server.kit.session import CollegeSession
from tests.scale import Scale
from tests.server.conftest import now

SAMPLE = resources.path("samples", "applications.xlsx")


@pytest.fixture
def region(engine: sa.Engine) -> sa.Engine:
    make_region(
        engine,
        colleges=1,
        students=0,
        applicants=0,
        seed=1,
        password="длинный пароль",
        canary=False,
        now=now,
    )
    return engine


@pytest.fixture
def db(region: sa.Engine) -> Iterator[CollegeSession]:
    with CollegeSession(region, _college(region), now=now) as session:
        yield session


def _college(engine: sa.Engine) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.select(College.id).where(College.code == "k1")).scalar_one()


def load(engine: sa.Engine, path: Path, **more: Any) -> Report:
    options: dict[str, Any] = {"mapping": {}, "campaign": None, "dry_run": False} | more
    return import_applications(engine, "k1", path, now=now, **options)


def totals(report: Report) -> tuple[int, int, int, int]:
    return report.rows, report.created, report.changed, report.unchanged


def row(number: int, **more: Any) -> list[Any]:
    values: dict[str, Any] = {
        "Рег.номер": f"77-{number:04d}",
        "Специальность": "09.02.07",
        "ФИО": f"Петров{'а' * (number % 2)} Анна Номер{chr(1072 + number % 32)}{chr(1072 + number // 32 % 32)}",
        "Дата рождения": dt.date(2010, 1, 1) + dt.timedelta(days=number % 700),
        "СНИЛС": demo_snils(number),
        "Бюджет/коммерция": "бюджет",
        "Форма обучения": "очная",
        "Средний балл": "4,12",
    } | more
    return [values.get(header) for header in HEADERS]


def book(path: Path, rows: list[list[Any]]) -> Path:
    sheets.write(path, "Заявления", HEADERS, rows)
    return path


def test_each_of_the_columns_of_the_sample_has_its_home(
    region: sa.Engine, db: CollegeSession
) -> None:
    report = load(region, SAMPLE)
    assert totals(report) == (3, 3, 0, 0)
    assert report.errors == []
    assert [(n.row, n.column) for n in report.notes] == [(3, "Паспортные данные")]
    anna = db.scalars(sa.select(Person).where(Person.last_name == "Ёлкина")).one()
    assert (anna.nationality, anna.medical_policy, anna.birth_place) == (
        "русская",
        "1234567890123456",
        "г. Кемерово",
    )
    assert (anna.birth_date, anna.snils, anna.inn) == (dt.date(2010, 4, 11), demo_snils(1), None)

    def part(entity: Any, *where: Any) -> Any:
        return db.scalars(sa.select(entity).where(entity.person_id == anna.id, *where)).one()

    passport = part(IdentityDocument)
    assert (passport.series, passport.number, passport.department_code) == (
        "9999",
        "123456",
        "420-012",
    )
    assert (passport.issued_by, passport.issued_on) == (
        "ГУ МВД России по Кемеровской области",
        dt.date(2024, 5, 20),
    )
    russia = db.scalars(sa.select(Country.id).where(Country.code == "643")).one()
    assert part(PersonCitizenship).country_id == russia
    home = part(Address, Address.kind == AddressKind.REGISTRATION)
    assert (home.index, home.region_code, home.city, home.street) == (
        "650000",
        "42",
        "Кемерово",
        "Весенняя",
    )
    assert (
        part(Address, Address.kind == AddressKind.ACTUAL).full
        == "г. Кемерово, ул. Весенняя, д. 5, кв. 12"
    )
    assert part(Contact, Contact.kind == ContactKind.MOBILE).value == "+79991234567"
    assert part(Contact, Contact.kind == ContactKind.EMAIL).value == "elkina@example.invalid"
    mother = part(Relative)
    assert (mother.relation, mother.first_name, mother.phone) == (
        Kinship.MOTHER,
        "Мария",
        "+79991112233",
    )
    assert mother.work_place == "ООО «Ромашка», бухгалтер"
    school = part(PriorEducation)
    assert (school.series, school.number, school.issued_on) == (
        "04224",
        "0098812",
        dt.date(2026, 6, 20),
    )
    assert (school.graduation_year, school.org_name) == (2026, "МБОУ СОШ № 5 г. Кемерово")
    assert (school.average, school.profile_marks) == (43_700, "Информатика 5, Математика 4")
    applicant = part(Applicant)
    assert applicant.needs_hostel
    assert applicant.registered_at.date() == dt.date(2026, 7, 1)
    application = db.scalars(
        sa.select(Application).where(Application.applicant_id == applicant.id)
    ).one()
    group = db.scalars(
        sa.select(CompetitiveGroup).where(CompetitiveGroup.id == application.competitive_group_id)
    ).one()
    assert (application.original, group.funding) == (OriginalState.COPY, Funding.REGIONAL_BUDGET)
    rights = db.scalars(
        sa.select(AdmissionBenefit.right).where(AdmissionBenefit.applicant_id == applicant.id)
    )
    assert list(rights) == [BenefitRight.PREFERENTIAL]


def test_the_columns_of_the_other_rows_of_the_sample(region: sa.Engine, db: CollegeSession) -> None:
    load(region, SAMPLE)
    daria = db.scalars(sa.select(Applicant).where(Applicant.reg_no == "12-0001")).one()
    assert daria.target_contract == "Договор № 7 от 01.06.2026 с ГКБ"
    assert daria.unread == "Паспортные данные: паспорт утерян, справка № 5"
    ali = db.scalars(sa.select(Person).where(Person.last_name == "Мамедов")).one()
    assert ali.middle_name == "Гусейн оглы"
    applicant = db.scalars(sa.select(Applicant).where(Applicant.person_id == ali.id)).one()
    assert applicant.military_record == "Приписное АБ 123456"
    benefit = db.scalars(
        sa.select(AdmissionBenefit).where(AdmissionBenefit.applicant_id == applicant.id)
    ).one()
    assert (benefit.right, benefit.document) == (BenefitRight.FIRST_ORDER, "сирота, справка № 3")


def test_the_same_file_again_changes_nothing(region: sa.Engine) -> None:
    load(region, SAMPLE)
    assert totals(load(region, SAMPLE)) == (3, 0, 0, 3)


def test_a_dry_run_stores_nothing(region: sa.Engine, db: CollegeSession) -> None:
    assert totals(load(region, SAMPLE, dry_run=True)) == (3, 3, 0, 0)
    assert db.scalars(sa.select(Applicant)).all() == []


PLANTED = (
    ("ФИО", "Петров", "Нужны хотя бы фамилия и имя через пробел"),
    ("ФИО", None, "Заполните ячейку: без неё строку не загрузить"),
    ("Дата рождения", "31.02.2010", "Такого дня нет в календаре. Дату пишут так: 01.09.2008"),
    ("Дата рождения", "весна", "Дату пишут так: 01.09.2008"),
    ("СНИЛС", "112-233-445 96", "Контрольное число не сходится — сверьте с документом"),
    (
        "СНИЛС",
        1.12e10 + 0.5,
        "Excel испортил число: задайте столбцу формат «Текст» и внесите его снова",
    ),
    ("ИНН", "500100732250", "Контрольные цифры не сходятся"),
    ("Код подразделения", "42-12", "Код подразделения — шесть цифр: 420-012"),
    ("Email", "не помнит", "Адрес почты пишут так: ivanova@mail.ru"),
    ("Средний балл", "45", "Средний балл от 2 до 5"),
    ("Форма обучения", "ночная", "Форма обучения: очная, очно-заочная или заочная"),
    ("Бюджет/коммерция", "даром", "Пишут «бюджет» или «коммерция»"),
)


def test_planted_errors_are_named_by_cell_and_the_rest_is_in(
    region: sa.Engine, tmp_path: Path, scale: Scale
) -> None:
    rows, wanted = [], []
    count = scale(600, 5_000)
    for number in range(count):
        spoilt = number < 600 and number % 5 == 3
        planted = PLANTED[number // 5 % len(PLANTED)] if spoilt else None
        rows.append(row(number, **({planted[0]: planted[1]} if planted else {})))
        if planted:
            wanted.append((number + 2, planted[0], planted[2]))
    path = book(tmp_path / "many.xlsx", rows)
    report = load(region, path)
    assert len(wanted) == 120
    assert [(e.row, e.column, e.message) for e in report.errors] == wanted
    assert totals(report) == (count, count - 120, 0, 0)
    assert totals(load(region, path)) == (count, 0, 0, count - 120)


def test_two_groups_that_match_are_both_named(region: sa.Engine, tmp_path: Path) -> None:
    path = book(tmp_path / "one.xlsx", [row(1, **{"Бюджет/коммерция": None})])
    report = load(region, path)
    assert report.errors[0].column == "Специальность"
    assert "бюджет; 09.02.07" in report.errors[0].message


def test_a_row_without_a_number_is_known_by_name_date_and_programme(
    region: sa.Engine, tmp_path: Path
) -> None:
    first = book(
        tmp_path / "a.xlsx",
        [row(1, **{"Рег.номер": None}), row(1, **{"Рег.номер": None, "Специальность": "38.02.01"})],
    )
    assert totals(load(region, first)) == (2, 2, 0, 0)
    better = book(tmp_path / "b.xlsx", [row(1, **{"Рег.номер": None, "Средний балл": "4,5"})])
    assert totals(load(region, better)) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "Это не таблица Excel"),
        (b"PK\x03\x04", "Это не таблица Excel"),
        (b"<html>", "Это не таблица Excel"),
    ],
)
def test_what_is_no_workbook_is_refused_in_russian(
    region: sa.Engine, tmp_path: Path, raw: bytes, said: str
) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(raw)
    with pytest.raises(Invalid, match=said):
        load(region, path)


def test_a_day_outside_the_stage_is_refused_by_the_rule_of_the_push(
    region: sa.Engine, tmp_path: Path
) -> None:
    last, late = dt.date(2026, 7, 29), dt.date(2026, 7, 30)
    rows = [row(n, **{"Дата регистрации": day}) for n, day in enumerate((last, late))]
    report = load(region, book(tmp_path / "late.xlsx", rows))
    assert (report.created, [(e.row, e.column) for e in report.errors]) == (
        1,
        [(3, "Дата регистрации")],
    )
    assert "Приём закончен 29.07.2026" in report.errors[0].message


def test_missing_columns_and_colleges_are_named(region: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "few.xlsx"
    sheets.write(path, "Лист", ["ФИО", "Телефон"], [["Иванов Иван", "1"]])
    with pytest.raises(Invalid, match="Специальность, Дата рождения"):
        load(region, path)
    with pytest.raises(NotFound, match="k9"):
        import_applications(region, "k9", SAMPLE, mapping={}, campaign=None, dry_run=False, now=now)


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    sheets.write(path, "Лист", ["ФИО"], [["=1+1"]])
    assert sheets.read(path).rows == (("=1+1",),)
