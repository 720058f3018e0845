"""What is known of a table on its way in: which sheet, which columns, how rows are matched; no widgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from client.store import importing
from client.store.store import Store
from common.kit import exchange, limited
from common.kit.entity import spec_of
from common.kit.examining import Asked, Line, Plan, examine, ways_to_match
from common.kit.exchange import KEY, Column, Heads
from common.kit.grids import Grid, text_rows
from common.kit.labels import Names
from common.kit.lists import ListSpec
from common.kit.marking import HEADER, Mark
from common.kit.outgoing import write_whole
from common.kit.progress import Progress
from common.kit.sheets import write as write_sheet
from common.kit.spec import EntitySpec, FieldSpec
from common.kit.xlsx import Cell, letter

HERE = ""
"""The name of what was pasted."""


class Loading:
    """`path` is None where the cells were pasted; `kinds` are those that a person may choose from."""

    kinds: Sequence[EntitySpec] = ()
    barred: Mapping[str, str] = {}
    """Why no new records of a kind are made by a table."""

    def __init__(self, store: Store, entity: str, grid: Grid, path: Path | None = None) -> None:
        self.store, self.path, self.grid = store, path, grid
        self.heads: Heads | None = None
        self.places: dict[str, int] = {}
        self.fixed: dict[str, Any] = {}
        self.match: tuple[str, ...] = ()
        self.erase = False
        self.plan: Plan | None = None
        self.names = Names(store.all)
        self.known: dict[str, dict[str, str]] = store.journal.fact(importing.REMEMBERED, {})
        """What this person's tables call the columns, by entity: read once, off the GUI thread."""
        self.choose_entity(entity)

    def choose_entity(self, entity: str) -> None:
        self.spec: EntitySpec = spec_of(entity)
        self.columns: tuple[Column, ...] = importing.columns(self.store, self.spec)
        self.fixed = {}
        self.find_heads()

    def take_sheet(self, grid: Grid) -> None:
        self.grid = grid
        self.find_heads()

    def find_heads(self) -> None:
        known = self.known.get(self.spec.name, {})
        self._take(exchange.find_heads(self.grid, self.columns, known))

    def put_heads(self, last: int, rows: int) -> None:
        """As a person says: `last` from 0 on."""
        known = self.known.get(self.spec.name, {})
        rows = min(rows, last + 1)
        self._take(exchange.heads_at(self.grid, last, rows, self.columns, known))

    def _take(self, heads: Heads) -> None:
        self.heads = heads
        self.place(heads.places)

    def lay_on(self, shown: Sequence[str]) -> None:
        """No headers: the cells stand as the columns of the screen do."""
        self.heads = None
        known = {column.name for column in self.columns}
        self.place({n: at for at, n in enumerate(shown) if n in known and at < self.grid.width})

    def place(self, places: Mapping[str, int]) -> None:
        """Where each column stands; how records are known again follows from it."""
        self.places = dict(places)
        self.match = next((way for way in self.ways() if way in self.spec.uniques), ())
        self.erase = KEY in self.places

    def ways(self) -> list[tuple[str, ...]]:
        return ways_to_match(self.spec, self.places)

    def titles(self) -> list[str]:
        """What each column of the table is called."""
        told = self.heads.titles if self.heads else ()
        return [
            f"{letter(place)}. {told[place]}".rstrip(". ") if place < len(told) else letter(place)
            for place in range(self.grid.width)
        ]  # fmt: skip

    def lacking(self) -> list[FieldSpec]:
        """Fields that a new record must have and the table has not: one value may be given for all rows."""
        return [
            f
            for f in self.spec.fields
            if f.required and f.default is None and f.name not in self.places
        ]

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        return exchange.data_rows(self.grid, self.heads)

    def asked(self) -> Asked:
        barred = self.barred.get(self.spec.name, "")
        return Asked(
            self.spec, self.columns, self.places, self.match, self.fixed, self.erase, barred
        )

    def examine(self, told: Progress) -> Plan:
        """Look at every row; nothing is changed."""
        self.names = Names(self.store.all)
        self.plan = examine(self.asked(), self.rows(), self.names, told)
        return self.plan

    def remember(self) -> None:
        """What the titles of this table mean is known the next time; off the GUI thread."""
        if self.heads:
            titles = self.heads.titles
            told = {exchange.remembered_key(titles[at]): n for n, at in self.places.items()}
            meant = {key: name for key, name in told.items() if key}
            importing.remember(self.store, self.spec, meant)
            self.known[self.spec.name] = self.known.get(self.spec.name, {}) | meant

    # ---- the copy with marks

    def mark(self, path: Path) -> None:
        """The person's own file with every fault coloured and told of; of pasted cells a new one."""
        plan = self.plan
        assert plan is not None  # noqa: S101  nothing is marked before it was looked at
        headers = {column.name: column.header for column in self.columns}
        wrong = [line for line in plan.lines if line.faults]
        if self.path is None or self.path.suffix.lower() != ".xlsx":
            write_whole(path, lambda beside: self._write_wrong(beside, wrong, headers))
            return
        marks = [
            Mark(line.number, [self.places[f.column] for f in line.faults if f.column in self.places], line.why(headers))
            for line in wrong
        ]  # fmt: skip
        source, sheet = self.path, self.grid.name
        top = self.heads.last + 1 if self.heads else 1
        write_whole(path, lambda beside: limited.mark(source, beside, sheet, top, marks))

    def _write_wrong(self, path: Path, wrong: Sequence[Line], headers: Mapping[str, str]) -> None:
        rows = [(*line.cells, line.why(headers)) for line in wrong]
        write_sheet(path, HEADER, [*self.titles(), HEADER], rows)


def recognised(
    store: Store, kinds: Sequence[EntitySpec], grid: Grid, path: Path | None = None
) -> Loading:
    """As the kind of record whose columns the table names the most; the first where none is better."""
    found = [Loading(store, spec.name, grid, path) for spec in kinds]
    best = max(found, key=lambda loading: len(loading.places))
    best.kinds = kinds
    return best


def pasted(
    store: Store, kinds: Sequence[EntitySpec], listed: ListSpec, shown: Sequence[str], text: str
) -> Loading:
    """Cells from the clipboard: with a row of headers, or laid on the columns that are shown."""
    loading = recognised(store, kinds, Grid(HERE, text_rows(text)))
    first = loading.heads
    if first is None or first.last or len(first.places) * 2 < loading.grid.width:
        loading.choose_entity(kinds[0].name)
        loading.lay_on([_own_field(listed, kinds[0].name, key) for key in shown])
    return loading


def _own_field(listed: ListSpec, entity: str, key: str) -> str:
    """The field of the entity that a shown column is; nothing where it is none."""
    column = listed.column(key)
    if column.make is not None or listed.main != entity or column.sources[0].steps:
        return ""
    return column.sources[0].field.name
