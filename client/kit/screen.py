"""A Screen: which records a form shows as one paper, in which cards, lines and order (DESIGN 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import QueryableAttribute

from common.kit.entity import Entity, describe
from common.kit.spec import EntitySpec

Attribute = QueryableAttribute[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One record of the form.

    `owner` is (reference, name of the part it points at); `fixed` values tell this record from others of
    the same owner; `nth` picks among equals. An optional part is stored only where something was typed.
    """

    name: str
    entity: type[Entity]
    owner: tuple[str, str] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    nth: int = 0
    optional: bool = True
    points_at: Mapping[str, str] = field(default_factory=dict)
    """References of this record to other parts of the form, besides its owner."""
    defaults: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    """Values of a new record that nobody types."""

    @property
    def spec(self) -> EntitySpec:
        return describe(self.entity)


@dataclass(frozen=True, slots=True)
class Line:
    """Fields of one part that share a line of the form."""

    part: str
    fields: tuple[Attribute, ...]
    label: str = ""
    pinnable: bool = False
    advance: tuple[int, ...] = ()
    """Digits after which the focus moves on, by field."""


def line(
    part: str,
    *fields: Attribute,
    label: str = "",
    pinnable: bool = False,
    advance: tuple[int, ...] = (),
) -> Line:
    return Line(part, fields, label, pinnable, advance)


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A form over several records; the `main` one names it."""

    name: str
    title: str
    parts: tuple[Part, ...]
    cards: tuple[Card, ...]
    main: str

    def part(self, name: str) -> Part:
        return next(p for p in self.parts if p.name == name)


def plain_screen(entity: type[Entity]) -> Screen:
    """The form of an entity that has no screen of its own: every field, one card."""
    spec = describe(entity)
    lines = tuple(
        Line("main", (getattr(entity, f.name),)) for f in spec.fields if f.name != spec.part_of
    )
    part = Part("main", entity, optional=False)
    return Screen(spec.name, spec.one, (part,), (Card(spec.one, lines),), "main")
