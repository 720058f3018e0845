"""The rows of a table that is being brought in, as they are shown: the first of a sheet, and what the dry run says of each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from client.kit.rows import Column, FixedRows, TextLine, answers
from client.shell.import_state import Loading
from common.kit.cells import as_text
from common.kit.examining import Fate, Line
from common.kit.exchange import KEY
from common.kit.grids import Grid
from common.kit.keys import words
from common.kit.labels import Names
from common.kit.spec import text_of
from common.kit.xlsx import letter

SHOWN = 60
"""Rows of a sheet by which a person sees what it is."""
WRONG = "⚠"
TONES = {fate.words: fate.tone for fate in Fate}


class FirstRows(FixedRows[TextLine]):
    """A sheet as it stands in Excel: letters over the columns, numbers before the rows."""

    def __init__(self, grid: Grid) -> None:
        wide = [Column(letter(n), letter(n), 130, sortable=False) for n in range(grid.width)]
        self.columns = (Column("row", "Строка", 70, right=True, sortable=False), *wide)
        lines = [
            TextLine(str(n), (str(n), *map(as_text, row)))
            for n, row in enumerate(grid.rows[:SHOWN], 1)
        ]
        super().__init__(lines, {})


class PlanRows:
    """Each row with what becomes of it, its values as they would be stored, and what is to be put right."""

    def __init__(self, loading: Loading, names: Names, lines: Sequence[Line]) -> None:
        self.loading, self.names, self.lines = loading, names, lines
        mapped = [c for c in loading.columns if c.name in loading.places and c.name != KEY]
        self.headers = {c.name: c.header for c in loading.columns}
        self.mapped = mapped
        self.columns: Sequence[Column] = (
            Column("row", "Строка", 76, right=True, sortable=False),
            Column("fate", "Что будет", 140, pill=True, sortable=False),
            Column("why", "Что исправить", 300, sortable=False),
            *(Column(c.name, c.header, 140, sortable=False) for c in mapped),
        )

    def count(self) -> int:
        return len(self.lines)

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        return [self._texts(line) for line in self.lines[start:stop]]

    def _texts(self, line: Line) -> tuple[str, ...]:
        wrong = {fault.column for fault in line.faults}
        cells = [self._cell(line, c.name, wrong=c.name in wrong) for c in self.mapped]
        return (str(line.number), line.fate.words, line.why(self.headers), *cells)

    def _cell(self, line: Line, name: str, *, wrong: bool) -> str:
        """As it would be stored and, where that changes something, as it was."""
        place = self.loading.places[name]
        raw = as_text(line.cells[place]) if place < len(line.cells) else ""
        if wrong or not line.values:
            return f"{WRONG} {raw}".strip() if wrong else raw
        value = self._shown(name, line.values)
        if line.seen is None or line.seen.get(name) == line.values.get(name):
            return value
        return f"{value or 'пусто'} (было: {self._shown(name, line.seen) or 'пусто'})"

    def _shown(self, name: str, record: Mapping[str, Any]) -> str:
        f, value = self.loading.spec[name], record.get(name)
        if f.target is not None and isinstance(value, UUID):
            return self.names.label(f.target, value)
        return text_of(value, f.field.format)

    def key_at(self, row: int) -> Hashable:
        return self.lines[row].number

    def row_of(self, key: Hashable) -> int | None:
        return next((n for n, line in enumerate(self.lines) if line.number == key), None)

    def tone(self, column: str, text: str) -> str:
        return TONES.get(text, "muted")

    def answering(self, quick: str, fate: Fate | None) -> PlanRows:
        """Those of this fate in which every word stands somewhere."""
        wanted = words(quick)
        found = [line for line in self.lines if fate is None or line.fate is fate]
        if wanted:
            found = [line for line in found if answers(self._texts(line), wanted)]
        return PlanRows(self.loading, self.names, found)
