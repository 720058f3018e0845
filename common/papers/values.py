"""What stands in a paper: plain values that say how they are written, and that make up the snapshot it was made from."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, TypeAlias

import msgspec

from common.kit.dates import show_day, show_moment
from common.people.kinds import NameCase

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that no document may hold."""


class Value(msgspec.Struct, frozen=True, tag=True, eq=False):
    """Written by `str`, compared as it is written; true where it is not empty, as conditions ask."""

    def __bool__(self) -> bool:
        return bool(str(self))

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class Text(Value, frozen=True, tag="text", eq=False):
    text: str = ""

    def __str__(self) -> str:
        return _ILLEGAL.sub("", self.text)


class Dated(Value, frozen=True, eq=False):
    """In the order of time; what has no date comes first."""

    def date(self) -> dt.date | None:
        """None where nothing is filled in."""
        return None

    def __lt__(self, other: Dated) -> bool:
        return self._when() < other._when()

    def __le__(self, other: Dated) -> bool:
        return self._when() <= other._when()

    def __gt__(self, other: Dated) -> bool:
        return self._when() > other._when()

    def __ge__(self, other: Dated) -> bool:
        return self._when() >= other._when()

    def _when(self) -> dt.date:
        return self.date() or dt.date.min


class Day(Dated, frozen=True, tag="day", eq=False):
    day: dt.date | None = None

    def __str__(self) -> str:
        return show_day(self.day) if self.day else ""

    def date(self) -> dt.date | None:
        return self.day


class Moment(Dated, frozen=True, tag="moment", eq=False):
    """On the wall of the college, without a zone."""

    moment: dt.datetime | None = None

    def __str__(self) -> str:
        return show_moment(self.moment) if self.moment else ""

    def date(self) -> dt.date | None:
        return self.moment.date() if self.moment else None


class Number(Value, frozen=True, tag="number", eq=False):
    """`shown` is how it is written in figures; of money `number` is in kopecks."""

    number: int | None = None
    shown: str = ""
    money: bool = False

    def __str__(self) -> str:
        return "" if self.number is None else self.shown

    def __bool__(self) -> bool:
        return bool(self.number)

    def __eq__(self, other: object) -> bool:
        return self.amount() == _amount_of(other)

    def __lt__(self, other: object) -> bool:
        return self.amount() < _amount_of(other)

    def __le__(self, other: object) -> bool:
        return self.amount() <= _amount_of(other)

    def __gt__(self, other: object) -> bool:
        return self.amount() > _amount_of(other)

    def __ge__(self, other: object) -> bool:
        return self.amount() >= _amount_of(other)

    def __hash__(self) -> int:
        return hash(self.amount())

    def amount(self) -> float:
        """In wholes: roubles of money."""
        return (self.number or 0) / (100 if self.money else 1)


class Flag(Value, frozen=True, tag="flag", eq=False):
    yes: bool | None = None

    def __str__(self) -> str:
        return "" if self.yes is None else ("да" if self.yes else "нет")

    def __bool__(self) -> bool:
        return bool(self.yes)


class FullName(Value, frozen=True, tag="name", eq=False):
    """A person's name; `forms` are the cases as they are to be written, by the value of the case."""

    last: str = ""
    first: str = ""
    middle: str = ""
    forms: dict[str, str] = {}
    sure: bool = True
    """False where the rules do not know a case for certain, and no registrar has said it."""

    def __str__(self) -> str:
        return _ILLEGAL.sub("", " ".join(filter(None, (self.last, self.first, self.middle))))

    def in_case(self, case: NameCase) -> str:
        return _ILLEGAL.sub("", self.forms.get(str(case.value), "")) or str(self)


Plain: TypeAlias = Text | Day | Moment | Number | Flag | FullName
Snapshot: TypeAlias = dict[str, Any]
"""Names to values, snapshots of records, and lists of them: what a paper was made from, and nothing besides."""


def _amount_of(other: object) -> float:
    if isinstance(other, Number):
        return other.amount()
    return float(other) if isinstance(other, int | float) else float("nan")
