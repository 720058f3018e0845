"""Ctrl+K: sections, actions and people by words in any keyboard layout; Enter does the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from client.kit.icons import icon
from client.kit.theme import named, theme
from client.kit.words import hint
from common.kit.keys import search_key, words

MOST = 9
"""Lines: what does not fit is found by another word."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the palette and what it does."""

    text: str
    icon: str
    act: Callable[[], object]
    more: str = ""
    """What Ctrl+Enter does; nothing where it does the same as Enter."""
    act_more: Callable[[], object] | None = None


def matching(query: str, known: Iterable[Found]) -> list[Found]:
    """Those that hold every word of the query, as typed or as it would be in the other layout."""
    asked = words(query)
    return [
        each
        for each in known
        if all(any(s in search_key(each.text) for s in spellings) for spellings in asked)
    ]


class Palette(QListWidget):
    """Hangs under the search line, which keeps the focus: arrows choose, Enter does, Esc closes.

    `done` when the line is needed no more: something was chosen, or Esc was pressed once again.
    """

    done = Signal()

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line.window())
        named(self, "pickList")
        self.line = line
        self._found: list[Found] = []
        self.dismissed = False
        """Esc was pressed, or the line was left: what is found later is not shown, until letters are typed."""
        self.setAccessibleName("Что найдено")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda _item: self.run_current())
        self.currentRowChanged.connect(self._tell_keys)
        line.installEventFilter(self)
        self.hide()

    def offer(self, found: Sequence[Found]) -> None:
        """Show these instead of what was there; nothing found hides the list."""
        self._found = list(found[:MOST])
        self.clear()
        self.setIconSize(QSize(theme().px(16), theme().px(16)))
        for each in self._found:
            item = QListWidgetItem(icon(each.icon, "muted"), each.text)
            item.setSizeHint(QSize(0, theme().px(32)))
            item.setToolTip(hint(each.text))
            self.addItem(item)
        if any(each.more for each in self._found):
            self._add_foot()
        self.setCurrentRow(0)
        self._place()
        self.setVisible(bool(self._found))
        self.raise_()

    def _add_foot(self) -> None:
        """The last line is no choice: it says what the keys do with the chosen one."""
        foot = QListWidgetItem("")
        foot.setFlags(Qt.ItemFlag.NoItemFlags)
        foot.setSizeHint(QSize(0, theme().px(28)))
        self.addItem(foot)

    def _tell_keys(self, row: int) -> None:
        if self.count() > len(self._found) and 0 <= row < len(self._found):
            more = self._found[row].more
            said = f"Enter — открыть   Ctrl+Enter — {more}" if more else "Enter — открыть"
            self.item(self.count() - 1).setText(said)

    def _place(self) -> None:
        window = self.line.window()
        corner = self.line.mapTo(window, QPoint(0, self.line.height() + 4))
        width = max(self.line.width(), min(theme().px(420), window.width() - 24))
        foot = theme().px(28) if self.count() > len(self._found) else 0
        height = len(self._found) * theme().px(32) + foot + 8
        left = min(corner.x(), window.width() - width - 12)
        self.setGeometry(left, corner.y(), width, min(height, window.height() - corner.y() - 12))

    def run_current(self, *, more: bool = False) -> None:
        row = self.currentRow()
        self.hide()
        self.line.clear()
        if 0 <= row < len(self._found):
            chosen = self._found[row]
            ((chosen.act_more if more else None) or chosen.act)()
        if self.line.hasFocus():
            self.done.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.dismissed = True
            self.hide()
        if isinstance(event, QKeyEvent) and self.isVisible() and _is_ctrl_enter(event):
            event.accept()  # else the key would be the page's
            if event.type() == QEvent.Type.KeyPress:
                self.run_current(more=True)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if self.isVisible():
                return self._key(event.key())
            if event.key() == Qt.Key.Key_Escape:
                self.line.clear()
                self.done.emit()
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if key in steps:
            self.setCurrentRow((self.currentRow() + steps[Qt.Key(key)]) % len(self._found))
        elif key == Qt.Key.Key_Escape:
            self.dismissed = True
            self.hide()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.run_current()
        else:
            return False
        return True


def _is_ctrl_enter(event: QKeyEvent) -> bool:
    held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return held and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
