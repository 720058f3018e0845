"""How a person looks at a list, under a name: columns, order, filter and groups, kept at the desk by column ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from client.kit.records import Records
from client.kit.rows import ViewState
from common.kit.conditions import Condition, Op
from common.kit.ids import new_id

VERSION = 1
"""Of the shape in which views are kept; one with a higher number is shown and never written over."""

PLAIN = ""
"""The id of the list as it is declared."""


class Shape(msgspec.Struct, frozen=True):
    """A view as primitives; what a newer version keeps besides is passed by."""

    version: int = VERSION
    name: str = ""
    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    by: str = ""
    conditions: tuple[tuple[str, str, str, str, bool], ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at; a condition that this version does not know is left out."""

    columns: ViewState = field(default_factory=ViewState)
    by: str = ""
    conditions: tuple[Condition, ...] = ()
    words: str = ""

    def raw(self, name: str = "") -> dict[str, Any]:
        state = self.columns
        shape = Shape(
            VERSION,
            name,
            state.order,
            state.hidden,
            state.widths,
            state.sort,
            self.by,
            tuple((c.column, str(c.op.value), c.low, c.high, c.negated) for c in self.conditions),
            self.words,
        )
        made: dict[str, Any] = msgspec.to_builtins(shape)
        return made


def view_of(raw: Mapping[str, Any]) -> View:
    """What can be read of it: nothing of a shape that is not known at all."""
    try:
        shape = msgspec.convert(raw, Shape)
    except msgspec.ValidationError:
        return View()
    known = {str(op.value) for op in Op}
    return View(
        ViewState(shape.order, shape.hidden, shape.widths, shape.sort),
        shape.by,
        tuple(
            Condition(column, Op.of(op), low, high, negated)
            for column, op, low, high, negated in shape.conditions
            if op in known
        ),
        shape.words,
    )


class Views:
    """The named views of one list at this desk, which of them is chosen, and how the list was left."""

    def __init__(self, store: Records, list_name: str) -> None:
        self.store, self.key = store, f"list:{list_name}"
        kept = store.kept(self.key)
        self.saved: dict[str, dict[str, Any]] = dict(kept.get("views", {}))
        self.left: Mapping[str, Any] | None = kept.get("left")
        chosen = kept.get("chosen", PLAIN)
        self.chosen = chosen if chosen in self.saved else PLAIN

    def names(self) -> Iterator[tuple[str, str]]:
        """Ids and names, in the order of the names."""
        return iter(
            sorted(
                ((id, str(raw.get("name", ""))) for id, raw in self.saved.items()),
                key=lambda each: each[1].casefold(),
            )
        )

    def name(self, id: str) -> str:
        return str(self.saved[id].get("name", "")) if id in self.saved else ""

    def view(self, id: str) -> View:
        return view_of(self.saved[id])

    def is_newer(self, id: str) -> bool:
        """Was it kept by a later version of the program? Then it is only looked at."""
        version = self.saved[id].get("version") if id in self.saved else VERSION
        return not isinstance(version, int) or version > VERSION

    def refuse_name(self, name: str, *, but: str = PLAIN) -> str | None:
        if not name:
            return "Назовите вид"
        taken = {n.casefold() for id, n in self.names() if id != but}
        return f"Вид «{name}» уже есть: возьмите другое имя" if name.casefold() in taken else None

    def add(self, name: str, view: View) -> None:
        self.chosen = new_id().hex
        self.saved[self.chosen] = view.raw(name)

    def write_over(self, view: View) -> None:
        """The chosen one is as the list is now."""
        self.saved[self.chosen] = view.raw(self.name(self.chosen))

    def rename(self, name: str) -> None:
        self.saved[self.chosen] = {**self.saved[self.chosen], "name": name}

    def drop(self) -> None:
        del self.saved[self.chosen]
        self.chosen = PLAIN

    def keeping(self, now: View) -> Callable[[], None]:
        """Writes to the disk what is so at this moment; not to be called on the GUI thread."""
        kept = {"views": dict(self.saved), "chosen": self.chosen, "left": now.raw()}
        return lambda: self.store.keep(self.key, kept)
