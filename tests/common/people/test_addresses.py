"""Address lines as they are met: the parts told for certain, the line always whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.people.addresses import address

JURGA = {"city": "Юрга", "street": "Ленина", "house": "5", "apartment": "12"}
SAMPLES: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    (
        "650000, Кемеровская обл., г. Юрга, ул. Ленина, д. 5, кв. 12",
        {"index": "650000", "region_code": "42"} | JURGA,
        (),
    ),
    ("г. Юрга, ул. Ленина 5-12", JURGA, ()),
    ("г.Юрга ул.Ленина д.5 кв.12", JURGA, ()),
    ("Юрга, Ленина 5, 12", JURGA, ()),
    ("652050 Юрга Ленина 5-12", {"index": "652050"} | JURGA, ()),
    ("ул. Ленина, д. 5, кв. 12, г. Юрга", JURGA, ()),
    ("Россия, город Юрга, улица Ленина, дом 5, квартира 12", JURGA, ()),
    (
        "Кемеровская область — Кузбасс, Юргинский р-н, с. Проскоково, ул. Мира, 7",
        {
            "region_code": "42",
            "area": "Юргинский р-н",
            "place": "с. Проскоково",
            "street": "Мира",
            "house": "7",
        },
        (),
    ),
    (
        "Юргинский район, п. Арлюк, ул. Железнодорожная д 5",
        {
            "area": "Юргинский район",
            "place": "п. Арлюк",
            "street": "Железнодорожная",
            "house": "5",
        },
        (),
    ),
    (
        "650000, г Кемерово, б-р Строителей, д 32/1, корп 2, кв 15",
        {
            "index": "650000",
            "city": "Кемерово",
            "street": "б-р Строителей",
            "house": "32/1",
            "building1": "2",
            "apartment": "15",
        },
        (),
    ),
    (
        "г. Кемерово, пр.Ленина 5А",
        {"city": "Кемерово", "street": "пр. Ленина", "house": "5А"},
        (),
    ),
    (
        "пгт Яшкино, пер. Школьный, д. 3",
        {"place": "пгт Яшкино", "street": "пер. Школьный", "house": "3"},
        (),
    ),
    (
        "д. Зимник, ул. Новая, 3-1",
        {"place": "д. Зимник", "street": "Новая", "house": "3", "apartment": "1"},
        (),
    ),
    (
        "Новосибирская обл., г. Болотное, ул. 50 лет Октября, д. 1",
        {"region_code": "54", "city": "Болотное", "street": "50 лет Октября", "house": "1"},
        (),
    ),
    (
        "г. Юрга, ул. Мира, д. 7, общежитие",
        {"city": "Юрга", "street": "Мира", "house": "7"},
        ("общежитие",),
    ),
    (
        "Казахстан, г. Алматы, ул. Абая 1",
        {"city": "Алматы", "street": "Абая", "house": "1"},
        ("Казахстан",),
    ),
    ("где-то за рекой", {}, ("где-то за рекой",)),
    ("г. Юрга, г. Топки", {"city": "Юрга"}, ("г. Топки",)),
    ("", {}, ()),
]


@pytest.mark.parametrize(("line", "parts", "unparsed"), SAMPLES)
def test_an_address_line_is_taken_apart(
    line: str, parts: dict[str, str], unparsed: tuple[str, ...]
) -> None:
    read = address(line)
    assert read.parts() == parts
    assert read.unparsed == unparsed
    assert read.full == line


@given(st.text(max_size=300))
def test_the_line_is_always_kept(line: str) -> None:
    assert "".join(address(line).full.split()) in "".join(line.split()) or not line.isascii()
