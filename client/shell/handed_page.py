"""The tab in which an administrator decides about one operation that was handed to him."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from client.administration.lists import TONES
from client.kit.buttons import button
from client.kit.rows import RowModel
from client.kit.table_paint import Header
from client.kit.table_view import FrozenView
from client.kit.theme import restyle
from client.kit.words import ElidedLabel, plain
from client.kit.wrap_row import WrapRow
from client.shell.asking import AskReturn, EditValues
from client.shell.merge import Merge
from client.shell.merge_rows import FieldRows, Texts
from client.shell.record_words import Names, moment
from client.store.handed import HandedWork
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.sync import Save
from common.kit.wire import unpack_record

HIDDEN = "Часть значений вам не видна по правам; они уйдут так, как их написал автор."
ON_ITS_WAY = "Ваше решение записано и ждёт отправки."


class HandedPage(QWidget):
    """`decided` after a decision is recorded; `left` when the tab is to be closed."""

    decided = Signal()
    left = Signal()

    def __init__(self, store: Store, id: UUID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.work = HandedWork(store, id)
        self.merge = Merge(self.work.trouble)
        self.names = Names(store)
        self.heading = ElidedLabel(self.names.title(self.work.trouble.entry), role="title")
        self.state = plain("", role="pill")
        self.story = plain("", role="muted")
        self.word = plain(f"Просит: {self.work.record['word'] or '(вам не видно)'}", role="strong")
        self.reason = plain("")
        for label in (self.story, self.word, self.reason):
            label.setWordWrap(True)
        self.banner = QFrame()
        self.model = RowModel(FieldRows(self.merge, Texts(self.names), chosen=False), self)
        self.view = FrozenView(self.model, Header(), even=True)
        self.view.setAccessibleName("Поля записи: было, у автора, на сервере, итог")
        self.edit = button("Править итог  F2", "pencil", run=self.edit_current)
        self.returning = button("Вернуть автору…", "undo-2", run=self.ask_return)
        self.later = button("Отложить", run=self.left.emit)
        self.accept = button(
            "Отправить от своего имени  Ctrl+Enter", "send", primary=True, run=self.send
        )
        self._build()
        self._wire()
        self._show()

    def title(self) -> str:
        return f"Переданное: {self.heading.text()}"

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.heading, 1)
        top.addWidget(self.state)
        self.banner.setProperty("role", "banner")
        self.banner.setProperty("tone", "warn")
        inside = QHBoxLayout(self.banner)
        inside.setContentsMargins(12, 6, 12, 6)
        inside.addWidget(self.reason)
        card = QFrame()
        card.setProperty("role", "card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(1, 6, 1, 6)
        rows.addWidget(self.view)
        last = QHBoxLayout()
        last.addWidget(self.later)
        last.addStretch()
        last.addWidget(self.accept)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(top)
        for widget in (self.story, self.word, self.banner):
            body.addWidget(widget)
        body.addWidget(card, 1)
        body.addLayout(WrapRow(self.edit, self.returning))
        body.addLayout(last)
        self.setFocusProxy(self.view)

    def _wire(self) -> None:
        for keys, act in (
            ("F2", self.edit_current),
            ("Ctrl+Return", self.send),
            ("Ctrl+Enter", self.send),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.view.doubleClicked.connect(lambda _index: self.edit_current())

    def _show(self) -> None:
        record = self.work.record
        open_ = self.work.waits and not self.work.decided_here
        self.state.setText(record["state"].label)
        restyle(self.state, "tone", TONES[record["state"].label])
        handed = moment(int(record["handed_at"].timestamp() * 1000))
        self.story.setText(
            f"{record['author']}, передано {handed}. Ответ сервера: {record['status'].label.lower()}."
        )
        self.say(" ".join(self._reasons()))
        for n in (1, 3):
            self.view.setColumnHidden(n, self.merge.create)
        self.edit.setVisible(open_ and bool(self.merge.rows) and isinstance(self.merge.body, Save))
        self.returning.setVisible(open_)
        self.accept.setVisible(open_)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0, self.view.first_shown()))

    def _reasons(self) -> list[str]:
        said = [self.work.record["why"] or ""]
        if self.work.record["answer"]:
            said.append(f"Ответ автору: «{self.work.record['answer']}».")
        if self.work.hidden:
            said.append(HIDDEN)
        if self.work.waits and self.work.decided_here:
            said.append(ON_ITS_WAY)
        return [text for text in said if text]

    def say(self, text: str) -> None:
        self.reason.setText(text)
        self.banner.setVisible(bool(text))

    # ---- deciding

    def edit_current(self) -> None:
        """The fields of an atom together, in their own editors."""
        place = self.view.currentIndex().row()
        if not self.edit.isVisibleTo(self) or not 0 <= place < len(self.merge.rows):
            return
        spec = spec_of(self.work.trouble.entry.subject[0])
        rows = self.merge.together(self.merge.rows[place].name)
        entity, id = self.work.trouble.entry.subject
        blank = {f.name: f.default for f in spec.fields}
        known = self.store.get(entity, id) or {}
        record = blank | known | unpack_record(spec, self.merge.results())
        fields = [spec[row.name] for row in rows]
        EditValues(self.store, spec.name, fields, record, self._typed, self).open()

    def _typed(self, values: Mapping[str, Any]) -> None:
        place = self.view.currentIndex().row()
        self.merge.edit(values)
        self.model.refresh()
        self.view.setCurrentIndex(self.model.index(max(place, 0), self.view.first_shown()))

    def send(self) -> None:
        if self.accept.isVisibleTo(self):
            self._decide(lambda: self.work.send(self.merge.choices()))

    def ask_return(self) -> None:
        AskReturn(lambda word: self._decide(lambda: self.work.give_back(word)), self).open()

    def _decide(self, act: Callable[[], None]) -> None:
        try:
            act()
        except EpoError as fault:
            self.say(fault.message)
            return
        self.decided.emit()
        self.left.emit()
