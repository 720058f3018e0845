"""Any declared entity as a table: its columns, what a row of a record is, and which column of a foreign table means which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from common.kit.access import opens
from common.kit.cells import as_text, cell_of
from common.kit.grids import Grid
from common.kit.keys import search_key
from common.kit.kinds import P3
from common.kit.labels import Names, Record
from common.kit.rights import Action, Permissions
from common.kit.spec import EntitySpec, FieldSpec
from common.kit.xlsx import Cell, letter

KEY = "id"
KEY_HEADER = "Код записи"
LOOKED_AT = 25
"""Rows from the top among which the headers are looked for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field, or the code by which the record itself is known again."""

    name: str
    header: str
    field: FieldSpec | None = None


def columns(spec: EntitySpec, held: Permissions, action: Action) -> tuple[Column, ...]:
    """What this person may do so with, the code of the record at the end.

    Restricted data (P3) is shown on a card, where each reading is noted, and goes into no table.
    """
    may = {pd for pd in spec.classes if pd is not P3 and opens(held, spec, action, pd)}
    fields = [f for f in spec.fields if f.field.pd in may]
    return (*(Column(f.name, f.label, f) for f in fields), Column(KEY, KEY_HEADER))


def cells_of(wanted: Sequence[Column], id: str, record: Record, names: Names) -> list[Cell]:
    return [written(column, id, record, names) for column in wanted]


def written(column: Column, id: str, record: Record, names: Names) -> Cell:
    """The cell of one column; a reference by a name that leads back to its record alone."""
    f = column.field
    if f is None:
        return id
    value = record.get(f.name)
    if f.target is not None and isinstance(value, UUID):
        return names.written(f.target, value)
    return cell_of(f, value)


# ---- a foreign table


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the headers stand (`rows` of them, the last at `last`, from 0 on), what they say and mean."""

    last: int
    rows: int
    titles: tuple[str, ...]
    places: Mapping[str, int]
    """Places in the table by name of a column."""


def find_heads(
    grid: Grid, wanted: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> Heads:
    """The row, or the two, that say the most of these columns; the first row where none says anything."""
    best = heads_at(grid, 0, 1, wanted, remembered)
    for last in range(min(len(grid.rows), LOOKED_AT)):
        for rows in (1, 2):
            if rows <= last + 1:
                found = heads_at(grid, last, rows, wanted, remembered)
                if len(found.places) > len(best.places):
                    best = found
    return best


def heads_at(
    grid: Grid,
    last: int,
    rows: int,
    wanted: Sequence[Column],
    remembered: Mapping[str, str] | None = None,
) -> Heads:
    """As if the headers stood there; a title over several columns is said of each."""
    lines = [
        [" ".join(as_text(cell).split()) for cell in grid.rows[row]]
        for row in range(last - rows + 1, last + 1)
    ]
    titles = tuple(
        " ".join(dict.fromkeys(filter(None, words))) for words in zip(*lines, strict=True)
    )
    spoken = [titles, tuple(lines[-1])] if rows > 1 else [titles]
    places: dict[str, int] = {}
    for each in spoken:
        for place, title in enumerate(each):
            name = _meant(title, wanted, remembered or {})
            if name and name not in places and place not in places.values():
                places[name] = place
    return Heads(last, rows, titles, places)


def remembered_key(title: str) -> str:
    """Under which the meaning of a title is kept for the next time."""
    return re.sub(r"[\s.:*№]+$", "", search_key(title))


def _meant(title: str, wanted: Sequence[Column], remembered: Mapping[str, str]) -> str:
    """The column that a title means: as a person said the last time, by its whole label, by shortened words."""
    key = remembered_key(title)
    if not key:
        return ""
    if remembered.get(key) in {c.name for c in wanted}:
        return remembered[key]
    exact = [c.name for c in wanted if key in (remembered_key(c.header), search_key(c.name))]
    if exact:
        return exact[0]
    near = [c.name for c in wanted if _shortened(key, search_key(c.header))]
    return near[0] if len(near) == 1 else ""


def _shortened(said: str, label: str) -> bool:
    """«дата рожд» for «дата рождения»: every word begins its own."""
    short = [word for word in re.split(r"[\s.,]+", said) if word]
    whole = label.split()
    if len(short) != len(whole) or len(said) < 4:
        return False
    return all(
        len(mine) > 2 and theirs.startswith(mine) for mine, theirs in zip(short, whole, strict=True)
    )


def data_rows(grid: Grid, heads: Heads | None) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """(the number Excel shows, cells) of the rows under the headers that are not empty."""
    start = heads.last + 1 if heads else 0
    for place in range(start, len(grid.rows)):
        row = grid.rows[place]
        if any(cell is not None for cell in row):
            yield place + 1, row


def peculiarities(grid: Grid) -> list[str]:
    """What a person should know of the sheet before its rows are taken."""
    said = []
    if hidden := [n for n in grid.hidden_columns if n < grid.width]:
        letters = ", ".join(map(letter, hidden))
        said.append(f"На листе есть скрытые столбцы: {letters}. Они тоже читаются")
    if grid.hidden_rows:
        said.append(f"На листе есть скрытые строки: {grid.hidden_rows}. Они тоже читаются")
    if grid.merged:
        said.append(
            f"На листе есть объединённые ячейки: {len(grid.merged)}. Значение повторено в каждой из них"
        )
    return said
