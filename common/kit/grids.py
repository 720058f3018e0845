"""A table that somebody else has made, as it is: any sheet, merged cells, hidden columns, headers on whatever row."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from common.kit.errors import Invalid
from common.kit.packed import refuse_hostile
from common.kit.sheets import LARGE, MAX_BYTES, MAX_COLUMNS, bare_text, load, plain_cell
from common.kit.xlsx import Cell

MOST_ROWS = 100_000
TOO_LONG = (
    "На листе «{name}» строк: {rows}. За один раз вносится не больше {most}: "
    "разделите таблицу на части или удалите пустые строки под ней"
)
TOO_WIDE = (
    "На листе «{name}» столбцов: {columns}, а вносится не больше {most}; удалите лишние справа"
)
UNREADABLE = "Файл не читается как таблица; сохраните его в Excel как .xlsx"
_COLUMN = re.compile(rb"<col\b[^>]*>")
_ROW = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"')
_SHEET = re.compile(rb"<sheet\b[^>]*>")
HEAD = 4_000_000
"""Bytes of a sheet in which hidden rows are looked for."""
SEPARATORS = "\t;,"
"""What stands between the cells of a text, the surest first: a comma stands inside values too."""
_QUOTED = re.compile(r'(?<![^\t;,\r\n])"(?:[^"]|"")*(?:"|$)')
"""A cell in quotes, with the separators and the ends of lines in it."""
LOOKED_AT = 10_000
"""Signs by which a text is judged."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet from its first row on; `sheets` names all that the file has."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    sheets: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column; from 0 on."""
    hidden_columns: tuple[int, ...] = ()
    hidden_rows: int = 0

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


def read_grid(path: Path, sheet: str = "") -> Grid:
    """The named sheet or the first; Invalid says in Russian why it cannot be taken."""
    raw = load(path)
    if len(raw) > MAX_BYTES:
        raise Invalid(LARGE)
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        return _filled(Grid(path.stem, _csv_rows(raw)))
    refuse_hostile(raw)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        name = sheet if sheet in book.sheet_names else book.sheet_names[0]
        page = book.get_sheet_by_name(name)
        last, right = page.end or (0, 0)
        _refuse_size(name, last + 1, right + 1)
        rows = tuple(
            tuple(plain_cell(cell) for cell in line)
            for line in page.to_python(skip_empty_area=False)
        )
        merged = tuple((*first, *last) for first, last in page.merged_cell_ranges or ())
    except (python_calamine.CalamineError, IndexError, ValueError, OSError):
        raise Invalid(UNREADABLE) from None
    columns, hidden = _hidden(raw, book.sheet_names.index(name))
    return _filled(Grid(name, rows, tuple(book.sheet_names), merged, columns, hidden))


def _refuse_size(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise Invalid(TOO_LONG.format(name=name, rows=rows, most=MOST_ROWS))
    if columns > MAX_COLUMNS:
        raise Invalid(TOO_WIDE.format(name=name, columns=columns, most=MAX_COLUMNS))


def _filled(grid: Grid) -> Grid:
    """The value of merged cells stands in each of them, as people read it; empty rows at the end are dropped."""
    rows = [list(row) for row in grid.rows]
    for top, left, bottom, right in grid.merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = value
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Invalid(f"На листе «{grid.name}» нет ни одной строки")
    return Grid(
        grid.name,
        tuple(map(tuple, rows)),
        grid.sheets,
        grid.merged,
        grid.hidden_columns,
        grid.hidden_rows,
    )


def _hidden(raw: bytes, place: int) -> tuple[tuple[int, ...], int]:
    """Hidden columns and the number of hidden rows of a sheet: readers pass over what Excel does not show."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        part = _part(packed, place)
        if part is None:
            return (), 0
        with packed.open(part) as file:
            head = file.read(HEAD)
    columns: list[int] = []
    for tag in _COLUMN.findall(head):
        if _attribute(tag, b"hidden") in {"1", "true"}:
            first, last = int(_attribute(tag, b"min") or 0), int(_attribute(tag, b"max") or 0)
            columns += range(first - 1, min(last, MAX_COLUMNS))
    return tuple(columns), len(_ROW.findall(head))


def _part(packed: zipfile.ZipFile, place: int) -> str | None:
    """The file of the sheet at this place of the book."""
    try:
        sheets = _SHEET.findall(packed.read("xl/workbook.xml"))
        wanted = _attribute(sheets[place], b"r:id")
        for tag in re.findall(rb"<Relationship\b[^>]*>", packed.read("xl/_rels/workbook.xml.rels")):
            if _attribute(tag, b"Id") == wanted:
                target = _attribute(tag, b"Target").lstrip("/").removeprefix("xl/")
                return next((n for n in packed.namelist() if n == f"xl/{target}"), None)
    except (KeyError, IndexError):
        pass
    return None


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"""=["']([^"']*)["']""", tag)
    return found[1].decode("utf-8", "replace") if found else ""


def _csv_rows(raw: bytes) -> tuple[tuple[Cell, ...], ...]:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = raw.decode(encoding)
            return text_rows(text, separator_of(text))
        except UnicodeDecodeError:
            continue
    raise Invalid(UNREADABLE)


def separator_of(text: str) -> str:
    """That of the line of headers: the first line, unless lines of one cell stand above a table by a surer one."""
    lines = _QUOTED.sub("", text[:LOOKED_AT]).splitlines()
    if len(text) > LOOKED_AT and len(lines) > 1:
        lines.pop()  # it is cut
    first = next((line for line in lines if line.strip()), "")
    found = next((each for each in SEPARATORS if each in first), "")
    if found in ("", ","):
        return next((each for each in "\t;" if _is_table(lines, each)), found or "\t")
    return found


def _is_table(lines: Sequence[str], separator: str) -> bool:
    """From the first line that it divides on, does it divide each into as many cells?"""
    counts = [line.count(separator) for line in lines[:50] if line.strip()]
    below = counts[next((at for at, count in enumerate(counts) if count), len(counts)) :]
    return len(below) > 1 and len(set(below)) == 1


def text_rows(text: str, separator: str = "\t") -> tuple[tuple[Cell, ...], ...]:
    """Lines of a CSV or, where nothing is said, of what was copied from a spreadsheet."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise Invalid(UNREADABLE) from None
    _refuse_size("таблица", len(lines), max(map(len, lines), default=0))
    return tuple(_level(lines))


def _level(lines: Sequence[Sequence[str]]) -> Iterator[tuple[Cell, ...]]:
    """Rows of one width; the sign that kept a text from being a formula is taken off again."""
    width = max(map(len, lines), default=0)
    for line in lines:
        cells = [plain_cell(bare_text(cell)) for cell in line]
        yield (*cells, *[None] * (width - len(cells)))
