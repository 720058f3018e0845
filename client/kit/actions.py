"""One registry of what can be done in a window: menus, shortcuts and the list of keys are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client.kit.theme import named, theme
from client.kit.words import plain
from common.kit.keys import other_layout

NAMES = {"Return": "Enter", "Up": "↑", "Down": "↓"}


def shown(keys: str) -> str:
    """As it is written on the keyboard."""
    return "+".join(NAMES.get(key, key) for key in keys.split("+"))


DEAD_KEYS = set("/;'[].,`\\")
"""They do not fire, or fire as another key, under the Russian layout."""


LAST_LETTER = 0x10000
"""Qt's codes of keys with letters are their letters; those of other keys are far above."""


@dataclass(frozen=True, slots=True)
class Action:
    """Without a handler it is only told of: the key belongs to a table or a field."""

    id: str
    text: str
    shortcut: str = ""
    handler: Callable[[], object] | None = None
    group: str = "Общее"


class Actions:
    """The registry of one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._known: dict[str, tuple[Action, QAction | None]] = {}

    def add(self, action: Action) -> QAction | None:
        """ValueError where the name or the keys are taken, or the keys do not fire in both layouts."""
        self._refuse_clash(action)
        made = None
        if action.handler is not None:
            made = QAction(action.text, self._window)
            made.setObjectName(action.id)
            made.setShortcut(QKeySequence(action.shortcut))
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            made.triggered.connect(lambda _checked=False, run=action.handler: run())
            self._window.addAction(made)
        self._known[action.id] = (action, made)
        return made

    def _refuse_clash(self, action: Action) -> None:
        if action.id in self._known:
            raise ValueError(f"action {action.id} is there already")
        keys = action.shortcut
        if keys and keys in {known.shortcut for known in self}:
            raise ValueError(f"{keys} is taken")
        if keys[-1:] in DEAD_KEYS or {"Ctrl", "Alt"} <= set(keys.split("+")):
            raise ValueError(f"{keys} does not fire in both layouts")

    def __iter__(self) -> Iterator[Action]:
        return (action for action, _ in self._known.values())

    def of_keys(self, event: QKeyEvent) -> Action | None:
        """That these keys are for, in either layout."""
        pressed = {event.keyCombination()}
        letter = other_layout(chr(event.key())) if event.key() < LAST_LETTER else ""
        if len(letter) == 1 and letter.isascii():
            pressed.add(QKeyCombination(event.modifiers(), Qt.Key(ord(letter.upper()))))
        return next(
            (a for a in self if a.shortcut and any(_is(a.shortcut, p) for p in pressed)), None
        )

    def trigger(self, name: str) -> None:
        _, made = self._known[name]
        if made is not None:
            made.trigger()

    def enable(self, *, on: bool) -> None:
        """None of them fires while a screen covers the window."""
        for _, made in self._known.values():
            if made is not None:
                made.setEnabled(on)

    def qt(self, name: str) -> QAction:
        """To be put into a menu or onto a button."""
        _, made = self._known[name]
        if made is None:
            raise KeyError(name)
        return made

    def by_group(self) -> dict[str, list[Action]]:
        groups: dict[str, list[Action]] = {}
        for action in self:
            if action.shortcut:
                groups.setdefault(action.group, []).append(action)
        return groups


def _is(shortcut: str, pressed: QKeyCombination) -> bool:
    return QKeySequence(pressed) == QKeySequence(shortcut)


class KeysDialog(QDialog):
    """Ctrl+F1: every key of the window, by groups."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Горячие клавиши")
        self.shown: list[tuple[str, str]] = []
        body = named(QWidget(), "body")
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(20, 12, 20, 12)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        for group, members in actions.by_group().items():
            self._add_group(group, members)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(body)
        area.setAccessibleName("Список клавиш")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 14)
        whole.addWidget(area, 1)
        whole.addWidget(buttons)
        buttons.setContentsMargins(20, 0, 20, 0)
        self.resize(min(theme().px(520), 760), min(theme().px(520), 560))

    def _add_group(self, group: str, members: list[Action]) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(plain(group.upper(), role="group"), row, 0, 1, 2)
        for number, action in enumerate(members, row + 1):
            key = plain(shown(action.shortcut), role="key")
            key.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._grid.addWidget(key, number, 0)
            text = plain(action.text)
            text.setWordWrap(True)
            self._grid.addWidget(text, number, 1)
            self.shown.append((action.shortcut, action.text))
