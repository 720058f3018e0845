"""Opens «Расхождения» and the decision about one of them as tabs of the window, and keeps both true."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, Signal

from client.kit.background import Background
from client.shell.differences import DifferencesScreen
from client.shell.frame import MainFrame
from client.shell.resolution import ResolutionPage
from client.store.store import Store

LIST = "differences"
ONE = "resolution"


class Inbox(QObject):
    """`decided` when something new is to be sent or counted."""

    decided = Signal()

    def __init__(self, store: Store, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.frame = store, frame
        self.background = Background(self)

    def open(self) -> None:
        """The list of what needs a person."""
        if not self.frame.has_tab(LIST):
            screen = DifferencesScreen(self.store, self.background)
            screen.opened.connect(self.open_one)
            self.frame.open_tab(LIST, "Расхождения", screen, "git-merge")
            screen.table.view.setFocus()
        else:
            self.frame.open_tab(LIST, "", self.frame.tab(LIST))
            self.refresh()

    def open_one(self, uuid: UUID) -> None:
        if not self.frame.has_tab(ONE):
            page = ResolutionPage(self.store, self.background)
            page.renamed.connect(self._rename)
            page.decided.connect(self._decided)
            page.left.connect(self._leave)
            self.frame.open_tab(ONE, "Решение", page, "git-merge", section=LIST)
        else:
            self.frame.open_tab(ONE, "", self.frame.tab(ONE))
        page = self._page()
        page.open(uuid)
        page.view.setFocus()

    def _page(self) -> ResolutionPage:
        page = self.frame.tab(ONE)
        assert isinstance(page, ResolutionPage)  # noqa: S101  the key's own
        return page

    def refresh(self) -> None:
        """Records or answers have come: the open tabs show them."""
        if self.frame.has_tab(LIST):
            screen = self.frame.tab(LIST)
            assert isinstance(screen, DifferencesScreen)  # noqa: S101  the key's own
            screen.reload()
        if self.frame.has_tab(ONE):
            self._page().reload()

    def _rename(self, title: str) -> None:
        if self.frame.has_tab(ONE):
            self.frame.set_tab_title(ONE, title)

    def _decided(self) -> None:
        if self.frame.has_tab(LIST):
            screen = self.frame.tab(LIST)
            assert isinstance(screen, DifferencesScreen)  # noqa: S101  the key's own
            screen.reload()
        self.decided.emit()

    def _leave(self) -> None:
        self.frame.close_tab(ONE)
        self.open()
