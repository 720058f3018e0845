"""How one operation in trouble is laid out: what it is about, its fields, whom to call, and what may be done."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.rows import RowModel
from client.kit.table_paint import Header
from client.kit.table_view import FrozenView
from client.kit.theme import restyle
from client.kit.words import ElidedLabel, plain
from client.kit.wrap_row import WrapRow
from client.shell.merge import Merge, Row, Side
from client.shell.merge_rows import FieldRows, Texts
from client.shell.states import state_words, tone_of
from client.shell.story import handed_words, held_words, story, whom_to_call
from client.store.decisions import HANDABLE
from common.kit.entity import spec_of
from common.kit.sync import Command, Save, Status


class Opened(NamedTuple):
    """One operation in trouble with all words about it; made off the GUI thread."""

    merge: Merge
    texts: Texts
    title: str
    held: tuple[str, ...]
    order: tuple[UUID, ...]
    """All that wait for a decision, this one among them."""
    known: dict[str, object]
    """The record as this desk has it."""

    @property
    def uuid(self) -> UUID:
        return self.merge.trouble.entry.op.uuid


class ResolutionView(QWidget):
    """Shows what it is given; `renamed(title)` for its tab."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened: Opened | None = None
        self.heading = ElidedLabel(role="title")
        self.place = plain("", role="muted")
        self.state = plain("", role="pill")
        self.story = plain("", role="muted")
        self.story.setWordWrap(True)
        self.reason = plain("")
        self.reason.setWordWrap(True)
        self.banner = QFrame()
        self.call = ElidedLabel(role="muted")
        self.held = plain("", role="muted")
        self.held.setWordWrap(True)
        self.model = RowModel(FieldRows(None, None), self)
        self.view = FrozenView(self.model, Header(), even=True)
        self.view.setAccessibleName("Поля записи: было, у вас, на сервере, итог")
        self._make_buttons()
        self._build()
        self.banner.hide()

    @property
    def merge(self) -> Merge | None:
        return self.opened.merge if self.opened else None

    def _make_buttons(self) -> None:
        self.all_mine = button("Взять всё моё  Alt+1")
        self.all_server = button("Взять всё с сервера  Alt+2")
        self.edit = button("Править итог  F2", "pencil")
        self.again = button("Отправить ещё раз", "send")
        self.adopt = button("Принять запись сервера вместо моей…")
        self.hand_over = button("Передать администратору…", "user")
        self.close_it = button("Закрыть…", "x")
        self.later = button("Отложить")
        self.later.setToolTip("Запись останется в «Расхождениях», выбранное сохранится")
        self.previous = button("‹ Предыдущее")
        self.accept = button("Принять и дальше  Ctrl+Enter", primary=True)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.heading, 1)
        top.addWidget(self.place)
        top.addWidget(self.state)
        self.banner.setProperty("role", "banner")
        self.banner.setProperty("tone", "bad")
        inside = QHBoxLayout(self.banner)
        inside.setContentsMargins(12, 6, 12, 6)
        inside.addWidget(self.reason)
        self.card = QFrame()
        self.card.setProperty("role", "card")
        rows = QVBoxLayout(self.card)
        rows.setContentsMargins(1, 6, 1, 6)
        rows.addWidget(self.view)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(top)
        body.addWidget(self.story)
        body.addWidget(self.banner)
        body.addWidget(self.card, 1)
        body.addWidget(self.call)
        body.addWidget(self.held)
        body.addLayout(
            WrapRow(
                self.all_mine,
                self.all_server,
                self.edit,
                self.again,
                self.adopt,
                self.hand_over,
                self.close_it,
            )
        )
        last = QHBoxLayout()
        last.addWidget(self.later)
        last.addStretch()
        last.addWidget(self.previous)
        last.addWidget(self.accept)
        body.addLayout(last)
        self.room = body

    # ---- showing

    def show_opened(self, opened: Opened) -> None:
        before = self.opened.uuid if self.opened else None
        key = self.model.source.key_at(self.view.currentIndex().row()) if self.row() else None
        self.opened = opened
        merge, entry = opened.merge, opened.merge.trouble.entry
        self.heading.setText(opened.title)
        self.renamed.emit(f"Решение: {opened.title}")
        at = opened.order.index(opened.uuid)
        self.place.setText(f"{at + 1} из {len(opened.order)}")
        self.state.setText(state_words(entry))
        restyle(self.state, "tone", tone_of(entry))
        self.story.setText(story(merge))
        self.say_why()
        self.held.setText(held_words(opened.held))
        self.held.setVisible(bool(opened.held))
        self.model.refresh(FieldRows(merge, opened.texts))
        self._show_columns(merge)
        self._show_buttons(merge, at)
        self.go_to(key if before == opened.uuid else self.first_open())
        self.show_writer()

    def show_writer(self) -> None:
        """Whom to call about the field in focus; its place is kept where any field has such a one."""
        merge, row = self.merge, self.row()
        self.call.setText(whom_to_call(merge, row.name) if merge and row else "")
        known = merge is not None and any(each.writer for each in merge.rows)
        self.call.setVisible(known)

    def _show_columns(self, merge: Merge) -> None:
        self.card.setVisible(bool(merge.rows))
        self.room.setStretchFactor(self.card, 1)
        for column in (1, 3):
            self.view.setColumnHidden(column, merge.create)
        self.view.fit()

    def _show_buttons(self, merge: Merge, at: int) -> None:
        status, body = merge.trouble.entry.status, merge.body
        choosing = merge.conflict and bool(merge.rows) and not merge.create
        editable = isinstance(body, Save) and not merge.whole and bool(merge.rows)
        finding = status is Status.APPLIED
        self.all_mine.setVisible(choosing)
        self.all_server.setVisible(choosing)
        self.edit.setVisible(editable)
        self.again.setVisible(editable and not choosing and not finding)
        self.adopt.setVisible(isinstance(body, Save) and body.create and not finding)
        entry = merge.trouble.entry
        record = not isinstance(body, Command)
        self.hand_over.setVisible(status in HANDABLE and record and not entry.away)
        self.close_it.setVisible(not finding)
        self.previous.setEnabled(at > 0)
        self.accept.setText(self._promise())
        self.accept.setAccessibleName(self._promise())

    def _promise(self) -> str:
        """What Ctrl+Enter will do."""
        merge = self.merge
        if merge is None or (merge.conflict and merge.rows):
            return "Принять и дальше  Ctrl+Enter"
        if merge.trouble.entry.status is Status.APPLIED:
            return "Закрыть замечание…  Ctrl+Enter"
        if isinstance(merge.body, Save) and merge.rows:
            return "Отправить исправленное  Ctrl+Enter"
        return "Отправить ещё раз  Ctrl+Enter"

    def say_why(self) -> None:
        """What an administrator answered comes before what the server had said."""
        assert self.merge is not None  # noqa: S101  it is being shown
        entry = self.merge.trouble.entry
        said = "" if self.merge.conflict else entry.said
        self.say("\n".join(filter(None, (handed_words(entry), said, *self._orders()))))

    def _orders(self) -> Iterator[str]:
        """Orders of lists are longer than a cell: both are told whole above the table."""
        opened = self.opened
        if opened is None or not opened.merge.rows:
            return
        spec = spec_of(opened.merge.trouble.entry.subject[0])
        for row in opened.merge.rows:
            if row.name in spec.lists:
                for title, value in (("У вас", row.mine), ("На сервере", row.server)):
                    yield f"{title}: {opened.texts.of(spec[row.name], value)}"

    def say(self, text: str) -> None:
        self.reason.setText(text)
        self.banner.setVisible(bool(text))

    def first_open(self) -> Hashable:
        rows = self.merge.rows if self.merge else ()
        wanted = (row.name for row in rows if row.side is Side.NONE and not row.fixed)
        faulty = (row.name for row in rows if row.said)
        return next(wanted, next(faulty, rows[0].name if rows else None))

    def go_to(self, key: Hashable) -> None:
        row = self.model.source.row_of(key)
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row, self.view.first_shown()))

    def row(self) -> Row | None:
        place = self.view.currentIndex().row()
        rows = self.merge.rows if self.merge else ()
        return rows[place] if 0 <= place < len(rows) else None
