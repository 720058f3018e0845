"""The card beside a list: the chosen record, read only, with its states and what is done with it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button, icon_button
from client.kit.card_text import CardText, read_card
from client.kit.records import Records
from client.kit.rows import Mark
from client.kit.screen import Screen
from client.kit.theme import named, theme
from client.kit.words import ElidedLabel, hint, plain
from client.kit.wrap_row import WrapRow

WIDTH = 340
LABELS = 118
PAUSE = 60
"""Milliseconds that the choice rests on a row before its record is read."""

CHOOSE = "Выберите запись в списке"
GONE = "Записи уже нет"
HIDDEN = "Особые сведения скрыты: их просмотр записывается в журнал"


class Chosen(NamedTuple):
    """The row whose record is shown: its name, its pills as (words, tone), its own state."""

    id: str
    title: str
    pills: tuple[tuple[str, str], ...] = ()
    mark: Mark | None = None


class SideCard(QFrame):
    def __init__(self, store: Records, plan: Screen, close: Callable[[], object]) -> None:
        super().__init__()
        self.store, self.plan = store, plan
        self.background = Background(self)
        self.chosen: Chosen | None = None
        self._shown: Chosen | None = None
        """Whose fields are seen: the chosen one's a moment later."""
        self.setProperty("role", "card")
        self.setAccessibleName("Карточка выбранной записи")
        self.title = ElidedLabel("", role="heading")
        self.pills = WrapRow()
        self.state = plain("", role="muted")
        self.state.setWordWrap(True)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("Поля выбранной записи")
        self.more = button("Показать особые сведения", "eye", quiet=True, run=self.show_restricted)
        self.more.setToolTip(hint(HIDDEN))
        self.quick = WrapRow()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._read)
        self._lay_out(close)
        self._retheme()
        theme().changed.connect(self._retheme)
        self.say(CHOOSE)

    def _lay_out(self, close: Callable[[], object]) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(icon_button("x", "Убрать карточку  F3", close))
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 12, 14)
        body.setSpacing(8)
        body.addLayout(top)
        body.addLayout(self.pills)
        body.addWidget(self.state)
        body.addWidget(self.area, 1)
        body.addWidget(self.more)
        body.addLayout(self.quick)

    def _retheme(self) -> None:
        self.setFixedWidth(theme().px(WIDTH))

    def add_action(self, words: str, icon_name: str, act: Callable[[], object]) -> None:
        self.quick.addWidget(button(words, icon_name, run=act))

    # ---- following

    def follow(self, chosen: Chosen | None, *, anew: bool = False) -> None:
        """Show this row's record soon; `anew` where records have changed."""
        if chosen == self.chosen and not anew:
            return
        self.chosen = chosen
        self._pause.start()

    def _read(self, *, restricted: bool = False) -> None:
        chosen = self._shown if restricted else self.chosen
        if chosen is None:
            self._shown = None
            self.title.setText("")
            self._show_pills(())
            self.state.hide()
            self.say(CHOOSE)
            return
        id = UUID(chosen.id)
        self.background.ask(
            "card",
            lambda: read_card(self.store, self.plan, id, restricted=restricted),
            lambda text: self._show(chosen, text),
            lambda fault: self.say(fault.message),
        )

    def show_restricted(self) -> None:
        """Of this record only; the next one hides them again."""
        self._read(restricted=True)

    def _show(self, chosen: Chosen, text: CardText | None) -> None:
        if chosen != self.chosen:
            return  # another row was chosen meanwhile; its card comes
        self._shown = chosen
        self.title.setText(chosen.title)
        self._show_pills(chosen.pills)
        self.state.setText(chosen.mark.words if chosen.mark else "")
        self.state.setVisible(chosen.mark is not None)
        if text is None:
            self.say(GONE)
            return
        self._put(text.cards)
        self.more.setVisible(text.hides)

    def _show_pills(self, pills: Sequence[tuple[str, str]]) -> None:
        while (item := self.pills.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for words, tone in pills:
            pill = plain(words, role="pill")
            pill.setProperty("tone", tone)
            pill.setMinimumHeight(theme().px(22))
            self.pills.addWidget(pill)
        self.pills.invalidate()

    # ---- the lines

    def say(self, words: str) -> None:
        """In the place of the fields."""
        self.more.hide()
        said = plain(words, role="muted")
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._put_widget(said)

    def _put(self, cards: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        row = 0
        for title, lines in cards:
            if len(cards) > 1:
                heading = plain(title.upper(), role="group")
                heading.setContentsMargins(0, theme().px(8) if row else 0, 0, 0)
                grid.addWidget(heading, row, 0, 1, 2)
                row += 1
            for label, text in lines:
                grid.addWidget(_wrapped(label, "muted", LABELS), row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(_wrapped(text, "", 0), row, 1, Qt.AlignmentFlag.AlignTop)
                row += 1
        grid.setRowStretch(row, 1)
        self._put_widget(inside)

    def _put_widget(self, widget: QWidget) -> None:
        self.area.setWidget(named(widget, "body"))


def _wrapped(text: str, role: str, width: int) -> QWidget:
    made = plain(text, role=role)
    made.setWordWrap(True)
    if width:
        made.setFixedWidth(theme().px(width))
    else:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
