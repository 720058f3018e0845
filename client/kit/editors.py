"""The only place that knows which editor types which kind of field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from client.kit.fields import Editor, FlagEdit, FormatEdit, TextEdit
from client.kit.pick import ChoiceEdit, ChoiceTick, Create, LookupEdit, rank
from client.kit.recent import recent
from client.kit.records import Records
from client.kit.suggest import SuggestEdit
from common.kit import formats, labels
from common.kit.access import opens
from common.kit.entity import spec_of
from common.kit.formats import Format
from common.kit.kinds import Choice
from common.kit.rights import Action, Permissions
from common.kit.spec import FieldSpec

LONG = 300
"""Longer texts that may hold several lines get an area."""


def editor_for(
    f: FieldSpec,
    store: Records,
    *,
    advance_at: int = 0,
    label: str = "",
    tick: tuple[Choice, Choice] | None = None,
    suggest: tuple[str, ...] = (),
    format: Format | None = None,
    create: Create | None = None,
) -> Editor:
    """An editor that types this field's values; `tick` makes a box of two of its choices.

    `create` makes a new record of the book that the field looks up in.
    """
    name = label or f.label
    if f.target is not None:
        book = Book(store, f.target)
        return LookupEdit(book.find, book.label, name, note_of=book.note, create=create)
    if tick is not None:
        return ChoiceTick(*tick, name)
    if suggest:
        return SuggestEdit(suggest, name)
    if issubclass(f.type, Choice):
        return ChoiceEdit.of(f.type, name)
    if f.type is bool:
        return FlagEdit(name, text=f.label)
    if f.field.multiline:
        return TextEdit(name)
    kind = format or f.field.format or _plain(f.type)
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


def may_create(rights: Permissions, entity: str) -> bool:
    """May this person add a record that is known by its name to a book of the college?"""
    spec = spec_of(entity)
    named = "name" in spec.by_name and not spec.regional
    return named and all(opens(rights, spec, Action.WRITE, pd) for pd in spec.classes)


class Book:
    """A book to look up in: labels of its live records, and what tells namesakes apart."""

    def __init__(self, store: Records, entity: str) -> None:
        self.store, self.entity = store, entity
        self.spec = spec_of(entity)

    def label(self, id: UUID) -> str:
        record = self.store.get(self.entity, id)
        return self._label(record) if record else labels.GONE

    def note(self, id: UUID) -> str:
        record = self.store.get(self.entity, id)
        return labels.note(self.spec, record) if record else ""

    def find(self, text: str, limit: int) -> Sequence[tuple[UUID, str, str]]:
        """What answers the words; among equals those that were chosen last come first."""
        turn = {id: place for place, id in enumerate(recent(self.store, self.entity))}
        found = []
        for id, record in self.store.all(self.entity).items():
            shown, note = self._label(record), labels.note(self.spec, record)
            place = rank(text, f"{shown} {note}") if text else 0
            if place is not None:
                found.append((place, turn.get(id, len(turn)), shown, note, UUID(id)))
        found.sort(key=lambda each: each[:4])
        return [(id, shown, note) for *_, shown, note, id in found[:limit]]

    def _label(self, record: Mapping[str, Any]) -> str:
        return labels.label(self.spec, record, lambda other, id: Book(self.store, other).label(id))
