"""What was open when the program ended: tabs in their order, the row of a list, how far a form was scrolled; a list itself knows how it was left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell.frame import MainFrame
from client.store.sleeping import is_asleep
from client.store.store import Store

FACT = "session"
MOST = 8
"""Cards that are opened again: each is read anew."""


class Session(QObject):
    """Kept in the account's journal, under its key, whenever another tab is shown and at the end."""

    def __init__(self, store: Store, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.frame = store, frame
        self.begun = False
        """Until the last session is restored nothing is kept over it."""
        frame.tab_changed.connect(lambda _key: self.keep())

    def keep(self) -> None:
        if not self.begun or not self.frame.has_tabs or is_asleep(self.store):
            return
        shown = {key: state_of(self.frame.tab(key)) for key in self.frame.tabs_in_order()}
        tabs = [[key, state] for key, state in shown.items() if state is not None]
        if self.store.signed_in:
            kept = {"tabs": tabs, "current": self.frame.current_tab()}
            self.store.journal.set_facts(**{FACT: kept})

    def restore(self, open_tab: Callable[[str], object]) -> None:
        """`open_tab(key)` opens a section or a stored record, where it is still there."""
        kept = self.store.journal.fact(FACT, {})
        cards = 0
        for key, state in kept.get("tabs", []):
            cards += ":" in key
            if cards > MOST and ":" in key:
                continue
            open_tab(key)
            if self.frame.has_tab(key):
                show_state(self.frame.tab(key), state)
        if self.frame.has_tab(str(kept.get("current"))):
            self.frame.open_tab(kept["current"], "", self.frame.tab(kept["current"]))
        self.begun = True


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
