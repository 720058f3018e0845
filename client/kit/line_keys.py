"""What keys of a quick filter's line mean beyond its words."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


class LineKeys(Protocol):
    """Each answers whether it did something."""

    def settle(self) -> bool:
        """Before Enter goes on to the rows; False holds it."""
        ...

    def drop_last(self) -> bool:
        """Esc where there are no words."""
        ...

    def reopen_last(self) -> bool:
        """Backspace where there are no words."""
        ...


class WordsAlone:
    """The line of a list without conditions."""

    def settle(self) -> bool:
        return True

    def drop_last(self) -> bool:
        return False

    def reopen_last(self) -> bool:
        return False


def plainly_typed(event: QKeyEvent) -> bool:
    """A letter or a digit, not a shortcut; Space chooses rows."""
    shift = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    return (
        bool(text) and text.isprintable() and not text.isspace() and not event.modifiers() & ~shift
    )
