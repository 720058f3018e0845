"""What an administrator reads at the server: the journal of visits, the sign-ins that last, who opened a card."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject

from client.kit.record_page import RecordPage
from client.shell.frame import MainFrame
from client.shell.visits import SessionsPage, VisitsPage
from client.store.store import Store

VISITS, SESSIONS = "visits", "sessions"
NEEDED = "administration.read.P1"

SECTIONS = (
    (VISITS, "Журнал посещений", "history"),
    (SESSIONS, "Сеансы", "monitor"),
)


class Administering(QObject):
    def __init__(self, store: Store, server: str, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.server, self.frame = store, server, frame

    @property
    def allowed(self) -> bool:
        return NEEDED in {str(p) for p in self.store.permissions()}

    def sections(self) -> tuple[tuple[str, str, str], ...]:
        return SECTIONS if self.allowed else ()

    def open_section(self, name: str) -> bool:
        """False where it is no section of these."""
        if name == VISITS:
            self.open_visits()
        elif name == SESSIONS:
            self.open_sessions()
        return name in (VISITS, SESSIONS)

    def open_visits(self) -> None:
        self._open(VISITS, "Журнал посещений", "history")

    def open_sessions(self) -> None:
        self._open(SESSIONS, "Сеансы", "monitor")

    def _open(self, key: str, title: str, icon: str) -> None:
        """What is open already is asked for anew."""
        if self.frame.has_tab(key):
            page = self.frame.tab(key)
            if isinstance(page, VisitsPage | SessionsPage):
                page.reload()
            self.frame.open_tab(key, "", page)
            return
        make = VisitsPage if key == VISITS else SessionsPage
        self.frame.open_tab(key, title, make(self.store, self.server), icon)

    def open_who(self) -> None:
        """Of the card on the screen."""
        page = self.frame.current_page()
        if not isinstance(page, RecordPage):
            self.frame.set_status("Откройте карточку, о которой спрашиваете")
            return
        self.show_who(page.main_id(), page.tab_title())

    def show_who(self, id: UUID, name: str) -> None:
        key = f"who:{id.hex}"
        if not self.frame.has_tab(key):
            page = VisitsPage(self.store, self.server, row=id, name=name)
            self.frame.open_tab(key, "Кто открывал", page, "eye")
        else:
            self.frame.open_tab(key, "", self.frame.tab(key))
