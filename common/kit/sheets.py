"""The one user of openpyxl and calamine: tables come in within limits, and go out with no formula in them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from common.kit.errors import Invalid
from common.kit.packed import refuse_hostile
from common.kit.spec import text_of

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MOST_SIGNS = 32_767
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_NUMBER = re.compile(r"[+-][\d\s().-]*\d")
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LARGE = "Файл больше 20 МБ; разделите его на части"

Cell = str | int | float | bool | dt.date | dt.datetime | None


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
    raw = source if isinstance(source, bytes) else _load(source)
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
    rows = tuple(tuple(_plain(c) for c in line) for line in lines[1:])
    return Sheet(name, headers, rows)


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Invalid(LARGE)
        return path.read_bytes()
    except OSError:
        raise Invalid(f"Файл «{path.name}» не открывается") from None


def _refuse_size(page: python_calamine.CalamineSheet) -> None:
    if page.total_height > MAX_ROWS or page.total_width > MAX_COLUMNS:
        raise Invalid(
            f"Таблица больше {MAX_ROWS} строк или {MAX_COLUMNS} столбцов; удалите лишнее за её краями"
        )


def _plain(value: Any) -> Cell:
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
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(name)
    page.freeze_panes = f"A{len(above) + 2}"
    bold = Font(bold=True)
    head = [_cell(page, header) for header in headers]
    for cell in head:
        cell.font = bold
    for line in above:
        page.append([_cell(page, line)])
    page.append(head)
    for row in rows:
        page.append([_cell(page, value) for value in row])
    book.save(path)


def write_csv(
    path: Path, name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """The same as Excel opens it by a double click; a text that would be a formula is made a text."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(headers)
        for row in rows:
            lines.writerow([_inert(text_of(value)) for value in row])


def _inert(text: str) -> str:
    """A telephone and a negative number stay as they are read."""
    text = cell_text(text)
    if text.startswith(FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def cell_text(text: str) -> str:
    """What a cell can hold of a text: no sign that breaks the file, and no more than Excel takes."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:MOST_SIGNS]


def _cell(page: Any, value: Cell) -> Any:
    value = cell_text(value) if isinstance(value, str) else value
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, dt.date):
        cell.number_format = "dd.mm.yyyy"
    return cell
