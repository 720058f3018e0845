"""Conditions are typed and read back the same, over the columns of every declared list."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import common.all  # noqa: F401  the declarations
from client.shell.lists import LISTS
from common.admissions.lists import APPLICANTS
from common.kit.conditions import (
    Condition,
    Op,
    format_of,
    of_cell,
    ops_of,
    read,
    spelt,
    told,
    written,
)
from common.kit.keys import search_key
from common.kit.lists import Kind, ListColumn, choices_of, kind_of
from common.kit.unreadable import Unreadable
from tests.hostile import TEXTS

COLUMNS = APPLICANTS.columns


def values_of(column: ListColumn) -> st.SearchStrategy[str]:
    """As people would type them."""
    match kind_of(column):
        case Kind.NUMBER:
            return st.integers(1950, 2050).map(format_of(column).show)
        case Kind.DAY:
            return st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)).map(format_of(column).show)
        case Kind.FLAG:
            return st.sampled_from(["да", "нет"])
        case Kind.CHOICE:
            return st.sampled_from([m.label for m in choices_of(column)])
        case Kind.TEXT:
            typed = st.text("абвЁ ИX09-.,:;\"«»<>=()№'", max_size=20)
            return st.one_of(typed, st.sampled_from([t[:200] for t in TEXTS.values()]))


@st.composite
def one(draw: st.DrawFn, columns: tuple[ListColumn, ...]) -> Condition:
    column = draw(st.sampled_from([c for c in columns if c.settled]))
    op, negated = draw(st.sampled_from(ops_of(column))), draw(st.booleans())
    if op is Op.EMPTY:
        return Condition(column.key, op, negated=negated)
    try:
        low = spelt(column, draw(values_of(column)))
        high = spelt(column, draw(values_of(column))) if op is Op.RANGE else ""
    except Unreadable:
        assume(condition=False)
        raise
    return Condition(column.key, op, low, high, negated)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_chips_are_text_and_text_is_chips(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from(LISTS))
    chips = tuple(dict.fromkeys(data.draw(st.lists(one(spec.columns), max_size=4))))
    asked = read(spec.columns, written(spec.columns, chips, "кузн сд-2"))
    assert (asked.conditions, asked.words, asked.faults) == (chips, "кузн сд-2", ())


@settings(max_examples=100, deadline=None)
@given(st.text('абЁ фио:"«»<>=-.0', max_size=40))
def test_whatever_is_typed_is_read_once_and_the_same_ever_after(text: str) -> None:
    asked = read(COLUMNS, text)
    again = read(COLUMNS, written(COLUMNS, asked.conditions))
    assert again.conditions == asked.conditions


@pytest.mark.parametrize("spec", LISTS, ids=lambda spec: spec.name)
def test_each_column_of_a_list_is_named_by_its_label_alone(spec: object) -> None:
    labels = [search_key(c.label) for c in getattr(spec, "columns", ())]
    assert len(labels) == len(set(labels))


def chips(text: str) -> list[str]:
    asked = read(COLUMNS, text)
    assert asked.faults == ()
    return [
        told(next(c for c in COLUMNS if c.key == each.column), each) for each in asked.conditions
    ]


def test_a_person_types_as_he_speaks() -> None:
    assert chips(
        "сост:принято -общежитие:да балл:>4,5 принято:01.07.2026..15.07.2026 снилс:пусто"
    ) == [
        "Состояние: Принято",
        "Общежитие: кроме да",
        "Средний балл > 4,50",
        "Принято: 01.07.2026 – 15.07.2026",
        "СНИЛС: пусто",
    ]
    assert chips('фио:="Иванова Анна" фио:«Петров П» "рег. №":05-001 снилс:14856290316') == [
        "ФИО = Иванова Анна",
        "ФИО: Петров П",
        "Рег. №: 05-001",
        "СНИЛС: 148-562-903 16",
    ]


@pytest.mark.parametrize(
    ("typed", "chip"),
    [
        ("сост=принято", "Состояние: Принято"),
        ("cjcn=ghbyznj", "Состояние: Принято"),
        ("cjcn:ghbyznj", "Состояние: Принято"),
        ("cjcn^ghbyznj", "Состояние: Принято"),  # the colon of the Russian layout
        ("-j,o:lf", "Общежитие: кроме да"),
        ("общ:lf", "Общежитие: да"),
        (",fkk>4,5", "Средний балл > 4,50"),
        ("балл>=4", "Средний балл ≥ 4,00"),
        ("abj:bdfyjdf", "ФИО: иванова"),
        ("фио:Smith", "ФИО: Smith"),
        ("cybkc:gecnj", "СНИЛС: пусто"),
    ],
)
def test_the_layout_and_the_colon_are_forgiven(typed: str, chip: str) -> None:
    assert chips(typed) == [chip]


def test_a_sign_in_a_word_that_names_no_column_makes_no_condition() -> None:
    assert read(COLUMNS, "a=b жук>мост ф=1").words == "a=b жук>мост ф=1"


def test_what_is_half_typed_and_what_is_no_condition_are_words() -> None:
    asked = read(COLUMNS, "кузн сост: 10:30 -сд")
    assert asked == type(asked)("кузн 10:30 -сд", (), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("группа:СД-21", "Столбцов «группа» в этом списке нет. Есть: «Рег. №», «ФИО»"),
        ("дата:32.13.2020", "«Дата рождения»: Такого дня нет в календаре"),
        ("балл:много", "«Средний балл»: Средний балл пишут числом: 4,37"),
        ("общ:иногда", "«Общежитие»: Ответ «да» или «нет»"),
        ("источник:сова", "«Источник»: Здесь бывает: "),
        ("общ:>да", "«Общежитие»: здесь не сравнивают"),
        (f"фио:«{'а ' * 50}»", "«ФИО»: Здесь ищут не больше 40 слов"),
        (" ".join(f"рег:{n}" for n in range(70)), "Условий не больше 60, а здесь 70"),
    ],
)
def test_what_cannot_be_read_names_the_thing_and_the_way_out(text: str, said: str) -> None:
    (fault,) = read(COLUMNS, text).faults
    assert fault.startswith(said)


def test_a_cell_becomes_the_condition_that_keeps_rows_like_it() -> None:
    by_key = {c.key: c for c in COLUMNS}
    assert of_cell(by_key["state"], "Принято") == Condition("state", Op.HAS, "Принято")
    assert of_cell(by_key["name"], "Иванова Анна") == Condition("name", Op.IS, "Иванова Анна")
    assert of_cell(by_key["registered"], "") == Condition("registered", Op.EMPTY)
