"""What a registrar calls a record and a value of it, from whatever this computer knows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from client.kit.editors import Book
from client.store.entry import Entry
from client.store.store import Store
from common.kit.dates import show_moment
from common.kit.entity import spec_of
from common.kit.errors import Invalid
from common.kit.spec import EntitySpec, FieldSpec, text_of, told_of
from common.kit.sync import HAND, RETURN_HANDED, SEND_HANDED, Command, Save
from common.kit.wire import unpack

NOTHING = "—"
COMMANDS = {
    "lease_numbers": "Запрос номеров для этого рабочего места",
    HAND: "Передача записи администратору",
    SEND_HANDED: "Отправка переданной записи от своего имени",
    RETURN_HANDED: "Возврат переданной записи автору",
}


class RecordWords:
    """Own new records that the centre has not taken are known too: a held one belongs to a refused one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.own: dict[tuple[str, str], dict[str, Any]] = {}
        self.entries = {entry.op.uuid.hex: entry for entry in store.outbox()}
        for entry in self.entries.values():
            body = entry.op.body
            if isinstance(body, Save) and body.create:
                self.own[entry.subject] = _unpacked(body.entity, body.set)

    def record(self, entity: str, id: str) -> Mapping[str, Any]:
        return self.store.get(entity, id) or self.own.get((entity, id)) or {}

    def title(self, entry: Entry) -> str:
        """«Кузнецова Анна Ильинична — контакт +7 923 481-20-17»."""
        body = entry.op.body
        if isinstance(body, Command):
            what = COMMANDS.get(body.name, "Действие на сервере")
            of = self.entries.get(str(body.args.get("of", "")))
            return f"{what}: {self.title(of)}" if of is not None else what
        try:
            spec = spec_of(body.entity)
        except KeyError:
            return "Запись новой версии программы"
        record = self.record(*entry.subject)
        if not record:
            record = _unpacked(
                body.entity,
                body.set if isinstance(body, Save) else {n: (v, v) for n, v in body.seen.items()},
            )
        return self._of(spec, record)

    def named(self, entity: str, id: str) -> str:
        """The same of a record; empty where nothing is known of it."""
        try:
            record = self.record(entity, id) if id else {}
            return self._of(spec_of(entity), record) if record else ""
        except KeyError:
            return ""

    def _of(self, spec: EntitySpec, record: Mapping[str, Any]) -> str:
        who, own = self._whose(spec, record), _own(spec, record)
        kind = f"{spec.one.lower() if who else spec.one} {own}".strip()
        return f"{who} — {kind}" if who else kind

    def _whose(self, spec: EntitySpec, record: Mapping[str, Any]) -> str:
        """The full name of the human being that the record belongs to; empty where there is none."""
        if "last_name" in spec.by_name:
            names = ("last_name", "first_name", "middle_name")
            return " ".join(str(record[n]) for n in names if record.get(n))
        owner = spec.part_of or next(iter(spec.brings), None)
        id = record.get(owner) if owner else None
        target = spec[owner].target if owner else None
        if id is None or target is None:
            return ""
        return self._whose(spec_of(target), self.record(target, id.hex))

    def value(self, f: FieldSpec, wire: Any) -> str:
        """As the form would show it: format, label of a choice, label of a reference."""
        try:
            value = unpack(f, wire)
        except Invalid:
            return str(wire)
        if value is None or value == "":
            return NOTHING
        if f.target is not None:
            return self._reference(f.target, value)
        if isinstance(value, tuple):
            rows = (f"{place}. {self._row(f.name, id)}" for place, id in enumerate(value, 1))
            return "; ".join(rows)
        return told_of(f, value).replace("\n", " ")

    def _row(self, entity: str, id: UUID) -> str:
        """A row of a list by what it is about: its own words, else those of what it chooses."""
        spec, record = spec_of(entity), self.record(entity, id.hex)
        if not record:
            return "строка удалена"
        chosen = (f for f in spec.fields if f.target and f.name != spec.part_of and record[f.name])
        reference = next(chosen, None)
        told = _own(spec, record)
        if not told and reference is not None and reference.target is not None:
            told = self._reference(reference.target, record[reference.name])
        return told or spec.one.lower()

    def _reference(self, target: str, id: UUID) -> str:
        if self.store.get(target, id) is not None:
            return Book(self.store, target).label(id)
        spec, record = spec_of(target), self.record(target, id.hex)
        return self._whose(spec, record) or _own(spec, record) or "запись недоступна"


def _own(spec: EntitySpec, record: Mapping[str, Any]) -> str:
    """What tells the record from its sisters: the first of the fields that people search by."""
    if "last_name" in spec.by_name:
        return ""
    named = [f for f in spec.fields if f.field.search] + [spec[name] for name in spec.tells]
    f = next((f for f in named if record.get(f.name)), None)
    return text_of(record[f.name], f.field.format) if f else ""


def _unpacked(entity: str, pairs: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The new values of a save; what a newer program wrote is passed by."""
    try:
        spec = spec_of(entity)
    except KeyError:
        return {}
    found = {}
    for name, (_, new) in pairs.items():
        if name in spec.by_name:
            try:
                found[name] = unpack(spec[name], new)
            except Invalid:
                found[name] = None
    return found


def moment(at: int | dt.datetime | None) -> str:
    """«24.11.2026 13:40» by the clock on the wall; ms since 1970 UTC are a moment too, and what never was is empty."""
    if at is None:
        return ""
    told = dt.datetime.fromtimestamp(at / 1000, dt.UTC) if isinstance(at, int) else at
    return show_moment(told.astimezone())
