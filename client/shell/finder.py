"""What the words in the search line may mean: sections and actions at once, people and records as soon as they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from client.kit.background import Background
from client.kit.records import ListRow
from client.shell.palette import Found, Palette, matching
from client.store.reaching import reach
from client.store.store import Store
from common.admissions.lists import APPLICANTS
from common.kit.lists import ListSpec
from common.kit.rights import Action

FEW = 4
"""Lines of each kind: all of them are seen at once."""
FEWER = 2
"""Records of each other list."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What is done with what was found."""

    known: Callable[[], list[Found]]
    """Sections and actions of the moment."""
    lists: Callable[[], Sequence[tuple[ListSpec, str]]]
    """The lists of this person, with their icons."""
    open: Callable[[ListSpec, UUID], object]
    print: Callable[[str], object]
    search: Callable[[str], object]


class Finder:
    def __init__(self, palette: Palette, store: Store, background: Background, ways: Ways) -> None:
        self.palette, self.store, self.background, self.ways = palette, store, background, ways

    def suggest(self, text: str) -> None:
        self.palette.dismissed = False
        if not text.strip():
            self.palette.offer(())
            return
        known = matching(text, self.ways.known())[:FEW]
        if self.store.may(Action.READ, APPLICANTS.main):
            self.palette.offer((*known, self._in_list(text)))
        else:
            self.palette.offer(known)
        lists = list(self.ways.lists())
        self.background.ask(
            "people", lambda: rows(self.store, lists, text), partial(self._offer, text, known)
        )

    def _in_list(self, text: str) -> Found:
        words = f"Найти «{text.strip()}» в списке поступающих"
        return Found(words, "search", partial(self.ways.search, text))

    def _offer(
        self, text: str, known: list[Found], found: Iterable[tuple[ListSpec, str, ListRow]]
    ) -> None:
        line = self.palette.line
        if text != line.text() or self.palette.dismissed:
            return  # typed on, or done meanwhile
        people = [self._person(row) for spec, _, row in found if spec is APPLICANTS]
        records = [self._record(*each) for each in found if each[0] is not APPLICANTS]
        last = [self._in_list(text)] if self.store.may(Action.READ, APPLICANTS.main) else []
        self.palette.offer((*known, *people, *records, *last))

    def _person(self, row: ListRow) -> Found:
        words = f"{row.texts[1]}, № {row.texts[0]}"
        act = partial(self.ways.open, APPLICANTS, UUID(row.id))
        return Found(words, "user", act, "напечатать заявление", partial(self.ways.print, row.id))

    def _record(self, spec: ListSpec, icon: str, row: ListRow) -> Found:
        named = " ".join(filter(None, row.texts[:2]))
        return Found(f"{spec.title}: {named}", icon, partial(self.ways.open, spec, UUID(row.id)))


def rows(
    store: Store, lists: Sequence[tuple[ListSpec, str]], text: str
) -> list[tuple[ListSpec, str, ListRow]]:
    """The likeliest rows of each list, people first."""
    return [
        (spec, icon, row)
        for spec, icon in sorted(lists, key=lambda each: each[0] is not APPLICANTS)
        for row in reach(store, spec, text, FEW if spec is APPLICANTS else FEWER)
    ]
