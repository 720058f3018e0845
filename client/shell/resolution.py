"""The tab in which a person decides about one operation in trouble, and goes on to the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.records import Draft, now_ms
from client.kit.rows import RowModel
from client.kit.table_paint import Header
from client.kit.table_view import FrozenView
from client.kit.theme import restyle, theme
from client.kit.words import ElidedLabel, plain
from client.kit.wrap_row import WrapRow
from client.shell.asking import AskHand, AskWhy, EditValues, PickRecord
from client.shell.differences import standing
from client.shell.merge import Merge, Row, Side
from client.shell.merge_rows import FieldRows
from client.shell.record_words import Names
from client.shell.states import state_words, tone_of
from client.shell.story import handed_words, held_words, story, whom_to_call
from client.store.decisions import HANDABLE, Trouble
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.sync import Command, Delete, Save, Status
from common.kit.wire import unpack_record

SCREEN = "resolution"
KEPT_DELETED = "Запись оставлена в корзине, как решил другой пользователь"
KEPT_ALIVE = "Запись оставлена: её изменил другой пользователь"
SIDES = {2: Side.MINE, 3: Side.SERVER}
"""The columns that are chosen by a click."""


class ResolutionPage(QWidget):
    """`decided` after each decision; `left` when nothing is to be decided here any more; `renamed(title)`."""

    decided = Signal()
    left = Signal()
    renamed = Signal(str)

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.order: list[UUID] = []
        self.merge: Merge | None = None
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
        self.view = FrozenView(self.model, Header())
        self.view.setAccessibleName("Поля записи: было, у вас, на сервере, итог")
        self._make_buttons()
        self._build()
        self._wire()

    # ---- building

    def _make_buttons(self) -> None:
        self.all_mine = button("Взять всё моё  Alt+1", run=lambda: self.choose_all(Side.MINE))
        self.all_server = button(
            "Взять всё с сервера  Alt+2", run=lambda: self.choose_all(Side.SERVER)
        )
        self.edit = button("Править итог  F2", "pencil", run=self.edit_current)
        self.again = button("Отправить ещё раз", "send", run=self.send_again)
        self.adopt = button("Принять запись сервера вместо моей…", run=self.ask_adopt)
        self.hand_over = button("Передать администратору…", "user", run=self.ask_hand)
        self.close_it = button("Закрыть…", "x", run=self.ask_why)
        self.later = button("Отложить", run=self.left.emit)
        self.later.setToolTip("Запись останется в «Расхождениях», выбранное сохранится")
        self.previous = button("‹ Предыдущее", run=self.go_back)
        self.accept = button("Принять и дальше  Ctrl+Enter", primary=True, run=self.take)

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

    def _wire(self) -> None:
        for keys, act in (
            ("Alt+1", lambda: self.choose_all(Side.MINE)),
            ("Alt+2", lambda: self.choose_all(Side.SERVER)),
            ("F2", self.edit_current),
            ("Ctrl+Return", self.take),
            ("Ctrl+Enter", self.take),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.view.installEventFilter(self)
        self.view.clicked.connect(self._clicked)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_writer())
        self.view.doubleClicked.connect(self._double_clicked)

    # ---- showing

    def open(self, uuid: UUID) -> None:
        """Show that one; the first where it waits no more."""
        troubles = standing(self.store.troubles())
        self.order = [trouble.entry.op.uuid for trouble in troubles]
        found = next((t for t in troubles if t.entry.op.uuid == uuid), None)
        if found is None and troubles:
            found = troubles[0]
        if found is None:
            self.left.emit()
            return
        self._show(found)

    def reload(self) -> None:
        """Something changed: the same operation again, with what was chosen."""
        if self.merge is not None:
            self.open(self.merge.trouble.entry.op.uuid)

    def _show(self, trouble: Trouble) -> None:
        before = self.merge.trouble.entry.op.uuid if self.merge else None
        key = self.model.source.key_at(self.view.currentIndex().row()) if self._row() else None
        names = Names(self.store)
        self.merge = Merge(trouble)
        self._restore_choices()
        title = names.title(trouble.entry)
        self.heading.setText(title)
        self.renamed.emit(f"Решение: {title}")
        at = self.order.index(trouble.entry.op.uuid)
        self.place.setText(f"{at + 1} из {len(self.order)}")
        self.state.setText(state_words(trouble.entry))
        restyle(self.state, "tone", tone_of(trouble.entry))
        self.story.setText(story(self.merge))
        self._say_why()
        self.held.setText(held_words([names.title(entry) for entry in trouble.held]))
        self.held.setVisible(bool(trouble.held))
        self.model.refresh(FieldRows(self.merge, names))
        self._show_columns()
        self._show_buttons(at)
        self._go_to(key if before == trouble.entry.op.uuid else self._first_open())
        self._show_writer()

    def _show_writer(self) -> None:
        """Whom to call about the field in focus; its place is kept where any field has such a one."""
        merge, row = self.merge, self._row()
        self.call.setText(whom_to_call(merge, row.name) if merge and row else "")
        known = merge is not None and any(each.writer for each in merge.rows)
        self.call.setVisible(known)

    def _show_columns(self) -> None:
        assert self.merge is not None  # noqa: S101  it is being shown
        self.card.setVisible(bool(self.merge.rows))
        self.room.setStretchFactor(self.card, 1)
        for column in (1, 3):
            self.view.setColumnHidden(column, self.merge.create)
        self._spread()

    def _spread(self) -> None:
        """The columns that hold values share the room that is left."""
        columns = self.model.columns()
        shown = [n for n in range(len(columns)) if not self.view.isColumnHidden(n)]
        least = {n: theme().px(columns[n].width) for n in shown}
        spare = max(0, self.view.viewport().width() - sum(least.values()))
        values = [n for n in shown if not columns[n].pill]
        for number in values:
            self.view.set_wanted_width(number, least[number] + spare // len(values))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _show_buttons(self, at: int) -> None:
        merge = self.merge
        assert merge is not None  # noqa: S101  it is being shown
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

    def _say_why(self) -> None:
        """What an administrator answered comes before what the server had said."""
        assert self.merge is not None  # noqa: S101  it is being shown
        entry = self.merge.trouble.entry
        said = "" if self.merge.conflict else entry.said
        self._say("\n".join(filter(None, (handed_words(entry), said))))

    def _say(self, text: str) -> None:
        self.reason.setText(text)
        self.banner.setVisible(bool(text))

    def _first_open(self) -> Hashable:
        rows = self.merge.rows if self.merge else ()
        wanted = (row.name for row in rows if row.side is Side.NONE and not row.fixed)
        faulty = (row.name for row in rows if row.said)
        return next(wanted, next(faulty, rows[0].name if rows else None))

    def _go_to(self, key: Hashable) -> None:
        row = self.model.source.row_of(key)
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row, self.view.first_shown()))

    def _row(self) -> Row | None:
        place = self.view.currentIndex().row()
        rows = self.merge.rows if self.merge else ()
        return rows[place] if 0 <= place < len(rows) else None

    # ---- choosing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.view
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            return self._key(event.key())
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        row = self._row()
        if row is None:
            return False
        if key == Qt.Key.Key_Left:
            self.choose(row.name, Side.MINE)
        elif key == Qt.Key.Key_Right:
            self.choose(row.name, Side.SERVER)
        elif key == Qt.Key.Key_Space:
            self.choose(row.name, Side.SERVER if row.side is Side.MINE else Side.MINE)
        else:
            return False
        return True

    def _clicked(self, index: QModelIndex) -> None:
        row = self._row()
        if row is not None and index.column() in SIDES:
            self.choose(row.name, SIDES[index.column()])

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() not in SIDES:
            self.edit_current()

    def choose(self, name: str, side: Side) -> None:
        if self.merge is not None and not self.merge.create:
            self.merge.choose(name, side)
            self._chosen()

    def choose_all(self, side: Side) -> None:
        if self.merge is not None and self.all_mine.isVisibleTo(self):
            self.merge.choose_all(side)
            self._chosen()

    def edit_current(self) -> None:
        """Type the result by hand, all fields of an atom together."""
        row, merge = self._row(), self.merge
        if row is None or merge is None or not self.edit.isVisibleTo(self):
            return
        spec = spec_of(merge.trouble.entry.subject[0])
        fields = [spec[mate.name] for mate in merge.together(row.name)]
        EditValues(self.store, spec.name, fields, self._record(merge), self._typed, self).open()

    def _record(self, merge: Merge) -> dict[str, Any]:
        """The whole record as it would be, as python values."""
        entity, id = merge.trouble.entry.subject
        blank = {f.name: f.default for f in spec_of(entity).fields}
        known = self.store.get(entity, id) or {}
        return blank | known | unpack_record(spec_of(entity), merge.results())

    def _typed(self, values: Mapping[str, Any]) -> None:
        if self.merge is not None:
            self.merge.edit(values)
            self._chosen()

    def _chosen(self) -> None:
        """Show the choice, and keep it as a draft: it outlives the program."""
        assert self.merge is not None  # noqa: S101  a choice is about something
        entry, key = (
            self.merge.trouble.entry,
            self.model.source.key_at(max(self.view.currentIndex().row(), 0)),
        )
        self.model.refresh()
        self._go_to(key)
        self._say_why()
        body = {"rows": self.merge.kept()}
        title = self.heading.text()
        self.store.save_draft(Draft(_key(entry.op.uuid), SCREEN, title, body, now_ms()))

    def _restore_choices(self) -> None:
        assert self.merge is not None  # noqa: S101  it is being shown
        key = _key(self.merge.trouble.entry.op.uuid)
        draft = next((d for d in self.store.drafts() if d.key == key), None)
        if draft is not None:
            self.merge.restore(draft.body["rows"])

    # ---- deciding

    def take(self) -> None:
        """What the first button promises."""
        merge = self.merge
        if merge is None:
            return
        if left := merge.undecided():
            self._say(f"Сначала выберите значение: {', '.join(f'«{label}»' for label in left)}")
            self._go_to(self._first_open())
            self.view.setFocus()
            return
        entry = merge.trouble.entry
        if entry.status is Status.APPLIED:
            self.ask_why()
        elif merge.whole:
            self._take_whole(merge)
        elif isinstance(entry.op.body, Save) and merge.rows:
            choices = merge.choices()
            self._decide(lambda: self.store.decide(entry.op.uuid, choices))
        else:
            self.send_again()

    def _take_whole(self, merge: Merge) -> None:
        uuid, mine = merge.trouble.entry.op.uuid, merge.rows[0].side is Side.MINE
        if isinstance(merge.body, Delete):
            self._decide(
                lambda: self.store.reissue(uuid) if mine else self.store.give_up(uuid, KEPT_ALIVE)
            )
        else:
            self._decide(
                lambda: self.store.revive(uuid) if mine else self.store.give_up(uuid, KEPT_DELETED)
            )

    def send_again(self) -> None:
        if self.merge is not None:
            uuid = self.merge.trouble.entry.op.uuid
            self._decide(lambda: self.store.reissue(uuid))

    def ask_adopt(self) -> None:
        if self.merge is None:
            return
        entry = self.merge.trouble.entry
        PickRecord(
            self.store,
            entry.subject[0],
            lambda theirs: self._decide(lambda: self.store.adopt(entry.op.uuid, theirs)),
            self,
        ).open()

    def ask_hand(self) -> None:
        if self.merge is not None:
            uuid = self.merge.trouble.entry.op.uuid
            AskHand(lambda word: self._decide(lambda: self.store.hand(uuid, word)), self).open()

    def ask_why(self) -> None:
        if self.merge is None:
            return
        uuid, held = self.merge.trouble.entry.op.uuid, self.merge.trouble.held
        create = self.merge.create
        more = ". Вместе с ней закроется то, что ждёт за ней" if held and create else ""
        AskWhy(more, lambda why: self._decide(lambda: self.store.give_up(uuid, why)), self).open()

    def _decide(self, act: Callable[[], object]) -> None:
        """Record it and go on; what the store refuses is said, and nothing is lost."""
        assert self.merge is not None  # noqa: S101  somebody has decided about it
        uuid = self.merge.trouble.entry.op.uuid
        try:
            act()
        except EpoError as fault:
            self._say(fault.message)
            return
        self.store.drop_draft(_key(uuid))
        self.merge = None
        at = self.order.index(uuid)
        following = [*self.order[at + 1 :], *self.order[:at]]
        self.decided.emit()
        self.open(following[0] if following else uuid)

    def go_back(self) -> None:
        if self.merge is not None:
            at = self.order.index(self.merge.trouble.entry.op.uuid)
            self.open(self.order[max(at - 1, 0)])


def _key(uuid: UUID) -> str:
    return f"{SCREEN}:{uuid.hex}"
