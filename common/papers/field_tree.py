"""What a template may name: Russian names that follow from the declarations, and what is read for them."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol
from uuid import UUID

from common.kit import formats
from common.kit.buckets import parts_of
from common.kit.entity import spec_of
from common.kit.kinds import P0, Choice
from common.kit.spec import FieldSpec, text_of
from common.papers.declension import decline
from common.papers.nodes import Forest, Kind, Node, Path, Used
from common.papers.values import Day, Flag, FullName, Moment, Number, Plain, Snapshot, Text
from common.people.kinds import NameCase

Record = Mapping[str, Any]

DEEPEST = 6
"""Steps from a paper's subject to a field."""
SAMPLES: Mapping[type[Any], str] = {str: "текст", int: "12", bool: "да", dt.date: "01.09.2026", dt.datetime: "01.09.2026 10:30"}  # fmt: skip


class Reader(Protocol):
    """Where records are read; None and no rows where this person may not see them."""

    def get(self, entity: str, id: UUID) -> Record | None: ...

    def parts(self, entity: str, column: str, owner: UUID) -> Iterable[tuple[UUID, Record]]: ...

    def local(self, moment: dt.datetime) -> dt.datetime:
        """On the wall of the college."""
        ...

    @property
    def college(self) -> UUID: ...

    @property
    def today(self) -> dt.date: ...


def name_of(label: str) -> str:
    """«Рег. №» → «рег_номер»: a word that a template can hold."""
    spelt = re.sub(r"\W+", "_", label.casefold().replace("№", " номер ")).strip("_")
    return f"_{spelt}" if spelt[:1].isdigit() else spelt


FULL_NAME = "фио"
CASES = "person_name_case"
NAME_FIELDS = ("last_name", "first_name", "middle_name")


@functools.cache
def children(entity: str) -> Mapping[str, Node]:
    """All that can be named below a record of this kind."""
    spec = spec_of(entity)
    found: dict[str, Node] = {}
    if set(NAME_FIELDS) <= spec.by_name.keys():
        found[FULL_NAME] = Node(
            FULL_NAME, "ФИО", Kind.NAME, spec["last_name"].field.pd, sample="Иванова Анна Петровна"
        )
    for f in spec.fields:
        if f.name != spec.part_of:
            node = _of_field(f)
            found[_free(node.name, found)] = node
    for name, reference in parts_of(entity):
        part = spec_of(name)
        title = _free(name_of(part.title), found)
        pd = part[reference].field.pd
        found[title] = Node(title, part.title, Kind.LIST, pd, reference, part.name)
    return found


TODAY, COLLEGE = "сегодня", "организация"


@functools.cache
def roots(entity: str) -> Mapping[str, Node]:
    """What a paper about such a record may begin a path with: its own fields, its college, the day."""
    return {
        TODAY: Node(TODAY, "Сегодня", Kind.DAY, P0, sample=SAMPLES[dt.date]),
        COLLEGE: Node(COLLEGE, "Организация", Kind.RECORD, P0, target="college"),
    } | dict(children(entity))


def _free(name: str, taken: Mapping[str, Node]) -> str:
    while name in taken:
        name += "_2"
    return name


def _of_field(f: FieldSpec) -> Node:
    kind = _kind_of(f)
    sample = SAMPLES.get(f.type, "")
    if issubclass(f.type, Choice):
        sample = next(iter(f.type)).label
    return Node(name_of(f.label), f.label, kind, f.field.pd, f.name, f.target or "", sample)


def _kind_of(f: FieldSpec) -> Kind:
    if f.target is not None:
        return Kind.RECORD
    if f.field.format is formats.MONEY:
        return Kind.MONEY
    known = {bool: Kind.FLAG, int: Kind.NUMBER, dt.date: Kind.DAY, dt.datetime: Kind.MOMENT}
    return known.get(f.type, Kind.TEXT)


def walk(entity: str, steps: int = DEEPEST) -> Iterator[tuple[Path, Node]]:
    """Every path of so many steps, near ones first; a record that stands on the way up is not entered again."""
    queue: list[tuple[Path, str, frozenset[str]]] = [((), entity, frozenset({entity}))]
    while queue:
        path, at, seen = queue.pop(0)
        for name, node in (children(at) if path else roots(at)).items():
            yield (*path, name), node
            if node.target and node.target not in seen and len(path) + 1 < steps:
                queue.append(((*path, name), node.target, seen | {node.target}))


def forest(entity: str) -> Forest:
    """All the names that a template about such a record may use."""
    found: dict[str, Mapping[str, Node]] = {"": roots(entity)}
    ends = {node.target for node in found[""].values()} | {entity}
    while ends := ends - found.keys() - {""}:
        found |= {end: children(end) for end in ends}
        ends = {node.target for end in ends for node in found[end].values()}
    return found


def collect(used: Mapping[str, Used], entity: str, id: UUID, reader: Reader) -> Snapshot:
    """What a paper of this record is made from; nothing that the template does not name is read."""
    own = {name: each for name, each in used.items() if name not in {TODAY, COLLEGE}}
    made = _taken(own, entity, id, reader.get(entity, id) or {}, reader)
    if TODAY in used:
        made[TODAY] = Day(reader.today)
    if COLLEGE in used:
        made[COLLEGE] = collect(used[COLLEGE].below, "college", reader.college, reader)
    return made


def _taken(
    used: Mapping[str, Used], entity: str, id: UUID, record: Record, reader: Reader
) -> Snapshot:
    made: Snapshot = {}
    for name, each in used.items():
        node = each.node
        if node.kind is Kind.LIST:
            rows = reader.parts(node.target, node.column, id)
            made[name] = [
                _taken(each.below, node.target, row, values, reader) for row, values in rows
            ]
        elif node.kind is Kind.RECORD:
            to = record.get(node.column)
            found = reader.get(node.target, to) if isinstance(to, UUID) else None
            inner = NOTHING if found is None else reader
            made[name] = _taken(each.below, node.target, to or id, found or {}, inner)
        elif node.kind is Kind.NAME:
            made[name] = _full_name(entity, id, record, reader)
        else:
            made[name] = value_of(spec_of(entity)[node.column], record.get(node.column), reader)
    return made


class _Nothing:
    """Below a reference that points at nothing every name is there, and empty."""

    def get(self, entity: str, id: UUID) -> Record | None:
        return None

    def parts(self, entity: str, column: str, owner: UUID) -> Iterable[tuple[UUID, Record]]:
        return ()

    def local(self, moment: dt.datetime) -> dt.datetime:
        return moment

    college, today = UUID(int=0), dt.date.min


NOTHING = _Nothing()


def value_of(f: FieldSpec, value: Any, reader: Reader) -> Plain:
    match _kind_of(f):
        case Kind.DAY:
            return Day(value)
        case Kind.MOMENT:
            return Moment(reader.local(value).replace(tzinfo=None) if value else None)
        case Kind.FLAG:
            return Flag(value)
        case Kind.NUMBER | Kind.MONEY as kind:
            return Number(value, text_of(value, f.field.format), kind is Kind.MONEY)
        case _:
            return Text(text_of(value, f.field.format))


def _full_name(entity: str, id: UUID, record: Record, reader: Reader) -> FullName:
    """Its cases are a registrar's where there are any, else those of the rules."""
    last, first, middle = (record.get(name) or "" for name in NAME_FIELDS)
    sex = record.get("sex")
    made = decline(last, first, middle, sex) if sex is not None else {}
    settled = (
        {row["case"]: row["written"] for _, row in reader.parts(CASES, "person_id", id)}
        if entity == "person"
        else {}
    )
    forms = {case: told.text for case, told in made.items()} | settled
    sure = all(case in settled or (case in made and made[case].sure) for case in NameCase)
    return FullName(last, first, middle, {str(c.value): form for c, form in forms.items()}, sure)
