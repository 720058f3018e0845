"""Fields that choose: from a closed list, by a tick, or by looking up; two or three letters and Enter, in either layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidgetItem, QScrollArea, QToolButton, QWidget

from client.kit.fields import Editor, FlagEdit, Line
from client.kit.focus import go_next, is_enter
from client.kit.icons import icon
from client.kit.pick_list import PickList
from client.kit.theme import theme
from common.kit.keys import search_key, words
from common.kit.kinds import Choice

ROWS = 9
LIMIT = 50
CREATE_KEY = "F3"


Create = Callable[[str, Callable[[Any], None]], object]
"""Called with what was typed and with what takes the id of the record that was made."""


class Option(NamedTuple):
    id: Any
    label: str
    note: str = ""


def rank(query: str, label: str) -> int | None:
    """How well a label answers: 0 begins so, 1 has such words, 2 has it inside, None not at all."""
    key = search_key(label)
    worst = 0
    for number, spellings in enumerate(words(query)):
        if number == 0 and any(key.startswith(spelling) for spelling in spellings):
            found = 0
        elif any(f" {spelling}" in f" {key}" for spelling in spellings):
            found = 1
        elif any(spelling in key for spelling in spellings):
            found = 2
        else:
            return None
        worst = max(worst, found)
    return worst


def best(text: str, options: Sequence[Option]) -> list[Option]:
    """Those that are the text exactly; else those that answer it best, all of them where none is better."""
    exact = [option for option in options if search_key(option.label) == search_key(text)]
    ranks = [rank(text, option.label) for option in options]
    known = [place for place in ranks if place is not None]
    nearest = [
        option
        for option, place in zip(options, ranks, strict=True)
        if known and place == min(known)
    ]
    return exact or nearest or list(options)


class PickEdit(Editor):
    """The common half: a line, the list beneath it and the keys between them."""

    nothing = "Нет такого значения. Весь список — F4"

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self._chosen: Option | None = None
        self._problem: str | None = None
        self._list: PickList | None = None
        self.line = Line(self._key, self)
        self.line.textEdited.connect(self._edited)
        self.line.left.connect(self.settle)
        self.opener = QToolButton(self.line)
        self.opener.setProperty("role", "icon")
        self.opener.setIcon(icon("chevron-down", "muted"))
        self.opener.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.opener.setCursor(Qt.CursorShape.ArrowCursor)
        self.opener.clicked.connect(self.open_list)
        self.line.installEventFilter(self)
        self._adopt(self.line)
        self._retheme()
        self.mark_clean()

    def _options(self, text: str) -> Sequence[Option]:
        """What fits the text, best first; everything where it is empty."""
        raise NotImplementedError

    def _retheme(self) -> None:
        super()._retheme()
        side = theme().px(26)
        self.opener.setFixedSize(QSize(side, side))
        self.opener.setIconSize(QSize(theme().px(16), theme().px(16)))
        self.line.setTextMargins(0, 0, side, 0)
        self._place_opener()

    def _place_opener(self) -> None:
        side = self.opener.width()
        self.opener.move(self.line.width() - side - 3, (self.line.height() - side) // 2)

    def set_label(self, label: str) -> None:
        super().set_label(label)
        self.opener.setAccessibleName(f"Открыть список: {label}")

    def value(self) -> Any:
        return None if self._chosen is None else self._chosen.id

    def written(self) -> tuple[Any, str]:
        return self.value(), self.line.text()

    def problem(self) -> str | None:
        return self._problem

    def choose(self, option: Option | None) -> None:
        """As a person does: the field becomes dirty and says so."""
        before = self.value()
        self._show(option)
        if before != self.value():
            self.changed.emit()

    def _show(self, option: Option | None) -> None:
        self._chosen, self._problem = option, None
        self.line.setText("" if option is None else option.label)
        self.line.setCursorPosition(0)
        self.set_message(None)

    def settle(self) -> None:
        """What was typed without Enter counts where only one value fits."""
        self.close_list()
        text = self.line.text().strip()
        if not text:
            self.choose(None)
        elif self._chosen is None or text != self._chosen.label:
            self._settle_on(text)
        self.left.emit()

    def _settle_on(self, text: str) -> None:
        fitting = best(text, self._options(text))
        if len(fitting) == 1:
            self.choose(fitting[0])
            return
        self._chosen = None
        self._problem = (
            "Подходит несколько значений: выберите из списка" if fitting else self.nothing
        )
        self.set_message(self._problem, "error")

    def open_list(self) -> None:
        """Everything there is to choose from, the chosen one marked."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        chosen = self._chosen is not None and self.line.text() == self._chosen.label
        self._offer("" if chosen else self.line.text().strip())
        if self._list is not None and self._chosen is not None:
            self._list.mark(self._chosen.id)

    def close_list(self) -> None:
        if self._list is not None:
            self._list.hide()

    def list_is_open(self) -> bool:
        return self._list is not None and self._list.isVisible()

    def _offer(self, text: str) -> None:
        options = self._options(text)
        if not options:
            self.close_list()
            return
        self._made_list().offer([tuple(option) for option in options], self.line, ROWS)

    def _made_list(self) -> PickList:
        if self._list is None:
            self._list = PickList(self.window())
            self._list.setAccessibleName(self._label)
            self._list.itemClicked.connect(self._clicked)
            self._follow_scrolling()
        return self._list

    def _follow_scrolling(self) -> None:
        above = self.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.verticalScrollBar().valueChanged.connect(self.close_list)
            above = above.parentWidget()

    def _edited(self, text: str) -> None:
        self._chosen, self._problem = None, None
        self.set_message(None)
        if text.strip():
            self._offer(text.strip())
        else:
            self.close_list()
        self.changed.emit()

    def _clicked(self, item: QListWidgetItem) -> None:
        self._take_current()

    def _take_current(self) -> bool:
        if self._list is None or not self._list.isVisible():
            return False
        option = self._list.current()
        self.close_list()
        if option is not None:
            self.choose(Option(*option))
        return option is not None

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_enter(event):
            self._take_current()
            go_next(self.line)
        elif key == Qt.Key.Key_F4 or (alt and key == Qt.Key.Key_Down):
            self.close_list() if self.list_is_open() else self.open_list()
        elif key == Qt.Key.Key_Escape and self.list_is_open():
            self.close_list()
        elif key in STEPS and not alt:
            self._step(STEPS[Qt.Key(key)])
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        if self.list_is_open() and self._list is not None:
            self._list.step(by)
        else:
            self.open_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self._place_opener()
            self.close_list()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QEvent) -> None:
        self.close_list()


STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS - 1,
    Qt.Key.Key_PageUp: 1 - ROWS,
}


class ChoiceEdit(PickEdit):
    """One of a closed list of (value, Russian label)."""

    def __init__(
        self,
        options: Sequence[tuple[Any, str]],
        label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._all = tuple(Option(value, text) for value, text in options)
        super().__init__(label, parent)

    @classmethod
    def of(cls, kind: type[Choice], label: str = "", parent: QWidget | None = None) -> ChoiceEdit:
        return cls([(member, member.label) for member in kind], label, parent)

    def _options(self, text: str) -> Sequence[Option]:
        found = [(rank(text, option.label), option) for option in self._all]
        fitting = [(place, option) for place, option in found if place is not None]
        return [option for _, option in sorted(fitting, key=lambda pair: pair[0])]

    def set_value(self, value: Any) -> None:
        option = next((o for o in self._all if o.id == value), None)
        if option is None and value is not None:
            raise ValueError(value)
        self._show(option)
        self.mark_clean()


class ChoiceTick(FlagEdit):
    """Two choices of a closed list as «no» and «yes»; a third one stays what it is until the box is clicked."""

    def __init__(self, off: Choice, on: Choice, label: str = "", *, text: str = "") -> None:
        self._off = self._kept = off
        self._on = on
        super().__init__(label, text=text)
        self.tick.clicked.connect(self._clicked)

    def _clicked(self) -> None:
        self._kept = self._off

    def value(self) -> Any:
        return self._on if self.tick.isChecked() else self._kept

    def set_value(self, value: Any) -> None:
        """A choice, or its stored value."""
        kind = type(self._on)
        found = value if value is None or isinstance(value, kind) else kind.of(value)
        self._kept = self._off if found in (None, self._on) else found
        super().set_value(found is self._on)


class LookupEdit(PickEdit):
    """One of many, found by `find(text, limit) -> [(id, label, note)]`; `label_of(id)` names a stored value."""

    nothing = "Ничего не найдено"

    def __init__(
        self,
        find: Callable[[str, int], Sequence[tuple[Any, str, str]]],
        label_of: Callable[[Any], str],
        label: str = "",
        parent: QWidget | None = None,
        note_of: Callable[[Any], str] | None = None,
        create: Create | None = None,
    ) -> None:
        self._find, self._label_of, self._note_of = find, label_of, note_of
        self._create = create
        if create is not None:
            self.nothing = f"Ничего не найдено. {CREATE_KEY} — создать"
        super().__init__(label, parent)

    def _show(self, option: Option | None) -> None:
        """What tells the chosen one from its namesakes stands beside the field."""
        super()._show(option)
        if option is not None and self._note_of is not None:
            self.set_message(self._note_of(option.id), "hint")

    def _options(self, text: str) -> Sequence[Option]:
        return [Option(*found) for found in self._find(text, LIMIT)]

    def _offer(self, text: str) -> None:
        """Behind what was found stands the way to make what was not."""
        super()._offer(text)
        if self._create is not None and text and self.list_is_open() and self._list is not None:
            self._list.add_way(f"Создать «{text}»…", CREATE_KEY)

    def _take_current(self) -> bool:
        if self._list is not None and self.list_is_open() and self._list.at_way():
            self.make_new()
            return True
        return super()._take_current()

    def make_new(self) -> None:
        """Make a new record of the book from what was typed, and choose it."""
        if self._create is not None:
            self.close_list()
            self._create(self.line.text().strip(), self._created)

    def _created(self, id: Any) -> None:
        self.choose(Option(id, self._label_of(id)))
        self.line.setFocus()

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F3 and self._create is not None:
            self.make_new()
            return True
        if (
            is_enter(event)
            and self._list is not None
            and self.list_is_open()
            and self._list.at_way()
        ):
            self.make_new()
            return True
        return super()._key(event)

    def set_value(self, value: Any) -> None:
        self._show(None if value is None else Option(value, self._label_of(value)))
        self.mark_clean()
