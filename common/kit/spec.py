"""What every derivation reads: a plain, frozen description of an entity and its fields."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from common.kit.formats import Format
from common.kit.kinds import Choice, PersonalData
from common.kit.rights import Action, Section

Check = Callable[[Any], str | None]
"""Returns a message for the user, or None where the value is right."""

RecordCheck = Callable[[Mapping[str, Any]], dict[str, str]]
"""Looks at a whole record; returns messages by field."""


@dataclass(frozen=True, slots=True)
class Field:
    """What people see and may do with one column; storage facts are the column's own."""

    label: str
    pd: PersonalData
    help: str = ""
    format: Format | None = None
    check: Check | None = None
    heading: str = ""
    in_list: bool = True
    search: bool = False
    multiline: bool = False
    atom: str = ""
    """Fields of one atom conflict as one value (SYNC 6)."""
    told: Callable[[Any], str] | None = None
    """Words for a value that is not read as it is stored, wherever it is only shown."""
    managed: bool = False
    """Kept by the house, never typed and never on the wire."""
    holds: bool = True
    """A reference keeps its target from the basket, and is not made to one that lies there."""
    served: bool = False
    """Only the server turns it, whenever it likes: it is no value that somebody could have overlooked."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    name: str
    field: Field
    type: type[Any]
    required: bool
    max_length: int | None = None
    target: str | None = None
    """The entity a reference points at."""
    minimum: int | None = None
    maximum: int | None = None
    default: Any = None

    @property
    def label(self) -> str:
        return self.field.label


@dataclass(frozen=True)
class EntitySpec:
    """All that is derived from an entity is derived from this."""

    name: str
    title: str
    one: str
    section: Section
    regional: bool
    fields: tuple[FieldSpec, ...]
    part_of: str | None = None
    """The reference to the owner whose bucket this row shares."""
    ordered: str = ""
    """The field that holds a row's place in its owner's list: the order of that list is one value."""
    root: str = ""
    """Whose own a record of this kind is, its parts and whatever it brings: the column that holds the account."""
    yearly: str = ""
    """The reference to what has the academic year of this record."""
    brings: tuple[str, ...] = ()
    """References whose targets enter the buckets of this row too."""
    tells: tuple[str, ...] = ()
    """Fields that tell a record from its namesakes where one is chosen."""
    coded: bool = False
    """Do people call a record by its code and its name together?"""
    uniques: tuple[tuple[str, ...], ...] = ()
    checks: tuple[RecordCheck, ...] = ()
    changed_by: Action = Action.WRITE
    """The right of its section that changing it takes: signing is of those who lead the office."""
    by_name: Mapping[str, FieldSpec] = field(default_factory=dict, compare=False)
    """The fields, and the ordered lists of its parts: values of this record that have no column here."""

    def __getitem__(self, name: str) -> FieldSpec:
        return self.by_name[name]

    @functools.cached_property
    def classes(self) -> tuple[PersonalData, ...]:
        """The personal-data classes that occur, lowest first."""
        return tuple(c for c in PersonalData if any(f.field.pd is c for f in self.fields))

    @functools.cached_property
    def lists(self) -> tuple[str, ...]:
        """The entities whose rows are ordered lists of this one."""
        own = {f.name for f in self.fields}
        return tuple(name for name in self.by_name if name not in own)

    def facet(self, pd: PersonalData) -> tuple[FieldSpec, ...]:
        return tuple(f for f in self.fields if f.field.pd is pd)

    def half_atom(self, names: Collection[str]) -> str:
        """The labels of an atom of which these names are only a part; empty where each is whole."""
        for name in names:
            atom = self.atom_of(name)
            if not set(names).issuperset(atom):
                return ", ".join(f"«{self[n].label}»" for n in atom)
        return ""

    def atom_of(self, name: str) -> tuple[str, ...]:
        """All fields that conflict together with this one, itself included."""
        atom = self[name].field.atom
        return tuple(f.name for f in self.fields if f.field.atom == atom) if atom else (name,)


def facet_name(entity: str, pd: PersonalData) -> str:
    return f"{entity}.{pd.value}"


def told_of(f: FieldSpec, value: Any) -> str:
    """A value as it is shown where nobody types it."""
    if f.field.told is not None and value is not None:
        return f.field.told(value)
    return text_of(value, f.field.format)


def text_of(value: Any, format: Format | None = None) -> str:
    """One spelling for list, form, Excel and paper."""
    if value is None:
        return ""
    if format is not None:
        return format.show(value)
    match value:
        case bool():
            return "да" if value else "нет"
        case dt.datetime():
            return value.strftime("%d.%m.%Y %H:%M")
        case dt.date():
            return f"{value.day:02d}.{value.month:02d}.{value.year}"
        case Choice():
            return value.label
        case _:
            return str(value)


_BROKEN = re.compile("[\0-\x08\x0b-\x1f]")


def _fault(f: FieldSpec, value: Any) -> str | None:
    if value is None or value == "":
        may_be_empty = value == "" and f.default == ""
        return "заполните поле" if f.required and not may_be_empty else None
    expected: tuple[type[Any], ...] = (f.type,) if f.target is None else (UUID,)
    if not isinstance(value, expected) or (f.type is int and isinstance(value, bool)):
        return f"ожидается другое значение, а не «{value}»"
    if f.max_length and len(value) > f.max_length:
        return f"не длиннее {f.max_length} знаков, сейчас {len(value)}"
    if isinstance(value, str) and not value.isprintable() and _BROKEN.search(value):
        return "уберите непечатаемые знаки"
    if (f.minimum is not None and value < f.minimum) or (
        f.maximum is not None and value > f.maximum
    ):
        return f"от {f.minimum} до {f.maximum}"
    checks = (f.field.check, f.field.format.check if f.field.format else None)
    return next((said for check in checks if check and (said := check(value))), None)


def problems(
    spec: EntitySpec, values: Mapping[str, Any], *, only: frozenset[str] | None = None
) -> dict[str, str]:
    """Say, per field, why values cannot be stored; empty where they can.

    `only` limits the field checks to the fields that were touched; whole-record checks always run.
    """
    found: dict[str, str] = {}
    for f in spec.fields:
        if only is not None and f.name not in only:
            continue
        if fault := _fault(f, values.get(f.name)):
            found[f.name] = f"«{f.label}»: {fault}"
    for check in spec.checks:
        for name, message in check(values).items():
            found.setdefault(name, message)
    return found
