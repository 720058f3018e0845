"""The rows of a list from the store: numbers in their order of the moment, and pages of rows by number."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from client.kit.outline import Heading, Outline
from client.kit.records import GroupRow, ListRow, Records, Sift
from client.kit.rows import PAGE, Column, Mark, Outlined
from common.kit.conditions import Condition
from common.kit.lists import ListSpec, Total
from common.kit.words import counted

RIGHT = {"average", "money", "integer"}


MARKS = {
    "pending": Mark("cloud-upload", "accent", "Ждёт отправки"),
    "conflict": Mark("triangle-alert", "bad", "Ждёт вашего решения: конфликт"),
    "refused": Mark("triangle-alert", "bad", "Ждёт вашего решения: отклонено правилом"),
    "quarantined": Mark("triangle-alert", "bad", "Ждёт вашего решения: нет права"),
    "failed": Mark("triangle-alert", "bad", "Ждёт вашего решения: ошибка"),
    "returned": Mark("triangle-alert", "bad", "Ждёт вашего решения: вернул администратор"),
    "finding": Mark("triangle-alert", "warn", "Ждёт вашего решения: замечание"),
    "held": Mark("hourglass", "warn", "Ждёт решения по связанной записи"),
    "handed": Mark("user-cog", "accent", "У администратора"),
}
"""How each state of `Records.states` is shown at the row that it concerns."""


READINGS = 9
"""More often no list changes while it is read; whatever changes it has it read anew."""


@dataclass(frozen=True, slots=True)
class Found:
    numbers: array[int]
    total: int
    """Without the filter."""
    whole: bool
    """Has all that this person may see come at least once?"""
    marks: dict[Hashable, Mark]
    groups: list[GroupRow]
    totals: dict[str, str]
    """Of all rows that are found, by column."""
    emptied: Condition | str | None = None
    """What alone has left no row: a condition, or the words."""


def find_rows(
    store: Records, spec: ListSpec, sift: Sift, order: Sequence[tuple[str, bool]]
) -> Found:
    """What a list shows under this filter; asked off the GUI thread."""
    numbers, groups = _numbers_and_groups(store, spec, sift, order)
    filtered = bool(sift.query or sift.conditions)
    total = len(store.sift(spec.name, Sift(by=sift.by), order)) if filtered else len(numbers)
    totals: dict[str, str] = {}
    if numbers and any(c.total for c in spec.columns):
        whole = store.list_groups(spec.name, sift._replace(by=None))
        totals = whole[0].totals if whole else {}
    states = store.states(spec.main)
    marks: dict[Hashable, Mark] = {id: MARKS[state] for id, state in states.items()}
    emptied = None if numbers or not total else _emptied(store, spec, sift)
    return Found(numbers, total, store.loaded(), marks, groups, totals, emptied)


def _numbers_and_groups(
    store: Records, spec: ListSpec, sift: Sift, order: Sequence[tuple[str, bool]]
) -> tuple[array[int], list[GroupRow]]:
    """Of one state of the list: where a record came between the two readings, they are read again."""
    numbers, groups = store.sift(spec.name, sift, order), list[GroupRow]()
    for _ in range(READINGS if sift.by else 0):
        groups = store.list_groups(spec.name, sift)
        if sum(group.count for group in groups) == len(numbers):
            break
        numbers = store.sift(spec.name, sift, order)
    return numbers, groups


def _emptied(store: Records, spec: ListSpec, sift: Sift) -> Condition | str | None:
    """The one without which rows would be found, the last of them first; None where no one alone is to blame."""
    without: list[tuple[Condition | str, Sift]] = [
        (each, sift._replace(conditions=tuple(c for c in sift.conditions if c != each)))
        for each in reversed(sift.conditions)
    ]
    if sift.query:
        without.append((sift.query, sift._replace(query="")))
    return next((each for each, rest in without if store.sift(spec.name, rest, spec.order)), None)


class StoreSource(Outlined):
    """The numbers of the rows in their order of the moment, and pages of rows by number."""

    def __init__(self, store: Records, spec: ListSpec, tones: Mapping[str, str]) -> None:
        self.store, self.spec, self.tones = store, spec, tones
        self.numbers: array[int] = array("q")
        self.outline: Outline | None = None
        self.places: dict[int, int] = {}
        self.ids: dict[int, str] = {}
        self.columns: Sequence[Column] = tuple(
            Column(
                c.key,
                c.label,
                c.width,
                right=c.total is not None or bool(c.format and c.format.name in RIGHT),
                pill=c.pill,
                shown=not c.hidden,
            )
            for c in spec.columns
        )

    def over(self, numbers: array[int], outline: Outline | None = None) -> StoreSource:
        """The same list in another order or under another filter; this source stays as it is."""
        other = type(self)(self.store, self.spec, self.tones)
        other.numbers, other.ids, other.outline = numbers, self.ids, outline
        return other

    def count(self) -> int:
        return self.outline.rows if self.outline else len(self.numbers)

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        if self.outline is None:
            return self.records(self.numbers[start:stop])
        headings = [self.outline.heading(row) for row in range(start, stop)]
        wanted = array(
            "q",
            (
                self.numbers[self.outline.record(row)]
                for row, group in enumerate(headings, start)
                if group is None
            ),
        )
        records = iter(self.records(wanted))
        return [next(records) if group is None else self._heading(group) for group in headings]

    def numbers_in(self, ranges: Sequence[tuple[int, int]]) -> array[int]:
        """Of the records on these rows, each run as [first, after the last)."""
        found: array[int] = array("q")
        for start, stop in ranges:
            if self.outline is None:
                found.extend(self.numbers[start:stop])
            else:
                rows = (r for r in range(start, stop) if self.outline.heading(r) is None)
                found.extend(self.numbers[self.outline.record(r)] for r in rows)
        return found

    def records(self, wanted: array[int]) -> list[tuple[str, ...]]:
        """The texts of the rows of these numbers."""
        found = {row.number: row for row in self.store.list_page(self.spec.name, wanted)}
        blank = ListRow(0, "", ("",) * len(self.columns))
        self.ids |= {row.number: row.id for row in found.values()}
        return [found.get(number, blank).texts for number in wanted]

    def _heading(self, group: GroupRow) -> tuple[str, ...]:
        rows = counted(group.count, "запись", "записи", "записей")
        means = {c.key for c in self.spec.columns if c.total is Total.MEAN}
        totals = {
            k: f"ср. {text}" if k in means else text for k, text in group.totals.items() if text
        }
        said = f"{group.text or 'пусто'} — {rows}"
        return (said, *(totals.get(c.key, "") for c in self.spec.columns[1:]))

    def key_at(self, row: int) -> Hashable:
        if self.outline is not None and (group := self.outline.heading(row)) is not None:
            return Heading(group.key)
        return self.id_at(row)

    def id_at(self, row: int) -> str:
        """Of the record on this row."""
        number = self.numbers[self.outline.record(row) if self.outline else row]
        if number not in self.ids:
            start = row - row % PAGE
            self.rows(start, min(start + PAGE, self.count()))
        return self.ids.get(number, "")

    def row_of(self, key: Hashable) -> int | None:
        if isinstance(key, Heading):
            return self.outline.row_of_group(key.group) if self.outline else None
        number = self.store.list_number(self.spec.name, str(key))
        if number is None:
            return None
        if not self.places:
            self.places = {n: place for place, n in enumerate(self.numbers)}
        place = self.places.get(number)
        if place is None or self.outline is None:
            return place
        return self.outline.row_of(place)

    def tone(self, column: str, text: str) -> str:
        return self.tones.get(text, "muted")
