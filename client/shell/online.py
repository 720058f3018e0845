"""A tab whose rows lie at the server only: asked for online, and honest where there is no link."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.rows import FixedRows
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel, plain
from client.net.link import Link, Offline
from client.store.store import Store
from common.kit.errors import EpoError

ONLY_THERE = "хранится только на сервере и покажется, когда связь появится. Повторить — «Обновить»"


class OnlinePage(QWidget):
    """`answered` when an answer has come, or it was said why not."""

    answered = Signal()

    def __init__(
        self, store: Store, server: str, rows: FixedRows[Any], title: str, *, empty: str
    ) -> None:
        super().__init__()
        self.store, self.server, self.title = store, server, title
        self.background = Background(self)
        self.heading = ElidedLabel(title, role="title")
        self.said = plain("", role="muted")
        self.said.setWordWrap(True)
        self.table = PagedTable(rows, title, empty=empty)
        self.top = QHBoxLayout()
        self.top.setSpacing(8)
        self.top.addWidget(self.heading, 1)
        self.top.addWidget(button("Обновить", "refresh-cw", run=self.reload))
        self.filters = QHBoxLayout()
        self.filters.setSpacing(12)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(self.top)
        body.addLayout(self.filters)
        body.addWidget(self.said)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.view)

    def reload(self) -> None:
        """Each page asks for what it shows."""
        raise NotImplementedError

    def ask(self, name: str, work: Callable[[Link], Any], done: Callable[[Any], None]) -> None:
        """Off the GUI thread, over a connection of its own."""
        token = str(self.store.journal.fact("token", ""))

        def run() -> Any:
            with closing(Link(self.server, token)) as link:
                return work(link)

        def take(answer: Any) -> None:
            done(answer)
            self.answered.emit()

        self.background.ask(name, run, take, self._refuse, owner=self)

    def _refuse(self, fault: EpoError) -> None:
        offline = isinstance(fault, Offline)
        self.said.setText(
            f"Нет связи с сервером: «{self.title}» {ONLY_THERE}" if offline else fault.message
        )
        self.said.show()
        self.answered.emit()
