"""A copy of a person's own table in which everything that is to be put right is coloured and said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill

from common.kit.xlsx import cell_text

HEADER = "Что исправить"
PALE, STRONG = PatternFill("solid", fgColor="FFF4CE"), PatternFill("solid", fgColor="FFC7CE")
WIDTH = 60


class Mark(NamedTuple):
    """The number of the row as Excel shows it, the places of the wrong cells from 0 on, and the words."""

    row: int
    places: Sequence[int]
    words: str


def mark(source: Path, target: Path, sheet: str, header_row: int, marks: Sequence[Mark]) -> None:
    """Rows keep their looks; a column «Что исправить» is added at the right."""
    book = openpyxl.load_workbook(source)
    page = book[sheet] if sheet in book.sheetnames else book.active
    last = page.max_column + 1
    _say(page.cell(header_row, last), HEADER, Font(bold=True))
    for row, places, words in marks:
        for place in places:
            page.cell(row, place + 1).fill = STRONG
        said = page.cell(row, last)
        _say(said, words, Font())
        said.fill = PALE
    page.column_dimensions[page.cell(1, last).column_letter].width = WIDTH
    book.save(target)


def _say(cell: openpyxl.cell.Cell, words: str, font: Font) -> None:
    cell.value = cell_text(words)
    cell.data_type = "s"
    cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="top")
