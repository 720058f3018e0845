"""How values that only people's papers have are typed and shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from common.kit.formats import Format, Unreadable

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


AVERAGE = Format("average", _read, _show, _check, "4,37")
"""Kept as ten-thousandths: 4,37 is 43 700; four decimals are kept, more are rounded half up."""
