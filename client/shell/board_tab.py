"""The tab «Ход приёма»: opened by rights, counted anew while somebody looks, printed."""

from __future__ import annotations

from PySide6.QtCore import QObject

from client.admissions.board import BoardPage
from client.kit.preview import PaperPreview
from client.shell.frame import MainFrame
from client.store.store import Store
from common.kit.rights import Action

BOARD, TITLE, ICON = "board", "Ход приёма", "chart-column"


class BoardTab(QObject):
    def __init__(self, store: Store, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.frame = store, frame

    @property
    def allowed(self) -> bool:
        return self.store.may(Action.READ, "application")

    def open(self) -> None:
        if not self.frame.has_tab(BOARD):
            page = BoardPage(self.store)
            page.print_asked.connect(self._print)
            self.frame.open_tab(BOARD, TITLE, page, ICON)
            page.area.setFocus()
            return
        self.frame.open_tab(BOARD, "", self.frame.tab(BOARD))

    def refresh(self) -> None:
        """What was filed here or arrived is counted at once, while somebody looks; else when it is shown again."""
        page = self.frame.tab(BOARD) if self.frame.has_tab(BOARD) else None
        if isinstance(page, BoardPage) and page.isVisible():
            page.reload()

    def _print(self, paper: bytes) -> None:
        """No person is on it: nobody need know that it was printed."""
        PaperPreview(
            paper, TITLE, self.frame, name="ход приёма.pdf", leaving=lambda _kind: None
        ).open()
