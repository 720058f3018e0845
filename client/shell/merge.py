"""One operation in trouble as a table of fields: what was, mine, the centre's, and which of them is to be."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from client.store.decisions import Difference, Trouble
from common.kit.entity import spec_of
from common.kit.sync import WHOLE, Delete, Save, Status, Writer
from common.kit.wire import pack


class Side(enum.Enum):
    NONE = "none"
    MINE = "mine"
    SERVER = "server"
    EDITED = "edited"


@dataclass(slots=True)
class Row:
    """A field, as wire primitives; the row of the whole record holds words."""

    name: str
    label: str
    was: Any
    mine: Any
    server: Any
    said: str = ""
    contested: bool = False
    fixed: bool = False
    """Shown to be seen, not to be chosen."""
    side: Side = Side.NONE
    edited: Any = None
    writer: Writer | None = None
    """Who wrote the centre's value."""

    @property
    def result(self) -> Any:
        if self.side is Side.EDITED:
            return self.edited
        return self.server if self.side is Side.SERVER else self.mine


class Merge:
    """The choices of a person about one trouble. Fields of an atom are decided together."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self.body = body = trouble.entry.op.body
        self.conflict = trouble.entry.status is Status.CONFLICT
        self.create = isinstance(body, Save) and body.create
        self.rows = tuple(self._rows())

    @property
    def whole(self) -> bool:
        """Is it about the record itself, kept or in the basket?"""
        return any(row.name == WHOLE for row in self.rows)

    def _rows(self) -> Iterator[Row]:
        fields = self.trouble.fields
        if self.conflict and isinstance(self.body, Delete):
            yield Row(
                WHOLE,
                "Запись",
                "есть",
                "в корзину",
                "остаётся",
                contested=True,
                writer=self.trouble.writer,
            )
            yield from (_seen(d) for d in fields if d.server != d.was)
        elif self.conflict and isinstance(self.body, Save) and self.trouble.gone:
            who = self.trouble.writer
            yield Row(WHOLE, "Запись", "есть", "вернуть", "в корзине", contested=True, writer=who)
            yield from (_seen(d) for d in fields if d.mine != d.was)
        elif isinstance(self.body, Save):
            yield from map(self._field, fields)
            if self.create:
                named = {d.name for d in fields}
                for f in spec_of(self.body.entity).fields:
                    if f.name not in named:
                        said = self.trouble.entry.fields.get(f.name, "")
                        yield Row(
                            f.name, f.label, None, pack(f.default), None, said, side=Side.MINE
                        )

    def _field(self, d: Difference) -> Row:
        contested = self.conflict and self._contested(d.name)
        side = Side.NONE if contested else Side.MINE
        return Row(
            d.name, d.label, d.was, d.mine, d.server, d.said, contested, side=side, writer=d.writer
        )

    def _contested(self, name: str) -> bool:
        """The atom is one value: half of it changed here and half there is a conflict."""
        mates = spec_of(self.trouble.entry.subject[0]).atom_of(name)
        atom = [d for d in self.trouble.fields if d.name in mates]
        now = [d.server for d in atom]
        return now not in ([d.was for d in atom], [d.mine for d in atom])

    # ---- choosing

    def together(self, name: str) -> tuple[Row, ...]:
        """The rows that are decided with this one."""
        if name == WHOLE:
            return tuple(row for row in self.rows if row.name == WHOLE)
        mates = spec_of(self.trouble.entry.subject[0]).atom_of(name)
        return tuple(row for row in self.rows if row.name in mates)

    def choose(self, name: str, side: Side) -> None:
        for row in self.together(name):
            if not row.fixed:
                row.side = side

    def choose_all(self, side: Side) -> None:
        for row in self.rows:
            if not row.fixed:
                row.side = side

    def edit(self, values: Mapping[str, Any]) -> None:
        """Values typed by hand; the rest of an atom keeps what it would have had."""
        for row in [mate for name in values for mate in self.together(name)]:
            row.edited = values.get(row.name, row.result)
            row.side = Side.EDITED

    def undecided(self) -> list[str]:
        return [row.label for row in self.rows if row.side is Side.NONE and not row.fixed]

    def results(self) -> dict[str, Any]:
        """All that the record would hold of these fields."""
        return {row.name: row.result for row in self.rows if not row.fixed}

    def choices(self) -> dict[str, Any]:
        """What is to be sent: the centre itself fills in what nobody has typed of a new record."""
        typed = self.body.set if isinstance(self.body, Save) else {}
        return {
            row.name: row.result
            for row in self.rows
            if not row.fixed and (row.name in typed or row.side is Side.EDITED)
        }

    # ---- drafts

    def kept(self) -> dict[str, Any]:
        return {row.name: [row.side.value, row.edited, row.server] for row in self.rows}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Choices made before; an answer that the centre has changed since is asked for anew."""
        for row in self.rows:
            if row.name in kept and not row.fixed and kept[row.name][2] == row.server:
                row.side, row.edited = Side(kept[row.name][0]), kept[row.name][1]


def _seen(d: Difference) -> Row:
    return Row(d.name, d.label, d.was, d.mine, d.server, fixed=True, writer=d.writer)


def state_of(row: Row, *, conflict: bool) -> tuple[str, str]:
    """What the last column says of a row, and its tone."""
    if row.fixed:
        return "", "muted"
    if row.side is Side.NONE:
        return "решите", "warn"
    if row.side is Side.EDITED:
        return "исправлено", "accent"
    if row.side is Side.SERVER:
        return "с сервера", "accent"
    if not conflict:
        return ("исправьте", "bad") if row.said else ("ваше", "muted")
    if row.contested:
        return "ваше", "accent"
    return ("совпало", "muted") if row.mine == row.server else ("слито само", "ok")
