"""«Расхождения»: what needs a person, each with those that wait behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.rows import Column, FixedRows, answering
from client.kit.table import PagedTable
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from client.shell.record_words import RecordWords, moment
from client.shell.states import state_words, tone_of
from client.store.decisions import Trouble
from client.store.entry import Entry
from client.store.store import Store
from common.kit.words import counted

WIDE = 900
"""Pixels at scale 1."""


class Listed(NamedTuple):
    """A line of the list; `opens` is the trouble that it leads to."""

    key: UUID
    opens: UUID
    texts: tuple[str, ...]
    tone: str
    away: bool = False
    """An administrator has it."""


def standing(troubles: Sequence[Trouble]) -> list[Trouble]:
    """Those that are decided by themselves, oldest first: not the ones held behind another of them."""
    behind = {entry.op.uuid for trouble in troubles for entry in trouble.held}
    return [trouble for trouble in troubles if trouble.entry.op.uuid not in behind]


class Lines(FixedRows[Listed]):
    """The rows of the list, a held one beneath the one that it waits for."""

    columns: Sequence[Column] = (
        Column("record", "Запись", 256, sortable=False),
        Column("state", "Состояние", 190, pill=True, sortable=False),
        Column("since", "С какого времени", 150, sortable=False),
        Column("held", "Ждут за ней", 110, right=True, sortable=False),
    )


def lines_of(store: Store, troubles: Sequence[Trouble]) -> list[Listed]:
    names = RecordWords(store)
    found = []
    for trouble in standing(troubles):
        root = trouble.entry
        found.append(_line(names, root, root, len(trouble.held)))
        found += [_line(names, entry, root) for entry in trouble.held]
    return found


def _line(names: RecordWords, entry: Entry, root: Entry, held: int = 0) -> Listed:
    title = names.title(entry)
    texts = (
        title if entry is root else f"↳ {title}",
        state_words(entry),
        moment(entry.op.at),
        str(held) if held else "",
    )
    return Listed(entry.op.uuid, root.op.uuid, texts, tone_of(entry), entry.away)


class DifferencesScreen(QWidget):
    """`opened(uuid)`: a person wants to decide about that operation."""

    opened = Signal(object)

    def __init__(self, store: Store, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store, self.background = store, background
        self.all: list[Listed] = []
        self.summary = plain("Смотрю, что ждёт решения…", role="muted")
        self.summary.setWordWrap(True)
        self.table = PagedTable(
            Lines((), {}), "Расхождения", empty="Расхождений нет: сервер принял всё отправленное"
        )
        self.table.opened.connect(self._open)
        self.table.filter_asked.connect(lambda _text: self._show())
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addWidget(ElidedLabel("Расхождения", role="title"))
        body.addWidget(self.summary)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.view)
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        """Ask off the GUI thread: the store may be busy with a pull."""
        self.background.ask(
            "lines", lambda: lines_of(self.store, self.store.troubles()), self._take, owner=self
        )

    def _take(self, lines: list[Listed]) -> None:
        first, self.all = self.table.model.rowCount() == 0, lines
        self._show()
        if first and self.all and self.isVisible():
            self.table.view.setFocus()  # it could not take it while there was nothing to see
        if self.all and not self.table.view.currentIndex().isValid():
            self.table.select_keys([self.all[0].key], self.all[0].key)

    def _show(self) -> None:
        shown = answering(self.all, self.table.quick.text())
        tones = {line.texts[1]: line.tone for line in shown}
        self.table.refresh(Lines(shown, tones), total=len(self.all))
        away = sum(line.away for line in self.all)
        self.summary.setText(summary(len(self.all) - away, away))

    def _open(self, key: object) -> None:
        line = next((line for line in self.all if line.key == key), None)
        if line is not None:
            self.opened.emit(line.opens)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room the longest state is read whole."""
        super().resizeEvent(event)
        wide = self.width() >= theme().px(WIDE)
        self.table.view.set_wanted_width(1, theme().px(280 if wide else 190))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if event.type() == QEvent.Type.Show:
            self.reload()


def summary(number: int, away: int = 0) -> str:
    """How many need this person, and how many an administrator has."""
    with_him = counted(away, "запись", "записи", "записей") + " у администратора."
    if not number:
        return f"Решать нечего; {with_him}" if away else "Решать нечего."
    waits = counted(number, "запись ждёт", "записи ждут", "записей ждут")
    return (
        f"{waits} вашего решения{f', {with_him[:-1]}' if away else ''}. Ничего не потеряно: обе версии остаются "
        "в журнале. Enter открывает запись; решить можно сейчас или позже"
    )
