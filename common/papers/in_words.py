"""Numbers, sums and marks in Russian words, as orders and contracts have them."""

from __future__ import annotations

from pytils import numeral

from common.kit.words import plural

LARGEST = 999_999_999_999
MARKS = {5: "отлично", 4: "хорошо", 3: "удовлетворительно", 2: "неудовлетворительно"}


def number(value: int) -> str:
    """72 → «семьдесят два»; «минус» before one below nought. Figures beyond a million millions stay figures."""
    if abs(value) > LARGEST:
        return str(value)
    said = str(numeral.in_words_int(abs(value)))
    return f"минус {said}" if value < 0 else said


def hours(value: int) -> str:
    """72 → «72 (семьдесят два) часа»."""
    return f"{value} ({number(value)}) {plural(value, 'час', 'часа', 'часов')}"


def mark(value: int) -> str:
    """5 → «5 (отлично)»; a number that is no mark stays as it is."""
    return f"{value} ({MARKS[value]})" if value in MARKS else str(value)


def money(kopecks: int) -> str:
    """1234550 → «двенадцать тысяч триста сорок пять рублей 50 копеек»."""
    rubles, rest = divmod(abs(kopecks), 100)
    said = f"{number(rubles)} {plural(rubles, 'рубль', 'рубля', 'рублей')}"
    sign = "минус " if kopecks < 0 else ""
    return f"{sign}{said} {rest:02d} {plural(rest, 'копейка', 'копейки', 'копеек')}"
