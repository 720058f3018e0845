"""A merge as the rows of a table: values as the form would show them, and which of them is chosen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from client.kit.rows import Column
from client.shell.merge import Merge, Row, Side, state_of
from client.shell.record_words import RecordWords
from common.kit.entity import spec_of
from common.kit.spec import FieldSpec
from common.kit.sync import WHOLE

AUTHORS = "как у автора"
TOLD: dict[str, dict[str, Any]] = {"mine": {"title": "У автора"}, "state": {"width": 150}}
"""What is otherwise with the columns where somebody else looks at them."""


class Texts:
    """Values as the form would show them; `prepare` reads the store once, in a thread of its own."""

    def __init__(self, names: RecordWords) -> None:
        self.names = names
        self._known: dict[tuple[str, str], str] = {}

    def prepare(self, merge: Merge) -> None:
        for row in merge.rows:
            if row.name != WHOLE:
                f = spec_of(merge.trouble.entry.subject[0])[row.name]
                for value in (row.was, row.mine, row.server, row.edited):
                    self.of(f, value)

    def of(self, f: FieldSpec, value: Any) -> str:
        key = (f.name, repr(value))
        if key not in self._known:
            self._known[key] = self.names.value(f, value)
        return self._known[key]


class FieldRows:
    """The rows of a merge as a table shows them."""

    columns: Sequence[Column] = (
        Column("field", "Поле", 132, sortable=False),
        Column("was", "Было", 96, sortable=False),
        Column("mine", "У вас", 126, sortable=False),
        Column("server", "На сервере", 126, sortable=False),
        Column("result", "Итог", 108, sortable=False),
        Column("state", "Решение", 116, pill=True, sortable=False),
    )

    def __init__(self, merge: Merge | None, texts: Texts | None, *, chosen: bool = True) -> None:
        """Without `chosen` nobody picks a side: one's own column is its author's, told to somebody else."""
        self.merge, self.texts, self.chosen = merge, texts, chosen
        if not chosen:
            self.columns = tuple(replace(c, **TOLD.get(c.id, {})) for c in self.columns)

    def count(self) -> int:
        return len(self.merge.rows) if self.merge else 0

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        return [self._texts(row) for row in self.merge.rows[start:stop]] if self.merge else []

    def _texts(self, row: Row) -> tuple[str, ...]:
        assert self.merge is not None  # noqa: S101  only then there are rows
        mine, server = self._text(row, row.mine), self._text(row, row.server)
        if self.chosen and not row.fixed and not self.merge.create:
            mine = f"{_mark(row, Side.MINE)} {mine}"
            server = f"{_mark(row, Side.SERVER)} {server}"
        unset = row.fixed or row.side is Side.NONE
        result = "" if unset else self._text(row, row.result)
        state, _ = state_of(row, conflict=self.merge.conflict)
        if not self.chosen and row.side is Side.MINE:
            state = AUTHORS
        return row.label, self._text(row, row.was), mine, server, result, state

    def _text(self, row: Row, value: Any) -> str:
        if row.name == WHOLE or self.texts is None or self.merge is None:
            return str(value)
        return self.texts.of(spec_of(self.merge.trouble.entry.subject[0])[row.name], value)

    def key_at(self, row: int) -> Hashable:
        return self.merge.rows[row].name if self.merge else None

    def row_of(self, key: Hashable) -> int | None:
        rows = self.merge.rows if self.merge else ()
        return next((n for n, row in enumerate(rows) if row.name == key), None)

    def tone(self, column: str, text: str) -> str:
        rows = self.merge.rows if self.merge else ()
        states = (state_of(row, conflict=self.merge.conflict) for row in rows if self.merge)
        return next((tone for said, tone in states if said == text), "muted")


def _mark(row: Row, side: Side) -> str:
    return "●" if row.side is side else "○"
