"""The table of spellings, typed and pasted (check 19): a canonical value or a Russian reason, never a silent change."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kit import formats
from common.kit.formats import Format, Unreadable

READ: list[tuple[Format, str, Any, str]] = [
    (formats.SNILS, "112-233-445 95", "11223344595", "112-233-445 95"),
    (formats.SNILS, " 112-233-445 95 ", "11223344595", "112-233-445 95"),
    (formats.SNILS, "112 233 445 95", "11223344595", "112-233-445 95"),
    (formats.SNILS, "11223344595", "11223344595", "112-233-445 95"),
    (formats.SNILS, "СНИЛС 112-233-445 95", "11223344595", "112-233-445 95"),
    (formats.SNILS, "СНИЛС:\u00a0112\u2013233\u2013445\u00a095\t", "11223344595", "112-233-445 95"),
    (formats.SNILS, "№ 112.233.445/95", "11223344595", "112-233-445 95"),
    (formats.SNILS, "\ufeff112-233-445\n95", "11223344595", "112-233-445 95"),
    (formats.INN, "ИНН 500100732259", "500100732259", "500100732259"),
    (formats.INN, "5001 0073 2259", "500100732259", "500100732259"),
    (formats.PHONE, "8 (913) 123-45-67", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "89131234567", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "9131234567", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "+7 913 123 45 67", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "+7(913)123–45–67", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "7-913-123-45-67", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "тел. 8.913.123.45.67;", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "сот.: 8-913-123-45-67", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "+8 913 123 45 67", "+79131234567", "+7 913 123-45-67"),
    (formats.PHONE, "8 (3842) 36-12-45", "+73842361245", "+7 3842 36-12-45"),
    (formats.PHONE, "3843 45 12 30", "+73843451230", "+7 3843 45-12-30"),
    (formats.PHONE, "8 (384-51) 4-12-34", "+73845141234", "+7 38451 4-12-34"),
    (formats.PHONE, "8 384 75 2 15 00", "+73847521500", "+7 38475 2-15-00"),
    (formats.PHONE, "8 800 555-35-35", "+78005553535", "+7 800 555-35-35"),
    (formats.PHONE, "+375 29 123-45-67", "+375291234567", "+375291234567"),
    (formats.PHONE, "+86 138 0013 8000", "+8613800138000", "+8613800138000"),
    (formats.EMAIL, " Ivanova@MAIL.ru ", "Ivanova@mail.ru", "Ivanova@mail.ru"),
    (formats.EMAIL, "ivanova @ mail.ru;", "ivanova@mail.ru", "ivanova@mail.ru"),
    (formats.EMAIL, "Анна <anna@ya.ru>", "anna@ya.ru", "anna@ya.ru"),
    (formats.EMAIL, "mailto:anna@ya.ru", "anna@ya.ru", "anna@ya.ru"),
    (formats.DEPARTMENT_CODE, "420012", "420-012", "420-012"),
    (formats.DEPARTMENT_CODE, "420 – 012", "420-012", "420-012"),
    (formats.DEPARTMENT_CODE, "код подразделения 420-012", "420-012", "420-012"),
    (formats.PASSPORT_SERIES, "32 15", "3215", "3215"),
    (formats.PASSPORT_SERIES, "серия 32\u00a015", "3215", "3215"),
    (formats.PASSPORT_NUMBER, "№ 123456", "123456", "123456"),
    (formats.PASSPORT_NUMBER, "000 123", "000123", "000123"),
    (formats.INDEX, "650 000", "650000", "650000"),
    (formats.DAY, "01.09.2008", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "1.9.8", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "01092008", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "010908", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "2008-09-01", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "2008-09-01T00:00:00", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "01.09.2008 0:00:00", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "1 сентября 2008 г.", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "«01» сентября\u00a02008 года", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "„01“ сентября 2008 г.", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "1 сент. 2008", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "3 мая 99", dt.date(1999, 5, 3), "03.05.1999"),
    (formats.DAY, "01/09/2008 г.р.", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "1, 9, 2008", dt.date(2008, 9, 1), "01.09.2008"),
    (formats.DAY, "29.02.2008", dt.date(2008, 2, 29), "29.02.2008"),
    (
        formats.MOMENT,
        "1.9.26 9:05",
        dt.datetime(2026, 9, 1, 9, 5),  # noqa: DTZ001 - the clock on the wall
        "01.09.2026 09:05",
    ),
    (
        formats.MOMENT,
        "2026-09-01T14:30:00",
        dt.datetime(2026, 9, 1, 14, 30),  # noqa: DTZ001 - the clock on the wall
        "01.09.2026 14:30",
    ),
    (
        formats.MOMENT,
        "1 сентября 2026 г. в 14:30",
        dt.datetime(2026, 9, 1, 14, 30),  # noqa: DTZ001 - the clock on the wall
        "01.09.2026 14:30",
    ),
    (formats.INTEGER, "1\u00a0234", 1234, "1234"),
    (formats.INTEGER, "48 211", 48211, "48\u00a0211"),
    (formats.INTEGER, "25,0", 25, "25"),
    (formats.INTEGER, "−5", -5, "-5"),
    (formats.DECIMAL, "4,37", Decimal("4.37"), "4,37"),
    (formats.DECIMAL, "4.370", Decimal("4.37"), "4,37"),
    (formats.DECIMAL, "1\u00a0234,50", Decimal("1234.5"), "1\u00a0234,5"),
    (formats.DECIMAL, "-0,5", Decimal("-0.5"), "−0,5"),
    (formats.MONEY, "1 234,50", 123450, "1\u00a0234,50\u00a0₽"),
    (formats.MONEY, "1234.5 руб.", 123450, "1\u00a0234,50\u00a0₽"),
    (formats.MONEY, "100р", 10000, "100,00\u00a0₽"),
    (formats.MONEY, "100 руб. 5 коп.", 10005, "100,05\u00a0₽"),
    (formats.MONEY, "62\u00a0000\u00a0₽", 6200000, "62\u00a0000,00\u00a0₽"),
    (formats.FLAG, "Да", True, "да"),
    (formats.FLAG, "+", True, "да"),
    (formats.FLAG, "1", True, "да"),
    (formats.FLAG, "x", True, "да"),
    (formats.FLAG, "Х", True, "да"),
    (formats.FLAG, "нет.", False, "нет"),
    (formats.FLAG, "—", False, "нет"),
    (formats.YEAR, "2026 г.", 2026, "2026"),
    (formats.PROGRAMME_CODE, "090207", "09.02.07", "09.02.07"),
    (formats.PROGRAMME_CODE, "09.02.07 Информационные системы", "09.02.07", "09.02.07"),
    (formats.PROGRAMME_CODE, "5.44.02.01", "44.02.01", "44.02.01"),
    (formats.NAME, "ИВАНОВ - ПЕТРОВ", "Иванов-Петров", "Иванов-Петров"),
    (formats.NAME, "\u00a0Ивaнoв", "Иванов", "Иванов"),
    (formats.TEXT, " два  слова\n", "два слова", "два слова"),
]


@pytest.mark.parametrize(("kind", "typed", "value", "shown"), READ)
def test_a_spelling_is_read_and_shown_in_one_way(
    kind: Format, typed: str, value: Any, shown: str
) -> None:
    assert kind.parse(typed) == value
    assert kind.show(value) == shown
    assert kind.check(value) is None


EXCEL = "Excel испортил число (например 1,12E+10): задайте ячейке формат «Текст» и вставьте снова"
DAY_HOW = "Дату пишут так: 01.09.2008"

REFUSED = [
    (formats.SNILS, "1,12E+10", EXCEL),
    (formats.SNILS, "1.1223344595e10", EXCEL),
    (formats.SNILS, "112-233-445 9", "СНИЛС — 11 цифр, сейчас 10"),
    (formats.SNILS, "СНИЛС", "СНИЛС — 11 цифр, сейчас 0"),
    (
        formats.SNILS,
        "О12-233-445 95",
        "Здесь должны быть только цифры, а есть «О», ноль это цифра, а не буква",
    ),
    (formats.SNILS, "112-233-445 95 мать", "Здесь должны быть только цифры, а есть «мать»"),
    (formats.INN, "7707083893", "ИНН — 12 цифр, сейчас 10"),
    (formats.PHONE, "38-45-12", "Местный номер без кода города: допишите код, например 3842"),
    (formats.PHONE, "4-12-34", "Местный номер без кода города: допишите код, например 3842"),
    (formats.PHONE, "8 913 123 45 6", "Телефон пишут с кодом: 8 913 123-45-67; сейчас цифр: 10"),
    (formats.PHONE, "+7 913 123 45", "Телефон пишут с кодом: 8 913 123-45-67; сейчас цифр: 9"),
    (
        formats.PHONE,
        "89131234567, 89131234568",
        "Здесь больше одного номера; оставьте один: 8 913 123-45-67",
    ),
    (
        formats.PHONE,
        "8 3842 36-12-45 доб. 3",
        "Уберите из телефона всё, кроме номера: 8 913 123-45-67",
    ),
    (
        formats.PHONE,
        "8,91E+10",
        "Excel испортил номер: задайте ячейке формат «Текст» и внесите его снова",
    ),
    (formats.PHONE, "+12345", "Номер с плюсом: от 7 до 15 цифр и код страны"),
    (
        formats.EMAIL,
        "iva nova@mail.ru",
        "Оставьте один адрес почты без пробелов: ivanova@mail.ru",
    ),
    (formats.EMAIL, "a@ya.ru, b@ya.ru", "Оставьте один адрес почты без пробелов: ivanova@mail.ru"),
    (
        formats.DEPARTMENT_CODE,
        "420-01",
        "Код подразделения — шесть цифр: 420-012",
    ),
    (formats.PASSPORT_SERIES, "3215 123456", "Серия паспорта — 4 цифры, сейчас 10"),
    (formats.PASSPORT_NUMBER, "12345", "Номер паспорта — 6 цифр, сейчас 5"),
    (formats.INDEX, "65000", "Индекс — 6 цифр, сейчас 5"),
    (formats.DAY, "31.02.2008", f"Такого дня нет в календаре. {DAY_HOW}"),
    (formats.DAY, "01.13.2008", f"Такого дня нет в календаре. {DAY_HOW}"),
    (formats.DAY, "01.09.1808", f"Год 1808? {DAY_HOW}"),
    (formats.DAY, "39692", DAY_HOW),
    (formats.DAY, "2008-09-01 и позже", DAY_HOW),
    (formats.DAY, "2008-09-01T10:30", DAY_HOW),
    (formats.DAY, "1 мартобря 2008", DAY_HOW),
    (formats.DAY, "сентябрь 2008", DAY_HOW),
    (formats.MOMENT, "01.09.2026", "Дату и время пишут так: 01.09.2026 14:30"),
    (formats.MOMENT, "01.09.2026 25:00", "Дату и время пишут так: 01.09.2026 14:30"),
    (formats.INTEGER, "12 34", "Нужно целое число"),
    (formats.INTEGER, "1,000", "Нужно целое число"),
    (formats.INTEGER, "-", "Нужно целое число"),
    (formats.DECIMAL, "1.234,50", "Число пишут так: 4,37 или 1 234,50"),
    (formats.DECIMAL, "4,3,7", "Число пишут так: 4,37 или 1 234,50"),
    (formats.MONEY, "1,234", "В сумме не больше двух знаков после запятой: 1 234,50"),
    (formats.MONEY, "-5", "Сумму пишут так: 1 234,50"),
    (formats.MONEY, "100 руб. и ещё", "Сумму пишут так: 1 234,50"),
    (formats.FLAG, "наверное", "Ответ «да» или «нет»"),
    (formats.YEAR, "26", "Год пишут четырьмя цифрами: 2026"),
    (formats.PROGRAMME_CODE, "09.02.071", "Код специальности пишут так: 09.02.07"),
    (formats.PROGRAMME_CODE, "Сварщик", "Код специальности пишут так: 09.02.07"),
]


@pytest.mark.parametrize(("kind", "typed", "said"), REFUSED)
def test_what_cannot_be_read_says_how_to_write_it(kind: Format, typed: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        kind.parse(typed)
    assert str(refused.value) == said


EVERY = [value for value in vars(formats).values() if isinstance(value, Format)]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
@pytest.mark.parametrize("typed", ["", "  ", "\t\n", "\u00a0", "\ufeff\u200b"])
def test_an_empty_field_is_no_value(kind: Format, typed: str) -> None:
    assert kind.parse(typed) is None


def test_every_format_has_its_own_name() -> None:
    assert len({kind.name for kind in EVERY}) == len(EVERY) == 18


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
VALUES: list[tuple[Format, st.SearchStrategy[Any]]] = [
    (formats.SNILS, digits(11)),
    (formats.INN, digits(12)),
    (formats.DEPARTMENT_CODE, digits(6).map(lambda d: f"{d[:3]}-{d[3:]}")),
    (formats.PASSPORT_SERIES, digits(4)),
    (formats.PASSPORT_NUMBER, digits(6)),
    (formats.INDEX, digits(6)),
    (formats.PHONE, st.from_regex(r"\A\+7[3-69][0-9]{9}\Z", fullmatch=True)),
    (formats.PHONE, st.from_regex(r"\A\+(37|86|99)[0-9]{6,12}\Z", fullmatch=True)),
    (formats.DAY, DAYS),
    (formats.MOMENT, st.builds(dt.datetime.combine, DAYS, st.builds(dt.time, st.integers(0, 23), st.integers(0, 59)))),
    (formats.INTEGER, st.integers(-(10**15) + 1, 10**15 - 1)),
    (formats.DECIMAL, st.decimals(-(10**9), 10**9, places=4)),
    (formats.MONEY, st.integers(0, 10**14)),
    (formats.FLAG, st.booleans()),
    (formats.YEAR, st.integers(1900, 2100)),
    (formats.PROGRAMME_CODE, st.from_regex(r"\A[0-9]{2}\.0[12]\.[0-9]{2}\Z", fullmatch=True)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=lambda case: getattr(case, "name", ""))
@given(data=st.data())
def test_what_is_shown_is_read_back(
    kind: Format, values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    value = data.draw(values)
    assert kind.parse(kind.show(value)) == value


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
@given(typed=st.text(max_size=30) | st.text("0123456789+-., ()/№абв@г:₽%E", max_size=20))
def test_any_text_is_a_value_or_a_russian_reason(kind: Format, typed: str) -> None:
    value, reason = read(kind, typed)
    assert reason is None or re.search("[а-яё]", reason)
    if value is not None and kind.check(value) is None:
        assert kind.parse(kind.show(value)) == value


def read(kind: Format, typed: str) -> tuple[Any, str | None]:
    try:
        return kind.parse(typed), None
    except Unreadable as reason:
        return None, str(reason)


def test_a_sum_below_nothing_is_shown_with_its_sign() -> None:
    assert formats.MONEY.show(-550) == "−5,50\u00a0₽"
