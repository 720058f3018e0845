"""How each kind of value is typed by people, stored, checked and shown: one table for form, Excel, import and paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.kit import checks
from common.kit.dates import parse_day, show_day
from common.kit.keys import clean, fold_homoglyphs, name_case
from common.kit.unreadable import Unreadable

__all__ = ["Format", "Unreadable", "clean"]


def _nothing_wrong(value: Any) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of value that people type.

    `parse` takes any spelling and returns the stored value (None where the text is empty) or raises
    Unreadable; `show` is the canonical spelling, and parse(show(v)) == v; `check` says what is wrong
    with a value that was read (None where nothing is).
    """

    name: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str]
    check: Callable[[Any], str | None] = _nothing_wrong
    hint: str = ""


def _digits(text: str) -> str:
    if re.search(r"\d[.,]\d+[eEеЕ]\+?\d+", text):
        raise Unreadable(
            "Excel испортил число (например 1,12E+10): задайте ячейке формат «Текст» и вставьте снова"
        )
    return re.sub(r"\D", "", text)


def _text(text: str) -> str | None:
    return clean(text) or None


def _name(text: str) -> str | None:
    return name_case(fold_homoglyphs(clean(text))) or None


def _exactly(count: int, message: str) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        digits = _digits(text)
        if not clean(text):
            return None
        if len(digits) != count:
            raise Unreadable(f"{message}, сейчас {len(digits)}")
        return digits

    return parse


def _snils_shown(value: str) -> str:
    return f"{value[:3]}-{value[3:6]}-{value[6:9]} {value[9:]}"


def _department(text: str) -> str | None:
    digits = _digits(text)
    if not clean(text):
        return None
    if len(digits) != 6:
        raise Unreadable("Код подразделения — шесть цифр: 420-012")
    return f"{digits[:3]}-{digits[3:]}"


FIVE_DIGIT_CODES = ("384",)
"""Kuzbass: 3842 and 3843 are cities of six-digit numbers, 384-5x towns of five-digit ones."""


def _phone(text: str) -> str | None:
    written = clean(text)
    if not written:
        return None
    digits = _digits(written)
    if written.startswith("+") and not digits.startswith("7"):
        if 7 <= len(digits) <= 15:
            return f"+{digits}"
        raise Unreadable("Номер с плюсом: от 7 до 15 цифр")
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    if len(digits) == 10:
        return f"+7{digits}"
    if 5 <= len(digits) <= 7:
        raise Unreadable("Местный номер без кода города: допишите код, например 3842")
    raise Unreadable("Телефон пишут с кодом: 8 913 123-45-67")


def _phone_shown(value: str) -> str:
    if not re.fullmatch(r"\+7\d{10}", value):
        return value
    digits = value[2:]
    if digits.startswith(("3842", "3843")):
        return f"+7 {digits[:4]} {digits[4:6]}-{digits[6:8]}-{digits[8:]}"
    if digits.startswith(FIVE_DIGIT_CODES):
        return f"+7 {digits[:5]} {digits[5]}-{digits[6:8]}-{digits[8:]}"
    return f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"


def _number(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", clean(text)).replace("−", "-")


def _integer(text: str) -> int | None:
    written = _number(text)
    if not written:
        return None
    if not re.fullmatch(r"-?\d{1,15}([.,]0+)?", written):
        raise Unreadable("Нужно целое число")
    return int(re.split("[.,]", written)[0])


def _integer_shown(value: int) -> str:
    return str(value) if abs(value) < 10_000 else f"{value:,}".replace(",", "\u00a0")


def _money(text: str) -> int | None:
    written = re.sub(r"(₽|руб\.?|р\.)$", "", _number(text).casefold())
    if not written:
        return None
    if not (match := re.fullmatch(r"(\d{1,12})(?:[.,](\d{1,2}))?", written)):
        raise Unreadable("Сумму пишут так: 1 234,50")
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def _money_shown(value: int) -> str:
    return f"{value // 100:,}".replace(",", "\u00a0") + f",{value % 100:02d}\u00a0₽"


def _flag(text: str) -> bool | None:
    said = clean(text).casefold().replace("ё", "е")
    if not said:
        return None
    if said in {"да", "+", "1", "x", "х", "v", "истина", "true", "нуждается", "есть"}:
        return True
    if said in {"нет", "-", "0", "ложь", "false", "не нуждается", "отсутствует"}:
        return False
    raise Unreadable("Ответ «да» или «нет»")


def _programme(text: str) -> str | None:
    written = clean(text)
    if not written:
        return None
    match = re.search(r"(?:^|\D)(\d{2})\.?(\d{2})\.?(\d{2})(?:\D|$)", written)
    if not match:
        raise Unreadable("Код специальности пишут так: 09.02.07")
    return ".".join(match.groups())


def _moment_shown(value: dt.datetime) -> str:
    return value.strftime("%d.%m.%Y %H:%M")


def _email(text: str) -> str | None:
    return clean(text).replace(" ", "") or None


TEXT = Format("text", _text, str)
NAME = Format("name", _name, str, hint="как в паспорте")
SNILS = Format(
    "snils", _exactly(11, "СНИЛС — 11 цифр"), _snils_shown, checks.snils, "000-000-000 00"
)
INN = Format("inn", _exactly(12, "ИНН — 12 цифр"), str, checks.inn_person, "12 цифр")
PHONE = Format("phone", _phone, _phone_shown, hint="+7 913 123-45-67")
EMAIL = Format("email", _email, str, checks.email, "ivanova@mail.ru")
DEPARTMENT_CODE = Format("department_code", _department, str, checks.department_code, "000-000")
PASSPORT_SERIES = Format(
    "passport_series", _exactly(4, "Серия паспорта — 4 цифры"), str, hint="0000"
)
PASSPORT_NUMBER = Format(
    "passport_number", _exactly(6, "Номер паспорта — 6 цифр"), str, hint="000000"
)
INDEX = Format("index", _exactly(6, "Индекс — 6 цифр"), str, checks.postal_index, "650000")
DAY = Format("day", parse_day, show_day, hint="дд.мм.гггг")
INTEGER = Format("integer", _integer, _integer_shown)
MONEY = Format("money", _money, _money_shown, hint="1 234,50")
FLAG = Format("flag", _flag, lambda value: "да" if value else "нет")
YEAR = Format("year", _integer, str, hint="2026")
PROGRAMME_CODE = Format("programme_code", _programme, str, checks.programme_code, "09.02.07")
