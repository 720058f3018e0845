"""The vectors of the issuers' algorithms, and what no check may do: raise, or tell the right digits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kit import checks

DIGITS = "0123456789"


@pytest.mark.parametrize("value", ["11223344595", "00116629900", "01698846100", "00598897000"])
def test_a_right_snils_passes(value: str) -> None:
    assert checks.snils(value) is None


def test_a_wrong_snils_is_told_without_the_right_digits() -> None:
    said = checks.snils("11223344596")
    assert said == "контрольное число не сходится — сверьте с документом"
    assert "95" not in said


@pytest.mark.parametrize("value", ["00100199800", "00100199877", "00000000001"])
def test_an_early_snils_has_no_check_number(value: str) -> None:
    assert checks.snils(value) is None


def test_the_first_snils_after_the_early_ones_is_checked() -> None:
    right = [f"001001999{n:02d}" for n in range(100) if checks.snils(f"001001999{n:02d}") is None]
    assert right == ["00100199965"]


@pytest.mark.parametrize("value", ["", "1122334459", "112233445950", "112-233-445 95", "١" * 11])
def test_a_snils_of_another_shape_is_refused(value: str) -> None:
    assert checks.snils(value) == "СНИЛС состоит из 11 цифр"


@given(st.integers(min_value=1_001_999, max_value=999_999_999))
def test_one_check_number_of_a_hundred_fits_a_snils(number: int) -> None:
    fitting = [n for n in range(100) if checks.snils(f"{number:09d}{n:02d}") is None]
    assert len(fitting) == 1


@given(st.integers(min_value=1_001_999, max_value=999_999_999), st.data())
def test_one_wrong_digit_of_a_snils_is_always_found(number: int, data: st.DataObject) -> None:
    right = next(
        f"{number:09d}{n:02d}" for n in range(100) if checks.snils(f"{number:09d}{n:02d}") is None
    )
    place = data.draw(st.integers(0, 10))
    other = data.draw(st.sampled_from(DIGITS.replace(right[place], "")))
    wrong = right[:place] + other + right[place + 1 :]
    zeros = {right[9:], wrong[9:]} == {"00"}  # remainders 100 and 0 are both written 00
    assert zeros or int(wrong[:9]) <= checks.UNSIGNED_SNILS or checks.snils(wrong)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (checks.inn_person, "500100732259"),
        (checks.inn_company, "7707083893"),
        (checks.inn_company, "7830002293"),
        (checks.ogrn, "1027700132195"),
        (checks.ogrnip, "304500116000157"),
    ],
)
def test_numbers_with_check_digits_are_right_by_one_last_digit(
    check: Callable[[str], str | None], value: str
) -> None:
    right = [value[:-1] + last for last in DIGITS if check(value[:-1] + last) is None]
    assert right == [value]


@pytest.mark.parametrize(
    ("check", "value", "said"),
    [
        (checks.inn_person, "7707083893", "ИНН физического лица состоит из 12 цифр"),
        (checks.inn_company, "500100732259", "ИНН организации состоит из 10 цифр"),
        (checks.ogrn, "102770013219", "ОГРН состоит из 13 цифр"),
        (checks.ogrnip, "1027700132195", "ОГРНИП состоит из 15 цифр"),
        (checks.kpp, "42050100", "КПП состоит из девяти знаков: 420501001"),
        (checks.department_code, "420012", "код подразделения пишут так: 420-012"),
        (checks.programme_code, "09.03.07", "код специальности пишут так: 09.02.07"),
        (checks.programme_code, "5.41.04.04", "код специальности пишут так: 09.02.07"),
        (checks.country_code, "7", "код ОКСМ — три цифры"),
        (checks.postal_index, "65000", "индекс — шесть цифр, первая от 1 до 6"),
        (checks.postal_index, "065000", "индекс — шесть цифр, первая от 1 до 6"),
        (checks.passport_series, "321", "серия паспорта — четыре цифры"),
        (checks.passport_number, "1234567", "номер паспорта — шесть цифр"),
        (checks.bank_account, "1", "Номер счёта состоит из 20 цифр"),
    ],
)
def test_another_shape_is_named(check: Callable[..., str | None], value: str, said: str) -> None:
    more = ("044525225",) if check is checks.bank_account else ()
    assert check(value, *more) == said


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (checks.kpp, "420501001"),
        (checks.kpp, "7736AB001"),
        (checks.department_code, "420-012"),
        (checks.programme_code, "09.02.07"),
        (checks.programme_code, "23.01.17"),
        (checks.country_code, "643"),
        (checks.postal_index, "650000"),
        (checks.passport_series, "3215"),
        (checks.passport_number, "000123"),
    ],
)
def test_a_right_shape_passes(check: Callable[[str], str | None], value: str) -> None:
    assert check(value) is None


def test_an_account_is_checked_against_its_bank() -> None:
    assert checks.bank_account("30101810400000000225", "044525225") is None
    assert checks.bank_account("30101810500000000225", "044525225") == (
        "номер счёта не подходит к БИК — сверьте оба с документом"
    )
    assert checks.bank_account("30101810400000000225", "04452522") == "БИК состоит из девяти цифр"


@pytest.mark.parametrize(
    "value", ["ПМ.01.01(К)", "ГИА.01(Г)", "ПМ.01.ЭК", "СОО.01.01", "МДК.01.01", "ОП.12", "П.01"]
)
def test_a_plan_index_passes(value: str) -> None:
    assert checks.plan_index(value) is None


@pytest.mark.parametrize("value", ["ПM.01.ЭК", " МДК.01.01", "ПМ01", "XX.01"])
def test_a_plan_index_with_latin_letters_or_spaces_is_told(value: str) -> None:
    assert checks.plan_index(value) == "индекс пишут так: МДК.01.01"


@pytest.mark.parametrize(
    "value",
    [
        "Иванова",
        "Римская-Корсакова",
        "Д'Артаньян",
        "Ёлкин (Петров)",
        "Мамедов Али оглы",
        "Ли",
        "А.",
    ],
)
def test_frdo_takes_living_names(value: str) -> None:
    assert checks.frdo_name(value) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            "Ивaнoв",
            "латинские буквы среди русских: «a», «o»; наберите их в русской раскладке",
        ),
        (
            "Smith",
            "ФИС ФРДО принимает только русские буквы, пробел, точку, апостроф, дефис и скобки",
        ),
        (
            "Иванов2",
            "ФИС ФРДО принимает только русские буквы, пробел, точку, апостроф, дефис и скобки",
        ),
        ("", "ФИС ФРДО принимает только русские буквы, пробел, точку, апостроф, дефис и скобки"),
        ("Иванов  Петров", "уберите двойные или крайние пробелы и дефисы"),
        ("Иванов--Петров", "уберите двойные или крайние пробелы и дефисы"),
        ("-Иванов", "уберите двойные или крайние пробелы и дефисы"),
        ("Иванов ", "уберите двойные или крайние пробелы и дефисы"),
        ("А" * 51, "ФИС ФРДО принимает не больше 50 знаков"),
    ],
)
def test_frdo_refuses_and_says_why(value: str, said: str) -> None:
    assert checks.frdo_name(value) == said


def test_frdo_takes_fifty_letters() -> None:
    assert checks.frdo_name("А" * 50) is None


@pytest.mark.parametrize(
    "value", ["ivanova@mail.ru", "a.b+c@sub.kemcol.ru", "почта@колледж.рф", "i_2@ya.ru", "a@b-c.ru"]
)
def test_a_mail_address_passes(value: str) -> None:
    assert checks.email(value) is None


@pytest.mark.parametrize(
    "value",
    ["ivanova", "ivanova@mail", "ivanova@mail,ru", "a b@mail.ru", "a@@b.ru", "a..b@c.ru", "a@b.r"],
)
def test_what_is_no_mail_address_is_told(value: str) -> None:
    assert checks.email(value) == "адрес почты пишут так: ivanova@mail.ru"


def test_a_russian_letter_in_a_latin_mail_address_is_named() -> None:
    assert checks.email("ivanоva@mail.ru") == (
        "в слове «ivanоva» русские буквы стоят среди латинских; наберите его заново"
    )


EVERY = (
    checks.snils, checks.inn_person, checks.inn_company, checks.ogrn, checks.ogrnip, checks.kpp,
    checks.bik, checks.plan_index, checks.passport_series, checks.passport_number,
    checks.department_code, checks.programme_code, checks.country_code, checks.postal_index,
    checks.email, checks.frdo_name,
)  # fmt: skip


@given(st.text() | st.text("0123456789-.", max_size=16))
def test_no_check_fails_on_any_text(value: str) -> None:
    for check in EVERY:
        said = check(value)
        assert said is None or re.search("[а-яё]", said)
