"""Facts that hold for a time: half-open intervals [from, to) with their basis, asked «на дату»."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Mapped

from common.kit.columns import day, text
from common.kit.kinds import P0


class Dated:
    """Columns of a dated row. Numbers that law may change live in such rows, never in code."""

    valid_from: Mapped[dt.date] = day("Действует с", pd=P0)
    valid_to: Mapped[dt.date | None] = day("Действует до", pd=P0, default=None)
    basis: Mapped[str | None] = text("Основание", 500, pd=P0, in_list=False, default=None)


class Period(Protocol):
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...


P = TypeVar("P", bound=Period)


def holds(period: Period, on: dt.date) -> bool:
    return period.valid_from <= on and (period.valid_to is None or on < period.valid_to)


def as_of(rows: Iterable[P], on: dt.date) -> list[P]:
    """The rows that hold on that day."""
    return [row for row in rows if holds(row, on)]


def refuse_backwards(values: Mapping[str, Any]) -> dict[str, str]:
    """A period ends after it begins."""
    start, end = values.get("valid_from"), values.get("valid_to")
    if start is not None and end is not None and end <= start:
        return {"valid_to": "«Действует до»: раньше, чем «Действует с»; поправьте одну из дат"}
    return {}


def refuse_overlap(row: Period, others: Iterable[Period]) -> str | None:
    """Say which period the row would overlap."""
    far = dt.date.max
    for other in others:
        if row.valid_from < (other.valid_to or far) and other.valid_from < (row.valid_to or far):
            end = f"до {other.valid_to:%d.%m.%Y}" if other.valid_to else "без срока"
            return (
                f"Пересекается с периодом с {other.valid_from:%d.%m.%Y} {end}; закройте его раньше"
            )
    return None
