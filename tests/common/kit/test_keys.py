"""One human being is found however the name was typed: case, ё, look-alikes, dashes, the other layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kit.keys import (
    clean,
    fold_homoglyphs,
    name_case,
    other_layout,
    person_key,
    search_key,
    sort_key,
    spelt_name,
    words,
)

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
NAMES = st.text(RUSSIAN + RUSSIAN.upper() + "-' ", max_size=30)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ПM.01.ЭК", "ПМ.01.ЭК"),
        ("Ивaнoв", "Иванов"),
        ("Cидopoв", "Сидоров"),
        ("Smith", "Smith"),
        ("Иванов John", "Иванов John"),
        ("PDFфайл", "PDFфайл"),
        ("1C", "1C"),
        ("", ""),
    ],
)
def test_latin_look_alikes_of_russian_words_are_folded(typed: str, folded: str) -> None:
    assert fold_homoglyphs(typed) == folded


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("  ИВАНОВА\u00a0 Анна ", "иванова анна"),
        ("Ёлкин", "елкин"),
        ("ООО «Ромашка»", "ооо ромашка"),
        ('ООО "Ромашка"', "ооо ромашка"),
        ("Римская–Корсакова", "римская-корсакова"),
        ("О’Коннор", "о'коннор"),
        ("Ивaнoв", "иванов"),
        ("Ни\u0306колаи\u0306", "нйколай"),
        ("Ива\u00adнов", "иванов"),
    ],
)
def test_spellings_of_one_thing_have_one_key(typed: str, key: str) -> None:
    assert search_key(typed) == key


@given(st.text())
def test_a_key_has_no_needless_spaces(text: str) -> None:
    assert search_key(text) == " ".join(search_key(text).split())


@given(NAMES)
def test_case_and_yo_do_not_change_the_key(name: str) -> None:
    key = search_key(name)
    assert search_key(key) == key
    assert search_key(name.upper()) == key
    assert search_key(name.replace("ё", "е").replace("Ё", "Е")) == key


def test_russian_order_does_not_mind_case_and_yo() -> None:
    typed = ["Ель", "Ёлкин", "Елисеев", "ёж", "Абрамов", "Яковлев"]
    assert sorted(typed, key=sort_key) == ["Абрамов", "ёж", "Елисеев", "Ёлкин", "Ель", "Яковлев"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bdfyjdf fyyf", "иванова анна"),
        ("<jhbcjdf", "Борисова"),
        ("'kkbyf", "эллина"),
        (",tkjd", "белов"),
        ("`;br", "ёжик"),
        ("[fhbnjyjd", "харитонов"),
        ("]", "ъ"),
        ("иванова анна", "bdfyjdf fyyf"),
        ("ё", "`"),
    ],
)
def test_the_other_layout_is_read(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant


@given(st.text(RUSSIAN + RUSSIAN.upper(), min_size=1))
def test_twice_the_other_layout_is_the_text(text: str) -> None:
    assert other_layout(other_layout(text)) == text


def test_each_word_of_a_filter_has_two_spellings() -> None:
    assert words("bdfyjdf СД-2") == (("bdfyjdf", "иванова"), ("сд-2", "cl-2"))
    assert words("  Ёлкин\t") == (("елкин", "~krby"),)
    assert words("12") == (("12",),)
    assert words("") == ()
    assert words("«»") == ()


def test_a_person_has_one_key() -> None:
    assert person_key("Ёлкина", "АННА", None) == "елкина анна"
    assert person_key("Ёлкина ", "Анна", "Ивановна") == "елкина анна ивановна"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ИВАНОВ-ПЕТРОВ", "Иванов-Петров"),
        ("иванов", "Иванов"),
        ("Иванов", "Иванов"),
        ("оглы", "оглы"),
        ("ГУСЕЙН ОГЛЫ", "Гусейн оглы"),
        ("де ла Крус", "де ла Крус"),
        ("О'Коннор", "О'Коннор"),
        ("О'КОННОР", "О'Коннор"),
        ("МакДональд", "МакДональд"),
        ("И.", "И."),
        ("и", "и"),
        ("ИВАНОВА (ПЕТРОВА)", "Иванова (Петрова)"),
        ("ё", "ё"),
        ("", ""),
    ],
)
def test_only_careless_case_is_repaired(typed: str, stored: str) -> None:
    assert name_case(typed) == stored


@given(NAMES)
def test_a_repaired_name_stays(name: str) -> None:
    assert name_case(name_case(name)) == name_case(name)
    assert search_key(name_case(name)) == search_key(name)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Римская – Корсакова", "Римская-Корсакова"),
        ("Д’Артаньян", "Д'Артаньян"),
        ("  Ивaнoв ", "Иванов"),
        ("Smith", "Smith"),
    ],
)
def test_a_name_is_spelt_one_way(typed: str, stored: str) -> None:
    assert spelt_name(typed) == stored


def test_invisible_marks_go() -> None:
    assert clean("\ufeffИва\u200bнов\u00a0\n Иван\u00ad") == "Иванов Иван"
