"""The tab in which an administrator decides about one operation that was handed to him."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from client.administration.lists import TONES
from client.kit.background import Background
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
from client.shell.record_words import RecordWords, moment
from client.store.handed import HandedWork
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.kinds import P3
from common.kit.sync import Save
from common.kit.wire import unpack_record

HIDDEN = "Часть значений вам не видна по правам; они уйдут так, как их написал автор."
ON_ITS_WAY = "Ваше решение записано и ждёт отправки."


@dataclass(frozen=True, slots=True)
class Opened:
    """All that the page shows, read at once."""

    work: HandedWork
    merge: Merge
    texts: Texts
    title: str
    known: Mapping[str, Any]
    """The record as this desk has it."""
    decided_here: bool


def look(store: Store, id: UUID) -> Opened:
    """For a thread of its own. Restricted values are about to be shown: that is noted. EpoError where it is gone."""
    work = HandedWork(store, id)
    merge, names = Merge(work.trouble), RecordWords(store)
    texts = Texts(names)
    texts.prepare(merge)
    entity, row = work.trouble.entry.subject
    if any(spec_of(entity)[each.name].field.pd is P3 for each in work.trouble.fields):
        store.note_reading(entity, UUID(row))
    known = store.get(entity, row) if merge.rows else None
    return Opened(
        work, merge, texts, names.title(work.trouble.entry), known or {}, work.decided_here
    )


class HandedPage(QWidget):
    """`decided` after a decision is recorded; `left` when the tab is to be closed; `renamed(title)` when it is read."""

    decided = Signal()
    left = Signal()
    renamed = Signal(str)

    def __init__(
        self, store: Store, background: Background, id: UUID, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.store, self.background, self.id = store, background, id
        self.opened: Opened | None = None
        self.deciding = False
        """A decision is being recorded: no second one is taken meanwhile."""
        self.heading = ElidedLabel("", role="title")
        self.state = plain("", role="pill")
        self.story = plain("", role="muted")
        self.word = plain("", role="strong")
        self.reason = plain("")
        for label in (self.story, self.word, self.reason):
            label.setWordWrap(True)
        self.banner = QFrame()
        self.model = RowModel(FieldRows(None, None, chosen=False), self)
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
        for act in (self.edit, self.returning, self.accept):
            act.hide()
        self.say("")
        background.ask("handed", lambda: look(store, id), self._show, self._missing, owner=self)

    @property
    def merge(self) -> Merge:
        """Only where something is opened."""
        assert self.opened is not None  # noqa: S101  the keys that ask for it are hidden till then
        return self.opened.merge

    def _missing(self, fault: EpoError) -> None:
        self.say(fault.message)

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

    def _show(self, opened: Opened) -> None:
        self.opened = opened
        record = opened.work.record
        open_ = opened.work.waits and not opened.decided_here
        self.heading.setText(opened.title)
        self.renamed.emit(f"Переданное: {opened.title}")
        self.word.setText(f"Просит: {record['word'] or '(вам не видно)'}")
        self.model.refresh(FieldRows(opened.merge, opened.texts, chosen=False))
        self.state.setText(record["state"].label)
        restyle(self.state, "tone", TONES[record["state"].label])
        handed = moment(int(record["handed_at"].timestamp() * 1000))
        self.story.setText(
            f"{record['author']}, передано {handed}. Ответ сервера: {record['status'].label.lower()}."
        )
        self.say(" ".join(_reasons(opened)))
        for n in (1, 3):
            self.view.setColumnHidden(n, self.merge.create)
        self.edit.setVisible(open_ and bool(self.merge.rows) and isinstance(self.merge.body, Save))
        self.returning.setVisible(open_)
        self.accept.setVisible(open_)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0, self.view.first_shown()))

    def say(self, text: str) -> None:
        self.reason.setText(text)
        self.banner.setVisible(bool(text))

    # ---- deciding

    def edit_current(self) -> None:
        """The fields of an atom together, in their own editors."""
        place = self.view.currentIndex().row()
        opened = self.opened
        if opened is None or not self.edit.isVisibleTo(self):
            return
        if not 0 <= place < len(self.merge.rows):
            return
        spec = spec_of(opened.work.trouble.entry.subject[0])
        rows = self.merge.together(self.merge.rows[place].name)
        blank = {f.name: f.default for f in spec.fields}
        record = blank | dict(opened.known) | unpack_record(spec, self.merge.results())
        fields = [spec[row.name] for row in rows]
        EditValues(self.store, spec.name, fields, record, self._typed, self).open()

    def _typed(self, values: Mapping[str, Any]) -> None:
        place = self.view.currentIndex().row()
        self.merge.edit(values)
        self.model.refresh()
        self.view.setCurrentIndex(self.model.index(max(place, 0), self.view.first_shown()))

    def send(self) -> None:
        if self.opened is not None and self.accept.isVisibleTo(self):
            work, choices = self.opened.work, self.merge.choices()
            self._decide(lambda: work.send(choices))

    def ask_return(self) -> None:
        if self.opened is not None:
            work = self.opened.work
            AskReturn(lambda word: self._decide(lambda: work.give_back(word)), self).open()

    def _decide(self, act: Callable[[], None]) -> None:
        if not self.deciding:
            self.deciding = True
            self.background.ask("decide", act, self._decided, self._refused, owner=self)

    def _decided(self, _: object) -> None:
        self.decided.emit()
        self.left.emit()

    def _refused(self, fault: EpoError) -> None:
        self.deciding = False
        self.say(fault.message)


def _reasons(opened: Opened) -> list[str]:
    record = opened.work.record
    said = [record["why"] or ""]
    if record["answer"]:
        said.append(f"Ответ автору: «{record['answer']}».")
    if opened.work.hidden:
        said.append(HIDDEN)
    if opened.work.waits and opened.decided_here:
        said.append(ON_ITS_WAY)
    return [text for text in said if text]
