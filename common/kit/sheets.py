"""Tables of our own form come in within limits, and go out with no formula in them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from common.kit.errors import Invalid
from common.kit.packed import refuse_hostile
from common.kit.spec import text_of
from common.kit.xlsx import Cell, cell_text, is_plain, write_book

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 300
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_NUMBER = re.compile(r"[+-][\d\s().-]*\d")
NARROWEST, WIDEST = 12, 40
"""Widths of a column, in signs."""
LARGE = "Файл больше 20 МБ; разделите его на части"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headers of the first row, and the rows below: `rows[0]` is row 2 of Excel."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def number(self, place: int) -> int:
        """The number Excel shows for rows[place]."""
        return place + 2


def read(source: Path | bytes, sheet: str | None = None) -> Sheet:
    """The first sheet, or the named one; Invalid says in Russian why a file cannot be taken."""
    raw = source if isinstance(source, bytes) else load(source)
    if len(raw) > MAX_BYTES:
        raise Invalid(LARGE)
    refuse_hostile(raw)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        name = sheet or book.sheet_names[0]
        page = book.get_sheet_by_name(name)
        _refuse_size(page)
        lines = page.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, ValueError, OSError):
        raise Invalid(
            "Файл не читается как таблица Excel; сохраните его в Excel как .xlsx"
        ) from None
    if not lines:
        raise Invalid("В таблице нет ни одной строки")
    headers = tuple(" ".join(str(h).split()) for h in lines[0])
    rows = tuple(tuple(plain_cell(c) for c in line) for line in lines[1:])
    return Sheet(name, headers, rows)


def load(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Invalid(LARGE)
        return path.read_bytes()
    except PermissionError:
        raise Invalid(
            f"Файл «{path.name}» занят другой программой: закройте его в Excel и повторите"
        ) from None
    except OSError:
        raise Invalid(f"Файл «{path.name}» не открывается") from None


def _refuse_size(page: python_calamine.CalamineSheet) -> None:
    if page.total_height > MAX_ROWS or page.total_width > MAX_COLUMNS:
        raise Invalid(
            f"Таблица больше {MAX_ROWS} строк или {MAX_COLUMNS} столбцов; удалите лишнее за её краями"
        )


def plain_cell(value: Any) -> Cell:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, (int, float, bool, dt.date, dt.datetime)) else None


def write(
    path: Path,
    name: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    above: Sequence[str] = (),
) -> None:
    """A streamed table; every text stays text, whatever it begins with. `above` stands before the headers."""
    widths = [min(max(len(header) + 2, NARROWEST), WIDEST) for header in headers]
    write_book(path, name, headers, rows, above=above, widths=widths)


def write_csv(
    path: Path,
    name: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    above: Sequence[str] = (),
) -> None:
    """The same as Excel opens it by a double click; a text that would be a formula is made a text."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        for line in above:
            lines.writerow([inert_text(line)])
        lines.writerow([inert_text(header) for header in headers])
        for row in rows:
            lines.writerow([inert_text(typed_text(value)) for value in row])


def typed_text(value: Cell) -> str:
    """A cell as it is typed in Russian."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".").replace(".", ",")
    return text_of(value)


def inert_text(text: str) -> str:
    """A telephone and a negative number stay as they are read; `bare_text` takes the sign off again."""
    if is_plain(text) and not text.startswith(("'", *FORMULA)):
        return text
    text = cell_text(text)
    if text.lstrip("'").startswith(FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def bare_text(cell: str) -> str:
    if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA):
        return cell[1:]
    return cell
