"""Composite cells as they are met in workbooks: what is understood, and that the rest is kept."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kit.keys import search_key
from common.people.kinds import Kinship
from common.people.names import full_name
from common.people.parse import (
    ParsedCertificate,
    ParsedPassport,
    ParsedRepresentative,
    certificate_number,
    passport,
    phones,
    representative,
    school,
)

MARCH = dt.date(2015, 3, 12)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (
            "32 15 № 123456 выдан ОУФМС России по Кемеровской обл. 12.03.2015 код 420-012",
            ("ОУФМС России по Кемеровской обл.", MARCH, "420-012", ()),
        ),
        ("паспорт 3215 123456, 12.03.2015, ОВД г. Юрги", ("ОВД г. Юрги", MARCH, None, ())),
        (
            "Паспорт гражданина РФ серия 32 15 номер 123456, выдан 12 марта 2015 г. отделом УФМС России по Кемеровской области в г. Юрге, к/п 420-012",
            ("отделом УФМС России по Кемеровской области в г. Юрге", MARCH, "420-012", ()),
        ),
        ("3215123456", (None, None, None, ())),
        (
            "3215-123456 ГУ МВД России по Кемеровской области 12.03.2015 (420-001)",
            ("ГУ МВД России по Кемеровской области", MARCH, "420-001", ()),
        ),
        (
            "серия: 3215, №: 123456; кем выдан: УВД г. Кемерово; дата выдачи: 12.03.2015; код подразделения: 422-002",
            ("УВД г. Кемерово", MARCH, "422-002", ()),
        ),
        ("3215 123 456 от 12.03.15 МП УФМС", ("МП УФМС", MARCH, None, ())),
        ("32 15\u00a0123456, выдана 2015-03-12", (None, MARCH, None, ())),
        (
            "сер. 3215 ном. 123456 выдан 12.03.2015г., код подр. 420012",
            (None, MARCH, "420-012", ()),
        ),
        ("32 15 123456 выдан 31.02.2015 ОВД", ("ОВД", None, None, ("31.02.2015",))),
        (
            "паспорт РФ 3215№123456 УФМС, зарегистрирован: г. Юрга, ул. Мира 5",
            ("УФМС", None, None, ("зарегистрирован: г. Юрга, ул. Мира 5",)),
        ),
        ("3215 123456 12.03.2015 420012", (None, MARCH, None, ("420012",))),
        ("3215 123456 12.03.2015, 01.02.2016 ОВД", ("ОВД", MARCH, None, ("01.02.2016",))),
        ("новый: 3215 123456", (None, None, None, ("новый",))),
        ("3215 123456 ОВД, СНИЛС 112-233-445 95", ("ОВД", None, None, ("СНИЛС 112-233-445 95",))),
    ],
)
def test_a_passport_is_taken_apart(
    cell: str, read: tuple[str | None, dt.date | None, str | None, tuple[str, ...]]
) -> None:
    by, on, code, unparsed = read
    assert passport(cell) == ParsedPassport("3215", "123456", by, on, code, unparsed)


@pytest.mark.parametrize(
    "cell",
    [
        "паспорт утерян, справка № 5",
        "свидетельство о рождении II-ЛО № 123456 выдано 01.01.2010",
        "гр. Казахстан паспорт N12345678",
        "загранпаспорт 75 1234567",
        "89131234567",
    ],
)
def test_what_is_no_passport_is_kept_whole(cell: str) -> None:
    assert passport(cell) == ParsedPassport(unparsed=(cell,))
    assert passport(cell).rest == cell


MARIA = ("Иванова", "Мария", "Петровна")
PHONE = "+79131234567"


def maria(
    relation: Kinship | None = None,
    phone: str | None = None,
    work: str | None = None,
    *unparsed: str,
) -> ParsedRepresentative:
    return ParsedRepresentative(*MARIA, relation, phone, work, unparsed=unparsed)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("Иванова Мария Петровна", maria()),
        ("иванова мария петровна", maria()),
        ("Иванова Мария Петровна - мать", maria(Kinship.MOTHER)),
        (
            "Иванова Мария Петровна, мать, 8-913-123-45-67; ООО «Ромашка», бухгалтер",
            maria(Kinship.MOTHER, PHONE, "ООО «Ромашка», бухгалтер"),
        ),
        (
            "мать: Иванова Мария Петровна 89131234567, не работает",
            maria(Kinship.MOTHER, PHONE, "не работает"),
        ),
        (
            "ИВАНОВА МАРИЯ ПЕТРОВНА мать тел. 8 (384-51) 4-12-34",
            maria(Kinship.MOTHER, "+73845141234"),
        ),
        (
            "Иванова Мария Петровна (мама), +7 913 123 45 67, место работы: МБОУ «СОШ № 5»",
            maria(Kinship.MOTHER, PHONE, "МБОУ «СОШ № 5»"),
        ),
        ("Иванова Мария Петровна; 8-913-123-45-67; продавец", maria(None, PHONE, "продавец")),
        (
            "законный представитель (опекун): Иванова Мария Петровна, приказ № 5 от 01.01.2020",
            maria(Kinship.GUARDIAN, None, None, "приказ № 5 от 01.01.2020"),
        ),
        (
            "бабушка Иванова Мария Петровна, пенсионер, т.89131234567",
            maria(Kinship.OTHER, PHONE, "пенсионер"),
        ),
        (
            "Иванова Мария Петровна, проживает отдельно, 8 913 123 45 67, 8-913-765-43-21",
            maria(None, "+79131234567; +79137654321", None, "проживает отдельно"),
        ),
        (
            "Иванова Мария Петровна, мать, 8-913-123-45-67 (Ватсап); ИП Петров А.А.",
            maria(Kinship.MOTHER, PHONE, "ИП Петров А.А.", "Ватсап"),
        ),
        ("приёмная мать Иванова Мария Петровна", maria(Kinship.FOSTER)),
        (
            "Иванов П.С. (отец) +7 913 123 45 67",
            ParsedRepresentative("Иванов", "П.", "С.", Kinship.FATHER, PHONE),
        ),
        (
            "Мамедов Али Гусейн оглы, отец, 9131234567",
            ParsedRepresentative("Мамедов", "Али", "Гусейн оглы", Kinship.FATHER, PHONE),
        ),
        (
            "попечитель Римская-Корсакова Анна; шахта «Распадская»",
            ParsedRepresentative(
                "Римская-Корсакова",
                "Анна",
                None,
                Kinship.CUSTODIAN,
                None,
                "шахта «Распадская»",
            ),
        ),
    ],
)
def test_a_representative_is_taken_apart(cell: str, read: ParsedRepresentative) -> None:
    assert representative(cell) == read


@pytest.mark.parametrize(
    ("cell", "identity", "phone", "work"),
    [
        (
            "Иванова Мария Петровна, мать, 8-913-123-45-67; ООО «Ромашка», бухгалтер; паспорт 3215 123456 выдан ОВД 12.03.2015",
            "паспорт 3215 123456 выдан ОВД 12.03.2015",
            PHONE,
            "ООО «Ромашка», бухгалтер",
        ),
        (
            "Иванова Мария Петровна, паспорт 3215 123456 ОВД 12.03.2015, тел. 89131234567",
            "паспорт 3215 123456 ОВД 12.03.2015",
            PHONE,
            None,
        ),
        (
            "Иванова Мария Петровна; завод КМЗ; 32 15 № 123456 ОВД 12.03.2015",
            "32 15 № 123456 ОВД 12.03.2015",
            None,
            "завод КМЗ",
        ),
    ],
)
def test_the_document_of_a_representative_is_read(
    cell: str, identity: str, phone: str | None, work: str | None
) -> None:
    read = representative(cell)
    assert read.passport == ParsedPassport("3215", "123456", "ОВД", MARCH)
    assert (read.identity, read.phone, read.work_place) == (identity, phone, work)
    assert (read.last_name, read.first_name, read.middle_name) == MARIA
    assert read.unparsed == ()


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("мамедов али гусейн оглы, отец", ("Мамедов", "Али", "Гусейн оглы")),
        ("Салиева Севинч Фирдавс кызы, мать", ("Салиева", "Севинч", "Фирдавс кызы")),
        ("Салтыкова Щедрина Анна Петровна", ("Салтыкова Щедрина", "Анна", "Петровна")),
    ],
)
def test_a_representative_may_have_a_name_of_four_words(
    cell: str, name: tuple[str, str, str]
) -> None:
    read = representative(cell)
    assert (read.last_name, read.first_name, read.middle_name) == name
    assert read.unparsed == ()


@pytest.mark.parametrize("cell", ["сирота", "ООО Ромашка", "8-913-123-45-67", "нет данных, 2 этаж"])
def test_a_cell_without_a_name_is_kept_whole(cell: str) -> None:
    assert representative(cell) == ParsedRepresentative(unparsed=(cell,))


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026, МБОУ СОШ № 5 г. Юрга", (2026, "МБОУ СОШ № 5 г. Юрга")),
        ("МБОУ «Школа № 1», 2025 г.", (2025, "МБОУ «Школа № 1»")),
        ("окончила в 2026 году МБОУ Лицей № 17", (2026, "МБОУ Лицей № 17")),
        ("2024г. СОШ 5", (2024, "СОШ 5")),
        ("СОШ № 2026", (None, "СОШ № 2026")),
        ("гимназия 1", (None, "гимназия 1")),
        ("2026", (2026, None)),
        ("", (None, None)),
    ],
)
def test_a_school_and_its_year_are_read(cell: str, read: tuple[int | None, str | None]) -> None:
    assert school(cell) == read


JUNE = dt.date(2025, 6, 12)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("Аттестат 04224 0098812", ParsedCertificate("04224", "0098812")),
        ("42 АА 0012345", ParsedCertificate("42АА", "0012345")),
        ("04224000123456", ParsedCertificate(None, "04224000123456")),
        ("серия 42аа № 0012345 от 12.06.2025", ParsedCertificate("42АА", "0012345", JUNE)),
        (
            "Аттестат об основном общем образовании № 04224000123456 выдан 12.06.2025",
            ParsedCertificate(None, "04224000123456", JUNE),
        ),
        ("04224 № 0098812 дубликат", ParsedCertificate("04224", "0098812", None, ("дубликат",))),
        ("ждёт выдачи", ParsedCertificate(unparsed=("ждёт выдачи",))),
        ("нет", ParsedCertificate()),
        ("", ParsedCertificate()),
    ],
)
def test_a_certificate_is_taken_apart(cell: str, read: ParsedCertificate) -> None:
    assert certificate_number(cell) == read


@pytest.mark.parametrize(
    ("cell", "numbers", "rest"),
    [
        ("8-913-123-45-67", (PHONE,), ""),
        ("8 913 123 45 67, мама 89137654321", (PHONE, "+79137654321"), "мама"),
        ("тел. 8 (913) 123-45-67", (PHONE,), ""),
        ("4-12-34", (), "4-12-34"),
    ],
)
def test_telephones_are_picked_out(cell: str, numbers: tuple[str, ...], rest: str) -> None:
    assert phones(cell) == (numbers, rest)


WORDS = """Иванова Мария Петровна мать , ; ( ) « » паспорт 3215 123456 12.03.2015 31.02.2015
420-012 код выдан ОВД 89131234567 ООО Ромашка № 5 тел. адрес"""
CELLS = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)


def digits(text: str) -> str:
    return "".join(sorted(re.sub(r"\D", "", text)))


@given(CELLS)
def test_no_digit_of_a_passport_cell_is_lost(cell: str) -> None:
    read = passport(cell)
    issued = f"{read.issued_on:%d.%m.%Y}" if read.issued_on else ""
    parts = (read.series, read.number, read.issued_by, issued, read.department_code, read.rest)
    assert digits("".join(filter(None, parts))) == digits(cell)


@given(CELLS)
def test_no_word_of_a_representative_is_lost(cell: str) -> None:
    read = representative(cell)
    parts = (
        read.last_name, read.first_name, read.middle_name, read.phone, read.work_place,
        read.identity, read.rest,
    )  # fmt: skip
    kept = search_key(" ".join(filter(None, parts))).replace("+7", "8")
    for word in set(search_key(cell).split()) & set(
        search_key("Иванова Мария ОВД Ромашка").split()
    ):
        assert word in kept
    numbers = [re.sub(r"\D", "", part.replace("+7", "8")) for part in parts if part]
    assert all(any(run in number for number in numbers) for run in re.findall(r"\d+", cell))


@given(st.text(max_size=60) | CELLS)
def test_no_cell_stops_a_parser(cell: str) -> None:
    for parser in (passport, representative, certificate_number, school, full_name, phones):
        parser(cell)
