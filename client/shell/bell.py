"""The bell: what arrived for the person at this desk, newest first, read or not, each line leading to what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.administration.lists import what
from client.kit.background import Background
from client.kit.buttons import button
from client.kit.rows import Column, FixedRows, answering
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel, plain
from client.shell.frame import MainFrame
from client.shell.record_words import RecordWords, moment
from client.store.news import LEADS, Kind, News, Opens
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.sync import Status
from common.kit.words import counted

TAB = "bell"
NEW = "новое"
TONES = {
    Kind.TROUBLE.label: "bad",
    Kind.RETURNED.label: "bad",
    Kind.HANDED.label: "warn",
    Kind.RESTORED.label: "warn",
    Kind.SENT.label: "ok",
    Kind.RECOVERED.label: "ok",
    Kind.CLOSED.label: "accent",
    Kind.MERGED.label: "accent",
    NEW: "accent",
}


class Line(NamedTuple):
    news: News
    texts: tuple[str, ...]

    @property
    def key(self) -> int:
        return self.news.place


class Lines(FixedRows[Line]):
    """The rows of the list."""

    columns: Sequence[Column] = (
        Column("what", "Что произошло", 250, pill=True, sortable=False),
        Column("record", "Запись", 240, sortable=False),
        Column("said", "Подробно", 190, sortable=False),
        Column("at", "Когда", 130, sortable=False),
        Column("new", "Прочитано", 96, pill=True, sortable=False),
    )


def lines_of(store: Store) -> list[Line]:
    """All in words; for a thread of its own."""
    names = RecordWords(store)
    return [Line(each, _texts(names, each)) for each in store.news()]


def _texts(names: RecordWords, news: News) -> tuple[str, ...]:
    entry = names.entries.get(news.key)
    title = names.title(entry) if entry else names.named(*news.subject)
    if news.kind is Kind.HANDED:
        title = _handed_title(names, *news.subject)
    return (news.kind.label, title, _said(news), moment(news.at), "" if news.read else NEW)


def _handed_title(names: RecordWords, entity: str, id: str) -> str:
    """Whom it is about where one may see that, else what kind of record it is."""
    record = names.record(entity, id)
    if not record:
        return ""
    known = names.named(record["entity"], record["row_id"])
    return known or what(record["kind"], record["entity"])


def _said(news: News) -> str:
    if news.kind is Kind.TROUBLE:
        return Status.of(news.said["status"]).label
    if news.kind is Kind.MERGED:
        spec = spec_of(news.subject[0])
        return ", ".join(spec[n].label for n in news.said["fields"] if n in spec.by_name)
    return str(news.said.get("who", ""))


class BellScreen(QWidget):
    """`opened(News)` by Enter; `read` when something is read."""

    opened = Signal(object)
    read = Signal()

    def __init__(self, store: Store, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store, self.background = store, background
        self.all: list[Line] = []
        self.summary = plain("", role="muted")
        self.summary.setWordWrap(True)
        self.all_read = button("Прочитано всё  Ctrl+Enter", "check-check", run=self.read_all)
        self.table = PagedTable(Lines((), TONES), "Уведомления", empty="Пока ничего не приходило")
        self.table.opened.connect(self._open)
        self.table.filter_asked.connect(lambda _text: self._show())
        top = QHBoxLayout()
        top.addWidget(ElidedLabel("Уведомления", role="title"), 1)
        top.addWidget(self.all_read)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(top)
        body.addWidget(self.summary)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.view)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.read_all)
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        self.background.ask("bell", lambda: lines_of(self.store), self._take, owner=self)

    def _take(self, lines: list[Line]) -> None:
        first, self.all = self.table.model.rowCount() == 0, lines
        self._show()
        if first and self.all:
            self.table.select_keys([self.all[0].key], self.all[0].key)
            if self.isVisible():
                self.table.view.setFocus()

    def _show(self) -> None:
        shown = answering(self.all, self.table.quick.text())
        self.table.refresh(Lines(shown, TONES), total=len(self.all))
        new = sum(not line.news.read for line in self.all)
        said = counted(new, "новое уведомление", "новых уведомления", "новых уведомлений")
        self.summary.setText(
            f"{said}. Enter открывает то, о чём сказано" if new else "Всё прочитано."
        )
        self.all_read.setEnabled(new > 0)

    def _open(self, key: object) -> None:
        line = next((line for line in self.all if line.key == key), None)
        if line is not None:
            self._mark([line.news.place])
            self.opened.emit(line.news)

    def read_all(self) -> None:
        self._mark(None)

    def _mark(self, places: Sequence[int] | None) -> None:
        self.background.ask(
            "read", lambda: self.store.read_news(places), lambda _: self._told(), owner=self
        )

    def _told(self) -> None:
        self.reload()
        self.read.emit()


class Bell(QObject):
    """Opens the list as a tab; `difference(uuid)`, `handed(id)` and `record(entity, id)` ask for what a line speaks of."""

    difference = Signal(object)
    handed = Signal(object)
    record = Signal(str, str)
    read = Signal()

    def __init__(self, store: Store, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.frame = store, frame
        self.background = Background(self)

    def open(self) -> None:
        if self.frame.has_tab(TAB):
            self.frame.open_tab(TAB, "", self.frame.tab(TAB))
            self.refresh()
            return
        screen = BellScreen(self.store, self.background)
        screen.opened.connect(self._lead)
        screen.read.connect(self.read)
        self.frame.open_tab(TAB, "Уведомления", screen, "bell")
        screen.table.view.setFocus()

    def refresh(self) -> None:
        if self.frame.has_tab(TAB):
            screen = self.frame.tab(TAB)
            assert isinstance(screen, BellScreen)  # noqa: S101  the key's own
            screen.reload()

    def _lead(self, news: News) -> None:
        match LEADS[news.kind]:
            case Opens.DIFFERENCES:
                self.difference.emit(UUID(news.key.partition(":")[0]))
            case Opens.HANDED:
                self.handed.emit(UUID(news.subject[1]))
            case Opens.RECORD:
                self.record.emit(*news.subject)
            case Opens.NOTHING:
                pass
