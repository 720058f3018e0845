"""The tab of one record: its form, the button that stores it, its draft, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client.kit.buttons import FOLD_UNDER, fold
from client.kit.creating import Creating
from client.kit.fault_list import FaultList
from client.kit.focus import FieldWalk
from client.kit.icons import icon
from client.kit.questions import Answer, ask_save
from client.kit.record_form import RecordForm
from client.kit.records import Draft, now_ms
from client.kit.theme import theme
from client.kit.words import ElidedLabel, hint


class RecordPage(FieldWalk):
    """`saved(id)`, `dirty_changed(bool)`, `renamed(title)`; `done` when it may be closed."""

    fold_under = FOLD_UNDER

    saved = Signal(str)
    dirty_changed = Signal(bool)
    renamed = Signal(str)
    done = Signal()

    def __init__(self, form: RecordForm, title: str, parent: QWidget | None = None) -> None:
        """`title` names the record while it has no words of its own."""
        super().__init__(parent)
        self.form, self.title = form, title
        self.fixed = False
        """It is only read."""
        self.heading = ElidedLabel(title, role="title")
        self.draft_note = ElidedLabel(role="muted")
        self.faults = FaultList(form.jump)
        self.buttons: list[QPushButton] = []
        self.top = QHBoxLayout()
        self.top.setContentsMargins(16, 12, 16, 4)
        self.top.setSpacing(8)
        self.top.addWidget(self.heading, 3)
        self.top.addWidget(self.draft_note, 2)
        self.save = self.add_button("Записать", "Ctrl+S", "save", self.store_it, primary=True)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            self.add_key(keys, self.store_and_leave)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addLayout(self.top)
        self.body.addWidget(self.faults)
        self.body.addWidget(form, 1)
        if way := form.way():
            self.setFocusProxy(way[0])
        self._note("")
        self.heading.setText(self.tab_title())
        form.changed.connect(self._changed)
        form.create_asked.connect(self._create)
        form.drafted.connect(lambda: self._note(f"Черновик сохранён в {clock(now_ms())}"))

    def add_button(
        self, text: str, keys: str, icon_name: str, act: object, *, primary: bool = False
    ) -> QPushButton:
        """At the end of the bar; `keys` do the same wherever the focus stands, while this tab is what is seen."""
        button = QPushButton(f" {text}" if icon_name else text)
        button.setToolTip(hint(keys))
        button.setAccessibleName(text)
        if icon_name:
            button.setIcon(icon(icon_name, "on_accent" if primary else "text"))
        if primary:
            button.setProperty("primary", "true")
        button.clicked.connect(act)
        self.top.addWidget(button)
        self.buttons.append(button)
        self.add_key(keys, act)
        return button

    def only_read(self) -> None:
        """What is shown is stored elsewhere: no button stores it, and no key."""
        self.fixed = True
        self.save.hide()
        self.buttons.remove(self.save)

    def add_key(self, keys: str, act: object) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(act)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(320), theme().px(220))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the tab is narrow, side buttons are icons: their names stay in the tooltips."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(self.fold_under)
        for button in self.side_buttons():
            fold(button, button.toolTip().rsplit("  ", maxsplit=1)[-1], narrow=narrow)

    def way(self) -> list[QWidget]:
        """Out of a warning, down the form, then the buttons; and round again."""
        return [*self.banner_buttons(), *self.form.way(), *self.buttons]

    def banner_buttons(self) -> list[QPushButton]:
        return [*self.faults.links, *self.faults.buttons]

    def side_buttons(self) -> tuple[QPushButton, ...]:
        """Those that are known by their icon too."""
        return ()

    # ---- showing

    def tab_title(self) -> str:
        return self.form.title() or self.title

    def restore(self, draft: Draft) -> None:
        """Show what was typed before the program ended."""
        self.form.drafts.restore(draft)
        self._note(f"Восстановлен черновик от {clock(draft.at)}")

    def _changed(self) -> None:
        """Of faults that were told, those that are left stay told."""
        self.faults.tell(self.form.faults() if self.faults.told else ())
        self.show_state()

    def next_fault(self) -> bool:
        """Check what is typed and go to what is wrong, the next one each time; False where nothing is."""
        focused = next((e for e in self.form.editors() if e.isAncestorOf(self.focusWidget())), None)
        if not self.faults.told and self.form.is_dirty() and (faults := self.form.faults()):
            self.faults.tell(faults, "Мешает записать")
            self.form.show_faults(faults)
            return True
        return self.faults.next(focused)

    def take_back(self, *, again: bool = False) -> bool:
        return self.form.take_back(again=again)

    def show_state(self) -> None:
        self.heading.setText(self.tab_title())
        self.renamed.emit(self.tab_title())
        self.dirty_changed.emit(self.form.is_dirty())

    def _create(self, entity: str, text: str, done: Callable[[UUID], None]) -> None:
        Creating(self.form.store, entity, text, done, self.window()).open()

    def _note(self, text: str) -> None:
        self.draft_note.setText(text)
        self.draft_note.setVisible(bool(text))

    # ---- storing

    def refusal(self) -> str | None:
        """Why nothing of this form may be stored now."""
        return None

    def write(self) -> None:
        """Record what was typed; nothing stands in the way."""
        self.form.save()

    def store_it(self) -> bool:
        """Record what was typed; False where something stands in the way."""
        if self.fixed:
            return False
        if refusal := self.refusal():
            self.faults.say(refusal)
            return False
        if faults := self.form.faults():
            self.faults.tell(faults)
            self.form.show_faults(faults)
            return False
        self.write()
        self.faults.say("")
        self._note(f"Записано в {clock(now_ms())}")
        self.show_state()
        self.saved.emit(self.main_id().hex)
        return True

    def store_and_leave(self) -> None:
        """Ctrl+Enter: what is stored needs no tab any more."""
        if self.store_it():
            self.done.emit()

    def main_id(self) -> UUID:
        return self.form.held[self.form.plan.main].id

    def may_close(self) -> bool:
        if not self.form.is_dirty():
            return True
        answer = ask_save(self.tab_title(), self.form.dirty_labels(), self)
        if answer is Answer.SAVE:
            return self.store_it()
        if answer is Answer.DISCARD:
            self.form.discard()
        return answer is not Answer.CANCEL


def clock(ms: int) -> str:
    """A moment as a person at this computer reads it off the wall."""
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).astimezone().strftime("%H:%M:%S")
