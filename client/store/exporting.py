"""What leaves the program as a table: what a person sees, all of a list, or its records to be changed and brought back."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from client.kit.rows import RowSource
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit import exchange, sheets
from common.kit.access import opens
from common.kit.cells import cell_of, value_of
from common.kit.entity import spec_of
from common.kit.errors import Invalid
from common.kit.labels import Names
from common.kit.lists import ListColumn, ListSpec, sources_of
from common.kit.outgoing import write_whole
from common.kit.progress import Progress, unwatched
from common.kit.rights import Action, Permissions
from common.kit.unreadable import Unreadable
from common.kit.words import spaced
from common.kit.xlsx import Cell
from common.papers.tables import MOST_ROWS, table_paper

STEP = 1_000
"""Rows that are fetched and written between two words of progress."""
TOO_MANY_PAGES = (
    "В PDF помещается не больше {most} строк, а выбрано {rows}: сузьте отбор или сохраните в Excel"
)


class Reach(enum.Enum):
    """How much leaves: (words, what that is)."""

    SEEN = "То, что вижу", "строки по отбору и столбцы, как на экране"
    ALL = "Все записи и столбцы", "весь список без отбора, со скрытыми столбцами"
    RECORDS = (
        "Записи для правки",
        "все поля записей; изменённый файл можно загрузить обратно",
    )

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def meaning(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Export:
    """`source` has the rows that leave, in their order; `columns` the ids of those that are wanted."""

    spec: ListSpec
    reach: Reach
    source: RowSource
    columns: tuple[str, ...]
    filter: str = ""
    """In words, as it stands above the rows."""


def export(store: Store, asked: Export, path: Path, told: Progress = unwatched) -> int:
    """Write the file and return how many rows it has; the journal of visits has it first.

    EpoError says why not, and then there is no file; Cancelled where `told` says so.
    """
    rows = asked.source.count()
    if path.suffix.lower() == ".pdf" and rows > MOST_ROWS:
        raise Invalid(TOO_MANY_PAGES.format(most=MOST_ROWS, rows=rows))
    table = _records(store, asked) if asked.reach is Reach.RECORDS else _list(store, asked)
    write = WRITERS[path.suffix.lower()]
    store.note(AccessKind.EXPORT, asked.spec.main, rows=rows)
    write_whole(path, lambda beside: write(store, asked, table, told, beside))
    return rows


@dataclass(frozen=True, slots=True)
class Table:
    headers: tuple[str, ...]
    rows: Callable[[int, int], Sequence[Sequence[Cell]]]
    """Cells of the rows from one place to another."""


def _above(store: Store, asked: Export) -> list[str]:
    """What the table is, which rows it has, and who took it out and when."""
    at = dt.datetime.fromtimestamp(store.now() / 1000, dt.UTC).astimezone()
    who = str(store.journal.fact("name", ""))
    about = [asked.spec.title, f"Отбор: {asked.filter}" if asked.filter else "Без отбора"]
    about.append(f"Строк: {spaced(asked.source.count())}")
    return [". ".join(about), f"Выгружено {at:%d.%m.%Y %H:%M}, {who}"]


def _list(store: Store, asked: Export) -> Table:
    """The list's own columns, those that this person may see."""
    held = store.permissions()
    places = {column.id: place for place, column in enumerate(asked.source.columns)}
    wanted = [
        (places[each.key], each, _typed(each))
        for each in map(asked.spec.column, asked.columns)
        if _open(held, each)
    ]

    def rows(start: int, stop: int) -> list[list[Cell]]:
        return [
            [typed(line[place]) for place, _, typed in wanted]
            for line in asked.source.rows(start, stop)
        ]

    return Table(tuple(each.label for _, each, _ in wanted), rows)


def _open(held: Permissions, column: ListColumn) -> bool:
    """May this person read all that the column is made of?"""
    return all(
        opens(held, spec_of(p.entity), Action.READ, p.field.field.pd) for p in sources_of(column)
    )


def _typed(column: ListColumn) -> Callable[[str], Cell]:
    """A number and a day leave as such, every text as it is: the list itself keeps only what it shows."""
    f = column.sources[0].field if column.make is None else None
    if f is None or f.type not in (int, dt.date):
        return lambda text: text or None

    @lru_cache(maxsize=10_000)
    def read(text: str) -> Cell:
        try:
            return cell_of(f, value_of(f, text))
        except Unreadable:
            return text

    return read


def _records(store: Store, asked: Export) -> Table:
    spec = spec_of(asked.spec.main)
    wanted = exchange.columns(spec, store.permissions(), Action.READ)
    names = Names(store.all)

    def rows(start: int, stop: int) -> list[list[Cell]]:
        ids = [str(asked.source.key_at(place)) for place in range(start, stop)]
        known = store.many(spec.name, ids)
        return [exchange.cells_of(wanted, id, known[id], names) for id in ids if id in known]

    return Table(tuple(column.header for column in wanted), rows)


# ---- kinds of file


def _pieces(asked: Export, table: Table, told: Progress) -> Iterator[Sequence[Cell]]:
    count = asked.source.count()
    for start in range(0, count, STEP):
        told(start, count)
        yield from table.rows(start, min(start + STEP, count))
    told(count, count)


def _xlsx(store: Store, asked: Export, table: Table, told: Progress, path: Path) -> None:
    rows = _pieces(asked, table, told)
    sheets.write(path, asked.spec.title, table.headers, rows, _above(store, asked))


def _csv(store: Store, asked: Export, table: Table, told: Progress, path: Path) -> None:
    rows = _pieces(asked, table, told)
    sheets.write_csv(path, asked.spec.title, table.headers, rows, _above(store, asked))


def _pdf(store: Store, asked: Export, table: Table, told: Progress, path: Path) -> None:
    rows = [[sheets.typed_text(cell) for cell in row] for row in _pieces(asked, table, told)]
    title, (about, who) = asked.spec.title, _above(store, asked)
    content = table_paper(title, [about, who], table.headers, rows, author=who)
    told(len(rows), len(rows))
    path.write_bytes(content)


WRITERS = {".xlsx": _xlsx, ".csv": _csv, ".pdf": _pdf}
