"""The admission office on screen: the applicants' list and the tab of one application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client.admissions.form import AdmissionForm
from client.admissions.twins import Twin, find_twins
from client.kit.background import Background
from client.kit.icons import icon
from client.kit.questions import Answer, ask_save
from client.kit.records import Draft, now_ms
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from client.store.store import Store
from common.kit.words import counted

TWIN_MS = 250
FOLD_UNDER = 720
"""Pixels at scale 1 under which two of the buttons lose their words."""


class AdmissionPage(QWidget):
    """One application: its bar of actions, warnings and the form.

    `saved(id)`, `next_asked`, `print_asked(id)`, `dirty_changed(bool)`, `renamed(title)`, `open_asked(id)`.
    """

    saved = Signal(str)
    next_asked = Signal()
    print_asked = Signal(str)
    dirty_changed = Signal(bool)
    renamed = Signal(str)
    open_asked = Signal(str)

    def __init__(
        self,
        store: Store,
        id: UUID | None = None,
        draft: Draft | None = None,
        pinned: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`pinned` is what the applicant before left for this one."""
        super().__init__(parent)
        self.store = store
        self.form = AdmissionForm(store, id, pinned)
        self.background = Background(self)
        self.heading = ElidedLabel(role="title")
        self.number = plain("", role="muted")
        self.draft_note = ElidedLabel(role="muted")
        self.warning = _Banner("warn")
        self.faults = _Banner("bad")
        self.dismissed: set[str] = set()
        self.refused = ""
        self._build()
        self._wire()
        if draft is not None:
            self.form.drafts.restore(draft)
            self._note(f"Восстановлен черновик от {_clock(draft.at)}")
        self._show()

    # ---- building

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 4)
        top.setSpacing(8)
        top.addWidget(self.heading, 3)
        top.addWidget(self.number)
        top.addWidget(self.draft_note, 2)
        self.save_next = _button("Записать и следующее", "Ctrl+Enter", "", primary=True)
        self.save = _button("Записать", "Ctrl+S", "save")
        self.print = _button("Печать", "Ctrl+P", "printer")
        for button in (self.print, self.save, self.save_next):
            top.addWidget(button)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addLayout(top)
        body.addWidget(self.warning)
        body.addWidget(self.faults)
        body.addWidget(self.form, 1)
        self._note("")

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(320), theme().px(220))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the tab is narrow, storing and printing are icons: their names stay in the tooltips."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(FOLD_UNDER)
        for button, keys in ((self.save, "Ctrl+S"), (self.print, "Ctrl+P")):
            name = button.accessibleName()
            button.setText("" if narrow else name)
            button.setToolTip(f"{name}  {keys}" if narrow else keys)

    def _wire(self) -> None:
        self.save.clicked.connect(self.store_it)
        self.save_next.clicked.connect(self.store_and_next)
        self.print.clicked.connect(self.print_it)
        for keys, act in (
            ("Ctrl+S", self.store_it),
            ("Ctrl+Return", self.store_and_next),
            ("Ctrl+Enter", self.store_and_next),
            ("Ctrl+P", self.print_it),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._twin_timer = QTimer(self, singleShot=True, interval=TWIN_MS)
        self._twin_timer.timeout.connect(self._look_for_twins)
        self.form.changed.connect(self._changed)
        self.form.drafted.connect(self._drafted)

    # ---- showing

    def _show(self) -> None:
        self.heading.setText(self.form.full_name() or "Новое заявление")
        reg_no = self.form.held["applicant"].seen.get("reg_no")
        self.number.setText(f"№ {reg_no}" if reg_no else "")
        self.renamed.emit(self.form.title() or "Новое заявление")
        self.dirty_changed.emit(self.form.is_dirty())
        self.refused = self.form.refusal() or ""
        if self.refused:
            self.warning.say(self.refused)

    def _changed(self) -> None:
        self.faults.say("")
        self._show()
        self._twin_timer.start()

    def _note(self, text: str) -> None:
        self.draft_note.setText(text)
        self.draft_note.setVisible(bool(text))

    def _drafted(self) -> None:
        self._note(f"Черновик сохранён на этом компьютере в {_clock()}")

    # ---- duplicates

    def _look_for_twins(self) -> None:
        form = self.form
        sighting = form.sighting()
        own = form.held["person"].id.hex
        if sighting is None:
            self.warning.say(self.refused)
            return
        self.background.ask(
            "twins", lambda: find_twins(self.store, sighting, own), self._show_twins
        )

    def _show_twins(self, twins: list[Twin]) -> None:
        twins = [t for t in twins if t.person_id not in self.dismissed]
        if not twins:
            self.warning.say(self.refused)
            return
        best = twins[0]
        more = (
            f" и ещё {counted(len(twins) - 1, 'запись', 'записи', 'записей')}"
            if len(twins) > 1
            else ""
        )
        self.warning.say(
            f"Похоже, такой человек уже есть: {best.words}{more} ({', '.join(best.reasons)})",
            (
                ("Открыть", lambda: self.open_asked.emit(best.applicant_id)),
                ("Это другой человек", lambda: self._dismiss(twins)),
            ),
        )

    def _dismiss(self, twins: list[Twin]) -> None:
        self.dismissed |= {t.person_id for t in twins}
        self.warning.say(self.refused)

    # ---- storing

    def store_it(self) -> bool:
        """Record what was typed; False where something stands in the way."""
        if refusal := self.form.refusal():
            self.faults.say(refusal)
            return False
        if faults := self.form.faults():
            said = " · ".join(text for _, text in faults[:4])
            rest = f" · и ещё {len(faults) - 4}" if len(faults) > 4 else ""
            self.faults.say(f"Не записано. {said}{rest}")
            self.form.show_faults(faults)
            return False
        self.form.save_application()
        self._note(f"Записано в {_clock()}")
        self._show()
        self.saved.emit(self.form.held["applicant"].id.hex)
        return True

    def store_and_next(self) -> None:
        if self.store_it():
            self.next_asked.emit()

    def print_it(self) -> None:
        if not self.form.is_dirty() or self.store_it():
            if self.form.held["applicant"].stored:
                self.print_asked.emit(self.form.held["applicant"].id.hex)
            else:
                self.faults.say("Печатать ещё нечего: заполните и запишите заявление")

    def may_close(self) -> bool:
        if not self.form.is_dirty():
            return True
        answer = ask_save(self.form.title() or "Новое заявление", self.form.dirty_labels(), self)
        if answer is Answer.SAVE:
            return self.store_it()
        if answer is Answer.DISCARD:
            self.form.discard()
        return answer is not Answer.CANCEL


class _Banner(QFrame):
    """One line of warning with its ways out; hidden where there is nothing to say."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(16, 6, 16, 6)
        self.line.addWidget(self.text, 1)
        self.buttons: list[QPushButton] = []
        self.hide()

    def say(self, text: str, ways: tuple[tuple[str, object], ...] = ()) -> None:
        for button in self.buttons:
            self.line.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        for words, act in ways:
            button = QPushButton(words)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(act)
            self.line.addWidget(button)
            self.buttons.append(button)
        self.text.setText(text)
        self.setVisible(bool(text))


def _button(text: str, keys: str, icon_name: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(keys)
    button.setAccessibleName(text)
    if icon_name:
        button.setIcon(icon(icon_name))
    if primary:
        button.setProperty("primary", "true")
    return button


def _clock(ms: int | None = None) -> str:
    """The wall clock as a person at this computer reads it."""
    moment = dt.datetime.fromtimestamp((ms or now_ms()) / 1000, dt.UTC).astimezone()
    return moment.strftime("%H:%M:%S")
