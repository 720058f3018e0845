"""A record read as a paper: the cards of its form as labels and texts, without making the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from client.kit.carrying import held_of
from client.kit.comparison import text_beside
from client.kit.held import Held, stored_rows
from client.kit.reading import note_card
from client.kit.records import Records
from client.kit.screen import Line, Part, Rows, Screen
from common.kit.access import opens
from common.kit.kinds import P3
from common.kit.rights import Action

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CardText:
    """Titled lines of (label, text), empty ones left out."""

    cards: tuple[tuple[str, Lines], ...]
    hides: bool
    """There are restricted fields that this person may read, and they were not asked for."""


def read_card(
    store: Records, plan: Screen, id: UUID, *, restricted: bool = False
) -> CardText | None:
    """None where the record is gone. Whoever asks for restricted data is noted first, as the form does it."""
    if store.get(plan.part(plan.main).spec.name, id) is None:
        return None
    if restricted:
        note_card(store, plan, id)
    reader = _Reader(store, plan, held_of(store, plan, id), restricted=restricted)
    cards = [(card.title, tuple(reader.lines(card.lines))) for card in plan.cards]
    return CardText(tuple((title, lines) for title, lines in cards if lines), reader.hides)


class _Reader:
    def __init__(
        self, store: Records, plan: Screen, held: dict[str, Held], *, restricted: bool
    ) -> None:
        self.store, self.plan, self.held, self.restricted = store, plan, held, restricted
        self.rights = store.permissions()
        self.hides = False

    def lines(self, lines: tuple[Line | Rows, ...]) -> Iterator[tuple[str, str]]:
        for each in lines:
            part = self.plan.part(each.part)
            if isinstance(each, Rows):
                yield from self._rows(each, part)
            elif not part.many and self.held[part.name].stored:
                text = self._text(each, part, self.held[part.name].seen)
                label = each.label or part.spec[str(each.fields[0].key)].label
                if text:
                    yield label, text

    def _rows(self, each: Rows, part: Part) -> Iterator[tuple[str, str]]:
        rows = stored_rows(self.store, part, self.held)
        for place, row in enumerate(rows, 1):
            if text := self._text(each.lines[0], part, row.seen):
                yield f"{part.spec.one} {place}" if len(rows) > 1 else part.spec.one, text

    def _text(self, line: Line, part: Part, record: dict[str, Any]) -> str:
        told = []
        for place, attribute in enumerate(line.fields):
            f = part.spec[str(attribute.key)]
            if not opens(self.rights, part.spec, Action.READ, f.field.pd):
                continue
            if f.field.pd is P3 and not self.restricted:
                self.hides = True
                continue
            value = record.get(f.name)
            special = line.format if place == 0 and value is not None else None
            told.append(special.show(value) if special else text_beside(self.store, f, value))
        return " · ".join(filter(None, told))
