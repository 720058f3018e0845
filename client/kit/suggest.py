"""A line of free text that offers usual words: any other text is as good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from client.kit.pick import Option, PickEdit, rank
from common.kit.keys import search_key


class SuggestEdit(PickEdit):
    """Two or three letters and Enter take the first word offered; what is typed otherwise stays as it is."""

    def __init__(
        self, offered: Sequence[str], label: str = "", parent: QWidget | None = None
    ) -> None:
        self._offered = tuple(offered)
        super().__init__(label, parent)

    def _options(self, text: str) -> Sequence[Option]:
        found = [
            (place, search_key(word) != search_key(text), word)
            for word in self._offered
            if (place := rank(text, word)) is not None
        ]
        found.sort(key=lambda each: each[:2])
        return [Option(word, word) for _, _, word in found]

    def _settle_on(self, text: str) -> None:
        """The usual spelling where that is what was typed."""
        known = (word for word in self._offered if search_key(word) == search_key(text))
        word = next(known, text)
        self.choose(Option(word, word))

    def value(self) -> str | None:
        return self.line.text().strip() or None

    def set_value(self, value: str | None) -> None:
        self._show(None if value is None else Option(value, value))
        self.mark_clean()
