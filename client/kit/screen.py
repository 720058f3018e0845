"""A Screen: which records a form shows as one paper, in which cards, lines and order (DESIGN 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import QueryableAttribute

from common.kit.entity import Entity, describe
from common.kit.formats import Format
from common.kit.kinds import Choice
from common.kit.spec import EntitySpec

Attribute = QueryableAttribute[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One record of the form or, with `many`, all records of that owner.

    `owner` is (reference, name of the part it points at); `fixed` values tell this record from others of
    the same owner. An optional part, and any row of many, is stored only where something was typed.
    """

    name: str
    entity: type[Entity]
    owner: tuple[str, str] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = True
    many: bool = False
    numbered: str = ""
    """The field of a row that holds its place, from 1 on; such rows can be moved."""
    points_at: Mapping[str, str] = field(default_factory=dict)
    """References of this record to other parts of the form, besides its owner."""

    @property
    def spec(self) -> EntitySpec:
        return describe(self.entity)

    @property
    def needs(self) -> set[str]:
        """The parts that must be stored before this one."""
        return ({self.owner[1]} if self.owner else set()) | set(self.points_at.values())


@dataclass(frozen=True, slots=True)
class Line:
    """Fields of one part that share a line of the form.

    A line of a part with many rows, outside of its Rows, is typed once and written to every row.
    """

    part: str
    fields: tuple[Attribute, ...]
    label: str = ""
    pinnable: bool = False
    advance: tuple[int, ...] = ()
    """Digits after which the focus moves on, by field."""
    tick: tuple[Choice, Choice] | None = None
    """The first field is typed as a tick: the choices that stand for «no» and «yes»."""
    suggest: tuple[str, ...] = ()
    """Words offered for the first field, a text; others may be typed as well."""
    format: Format | None = None
    """The first field is typed in more ways than its declaration reads."""
    creates: bool = False
    """Where the first field looks up in a book, a new record of it may be made from what was typed."""


def line(
    part: str,
    *fields: Attribute,
    label: str = "",
    pinnable: bool = False,
    advance: tuple[int, ...] = (),
    tick: tuple[Choice, Choice] | None = None,
    suggest: tuple[str, ...] = (),
    format: Format | None = None,
    creates: bool = False,
) -> Line:
    return Line(part, fields, label, pinnable, advance, tick, suggest, format, creates)


@dataclass(frozen=True, slots=True)
class Rows:
    """The place of a part with many rows: each shows its first line, and the others once it holds something."""

    part: str
    lines: tuple[Line, ...]
    add: str = "Добавить"
    files: type[Entity] | None = None
    """The entity of the files that hang on a row."""


def rows(part: str, *lines: Line, add: str = "Добавить", files: type[Entity] | None = None) -> Rows:
    return Rows(part, lines, add, files)


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    lines: tuple[Line | Rows, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A form over several records; the `main` one gives it its name."""

    title: str
    parts: tuple[Part, ...]
    cards: tuple[Card, ...]
    main: str

    @property
    def name(self) -> str:
        return self.part(self.main).spec.name

    def part(self, name: str) -> Part:
        return next(p for p in self.parts if p.name == name)

    def from_main(self) -> list[Part]:
        """The main part first, then those that main points at, then the others."""
        main = self.part(self.main)
        ahead = [self.part(name) for name in main.points_at.values()]
        return [main, *ahead, *(p for p in self.parts if p is not main and p not in ahead)]

    def by_owner(self) -> list[Part]:
        """An order in which every reference points backwards."""
        left = list(self.parts)
        done: list[Part] = []
        while left:
            names = {p.name for p in left}
            ready = [p for p in left if not p.needs & (names - {p.name})]
            done += ready
            left = [p for p in left if p not in ready]
        return done


def plain_screen(entity: type[Entity]) -> Screen:
    """The form of an entity that has no screen of its own: every field, one card."""
    spec = describe(entity)
    lines = tuple(Line("main", (getattr(entity, f.name),), creates=True) for f in spec.fields)
    part = Part("main", entity, optional=False)
    return Screen(spec.one, (part,), (Card(spec.one, lines),), "main")
