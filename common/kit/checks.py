"""Is a value what it claims to be? Each check returns a Russian message, or None where nothing is wrong.

Sources: domain 0.3; the algorithms of СНИЛС, ИНН, ОГРН are those of their issuers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

UNSIGNED_SNILS = 1_001_998
"""Numbers up to this one were issued without a check number."""

LOOK_ALIKES = str.maketrans(
    "ABCEHKMOPTXYaceopxyËë",
    "АВСЕНКМОРТХУасеорхуЁё",
)

PLAN_PARTS = "БД|ПД|ПОО|ОУД|ОУП|ОДБ|СОО|ОГСЭ|ЕН|СГ|ОПЦ|ОП|ПЦ|ПМ|П|МДК|УП|ПП|ПДП|ГИА|ФТД|ДУП"
"""The cycles of a curriculum by which its rows are numbered."""


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))


def snils(value: str) -> str | None:
    """11 digits; the last two check the first nine. The right digits are never told: people would type them in."""
    if not re.fullmatch(r"[0-9]{11}", value):
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
    if not re.fullmatch(r"[0-9]{12}", value):
        return "ИНН физического лица состоит из 12 цифр"
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    right = (_inn_digit(value, weights[1:]), _inn_digit(value, weights))
    return None if right == (int(value[10]), int(value[11])) else "контрольные цифры не сходятся"


def inn_company(value: str) -> str | None:
    if not re.fullmatch(r"[0-9]{10}", value):
        return "ИНН организации состоит из 10 цифр"
    right = _inn_digit(value, (2, 4, 10, 3, 5, 9, 4, 6, 8))
    return None if right == int(value[9]) else "контрольная цифра не сходится"


def ogrn(value: str) -> str | None:
    if not re.fullmatch(r"[0-9]{13}", value):
        return "ОГРН состоит из 13 цифр"
    return None if int(value[:12]) % 11 % 10 == int(value[12]) else "контрольная цифра не сходится"


def ogrnip(value: str) -> str | None:
    if not re.fullmatch(r"[0-9]{15}", value):
        return "ОГРНИП состоит из 15 цифр"
    return None if int(value[:14]) % 13 % 10 == int(value[14]) else "контрольная цифра не сходится"


def kpp(value: str) -> str | None:
    right = re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", value)
    return None if right else "КПП состоит из девяти знаков: 420501001"


def bik(value: str) -> str | None:
    return None if re.fullmatch(r"[0-9]{9}", value) else "БИК состоит из девяти цифр"


def bank_account(value: str, of_bik: str) -> str | None:
    """An account with its key: of a bank itself (301…) or of the bank's client."""
    if not re.fullmatch(r"[0-9]{20}", value):
        return "Номер счёта состоит из 20 цифр"
    if said := bik(of_bik):
        return said
    lead = f"0{of_bik[4:6]}" if value.startswith("301") else of_bik[-3:]
    weights = (7, 1, 3) * 8
    units = sum(int(d) * w % 10 for d, w in zip(lead + value, weights, strict=False))
    return None if units % 10 == 0 else "номер счёта не подходит к БИК — сверьте оба с документом"


def plan_index(value: str) -> str | None:
    """The index of a row of a curriculum, its look-alikes already folded."""
    right = re.fullmatch(rf"(?:{PLAN_PARTS})\.[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{0,2}}.*", value)
    return None if right else "индекс пишут так: МДК.01.01"


def passport_series(value: str) -> str | None:
    right = re.fullmatch(r"[0-9]{4}", value)
    return None if right else "серия паспорта — четыре цифры"


def passport_number(value: str) -> str | None:
    right = re.fullmatch(r"[0-9]{6}", value)
    return None if right else "номер паспорта — шесть цифр"


def department_code(value: str) -> str | None:
    right = re.fullmatch(r"[0-9]{3}-[0-9]{3}", value)
    return None if right else "код подразделения пишут так: 420-012"


def programme_code(value: str) -> str | None:
    right = re.fullmatch(r"[0-9]{2}\.0[12]\.[0-9]{2}", value)
    return None if right else "код специальности пишут так: 09.02.07"


def country_code(value: str) -> str | None:
    return None if re.fullmatch(r"[0-9]{3}", value) else "код ОКСМ — три цифры"


def postal_index(value: str) -> str | None:
    right = re.fullmatch(r"[1-6][0-9]{5}", value)
    return None if right else "индекс — шесть цифр, первая от 1 до 6"


def email(value: str) -> str | None:
    """Cyrillic is right in a domain (почта@колледж.рф), but not beside Latin letters of one word."""
    for word in re.findall(r"\w+", value):
        if re.search("[А-Яа-яЁё]", word) and re.search("[A-Za-z]", word):
            return f"в слове «{word}» русские буквы стоят среди латинских; наберите его заново"
    atom = r"[\w!#$%&'*+/=?^`{|}~-]+"
    right = re.fullmatch(rf"{atom}(?:\.{atom})*@(?:[^\W_][\w-]*\.)+[^\W\d_][\w-]+", value)
    return None if right else "адрес почты пишут так: ivanova@mail.ru"


def latin_look_alikes(value: str) -> str:
    """The Latin letters of a Cyrillic word."""
    if not re.search(r"[А-Яа-яЁё]", value):
        return ""
    return "".join(dict.fromkeys(re.findall(r"[A-Za-z]", value)))


def frdo_name(value: str) -> str | None:
    """ФИС ФРДО takes Cyrillic letters, space, dot, apostrophe, hyphen, brackets; at most 50."""
    if found := latin_look_alikes(value):
        named = ", ".join(f"«{letter}»" for letter in found)
        return f"латинские буквы среди русских: {named}; наберите их в русской раскладке"
    if not re.fullmatch(r"[А-ЯЁа-яё .'()-]+", value):
        return "ФИС ФРДО принимает только русские буквы, пробел, точку, апостроф, дефис и скобки"
    if re.search(r"  |--|^[ -]|[ -]$", value):
        return "уберите двойные или крайние пробелы и дефисы"
    return None if len(value) <= 50 else "ФИС ФРДО принимает не больше 50 знаков"
