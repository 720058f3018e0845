"""The only place that knows which editor types which kind of field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from client.kit.fields import Editor, FlagEdit, FormatEdit, TextEdit
from client.kit.pick import ChoiceEdit, LookupEdit, rank
from client.kit.records import Records
from common.kit import formats
from common.kit.entity import spec_of
from common.kit.kinds import Choice
from common.kit.spec import FieldSpec

LONG = 300
"""Longer texts that may hold several lines get an area."""


def editor_for(f: FieldSpec, store: Records, *, advance_at: int = 0, label: str = "") -> Editor:
    """An editor that types this field's values."""
    name = label or f.label
    if f.target is not None:
        book = Book(store, f.target)
        return LookupEdit(book.find, book.label, name)
    if issubclass(f.type, Choice):
        return ChoiceEdit.of(f.type, name)
    if f.type is bool:
        return FlagEdit(name, text=f.label)
    if f.field.multiline:
        return TextEdit(name)
    kind = f.field.format or _plain(f.type)
    return FormatEdit(kind, name, advance_at=advance_at)


def _plain(kind: type[Any]) -> formats.Format:
    if kind is int:
        return formats.INTEGER
    if kind is dt.date:
        return formats.DAY
    if kind is dt.datetime:
        return MOMENT
    return formats.TEXT


def _read_moment(text: str) -> dt.datetime | None:
    day = formats.DAY.parse(text.split(" ", maxsplit=1)[0]) if text.strip() else None
    return dt.datetime.combine(day, dt.time(5), tzinfo=dt.UTC) if day else None


MOMENT = formats.Format(
    "day", _read_moment, lambda value: value.astimezone().strftime("%d.%m.%Y"), hint="дд.мм.гггг"
)


class Book:
    """A book to look up in: labels of its live records, the recent choice first."""

    def __init__(self, store: Records, entity: str) -> None:
        self.store, self.entity = store, entity
        self.make = label_maker(entity)

    def label(self, id: UUID) -> str:
        record = self.store.get(self.entity, id)
        return self.make(record) if record else "запись недоступна"

    def find(self, text: str, limit: int) -> Sequence[tuple[UUID, str, str]]:
        found = []
        for id, record in self.store.all(self.entity).items():
            shown = self.make(record)
            place = rank(text, shown) if text else 0
            if place is not None:
                found.append((place, shown, UUID(id)))
        found.sort(key=lambda each: (each[0], each[1]))
        return [(id, shown, "") for _, shown, id in found[:limit]]


def label_maker(entity: str) -> Callable[[dict[str, Any]], str]:
    """A record in one line: its code and name, else its first texts."""
    spec = spec_of(entity)
    if "code" in spec.by_name and "name" in spec.by_name and spec.name == "specialty":
        return lambda record: f"{record['code']} {record['name']}"
    if "name" in spec.by_name:
        return lambda record: str(record["name"] or "")
    names = [f.name for f in spec.fields if f.type is str][:3]
    return lambda record: " ".join(str(record[n]) for n in names if record[n])
