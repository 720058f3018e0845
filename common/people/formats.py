"""How values that only people's papers have are typed and shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from common.kit.formats import Format, Unreadable
from common.kit.marks import Marks, read_marks
from common.people.rules import average_of

SCALE = Decimal(10_000)


def _read(text: str) -> int | None:
    written = text.strip().replace("\u00a0", "").replace(",", ".")
    if not written:
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise Unreadable("Средний балл пишут числом: 4,37") from None
    if not value.is_finite():
        raise Unreadable("Средний балл пишут числом: 4,37")
    return int((value * SCALE).to_integral_value(ROUND_HALF_UP))


def _show(value: int) -> str:
    whole = (Decimal(value) / SCALE).normalize()
    digits = f"{whole:f}"
    point = digits.find(".")
    if point < 0:
        digits += ".00"
    elif len(digits) - point == 2:
        digits += "0"
    return digits.replace(".", ",")


def _check(value: int) -> str | None:
    return None if 20_000 <= value <= 50_000 else "средний балл от 2 до 5"


def marks_in(text: str) -> Marks | None:
    """The marks that stand in the place of an average: «5×12, 4×6»; None where it is one number, or neither."""
    try:
        _read(text)
    except Unreadable:
        try:
            return read_marks(text)
        except Unreadable:
            return None
    return None


def _read_either(text: str) -> int | None:
    try:
        return _read(text)
    except Unreadable:
        marks = read_marks(text)
        return average_of(marks.total, marks.count)


AVERAGE = Format("average", _read, _show, _check, "4,37", scale=int(SCALE))
"""Kept as ten-thousandths: 4,37 is 43 700; four decimals are kept, more are rounded half up."""

AVERAGE_OR_MARKS = Format("marks", _read_either, _show, _check, "4,37 или 5×12, 4×6, 3×1")
"""The average, or the marks whose average it is."""
