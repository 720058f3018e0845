"""Is a value what it claims to be? Each check returns a Russian message, or None where nothing is wrong.

Sources: domain 0.3; the algorithms of СНИЛС, ИНН, ОГРН are those of their issuers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

UNSIGNED_SNILS = 1_001_998
"""Numbers up to this one were issued without a check number."""

LOOK_ALIKES = str.maketrans(
    "ABCEHKMOPTXYaceopxyË",
    "АВСЕНКМОРТХУасеорхуЁ",
)


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))


def snils(value: str) -> str | None:
    """11 digits; the last two check the first nine. The right digits are never told: people would type them in."""
    if not re.fullmatch(r"\d{11}", value):
        return "СНИЛС состоит из 11 цифр"
    if int(value[:9]) <= UNSIGNED_SNILS:
        return None
    total = _weighted(value, range(9, 0, -1))
    if total % 101 % 100 != int(value[9:]):
        return "контрольное число не сходится — сверьте с документом"
    return None


def _inn_digit(value: str, weights: Sequence[int]) -> int:
    return _weighted(value, weights) % 11 % 10


def inn_person(value: str) -> str | None:
    if not re.fullmatch(r"\d{12}", value):
        return "ИНН физического лица состоит из 12 цифр"
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    right = (_inn_digit(value, weights[1:]), _inn_digit(value, weights))
    return None if right == (int(value[10]), int(value[11])) else "контрольные цифры не сходятся"


def inn_company(value: str) -> str | None:
    if not re.fullmatch(r"\d{10}", value):
        return "ИНН организации состоит из 10 цифр"
    right = _inn_digit(value, (2, 4, 10, 3, 5, 9, 4, 6, 8))
    return None if right == int(value[9]) else "контрольная цифра не сходится"


def ogrn(value: str) -> str | None:
    if not re.fullmatch(r"\d{13}", value):
        return "ОГРН состоит из 13 цифр"
    return None if int(value[:12]) % 11 % 10 == int(value[12]) else "контрольная цифра не сходится"


def ogrnip(value: str) -> str | None:
    if not re.fullmatch(r"\d{15}", value):
        return "ОГРНИП состоит из 15 цифр"
    return None if int(value[:14]) % 13 % 10 == int(value[14]) else "контрольная цифра не сходится"


def department_code(value: str) -> str | None:
    return None if re.fullmatch(r"\d{3}-\d{3}", value) else "код подразделения пишут так: 420-012"


def programme_code(value: str) -> str | None:
    right = re.fullmatch(r"\d{2}\.0[12]\.\d{2}", value)
    return None if right else "код специальности пишут так: 09.02.07"


def country_code(value: str) -> str | None:
    return None if re.fullmatch(r"\d{3}", value) else "код ОКСМ — три цифры"


def postal_index(value: str) -> str | None:
    return None if re.fullmatch(r"\d{6}", value) else "индекс — шесть цифр"


def email(value: str) -> str | None:
    right = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value)
    return None if right else "адрес почты пишут так: ivanova@mail.ru"


def latin_look_alikes(value: str) -> str:
    """The Latin letters of a Cyrillic word."""
    if not re.search(r"[А-Яа-яЁё]", value):
        return ""
    return "".join(dict.fromkeys(re.findall(r"[A-Za-z]", value)))


def frdo_name(value: str) -> str | None:
    """ФИС ФРДО takes Cyrillic letters, space, dot, apostrophe, hyphen, brackets; at most 50."""
    if found := latin_look_alikes(value):
        return f"латинские буквы среди русских: {found}; наберите их в русской раскладке"
    if not re.fullmatch(r"[А-ЯЁа-яё .'\-()]+", value):
        return "ФИС ФРДО принимает только русские буквы, пробел, точку, апостроф, дефис и скобки"
    if re.search(r"  |--|^[ -]|[ -]$", value):
        return "уберите двойные или крайние пробелы и дефисы"
    return None if len(value) <= 50 else "ФИС ФРДО принимает не больше 50 знаков"
