"""Ctrl+Z beyond one field: the states of a form, one for each field that was typed into and each row that came or went."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from client.kit.drafts import Drafts

MOST = 100
"""States that are kept."""

State = dict[str, Any]


class Undoing(QObject):
    """The past and the undone future of one form, as its drafts see it."""

    def __init__(self, drafts: Drafts, owner: QObject) -> None:
        super().__init__(owner)
        self._drafts = drafts
        self._past: list[State] = []
        self._future: list[State] = []
        self._now: State = {}
        self._where: object = None
        self._moving = False

    def begin(self) -> None:
        """What is shown now is where undoing ends."""
        self._past, self._future = [], []
        self._now, self._where = self._drafts.body(), None

    def note(self) -> None:
        """Something was changed: letters in one field are one step."""
        state = self._drafts.body()
        if self._moving or _typed(state) == _typed(self._now):
            return
        where = (state["focus"], {name: len(rows) for name, rows in state["rows"].items()})
        if where != self._where:
            self._past = [*self._past, self._now][-MOST:]
        self._now, self._where, self._future = state, where, []

    def undo(self) -> bool:
        """False where nothing is left to take back."""
        return self._go(self._past, self._future)

    def redo(self) -> bool:
        return self._go(self._future, self._past)

    def _go(self, source: list[State], target: list[State]) -> bool:
        if not source:
            return False
        target.append(self._now)
        self._now, self._where = source.pop(), None
        self._moving = True
        self._drafts.rewind(self._now)
        self._moving = False
        return True


def _typed(state: State) -> State:
    return {name: value for name, value in state.items() if name != "focus"}
