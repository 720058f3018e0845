"""Whole numbers, fractions, sums of money and telephone numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

from common.kit.keys import clean
from common.kit.unreadable import Unreadable

NARROW = "\u00a0"
"""Between thousands stands a space that does not break."""

_WHOLE = r"[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,15}"
_RUBLES = re.compile(r" ?(?:₽|руб(?:\.|ль|ля|лей)?|р\.?)(?= |$)")
_KOPECKS = re.compile(r"(?<=[0-9]) ?коп(?:\.|ейка|ейки|еек)?$")

CITIES_OF_SIX = ("3842", "3843")
"""Кемерово and Новокузнецк: a code of four digits and a number of six."""

TOWNS_OF_FIVE = re.compile(r"384[4-7]")
"""The other towns of the region: a code of five digits (38451 Юрга) and a number of five."""

_TALK = re.compile(r"\b(?:моб|сот|дом|раб|тел|т|телефон|мобильный|сотовый|домашний|рабочий)\b[.:]*")


def spoilt_by_excel(text: str) -> bool:
    """1,12E+10: the digits are gone."""
    return bool(re.search(r"[0-9](?:[.,][0-9]+)?[eEеЕ][+-]?[0-9]+", text))


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", NARROW)


def _signed(text: str) -> tuple[str, str]:
    written = clean(text).replace("−", "-")
    return ("-", written[1:].lstrip()) if written.startswith("-") else ("", written)


def integer(text: str) -> int | None:
    """«1 234»; thousands stand apart by threes or not at all, so that two numbers are not one."""
    sign, written = _signed(text)
    if not written and not sign:
        return None
    if not (match := re.fullmatch(rf"({_WHOLE})(?:[.,]0{{1,2}})?", written)):
        raise Unreadable("Нужно целое число")
    return int(sign + match[1].replace(" ", ""))


def integer_shown(value: int) -> str:
    """Four digits stand together, as printers set them: it may be a year."""
    return str(value) if abs(value) < 10_000 else grouped(value)


def decimal(text: str) -> Decimal | None:
    sign, written = _signed(text)
    if not written and not sign:
        return None
    if not (match := re.fullmatch(rf"({_WHOLE})(?:[.,]([0-9]{{1,12}}))?", written)):
        raise Unreadable("Число пишут так: 4,37 или 1 234,50")
    return Decimal(f"{sign}{match[1].replace(' ', '')}.{match[2] or '0'}")


def decimal_shown(value: Decimal) -> str:
    whole, _, part = f"{abs(value):f}".partition(".")
    part = part.rstrip("0")
    sign = "−" if value < 0 else ""
    return sign + grouped(int(whole)) + (f",{part}" if part else "")


def money(text: str) -> int | None:
    """A sum in kopecks; «1 234,5», «1234.50 руб.», «100 руб. 5 коп.»."""
    written = clean(text).casefold()
    if not written:
        return None
    kopecks = _KOPECKS.sub("", written)
    parts = [part.strip() for part in _RUBLES.split(kopecks, maxsplit=1)]
    if kopecks != written and len(parts) == 2 and re.fullmatch(r"[0-9]{1,2}", parts[1]):
        written = f"{parts[0]},{parts[1].zfill(2)}"
    else:
        written = parts[0] if parts[1:] in ([], [""]) else written
    if match := re.fullmatch(rf"({_WHOLE})(?:[.,]([0-9]{{1,2}}))?", written):
        return int(match[1].replace(" ", "")) * 100 + int((match[2] or "0").ljust(2, "0"))
    if re.fullmatch(rf"({_WHOLE})[.,][0-9]{{3,}}", written):
        raise Unreadable("В сумме не больше двух знаков после запятой: 1 234,50")
    raise Unreadable("Сумму пишут так: 1 234,50")


def money_shown(value: int) -> str:
    rubles, kopecks = divmod(abs(value), 100)
    sign = "−" if value < 0 else ""
    return f"{sign}{grouped(rubles)},{kopecks:02d}{NARROW}₽"


def year(text: str) -> int | None:
    written = re.sub(r"\s*(?:г\.?|год|года)$", "", clean(text).casefold())
    if not written:
        return None
    if not re.fullmatch(r"(?:19|20)[0-9]{2}|2100", written):
        raise Unreadable("Год пишут четырьмя цифрами: 2026")
    return int(written)


def phone(text: str) -> str | None:
    """Stored as +7XXXXXXXXXX; a foreign number needs its plus and is kept."""
    written = _TALK.sub("", clean(text).casefold()).strip(" .,;:")
    if not written:
        return None
    if spoilt_by_excel(written):
        raise Unreadable("Excel испортил номер: задайте ячейке формат «Текст» и внесите его снова")
    digits = re.sub(r"[^0-9]", "", written)
    if len(digits) < 16 and re.search(r"[^0-9 +()./‐‑–—-]", written):
        raise Unreadable("Уберите из телефона всё, кроме номера: 8 913 123-45-67")
    if "+" in written[1:] or len(digits) > 15:
        raise Unreadable("Здесь больше одного номера; оставьте один: 8 913 123-45-67")
    return _with_plus(digits) if written.startswith("+") else _at_home(digits)


def _with_plus(digits: str) -> str:
    if digits.startswith("7") or re.fullmatch(
        r"8[39][0-9]{9}", digits
    ):  # «+8 913»: no such country
        return _at_home(digits)
    if 7 <= len(digits) <= 15 and digits[0] != "0":
        return f"+{digits}"
    raise Unreadable("Номер с плюсом: от 7 до 15 цифр и код страны")


def _at_home(digits: str) -> str:
    if len(digits) == 11 and digits[0] in "78" and digits[1] not in "012":
        return f"+7{digits[1:]}"
    if len(digits) == 10 and digits[0] not in "0127" and not digits.startswith(("89", "838")):
        return f"+7{digits}"
    if 5 <= len(digits) <= 7:
        raise Unreadable("Местный номер без кода города: допишите код, например 3842")
    raise Unreadable(f"Телефон пишут с кодом: 8 913 123-45-67; сейчас цифр: {len(digits)}")


def phone_shown(value: str) -> str:
    if not re.fullmatch(r"\+7[0-9]{10}", value):
        return value
    digits = value[2:]
    if digits.startswith(CITIES_OF_SIX):
        return f"+7 {digits[:4]} {digits[4:6]}-{digits[6:8]}-{digits[8:]}"
    if TOWNS_OF_FIVE.match(digits):
        return f"+7 {digits[:5]} {digits[5]}-{digits[6:8]}-{digits[8:]}"
    return f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
