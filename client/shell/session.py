"""What was open when the program ended: tabs in their order, the row of a list, how far a form was scrolled; a list itself knows how it was left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from client.kit.background import Background
from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell.frame import MainFrame
from client.store.sleeping import is_asleep
from client.store.store import Store

FACT = "session"
MOST = 8
"""Cards that are opened again: each is read anew."""


class Session(QObject):
    """Kept in the account's journal, under its key, whenever another tab is shown and at the end.

    What was seen is opened at once, the other tabs one by one behind it, while the window answers.
    """

    def __init__(self, store: Store, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.frame = store, frame
        self.background = Background(self)
        self.begun = False
        """Until the last session is restored nothing is kept over it."""
        self._order: list[str] = []
        self._later: dict[str, dict[str, Any]] = {}
        """Tabs that are still to be opened, with how they were left."""
        self._open: Callable[[str], object] = str
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self.go_on)
        frame.tab_changed.connect(lambda _key: self.keep())
        frame.uncovered.connect(self.go_on)

    def keep(self) -> None:
        """Read off the window here, written off its thread."""
        if not self.begun or not self.frame.has_tabs or is_asleep(self.store):
            return
        shown = {key: state_of(self.frame.tab(key)) for key in self.frame.tabs_in_order()}
        tabs = [[key, state] for key, state in shown.items() if state is not None]
        kept = {"tabs": tabs, "current": self.frame.current_tab()}
        self.background.ask(FACT, lambda: self._write(kept), lambda _none: None)

    def _write(self, kept: dict[str, Any]) -> None:
        with self.store.lock:
            if not is_asleep(self.store) and self.store.signed_in:
                self.store.journal.set_facts(**{FACT: kept})

    def restore(self, open_tab: Callable[[str], object]) -> frozenset[str]:
        """`open_tab(key)` opens a section or a stored record, where it is still there; which it will be asked for later."""
        self.begun = False
        kept = self.store.journal.fact(FACT, {})
        wanted = dict(_not_too_many(kept.get("tabs", [])))
        self._open, self._order, self._later = open_tab, list(wanted), wanted
        for key in [key for key in wanted if self.frame.has_tab(key)]:
            show_state(self.frame.tab(key), wanted.pop(key))
        seen = str(kept.get("current"))
        try:
            if self.frame.has_tab(seen):
                self.frame.open_tab(seen, "", self.frame.tab(seen))
            elif wanted:
                seen = seen if seen in wanted else list(wanted)[-1]
                self._bring(seen, wanted.pop(seen))
        finally:
            self._plan()
        return frozenset(wanted)

    def _plan(self) -> None:
        if self._later:
            self._timer.start()
        else:
            self.begun = True

    def go_on(self) -> None:
        """Open one more; behind the lock nothing is opened, and what is left waits for the password."""
        frame = self.frame
        if not self._later or not frame.has_tabs or frame.covered or is_asleep(self.store):
            return
        key = next(iter(self._later))
        state = self._later.pop(key)
        try:
            if not frame.has_tab(key):
                with frame.behind():
                    self._bring(key, state)
        finally:  # one card that cannot be shown does not keep the others away
            self._plan()

    def _bring(self, key: str, state: dict[str, Any]) -> None:
        self._open(key)
        if self.frame.has_tab(key):
            self._place(key)
            show_state(self.frame.tab(key), state)

    def _place(self, key: str) -> None:
        """Where it stood among those that are open again."""
        tabs, at = self.frame.tabs, self._order.index(key)
        before = [k for k in self._order[:at] if self.frame.has_tab(k)]
        after = [k for k in self._order[at + 1 :] if self.frame.has_tab(k)]
        if before:
            tabs.moveTab(tabs.place_of(key), tabs.place_of(before[-1]) + 1)
        elif after:
            tabs.moveTab(tabs.place_of(key), tabs.place_of(after[0]))


def _not_too_many(tabs: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, Any]]:
    cards = 0
    for key, state in tabs:
        cards += ":" in key
        if cards <= MOST or ":" not in key:
            yield key, state


def state_of(page: QWidget) -> dict[str, Any] | None:
    """Primitives; None where a page is not opened again."""
    if isinstance(page, ListScreen):
        view = page.table.view
        return {
            "top": view.verticalScrollBar().value(),
            "row": "" if page.table.current_key() is None else str(page.table.current_key()),
        }
    if isinstance(page, RecordPage) and page.form.stored_ids():
        return {"top": page.form.area.verticalScrollBar().value()}
    return None


def show_state(page: QWidget, state: dict[str, Any]) -> None:
    if isinstance(page, ListScreen):
        once = Qt.ConnectionType.SingleShotConnection
        page.counted.connect(partial(_go_to, page, state), once)
    elif isinstance(page, RecordPage):
        page.form.area.scroll_to(state["top"])


def _go_to(page: ListScreen, state: dict[str, Any], _words: str = "") -> None:
    """Once the rows have come."""
    page.table.select_keys((), state["row"])
    page.table.view.verticalScrollBar().setValue(state["top"])
