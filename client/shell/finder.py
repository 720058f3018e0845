"""What the words in the search line may mean: sections and actions at once, people as soon as they are found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from client.kit.background import Background
from client.kit.records import ListRow
from client.shell.palette import Found, Palette, matching
from client.store.store import Store
from common.admissions.lists import APPLICANTS
from common.kit.rights import Action

FEW = 4
"""Lines of each kind: all of them are seen at once."""


class Finder:
    """`known` gives the sections and actions of the moment."""

    def __init__(
        self,
        palette: Palette,
        store: Store,
        background: Background,
        *,
        known: Callable[[], list[Found]],
        open_person: Callable[[UUID], object],
        search: Callable[[str], object],
    ) -> None:
        self.palette, self.store, self.background = palette, store, background
        self.known, self.open_person, self.search = known, open_person, search

    def suggest(self, text: str) -> None:
        if not text.strip():
            self.palette.offer(())
            return
        known = matching(text, self.known())[:FEW]
        if not self.store.may(Action.READ, APPLICANTS.main):
            self.palette.offer(known)
            return
        self.palette.offer((*known, self._in_list(text)))
        self.background.ask(
            "people", lambda: people(self.store, text), partial(self._offer_people, text, known)
        )

    def _in_list(self, text: str) -> Found:
        words = f"Найти «{text.strip()}» в списке поступающих"
        return Found(words, "search", partial(self.search, text))

    def _offer_people(self, text: str, known: list[Found], rows: list[ListRow]) -> None:
        if text != self.palette.line.text() or not self.palette.isVisible():
            return  # typed on, or done meanwhile
        found = [
            Found(
                f"{row.texts[1]}, № {row.texts[0]}", "user", partial(self.open_person, UUID(row.id))
            )
            for row in rows
        ]
        self.palette.offer((*known, *found, self._in_list(text)))


def people(store: Store, text: str) -> list[ListRow]:
    """The first applicants of the quick filter."""
    visible = [column.key for column in APPLICANTS.columns if not column.hidden]
    numbers = store.list_ids(APPLICANTS.name, text, APPLICANTS.order, visible)
    return store.list_page(APPLICANTS.name, numbers[:FEW])
