"""What a list shows: a column of the entity, a path to another entity's, a computed one, or one gathered from child rows."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

from sqlalchemy.orm import QueryableAttribute

from common.kit.entity import Entity, describe, field_of
from common.kit.formats import Format
from common.kit.kinds import P3, Choice
from common.kit.spec import FieldSpec

Attribute = QueryableAttribute[Any]


@dataclass(frozen=True, slots=True)
class Path:
    """References to follow from the list's entity, then the field to read."""

    steps: tuple[str, ...]
    """Names of references, each of the entity that the one before it points at."""
    entity: str
    field: FieldSpec

    @property
    def key(self) -> str:
        return "__".join((*self.steps, self.field.name))


def path(*attributes: Attribute) -> Path:
    """`path(Applicant.person_id, Person.last_name)`."""
    *steps, last = attributes
    owner: type[Entity] = last.parent.class_
    return Path(tuple(str(a.key) for a in steps), owner.__tablename__, field_of(last))


@dataclass(frozen=True, slots=True)
class Children:
    """Rows of a part: its reference to the list's entity, and what is read from each."""

    entity: str
    reference: str
    paths: tuple[Path, ...]


def children(reference: Attribute, *paths: Path | Attribute) -> Children:
    """`children(Application.applicant_id, Application.priority, …)`."""
    owner: type[Entity] = reference.parent.class_
    read = tuple(p if isinstance(p, Path) else path(p) for p in paths)
    return Children(owner.__tablename__, str(reference.key), read)


class Total(enum.Enum):
    """What is told of a column under a group and under the whole list."""

    SUM = "всего"
    MEAN = "в среднем"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """`make` turns the source values into the shown one; without it there is one source, shown by its own format.

    For Children, `make` gets the child rows as tuples, in the order of creation.
    """

    key: str
    label: str
    sources: tuple[Path, ...] = ()
    children: Children | None = None
    make: Callable[..., Any] | None = None
    format: Format | None = None
    width: int = 120
    pill: bool = False
    hidden: bool = False
    total: Total | None = None
    inline: bool = False
    """It may be typed in its cell: one value of one record, that changes alone."""
    settled: bool = True
    """False where what is shown depends on the day: the stored row is not what people read."""


def in_zone(path: Path, value: Any, zone: ZoneInfo) -> Any:
    """What a column shows of this value: a moment as the clocks of the college have it, so that its day is theirs."""
    moment = value is not None and path.field.type is dt.datetime
    return value.astimezone(zone) if moment else value


class Kind(enum.Enum):
    """How the values of a column are typed as conditions, compared and summed."""

    TEXT = enum.auto()
    NUMBER = enum.auto()
    DAY = enum.auto()
    CHOICE = enum.auto()
    FLAG = enum.auto()


KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (bool, Kind.FLAG),
    (int, Kind.NUMBER),
    (dt.date, Kind.DAY),
    (Choice, Kind.CHOICE),
)


@functools.cache
def _types(column: ListColumn) -> frozenset[type[Any]]:
    """What its values may be: the field's own type, or what `make` is declared to return."""
    if column.make is None:
        return frozenset({column.sources[0].field.type})
    said = get_type_hints(column.make)["return"]
    return frozenset(get_args(said) or (said,)) - {NoneType}


@functools.cache
def kind_of(column: ListColumn) -> Kind:
    types = _types(column)
    for base, kind in KINDS:
        if any(issubclass(t, base) for t in types):
            return kind
    return Kind.TEXT


def choices_of(column: ListColumn) -> tuple[Choice, ...]:
    """The members that a column of a closed list may show."""
    return tuple(m for t in _types(column) if issubclass(t, Choice) for m in t)


def is_open(column: ListColumn) -> bool:
    """May it show words beside those of its closed list?"""
    return str in _types(column)


def column(
    *attributes: Attribute,
    label: str = "",
    width: int = 120,
    pill: bool = False,
    hidden: bool = False,
    total: Total | None = None,
    inline: bool = False,
) -> ListColumn:
    """A field of the entity itself or, with references before it, of another."""
    source = path(*attributes)
    spec = source.field
    return ListColumn(
        source.key,
        label or spec.label,
        (source,),
        None,
        None,
        spec.field.format,
        width,
        pill,
        hidden,
        total,
        inline,
    )


def computed(
    key: str,
    label: str,
    *sources: Path | Children,
    make: Callable[..., Any],
    width: int = 160,
    pill: bool = False,
    hidden: bool = False,
    settled: bool = True,
) -> ListColumn:
    """One value made of several; the kind of its values is what `make` is declared to return."""
    gathered = next((s for s in sources if isinstance(s, Children)), None)
    paths = tuple(s for s in sources if isinstance(s, Path))
    return ListColumn(key, label, paths, gathered, make, None, width, pill, hidden, settled=settled)


def sources_of(column: ListColumn) -> tuple[Path, ...]:
    return column.sources + (column.children.paths if column.children else ())


def _alone(path: Path) -> bool:
    """Does the field change without others, and say no more than its own record's matter?"""
    return path.field.target is None and not path.field.field.atom


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list of an entity's rows; the store keeps one denormalised row for each."""

    name: str
    title: str
    entity: type[Entity]
    columns: tuple[ListColumn, ...]
    order: tuple[tuple[str, bool], ...]
    """Sort keys with «descending»; the first is indexed."""
    adds: bool = True
    """Rows may be added from this list by who may write them."""

    def __post_init__(self) -> None:
        """Restricted data is shown on a card, where each reading is noted, and in no list."""
        every = (path for each in self.columns for path in sources_of(each))
        if any(path.field.field.pd is P3 for path in every):
            raise ValueError(f"the list {self.name} shows restricted data")
        for each in self.columns:
            if each.inline and not _alone(each.sources[0]):
                raise ValueError(f"{each.key} of {self.name} does not change alone")

    @property
    def main(self) -> str:
        return str(self.entity.__tablename__)

    def column(self, key: str) -> ListColumn:
        return next(c for c in self.columns if c.key == key)

    def paths(self) -> Iterator[Path]:
        for each in self.columns:
            yield from each.sources


def plain_list(entity: type[Entity]) -> ListSpec:
    """The list of an entity that has no screen of its own: every column meant for lists."""
    spec = describe(entity)
    columns = tuple(
        column(getattr(entity, f.name))
        for f in spec.fields
        if f.field.in_list and f.target is None and f.field.pd is not P3
    )
    return ListSpec(spec.name, spec.title, entity, columns, ((columns[0].key, False),))
