"""A tab whose rows lie at the server only: asked for online, and honest where there is no link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.rows import FixedRows, TextLine, answering
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel, plain
from client.net.link import Link, Offline
from client.store.store import Store
from common.kit.errors import EpoError
from common.kit.words import counted

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
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.body.setSpacing(10)
        self.body.addLayout(self.top)
        self.body.addLayout(self.filters)
        self.body.addWidget(self.said)
        self.body.addWidget(self.table, 1)
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


class Piece(NamedTuple):
    lines: list[TextLine]
    after: str
    """What the next piece is asked for by; empty where there is none."""


class LongPage(OnlinePage):
    """Lines that the server tells piece by piece, the newest first; the quick filter narrows what has come."""

    rows: type[FixedRows[TextLine]]
    tones: Mapping[str, str]
    unit: tuple[str, str, str]
    """A line in the words beside one, two and five of them."""

    def __init__(self, store: Store, server: str, title: str, *, empty: str) -> None:
        super().__init__(store, server, self.rows([], self.tones), title, empty=empty)
        self.lines: list[TextLine] = []
        self._after = ""
        self.more = button("Показать более ранние", "chevron-down", run=self.go_on)
        self.more.hide()
        self.body.addWidget(self.more)
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.show_loading()

    def piece(self, after: str) -> Callable[[Link], Piece]:
        """How the newest piece is read, or the one after that place; it is run off the GUI thread."""
        raise NotImplementedError

    def reload(self) -> None:
        self.ask("piece", self.piece(""), self._take)

    def go_on(self) -> None:
        self.ask("piece", self.piece(self._after), self._take_more)

    def _take(self, piece: Piece) -> None:
        self.lines = []
        self._take_more(piece)

    def _take_more(self, piece: Piece) -> None:
        self.lines += piece.lines
        self._after = piece.after
        self.more.setVisible(bool(piece.after))
        self._show()

    def _show(self) -> None:
        shown = answering(self.lines, self.table.quick.text())
        self.table.refresh(self.rows(shown, self.tones), total=len(self.lines))
        self.said.setText(counted(len(shown), *self.unit))
