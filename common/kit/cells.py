"""One value in one cell of a table: what is written into it, and how whatever people leave there is read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from common.kit import formats
from common.kit.dates import from_excel, parse_day, parse_moment
from common.kit.formats import Format
from common.kit.keys import clean
from common.kit.kinds import Choice
from common.kit.sheets import typed_text
from common.kit.spec import FieldSpec, text_of
from common.kit.unreadable import Unreadable
from common.kit.xlsx import Cell, cell_text

EXACT = 10**15
"""A spreadsheet keeps so many digits of a number; longer ones are written as text."""
OLDEST = dt.date(1900, 3, 1)
"""Spreadsheets do not agree about the days before."""
SPOILT = "Excel испортил число: задайте столбцу формат «Текст» и внесите его снова"
MOST_CHOICES = 8


def cell_of(f: FieldSpec, value: Any) -> Cell:
    """The cell of a value that is no reference: numbers and dates as such, all else as the text that people read."""
    match value:
        case None:
            return None
        case bool() | Choice():
            return text_of(value)
        case int():
            return _number_cell(f, value)
        case dt.datetime():
            return value.astimezone().replace(tzinfo=None, second=0, microsecond=0)
        case dt.date():
            return value if value >= OLDEST else text_of(value)
        case UUID():
            return str(value.hex)
        case _:
            return str(text_of(value, f.field.format))


def _number_cell(f: FieldSpec, value: int) -> Cell:
    kind = f.field.format or formats.INTEGER
    if not kind.scale or abs(value) >= EXACT:
        return kind.show(value)
    return value if kind.scale == 1 else value / kind.scale


def same(cell: Cell, written: Cell) -> bool:
    """Does the cell still hold what was written into it? Then nobody has changed the value."""
    held, was = _kept(cell), _kept(written)
    if isinstance(held, str) and was is not None and not isinstance(was, str):
        return held == typed_text(was)  # a file of texts alone
    return held == was


def _kept(cell: Cell) -> Cell:
    """What a file brings back of a cell: the edges of texts, the ends of lines and fractions of a minute may be lost."""
    if isinstance(cell, str):
        return cell_text(cell).replace("\r\n", "\n").replace("\r", "\n").strip() or None
    if isinstance(cell, dt.datetime):
        return (cell + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)
    if isinstance(cell, float):
        return round(cell, 6)
    return cell


def value_of(f: FieldSpec, cell: Cell) -> Any:
    """The value that a person means; None where the cell is empty, Unreadable where it cannot be told."""
    if cell is None or (isinstance(cell, str) and not clean(cell)):
        return None
    if f.type is dt.date:
        return day_in(cell)
    if f.type is dt.datetime:
        return _moment_in(cell)
    if f.type is bool:
        return formats.FLAG.parse(as_text(cell))
    if f.type is int:
        return _number_in(f, cell)
    if f.type is UUID:
        return _uuid_in(as_text(cell))
    if issubclass(f.type, Choice):
        return _choice_in(f.type, as_text(cell))
    return _text_in(f, cell)


def as_text(cell: Cell) -> str:
    """A cell as it would be typed."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, float):
        return repr(cell).replace(".", ",")
    return formats.clean(str(cell))


def day_in(cell: Cell) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return from_excel(float(cell))
    return parse_day(as_text(cell))


def _moment_in(cell: Cell) -> dt.datetime | None:
    """On the wall of this computer; a day alone is its beginning."""
    found: dt.datetime | None
    if isinstance(cell, dt.datetime):
        found = cell
    elif isinstance(cell, str) and ":" in cell:
        found = parse_moment(cell)
    else:
        day = day_in(cell)
        found = dt.datetime.combine(day, dt.time()) if day else None
    return found.astimezone(dt.UTC) if found else None


def _number_in(f: FieldSpec, cell: Cell) -> int | None:
    kind = f.field.format or formats.INTEGER
    plainly = isinstance(cell, int | float) and not isinstance(cell, bool)
    if plainly and kind.scale:
        exact = float(cell) * kind.scale  # type: ignore[arg-type]  # a number, as was asked
        if abs(exact) < EXACT and abs(exact - round(exact)) < 0.01:
            return round(exact)
    number: int | None = kind.parse(as_text(cell))
    return number


def _uuid_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unreadable("Здесь стоит код записи: 32 знака") from None


def _choice_in(kind: type[Choice], text: str) -> Choice:
    found = kind.by_label(text)
    begun = [member for member in kind if member.label.casefold().startswith(text.casefold())]
    if found is None and len(begun) == 1:
        return begun[0]
    if found is None:
        labels = [member.label for member in kind]
        more = "; …" if len(labels) > MOST_CHOICES else ""
        raise Unreadable(
            f"Нет значения «{text[:60]}». Есть: {'; '.join(labels[:MOST_CHOICES])}{more}"
        )
    return found


def _text_in(f: FieldSpec, cell: Cell) -> str | None:
    if f.field.multiline and isinstance(cell, str):
        return re.sub(r"\r\n?", "\n", cell).strip() or None
    text: str | None = long_number(f.field.format or formats.TEXT, cell)
    return text


def long_number(kind: Format, cell: Cell) -> Any:
    """A number of many digits that Excel may have spoilt: 1,12E+10, lost zeros."""
    if isinstance(cell, float) and (kind is not formats.TEXT or abs(cell) >= EXACT):
        raise Unreadable(SPOILT)
    text = as_text(cell)
    if isinstance(cell, int) and kind is formats.SNILS:
        text = text.zfill(11)
    return kind.parse(text)
