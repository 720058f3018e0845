"""«История»: who gave each field of a card its value, when, what was and what became; read from the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from client.kit.rows import Column, FixedRows, TextLine
from client.net.link import Link
from client.shell.online import LongPage, Piece
from client.shell.record_words import RecordWords, moment
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.history import HIDDEN, Step, Turned

KINDS = {"create": "Создано", "change": "Изменено", "delete": "В корзину"}
TONES = {"Создано": "ok", "Изменено": "accent", "В корзину": "bad"}
KEPT_NOWHERE = "не хранится"
"""Of restricted values the journal has that they were changed."""


class StepRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("at", "Когда", 140, sortable=False),
        Column("who", "Кто", 190, sortable=False),
        Column("kind", "Что", 100, pill=True, sortable=False),
        Column("record", "Запись", 190, sortable=False),
        Column("field", "Поле", 170, sortable=False),
        Column("before", "Было", 175, sortable=False),
        Column("after", "Стало", 175, sortable=False),
    )


class HistoryPage(LongPage):
    """Of all records behind one card, the newest first; the quick filter narrows it to a field or a person."""

    rows, tones = StepRows, TONES
    unit = ("изменение", "изменения", "изменений")

    def __init__(self, store: Store, server: str, records: Sequence[UUID], name: str) -> None:
        empty = "Изменений, которые вам видны, нет"
        super().__init__(store, server, f"История: {name}", empty=empty)
        self.records = tuple(records)
        self.reload()

    def narrow(self, words: str) -> None:
        """Show only the lines with these words."""
        self.table.quick.setText(words)
        self._show()

    def piece(self, after: str) -> Callable[[Link], Piece]:
        def read(link: Link) -> Piece:
            """Names of what is pointed at are read here too."""
            answer = link.history(self.records, int(after or 0))
            lines = lines_of(RecordWords(self.store), answer.steps)
            return Piece(lines, str(answer.before) if answer.before else "")

        return read


def lines_of(names: RecordWords, steps: Sequence[Step]) -> list[TextLine]:
    """A line for each field; a record that was made or deleted has one of its own where no field tells it."""
    found: list[TextLine] = []
    for step in steps:
        spec = spec_of(step.entity)
        at = (moment(step.who.at), step.who.name, KINDS.get(step.kind, step.kind), spec.one)
        told = [turn for turn in step.fields if _is_told(turn, spec.by_name)]
        for turn in told:
            field = spec[turn.name]
            values = (_value(names, field, turn.before), _value(names, field, turn.after))
            key = f"{step.seq}:{step.row}:{turn.name}"
            found.append(TextLine(key, (*at, field.label, *values)))
        if not told:
            found.append(TextLine(f"{step.seq}:{step.row}", (*at, "", "", "")))
    return found


def _is_told(turn: Turned, known: Mapping[str, Any]) -> bool:
    """An empty field of a new record says nothing."""
    return turn.name in known and (turn.before, turn.after) != (None, None)


def _value(names: RecordWords, field: Any, wire: Any) -> str:
    return KEPT_NOWHERE if wire == HIDDEN else names.value(field, wire)
