"""The tab in which a person decides about one operation in trouble, and goes on to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from client.kit.background import Background
from client.kit.records import Draft, now_ms
from client.shell.asking import AskHand, AskWhy, EditValues, PickRecord
from client.shell.differences import standing
from client.shell.merge import Merge, Side
from client.shell.merge_rows import Texts
from client.shell.record_words import RecordWords
from client.shell.resolution_view import Opened, ResolutionView
from client.store.decisions import Trouble
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.kinds import P3
from common.kit.sync import Delete, Save, Status
from common.kit.wire import unpack_record

SCREEN = "resolution"
KEPT_DELETED = "Запись оставлена в корзине, как решил другой пользователь"
KEPT_ALIVE = "Запись оставлена: её изменил другой пользователь"
WHOLE_ORDER = "Порядок выбирают целиком: ← ваш, → сервера. Переставить строки иначе можно потом в самой записи"
SIDES = {2: Side.MINE, 3: Side.SERVER}
"""The columns that are chosen by a click."""


def look(store: Store, uuid: UUID) -> Opened | None:
    """That one with all that is said of it, the first where it waits no more; for a thread of its own."""
    troubles = standing(store.troubles())
    if not troubles:
        return None
    found = next((t for t in troubles if t.entry.op.uuid == uuid), troubles[0])
    merge, names = Merge(found), RecordWords(store)
    key = _key(found.entry.op.uuid)
    draft = next((d for d in store.drafts() if d.key == key), None)
    if draft is not None:
        merge.restore(draft.body["rows"])
    texts = Texts(names)
    texts.prepare(merge)
    entity, id = found.entry.subject
    return Opened(
        merge,
        texts,
        names.title(found.entry),
        tuple(map(names.title, found.held)),
        tuple(t.entry.op.uuid for t in troubles),
        (store.get(entity, id) or {}) if id and merge.rows else {},
    )


class ResolutionPage(ResolutionView):
    """`decided` after each decision; `left` when nothing is to be decided here any more; `renamed(title)`."""

    decided = Signal()
    left = Signal()

    def __init__(self, store: Store, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store, self.background = store, background
        self.deciding = False
        """A decision is being recorded: no second one is taken meanwhile."""
        self._wire()

    def _wire(self) -> None:
        acts: tuple[tuple[Any, Callable[[], object]], ...] = (
            (self.all_mine, lambda: self.choose_all(Side.MINE)),
            (self.all_server, lambda: self.choose_all(Side.SERVER)),
            (self.edit, self.edit_current),
            (self.again, self.send_again),
            (self.adopt, self.ask_adopt),
            (self.hand_over, self.ask_hand),
            (self.close_it, self.ask_why),
            (self.later, self.left.emit),
            (self.previous, self.go_back),
            (self.accept, self.take),
        )
        for pressed, act in acts:
            pressed.clicked.connect(lambda _checked=False, act=act: act())
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
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self.show_writer())
        self.view.doubleClicked.connect(self._double_clicked)

    # ---- opening

    def open(self, uuid: UUID) -> None:
        """Show that one; the first where it waits no more."""
        self.background.ask("open", lambda: look(self.store, uuid), self._take_opened, owner=self)

    def reload(self) -> None:
        """Something changed: the same operation again, with what was chosen."""
        if self.opened is not None and not self.deciding:
            self.open(self.opened.uuid)

    def _take_opened(self, found: Opened | None) -> None:
        if found is None:
            self.left.emit()
            return
        if self.opened is not None and self.opened.uuid == found.uuid:
            found.merge.restore(self.opened.merge.kept())  # chosen while the store was asked
        else:
            self._note_reading(found.merge.trouble)
        self.show_opened(found)

    def _note_reading(self, trouble: Trouble) -> None:
        """Restricted values of the centre are about to be shown."""
        entity, id = trouble.entry.subject
        if any(spec_of(entity)[each.name].field.pd is P3 for each in trouble.fields):
            self.store.note_reading(entity, UUID(id))

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
        row = self.row()
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
        row = self.row()
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
        row, merge = self.row(), self.merge
        if row is None or merge is None or not self.edit.isVisibleTo(self):
            return
        spec = spec_of(merge.trouble.entry.subject[0])
        if row.name in spec.lists:
            self.say(WHOLE_ORDER)
            return
        fields = [spec[mate.name] for mate in merge.together(row.name)]
        if any(f.field.told for f in fields):
            self.say(f"«{row.label}» не набирают: выберите одну из сторон")
            return
        EditValues(self.store, spec.name, fields, self._record(merge), self._typed, self).open()

    def _record(self, merge: Merge) -> dict[str, Any]:
        """The whole record as it would be, as python values."""
        entity, _ = merge.trouble.entry.subject
        blank = {f.name: f.default for f in spec_of(entity).fields}
        known = self.opened.known if self.opened else {}
        return blank | known | unpack_record(spec_of(entity), merge.results())

    def _typed(self, values: Mapping[str, Any]) -> None:
        opened = self.opened
        if opened is None:
            return
        opened.merge.edit(values)
        prepare = opened.texts.prepare
        self.background.ask(
            "typed", lambda: prepare(opened.merge), lambda _: self._chosen(), owner=self
        )

    def _chosen(self) -> None:
        """Show the choice, and keep it as a draft: it outlives the program."""
        opened = self.opened
        assert opened is not None  # noqa: S101  a choice is about something
        key = self.model.source.key_at(max(self.view.currentIndex().row(), 0))
        self.model.refresh()
        self.go_to(key)
        self.say_why()
        body = {"rows": opened.merge.kept()}
        draft = Draft(_key(opened.uuid), SCREEN, opened.title, body, now_ms())
        self.background.ask("draft", lambda: self.store.save_draft(draft), lambda _: None)

    # ---- deciding

    def take(self) -> None:
        """What the first button promises."""
        merge = self.merge
        if merge is None:
            return
        if left := merge.undecided():
            self.say(f"Сначала выберите значение: {', '.join(f'«{label}»' for label in left)}")
            self.go_to(self.first_open())
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
        opened = self.opened
        if opened is None or self.deciding:
            return
        self.deciding = True

        def work() -> None:
            act()
            self.store.drop_draft(_key(opened.uuid))

        self.background.ask(
            "decide", work, lambda _: self._go_on(opened), self._refused, owner=self
        )

    def _refused(self, fault: EpoError) -> None:
        self.deciding = False
        self.say(fault.message)

    def _go_on(self, opened: Opened) -> None:
        """To the next one in the order in which they were listed."""
        self.deciding = False
        self.opened = None
        at = opened.order.index(opened.uuid)
        following = [*opened.order[at + 1 :], *opened.order[:at]]
        self.decided.emit()
        self.open(following[0] if following else opened.uuid)

    def go_back(self) -> None:
        if self.opened is not None:
            at = self.opened.order.index(self.opened.uuid)
            self.open(self.opened.order[max(at - 1, 0)])


def _key(uuid: UUID) -> str:
    return f"{SCREEN}:{uuid.hex}"
