"""How each kind of value is typed by people, stored, checked and shown: one table for form, Excel, import and paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.kit import checks, numbers
from common.kit.dates import parse_day, parse_moment, show_day, show_moment
from common.kit.keys import clean, latin_letters, other_layout, spelt_name
from common.kit.unreadable import Unreadable

__all__ = ["Format", "Unreadable", "clean"]


def _nothing_wrong(value: Any) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of value that people type.

    `parse` takes any spelling and returns the stored value (None where the text is empty) or raises
    Unreadable; `show` is the canonical spelling, and parse(show(v)) == v; `check` says what is wrong
    with a value that was read (None where nothing is); `doubt` says what may be a slip and is stored all the same.
    """

    name: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str]
    check: Callable[[Any], str | None] = _nothing_wrong
    hint: str = ""
    doubt: Callable[[Any], str | None] = _nothing_wrong
    scale: int = 0
    """How many of the stored whole number make one in a cell of a table; 0 where it is written as text."""


_COMPANIONS = re.compile(
    r"\b(?:снилс|инн|паспорта?|рф|серия|сер|номер|код|подразделения|подр|индекс|почтовый|n)\b|№",
    re.IGNORECASE,
)
"""Words that are pasted together with a number and mean nothing."""

_BETWEEN = "[\\s.,:;()/\\\\‐‑‒–—−-]"


def _digits(text: str) -> str:
    """The digits of a number that may be pasted with its name; nothing else is dropped in silence."""
    if numbers.spoilt_by_excel(text):
        raise Unreadable(
            "Excel испортил число (например 1,12E+10): задайте ячейке формат «Текст» и вставьте снова"
        )
    bare = re.sub(_BETWEEN, "", _COMPANIONS.sub(" ", clean(text)))
    if strange := "".join(dict.fromkeys(re.findall("[^0-9]", bare))):
        hint = ", ноль это цифра, а не буква" if set(strange) <= set("OoОо") else ""
        raise Unreadable(f"Здесь должны быть только цифры, а есть «{strange[:20]}»{hint}")
    return bare


def _text(text: str) -> str | None:
    return clean(text) or None


def _name(text: str) -> str | None:
    return spelt_name(text) or None


def _slip_of_layout(name: str) -> str | None:
    latin = latin_letters(name)
    if not latin:
        return None
    if latin != "".join(filter(str.isalpha, name)):
        return f"Среди русских букв есть латинские: «{latin}». Проверьте раскладку"
    meant = spelt_name(other_layout(name.lower()))
    return f"Набрано латиницей. Если это «{meant}», смените раскладку и наберите снова"


def _exactly(count: int, message: str) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        if not clean(text):
            return None
        digits = _digits(text)
        if len(digits) != count:
            raise Unreadable(f"{message}, сейчас {len(digits)}")
        return digits

    return parse


def _snils_shown(value: str) -> str:
    return f"{value[:3]}-{value[3:6]}-{value[6:9]} {value[9:]}"


def _department(text: str) -> str | None:
    if not clean(text):
        return None
    digits = _digits(text)
    if len(digits) != 6:
        raise Unreadable("Код подразделения — шесть цифр: 420-012")
    return f"{digits[:3]}-{digits[3:]}"


_YES = {"да", "+", "1", "x", "х", "v", "✓", "✔", "истина", "true", "нуждается", "есть", "требуется"}
_NO = {"нет", "-", "–", "—", "0", "ложь", "false", "не нуждается", "отсутствует", "не требуется"}


def _flag(text: str) -> bool | None:
    said = clean(text).casefold().strip(" .")
    if not said:
        return None
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unreadable("Ответ «да» или «нет»")


def _flag_shown(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "да" if value else "нет"


_PROGRAMME = re.compile(
    r"(?:(?:код|специальность|профессия)[\s:]*)?(?:[0-9]\.)?([0-9]{2})[. ]?([0-9]{2})[. ]?([0-9]{2})(?:[\s.,:–—-]+\D.*)?",
    re.IGNORECASE,
)


def _programme(text: str) -> str | None:
    """Takes the code alone, with its title behind, and with the section some exports put before."""
    written = clean(text)
    if not written:
        return None
    if not (match := _PROGRAMME.fullmatch(written)):
        raise Unreadable("Код специальности пишут так: 09.02.07")
    return ".".join(match.groups())


def _email(text: str) -> str | None:
    """Spaces are dropped around @ only: within a name they hide a letter that was not typed."""
    written = re.sub(r"^(?:mailto|e-?mail|почта)\s*:\s*", "", clean(text), flags=re.IGNORECASE)
    if match := re.search(r"<([^<>]+@[^<>]+)>$", written):
        written = match[1]
    written = re.sub(r" ?@ ?", "@", written).strip(" .,;<>")
    if not written:
        return None
    if "@" not in written:
        raise Unreadable("Адрес почты пишут так: ivanova@mail.ru")
    if " " in written or written.count("@") > 1:
        raise Unreadable("Оставьте один адрес почты без пробелов: ivanova@mail.ru")
    name, at, domain = written.rpartition("@")
    return f"{name}{at}{domain.casefold()}"


TEXT = Format("text", _text, str)
NAME = Format("name", _name, str, hint="как в паспорте", doubt=_slip_of_layout)
SNILS = Format(
    "snils", _exactly(11, "СНИЛС — 11 цифр"), _snils_shown, checks.snils, "000-000-000 00"
)
INN = Format("inn", _exactly(12, "ИНН — 12 цифр"), str, checks.inn_person, "12 цифр")
PHONE = Format("phone", numbers.phone, numbers.phone_shown, hint="+7 913 123-45-67")
EMAIL = Format("email", _email, str, checks.email, "ivanova@mail.ru")
DEPARTMENT_CODE = Format("department_code", _department, str, checks.department_code, "000-000")
PASSPORT_SERIES = Format(
    "passport_series",
    _exactly(4, "Серия паспорта — 4 цифры"),
    str,
    checks.passport_series,
    "0000",
)
PASSPORT_NUMBER = Format(
    "passport_number",
    _exactly(6, "Номер паспорта — 6 цифр"),
    str,
    checks.passport_number,
    "000000",
)
INDEX = Format("index", _exactly(6, "Индекс — 6 цифр"), str, checks.postal_index, "650000")
DAY = Format("day", parse_day, show_day, hint="дд.мм.гггг")
MOMENT = Format("moment", parse_moment, show_moment, hint="дд.мм.гггг чч:мм")
INTEGER = Format("integer", numbers.integer, numbers.integer_shown, scale=1)
DECIMAL = Format("decimal", numbers.decimal, numbers.decimal_shown, hint="4,37")
MONEY = Format("money", numbers.money, numbers.money_shown, hint="1 234,50", scale=100)
FLAG = Format("flag", _flag, _flag_shown, hint="да или нет")
YEAR = Format("year", numbers.year, str, hint="2026", scale=1)
PROGRAMME_CODE = Format("programme_code", _programme, str, checks.programme_code, "09.02.07")
