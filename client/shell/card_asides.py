"""What is asked about the card on the screen: the history of its fields, and where its record is used."""

from __future__ import annotations

from PySide6.QtCore import QObject

from client.kit.background import Background
from client.kit.record_page import RecordPage
from client.shell.frame import MainFrame
from client.shell.history_page import HistoryPage
from client.shell.uses_page import UsesPage
from client.shell.workplace import Workplace
from client.store.store import Store

NO_CARD = "Откройте карточку, о которой спрашиваете"
NOT_STORED = "Эта запись ещё не записана: истории у неё нет"


class CardAsides(QObject):
    def __init__(self, store: Store, server: str, frame: MainFrame, work: Workplace) -> None:
        super().__init__(frame)
        self.store, self.server, self.frame, self.work = store, server, frame, work
        self.background = Background(self)

    def open_history(self) -> None:
        """Of all records of the card; where the focus is in a field, of that one."""
        page = self._card()
        if page is None:
            return
        field = page.form.focused_field()
        key = f"history:{page.main_id().hex}"
        opened = self.frame.has_tab(key)
        if not opened:
            made = HistoryPage(self.store, self.server, page.form.stored_ids(), page.tab_title())
            self.frame.open_tab(key, f"История: {page.tab_title()}", made, "history")
        shown = self.frame.tab(key)
        assert isinstance(shown, HistoryPage)  # noqa: S101  the key's own
        if opened:  # the card may have grown since, and what it was asked for is old
            shown.records = tuple(page.form.stored_ids())
            shown.reload()
        shown.narrow(field.label if field else "")
        self.frame.open_tab(key, "", shown)

    def open_uses(self) -> None:
        page = self._card()
        if page is None:
            return
        key = f"uses:{page.main_id().hex}"
        if not self.frame.has_tab(key):
            entity = page.form.plan.name
            made = UsesPage(self.store, self.background, entity, page.main_id(), page.tab_title())
            made.opened.connect(self.work.open_holder)
            self.frame.open_tab(key, f"Где используется: {page.tab_title()}", made, "link")
        else:
            self.frame.open_tab(key, "", self.frame.tab(key))

    def _card(self) -> RecordPage | None:
        page = self.frame.current_page()
        if not isinstance(page, RecordPage):
            self.frame.set_status(NO_CARD)
            return None
        if not page.form.stored_ids():
            self.frame.set_status(NOT_STORED)
            return None
        return page
