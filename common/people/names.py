"""A person's name in one line, taken apart."""

from __future__ import annotations

import re

from common.kit.keys import name_case, spelt_name

_PARTICLES = {
    "де", "да", "ла", "ле", "ди", "дель", "фон", "ван", "дер", "ден", "эль", "аль", "бен", "ибн",
    "тер", "de", "la", "le", "von", "van", "der", "el", "al",
}  # fmt: skip
"""Written small they lead a surname; «Ван» with a capital is a surname itself."""


SON_OF = {"оглы", "оглу", "огли", "угли", "углы", "улы", "уулу", "кызы", "гызы", "кизи"}
"""«Son of», «daughter of»: the second word of a middle name, written small."""

PATRONYMIC = re.compile(r"[а-яё]+(?:вич|вна|чна|ьич)", re.IGNORECASE)
_SURNAME = re.compile(
    r"[а-яё-]+(?:[оеё]ва?|[иы]на?|[сц]к(?:ий|ой|ая)|[иы]х|енко|[уюя]к)", re.IGNORECASE
)
_GIVEN = re.compile(
    r"(?:мар|ир|ар|кар|гал|н|д|фа|ефрос|ал|пол|ангел|эвел|карол|васил|кристе?|валент|антон|екатер|рег|альб|саб|"
    r"мальв)ина|(?:константин|валентин|мартин|вениамин|августин|лев|яков|марк|исаак)",
    re.IGNORECASE,
)
"""Given names that end like surnames."""


def full_name(text: str) -> tuple[str, str | None, str | None]:
    """(last, first, middle); «де ла» leads a surname, «Гусейн оглы» is one middle name.

    Of more than three words a patronymic at the end is the middle name, and a second surname before
    the given name belongs to the first: «Салтыкова Щедрина Анна Петровна».
    """
    words = [name_case(w) if w.isupper() else w for w in spelt_name(text.replace(",", " ")).split()]
    if not words:
        return "", None, None
    surname = 1
    while surname < len(words) - 1 and words[surname - 1] in _PARTICLES:
        surname += 1
    last, rest = " ".join(words[:surname]), _with_sons(words[surname:])
    if rest and (initials := re.fullmatch(r"([А-ЯЁA-Z]\.)([А-ЯЁA-Z]\.)", rest[0])):
        rest = [*initials.groups(), *rest[1:]]
    if len(rest) < 3 or not _is_patronymic(rest[-1]):
        return last, rest[0] if rest else None, " ".join(rest[1:]) or None
    if _SURNAME.fullmatch(rest[0]) and not _GIVEN.fullmatch(rest[0]):
        last, rest = f"{last} {rest[0]}", rest[1:]
    return last, " ".join(rest[:-1]), rest[-1]


def _with_sons(words: list[str]) -> list[str]:
    """«Гусейн», «Оглы» → «Гусейн оглы»."""
    found: list[str] = []
    for word in words:
        if word.casefold() in SON_OF and len(found) > 1:
            found[-1] += f" {word.casefold()}"
        else:
            found.append(word)
    return found


def _is_patronymic(word: str) -> bool:
    return bool(PATRONYMIC.fullmatch(word)) or word.rpartition(" ")[2] in SON_OF
