"""What may be done with a field in a template: «| дательный», «| словами»; each with the kinds it fits and an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from common.kit.dates import in_words as quoted_day
from common.kit.words import day_in_words
from common.papers import in_words
from common.papers.morphology import decline_title
from common.papers.nodes import Kind
from common.papers.values import Dated, FullName, Number
from common.people.kinds import NameCase

LEAVES = frozenset(Kind) - {Kind.RECORD, Kind.LIST}
DATES = frozenset({Kind.DAY, Kind.MOMENT})


@dataclass(frozen=True, slots=True)
class Filter:
    fits: frozenset[Kind]
    act: Callable[..., str]
    does: str
    """For the list beside the field tree."""
    takes: int = 0
    """How many texts it wants in brackets."""


def _in_case(value: Any, case: NameCase) -> str:
    return value.in_case(case) if isinstance(value, FullName) else decline_title(str(value), case)


def _in_words(value: Any) -> str:
    if isinstance(value, Dated):
        return day_in_words(day) if (day := value.date()) else ""
    if not isinstance(value, Number) or value.number is None:
        return str(value)
    return in_words.money(value.number) if value.money else in_words.number(value.number)


def _counted(act: Callable[[int], str], value: Any) -> str:
    return act(value.number) if isinstance(value, Number) and value.number is not None else ""


def _dated(act: Callable[[Any], str], value: Any) -> str:
    day = value.date() if isinstance(value, Dated) else None
    return act(day) if day else ""


def _initials(value: Any, *, before: bool) -> str:
    if not isinstance(value, FullName):
        return str(value)
    letters = "\u00a0".join(f"{word[0]}." for word in (value.first, value.middle) if word)
    parts = (letters, value.last) if before else (value.last, letters)
    return "\u00a0".join(filter(None, parts))


def _if_empty(value: Any, words: str) -> str:
    return str(value) or words


NAMED = frozenset({Kind.NAME, Kind.TEXT})
CASE_NAMES = {
    NameCase.GENITIVE: ("родительный", "кого: Ивановой Анны"),
    NameCase.DATIVE: ("дательный", "кому: Ивановой Анне"),
    NameCase.ACCUSATIVE: ("винительный", "вижу кого: Иванову Анну"),
    NameCase.INSTRUMENTAL: ("творительный", "кем: Ивановой Анной"),
    NameCase.PREPOSITIONAL: ("предложный", "о ком: об Ивановой Анне"),
}

CASED = frozenset(name for name, _ in CASE_NAMES.values())

FILTERS: Mapping[str, Filter] = {
    name: Filter(NAMED, partial(_in_case, case=case), does)
    for case, (name, does) in CASE_NAMES.items()
} | {
    "словами": Filter(
        DATES | {Kind.NUMBER, Kind.MONEY},
        _in_words,
        "1 сентября 2026 г.; семьдесят два; сто рублей 00 копеек",
    ),
    "для_приказа": Filter(DATES, partial(_dated, quoted_day), "«01» сентября 2026 г."),
    "год": Filter(DATES, partial(_dated, lambda day: str(day.year)), "2026"),
    "часами": Filter(
        frozenset({Kind.NUMBER}), partial(_counted, in_words.hours), "72 (семьдесят два) часа"
    ),
    "оценкой": Filter(frozenset({Kind.NUMBER}), partial(_counted, in_words.mark), "5 (отлично)"),
    "инициалы": Filter(frozenset({Kind.NAME}), partial(_initials, before=False), "Иванова А. П."),
    "инициалы_впереди": Filter(
        frozenset({Kind.NAME}), partial(_initials, before=True), "А. П. Иванова"
    ),
    "заглавными": Filter(LEAVES, lambda value: str(value).upper(), "ИВАНОВА АННА ПЕТРОВНА"),
    "если_пусто": Filter(LEAVES, _if_empty, 'если_пусто("—") пишет тире там, где пусто', takes=1),
}
