"""The dry run of a table: by the rules of forms, what each row would do to the records, and what is wrong with which cell."""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from common.kit import formats
from common.kit.cells import as_text, cell_of, same, value_of
from common.kit.exchange import KEY, Column, written
from common.kit.ids import new_id
from common.kit.labels import Names, Record
from common.kit.progress import Progress, unwatched
from common.kit.saving import save
from common.kit.spec import EntitySpec, FieldSpec, problems
from common.kit.sync import Save
from common.kit.unreadable import Unreadable
from common.kit.xlsx import Cell

STEP = 200
"""Rows after which progress is told."""


class Fate(enum.Enum):
    """What becomes of a row: (words of one, icon's tone)."""

    NEW = "Новая", "ok"
    CHANGED = "Изменится", "accent"
    SAME = "Без изменений", "muted"
    REFUSED = "Не войдёт", "bad"

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def tone(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Fault:
    """`column` is a name of the table's columns; empty where the whole row is meant."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is the one that Excel shows."""

    number: int
    cells: tuple[Cell, ...]
    fate: Fate
    id: UUID | None = None
    seen: Record | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def why(self, headers: Mapping[str, str]) -> str:
        """What is to be put right, in one line."""
        return "; ".join(
            fault.message if not fault.column else f"{headers[fault.column]}: {fault.message}"
            for fault in self.faults
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """How a table is to be taken."""

    spec: EntitySpec
    columns: tuple[Column, ...]
    places: Mapping[str, int]
    """Where each column stands in the table; those that are not there are left alone."""
    match: tuple[str, ...] = ()
    """Columns by which records that are there already are known again; empty: by all that the table has."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Values of new records that the table does not have."""
    erase: bool = False
    """An empty cell takes the value away."""
    barred: str = ""
    """Why no new record is made by a table, only those that are there are changed."""


@dataclass(frozen=True, slots=True)
class Plan:
    asked: Asked
    lines: tuple[Line, ...]

    def count(self, fate: Fate) -> int:
        return Counter(line.fate for line in self.lines)[fate]

    @property
    def wanted(self) -> list[Line]:
        return [line for line in self.lines if line.fate in (Fate.NEW, Fate.CHANGED)]

    def save_of(self, line: Line) -> Save:
        made = save(self.asked.spec, line.id or new_id(), line.seen, line.values)
        assert made is not None  # noqa: S101  only of lines that change something
        return made


def examine(
    asked: Asked,
    rows: Iterable[tuple[int, tuple[Cell, ...]]],
    names: Names,
    told: Progress = unwatched,
) -> Plan:
    """Look at every row and change nothing; Cancelled where `told` says so."""
    given = list(rows)
    desk = _Desk(asked, names)
    lines = []
    for done, (number, cells) in enumerate(given):
        if done % STEP == 0:
            told(done, len(given))
        lines.append(desk.line(number, cells))
    told(len(given), len(given))
    return Plan(asked, tuple(lines))


def ways_to_match(spec: EntitySpec, places: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Sets of columns by which a record is surely known again: declared keys, checked numbers, what every one of its kind has.

    A name alone is none: it would lay one person's values over another's.
    """
    keys = list(spec.uniques)
    keys += [(f.name,) for f in spec.fields if f.field.search and _is_number(f)]
    every = tuple(
        f.name for f in spec.fields if f.required and (f.field.search or f.type is dt.date)
    )
    keys += [every] if len(every) > 1 else []
    return [key for key in dict.fromkeys(keys) if set(key) <= places.keys()]


def _is_number(f: FieldSpec) -> bool:
    """Typed by digits that are checked: nobody else has the same."""
    return f.field.format in (formats.SNILS, formats.INN)


class _Desk:
    """What is known while the rows of one table are looked at."""

    def __init__(self, asked: Asked, names: Names) -> None:
        self.asked, self.names, self.spec = asked, names, asked.spec
        self.records = names.rows(self.spec.name)
        self.mapped = [c for c in asked.columns if c.name in asked.places and c.name != KEY]
        self.by_name = {c.name: c for c in asked.columns}
        self.match = asked.match or tuple(c.name for c in self.mapped)
        self.known = self._index(self.match)
        self.uniques = {
            unique: self._index(unique)
            for unique in self.spec.uniques
            if set(unique) <= self.spec.by_name.keys()
        }
        self.taken: dict[str, int] = {}
        """Rows by the id of the record that they are about."""
        self.fresh: dict[tuple[tuple[str, ...], tuple[Any, ...]], int] = {}
        """Rows by the keys of records that they would make."""

    def _index(self, of: Sequence[str]) -> dict[tuple[Any, ...], list[str]]:
        found: dict[tuple[Any, ...], list[str]] = {}
        for id, record in self.records.items():
            if (key := self._key(of, record)) is not None:
                found.setdefault(key, []).append(id)
        return found

    def _key(self, of: Sequence[str], values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """None where nothing of it is there."""
        key = tuple(_comparable(self.spec[name], values.get(name)) for name in of)
        return key if any(part is not None for part in key) else None

    def _labels(self, of: Sequence[str]) -> str:
        return ", ".join(f"«{self.spec[name].label}»" for name in of)

    # ---- a row

    def line(self, number: int, cells: tuple[Cell, ...]) -> Line:
        try:
            id = self._own(cells)
        except Unreadable as fault:
            return Line(number, cells, Fate.REFUSED, faults=(Fault(KEY, str(fault)),))
        seen = self.records[id] if id else None
        values, faults = self._read(cells, id, seen)
        if id is None and not faults:
            try:
                id = self._meant(values)
            except Unreadable as fault:
                return Line(number, cells, Fate.REFUSED, faults=(Fault("", str(fault)),))
            if id:
                seen = self.records[id]
                values, faults = self._read(cells, id, seen)
        if id is None and self.asked.barred:
            return Line(number, cells, Fate.REFUSED, faults=(*faults, Fault("", self.asked.barred)))
        whole = self._whole(values, seen)
        faults = faults or self._judge(number, id, whole, values)
        return self._line(number, cells, id, whole, faults)

    def _line(
        self,
        number: int,
        cells: tuple[Cell, ...],
        id: str | None,
        whole: Mapping[str, Any],
        faults: Sequence[Fault],
    ) -> Line:
        seen = self.records[id] if id else None
        if faults:
            return Line(number, cells, Fate.REFUSED, _uuid(id), seen, whole, tuple(faults))
        if id is None:
            return Line(number, cells, Fate.NEW, new_id(), None, whole)
        changed = any(value != self.records[id].get(name) for name, value in whole.items())
        fate = Fate.CHANGED if changed else Fate.SAME
        return Line(number, cells, fate, UUID(id), seen, whole)

    def _own(self, cells: Sequence[Cell]) -> str | None:
        """The record whose code stands in the row."""
        code = as_text(self._cell(cells, KEY)).replace("-", "").lower()
        if code and code not in self.records:
            raise Unreadable("Записи с таким кодом нет; чтобы внести новую, оставьте код пустым")
        return code or None

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        place = self.asked.places.get(name)
        return cells[place] if place is not None and place < len(cells) else None

    def _meant(self, values: Mapping[str, Any]) -> str | None:
        """The record that is there already by the columns it is known again by."""
        key = self._key(self.match, values)
        found = self.known.get(key, []) if key is not None else []
        if len(found) > 1 and self.asked.match:
            told = self._labels(self.match)
            raise Unreadable(f"По столбцам {told} подходят {len(found)} записи; укажите код записи")
        return found[0] if found else None

    def _read(
        self, cells: Sequence[Cell], id: str | None, seen: Record | None
    ) -> tuple[dict[str, Any], list[Fault]]:
        """Values of the mapped columns, but those that nobody has changed."""
        values: dict[str, Any] = {}
        faults = []
        for column in self.mapped:
            cell = self._cell(cells, column.name)
            if seen is not None and same(cell, written(column, id or "", seen, self.names)):
                continue
            f = self.spec[column.name]
            try:
                value = self._value(f, cell, seen)
            except Unreadable as fault:
                faults.append(Fault(column.name, str(fault)))
                continue
            if value is not None or (seen is not None and self.asked.erase):
                values[column.name] = "" if value is None and f.default == "" else value
        return values, faults

    def _value(self, f: FieldSpec, cell: Cell, seen: Record | None) -> Any:
        if f.target is None:
            return value_of(f, cell)
        if cell is None:
            return None
        found = self.names.find(f.target, as_text(cell))
        held = seen.get(f.name) if seen else None
        if found != held and found.hex not in self.names.rows(f.target):
            raise Unreadable("Записи с таким кодом нет")
        return found

    def _whole(self, values: Mapping[str, Any], seen: Record | None) -> dict[str, Any]:
        """The record as it would be stored."""
        if seen is not None:
            return dict(seen) | dict(values)
        blank = {f.name: f.default for f in self.spec.fields}
        return blank | dict(self.asked.fixed) | dict(values)

    # ---- rules

    def _judge(
        self, number: int, id: str | None, whole: Mapping[str, Any], values: Mapping[str, Any]
    ) -> list[Fault]:
        only = None if id is None else frozenset(values)
        if only is None or only:
            said = problems(self.spec, whole, only=only)
            faults = [Fault(self._of(n), self._bare(n, text)) for n, text in said.items()]
        else:
            faults = []
        faults += self._kept(id, values)
        faults += self._repeated(number, id, whole, touched=only is None or bool(only))
        return faults

    def _bare(self, name: str, text: str) -> str:
        """The header stands before it: the label that a rule begins with is not said again."""
        return text.removeprefix(f"«{self.spec[name].label}»: ")

    def _of(self, name: str) -> str:
        return name if name in self.by_name else ""

    def _kept(self, id: str | None, values: Mapping[str, Any]) -> list[Fault]:
        """What is changed in the card alone."""
        if id is None:
            return []
        said = {
            self.spec.ordered: "порядок меняют в карточке, всем списком сразу",
            self.spec.part_of: "к другой записи таблицей не переносят; внесите новой строкой",
        }
        return [
            Fault(name, text)
            for name, text in said.items()
            if name and name in values and values[name] != self.records[id].get(name)
        ]

    def _repeated(
        self, number: int, id: str | None, whole: Mapping[str, Any], *, touched: bool
    ) -> list[Fault]:
        """Two rows about one record, and keys that are taken."""
        if id is not None:
            first = self.taken.setdefault(id, number)
            if first != number:
                return [Fault("", f"это та же запись, что в строке {first}")]
        elif (key := self._key(self.match, whole)) is not None:
            first = self.fresh.setdefault((self.match, key), number)
            if first != number:
                return [Fault("", f"повторяет строку {first}")]
        if not touched:
            return []
        for unique, index in self.uniques.items():
            key = self._key(unique, whole)
            if key is None or None in key:
                continue
            told = self._labels(unique)
            if set(index.get(key, ())) - {id}:
                return [Fault("", f"такая запись уже есть: совпадает {told}")]
            first = self.fresh.setdefault((unique, key), number)
            if first != number:
                return [Fault("", f"совпадает со строкой {first}: {told}")]
        return []


def _comparable(f: FieldSpec, value: Any) -> Any:
    """Equal for values that one cell would show."""
    if value is None or value == "" or f.target is not None:
        return value or None
    return cell_of(f, value)


def _uuid(id: str | None) -> UUID | None:
    return UUID(id) if id else None
