"""What an administrator reads at the server: visits, sign-ins that last, who opened a card, what waits for his word."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject

from client.shell.asked_page import RequestsPage
from client.shell.frame import MainFrame
from client.shell.sealed_page import SealedPage
from client.shell.visits import SessionsPage, VisitsPage
from client.store.store import Store

VISITS, SESSIONS, ASKED, SEALED = "visits", "sessions", "asked", "sealed"
READS, DECIDES = "administration.read.P1", "administration.write.P1"

PAGES = {
    VISITS: ("Журнал посещений", "history", READS, VisitsPage),
    SESSIONS: ("Сеансы", "monitor", READS, SessionsPage),
    ASKED: ("Просьбы и номера", "list-checks", DECIDES, RequestsPage),
    SEALED: ("Запечатанное", "lock", DECIDES, SealedPage),
}
"""The title of a section, its icon, the permission that shows it, and what makes its tab."""


class Administering(QObject):
    def __init__(self, store: Store, server: str, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.server, self.frame = store, server, frame

    @property
    def allowed(self) -> bool:
        return any(self.sections())

    def sections(self) -> tuple[tuple[str, str, str], ...]:
        held = {str(p) for p in self.store.permissions()}
        return tuple(
            (key, title, icon) for key, (title, icon, needed, _) in PAGES.items() if needed in held
        )

    def open_section(self, key: str) -> bool:
        """False where it is no section of these; what is open already is asked for anew."""
        if key not in PAGES:
            return False
        title, icon, _, make = PAGES[key]
        if self.frame.has_tab(key):
            page = self.frame.tab(key)
            if isinstance(page, VisitsPage | SessionsPage | RequestsPage | SealedPage):
                page.reload()
            self.frame.open_tab(key, "", page)
        else:
            self.frame.open_tab(key, title, make(self.store, self.server), icon)
        return True

    def show_who(self, id: UUID, name: str) -> None:
        key = f"who:{id.hex}"
        if not self.frame.has_tab(key):
            page = VisitsPage(self.store, self.server, row=id, name=name)
            self.frame.open_tab(key, "Кто открывал", page, "eye")
        else:
            self.frame.open_tab(key, "", self.frame.tab(key))
