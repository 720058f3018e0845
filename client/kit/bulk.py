"""One value for a field of many records: which fields may be given it, what would become of each record, and back again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

from client.kit.comparison import text_beside
from client.kit.records import Records
from common.kit.access import opens
from common.kit.entity import spec_of
from common.kit.kinds import P3
from common.kit.lists import ListSpec
from common.kit.rights import Action, Permissions
from common.kit.saving import reversed_save
from common.kit.spec import EntitySpec, FieldSpec, problems
from common.kit.sync import Operation, Save
from common.kit.wire import pack

SAME, GONE = "уже так", "записи уже нет"


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one record; `skipped` says why nothing would."""

    id: str
    name: str
    before: str
    after: str
    skipped: str = ""


def fields_of(spec: EntitySpec, held: Permissions) -> list[FieldSpec]:
    """Fields that may have one value in many records, and that this person may read and write.

    Not those that tell records apart or say whose they are, nor moments and long words that belong to one record,
    nor one field of several that change together, nor restricted data: nobody is shown that in a table.
    """
    tied = {spec.part_of, spec.ordered, spec.yearly, spec.root, *spec.brings}
    tied |= {name for names in spec.uniques for name in names}
    return [
        f
        for f in spec.fields
        if f.name not in tied
        and not (f.field.search or f.field.multiline or f.type is dt.datetime)
        and f.field.pd is not P3
        and len(spec.atom_of(f.name)) == 1
        and not (f.target and spec_of(f.target).part_of)
        and opens(held, spec, Action.READ, f.field.pd)
        and opens(held, spec, Action.WRITE, f.field.pd)
    ]


def preview(
    store: Records,
    listed: ListSpec,
    name: str,
    value: Any,
    names: Mapping[str, str],
    busy: Mapping[str, str],
) -> list[Change]:
    """Of the records that `names` has, in its order; `busy` says of some why they are left alone."""
    spec = spec_of(listed.main)
    field = spec[name]
    records = store.many(spec.name, list(names))
    words = cache(partial(words_of, store, field))  # few values, many records
    made = []
    for id, said in names.items():
        record = records.get(id)
        before = words(record[name]) if record else ""
        why = busy.get(id) or refusal(spec, record, name, value)
        made.append(Change(id, said, before, before if why else words(value), why))
    return made


def refusal(spec: EntitySpec, record: Mapping[str, Any] | None, name: str, value: Any) -> str:
    """Why this record does not take the value; empty where it does."""
    if record is None:
        return GONE
    if record[name] == value:
        return SAME
    faults = problems(spec, {**record, name: value}, only=frozenset({name}))
    return "; ".join(faults.values())


def words_of(store: Records, field: FieldSpec, value: Any) -> str:
    """As a person reads it; an answer «нет» is not an empty one."""
    return "нет" if value is False else text_beside(store, field, value)


def names_of(store: Records, listed: ListSpec, ids: Sequence[str]) -> dict[str, str]:
    """The first columns of each record's row, in the order of the ids; empty where there is no row any more."""
    numbers = store.list_numbers(listed.name, ids)
    rows = store.list_page(listed.name, list(numbers.values()))
    known = {row.id: ", ".join(text for text in row.texts[:2] if text) for row in rows}
    return {id: known.get(id, "") for id in ids}


def apply(
    store: Records, spec: EntitySpec, name: str, value: Any, ids: Collection[str]
) -> list[Operation]:
    """All of them in one transaction of the journal: they are sent together, and one entry of the audit has them."""
    records = store.many(spec.name, ids)
    bodies = [
        Save(spec.name, UUID(id), create=False, set={name: (pack(record[name]), pack(value))})
        for id, record in records.items()
        if not refusal(spec, record, name, value)
    ]
    return store.record(lambda _number: bodies) if bodies else []


def store_one(
    store: Records, spec: EntitySpec, id: str, name: str, seen: Any, value: Any
) -> list[Operation]:
    """One field of one record, over the value that was seen."""
    body = Save(spec.name, UUID(id), create=False, set={name: (pack(seen), pack(value))})
    return store.record(lambda _number: [body])


def take_back(store: Records, made: Sequence[Operation]) -> list[Operation]:
    """Each field as it was seen before, sent or not: a new operation that rests on the changed value."""
    bodies = [reversed_save(op.body) for op in made if isinstance(op.body, Save)]
    return store.record(lambda _number: bodies)
