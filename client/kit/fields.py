"""Fields that take whatever is typed or pasted, and put it right when they are left: text of a format, long text, yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from client.kit.focus import go_next, is_enter, leave_to_window, undo_around
from client.kit.theme import restyle, theme
from client.kit.tick import Tick
from common.kit.formats import Format
from common.kit.unreadable import Unreadable

CHARS = {
    "snils": 15, "inn": 14, "phone": 18, "department_code": 9, "passport_series": 6,
    "passport_number": 8, "index": 8, "day": 12, "integer": 8, "money": 13, "flag": 6,
    "year": 7, "programme_code": 10, "average": 7,
}  # fmt: skip
"""How many characters wide the field of a format is; the others take the whole line."""


LONGEST = 1_000_000
"""Characters that a line takes: Qt would cut a longer paste in silence at 32 767."""


class Editor(QWidget):
    """What every field can do.

    `changed` after each change by hand; `noted(text, kind)` when the words beside the field change, kind is
    one of "", "hint", "ok", "warn", "error"; `left` when the focus has gone.
    """

    changed = Signal()
    noted = Signal(str, str)
    left = Signal()
    pin_changed = Signal(bool)

    compact = False
    """True where the field is short, so that words about it stand beside it and not beneath."""
    wide = False
    """True where the field needs the whole width of the form: its label stands above it."""

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._note, self._kind = "", ""
        self._pinned = False
        self._clean: Any = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def _adopt(self, inner: QWidget) -> None:
        """Say which widget is typed into."""
        self._inner = inner
        self._row.addWidget(inner)
        self.setFocusProxy(inner)
        self.set_label(self._label)
        inner.setMinimumHeight(theme().px(32))
        theme().changed.connect(self._retheme)

    def _retheme(self) -> None:
        self._inner.setMinimumHeight(theme().px(32))

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value that nobody typed: `changed` is silent and the field is clean."""
        raise NotImplementedError

    def problem(self) -> str | None:
        """Why the text cannot be stored or does not fit; None where it is right or empty."""
        return None

    def written(self) -> Any:
        """What stands in the field, readable or not."""
        return self.value()

    def also(self) -> Mapping[str, Any]:
        """What follows from the typed value for other fields of the same record."""
        return {}

    def is_dirty(self) -> bool:
        return bool(self.written() != self._clean)

    def mark_clean(self) -> None:
        self._clean = self.written()

    def label(self) -> str:
        return self._label

    def set_label(self, label: str) -> None:
        self._label = label
        self._inner.setAccessibleName(label)

    def message(self) -> tuple[str, str]:
        return self._note, self._kind

    def set_message(self, text: str | None, kind: str = "error") -> None:
        """Words beside the field; None takes them away."""
        said = (text or "", kind if text else "")
        if said == (self._note, self._kind):
            return
        self._note, self._kind = said
        self._inner.setAccessibleDescription(self._note)
        self._show_state()
        self.noted.emit(*said)

    def is_pinned(self) -> bool:
        return self._pinned

    def set_pinned(self, pinned: bool) -> None:  # noqa: FBT001 - it is a setter, as those of Qt
        """A pinned value goes over to the next record, so it stands in blue."""
        if pinned != self._pinned:
            self._pinned = pinned
            self._show_state()
            self.pin_changed.emit(pinned)

    def _show_state(self) -> None:
        state = self._kind if self._kind in {"warn", "error"} else ""
        restyle(self._inner, "state", state or ("pinned" if self._pinned else ""))


class Line(QLineEdit):
    """A line that tells when it is left, and asks first what a key means."""

    left = Signal()

    def __init__(self, keys: Callable[[QKeyEvent], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if leave_to_window(event):
            return
        if self._keys(event) or (self._has_no_step(event) and undo_around(self, event)):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _has_no_step(self, event: QKeyEvent) -> bool:
        redo = event.matches(QKeySequence.StandardKey.Redo)
        return not (self.isRedoAvailable() if redo else self.isUndoAvailable())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


class FormatEdit(Editor):
    """A line of one format; `advance_at` digits typed move the focus on."""

    def __init__(
        self,
        kind: Format,
        label: str = "",
        *,
        advance_at: int = 0,
        chars: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, parent)
        self.format = kind
        self._advance_at = advance_at
        self._chars = chars or CHARS.get(kind.name)
        self.compact = self._chars is not None
        self.line = Line(self._key, self)
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText(kind.hint)
        self.line.textEdited.connect(self._edited)
        self.line.left.connect(self.settle)
        self._adopt(self.line)
        self._retheme()
        self.mark_clean()

    def _retheme(self) -> None:
        super()._retheme()
        if self._chars:
            width = self.line.fontMetrics().horizontalAdvance("0") * self._chars
            self.setFixedWidth(width + theme().px(28))

    def value(self) -> Any:
        """The stored form; None where the field is empty or cannot be read, see `problem`."""
        try:
            return self.format.parse(self.line.text())
        except Unreadable:
            return None

    def problem(self) -> str | None:
        try:
            value = self.format.parse(self.line.text())
        except Unreadable as unreadable:
            return capitalize(str(unreadable))
        found = None if value is None else self.format.check(value)
        return capitalize(found) if found else None

    def written(self) -> Any:
        return self.line.text()

    def write(self, written: Any) -> None:
        """Put back what `written` gave, as if it had been typed."""
        self.line.setText(written or "")
        self.settle()

    def set_value(self, value: Any) -> None:
        self.line.setText("" if value is None else self.format.show(value))
        self.line.setCursorPosition(0)  # a long text is read from its beginning
        self.set_message(None)
        self.mark_clean()

    def settle(self) -> None:
        """Put the canonical spelling into the field, or say beside it what is wrong; hold nobody."""
        value = self.value()
        if value is not None and (shown := self.format.show(value)) != self.line.text():
            self.line.setText(shown)
        if (problem := self.problem()) is not None:
            self.set_message(problem, "error")
        else:
            self.set_message(None if value is None else self.format.doubt(value), "warn")
        self.left.emit()

    def _edited(self, text: str) -> None:
        value = self.value()
        shown = "" if value is None else self.format.show(value)
        self.set_message(f"→ {shown}" if shown and shown != text else None, "hint")
        self.changed.emit()
        if self._advance_at and self._is_full(text):
            go_next(self.line)

    def _is_full(self, text: str) -> bool:
        digits = sum(letter.isdigit() for letter in text)
        return digits == self._advance_at and self.line.cursorPosition() == len(text)

    def _key(self, event: QKeyEvent) -> bool:
        if is_enter(event):
            go_next(self.line)
            return True
        return False


class TextEdit(Editor):
    """Several lines of text; Tab moves on, Enter begins a line."""

    def __init__(self, label: str = "", *, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self._lines = lines
        self.area = QPlainTextEdit(self)
        self.area.setTabChangesFocus(True)
        self.area.textChanged.connect(self.changed)
        self.area.installEventFilter(self)
        self._adopt(self.area)
        self._retheme()
        self.mark_clean()

    def _retheme(self) -> None:
        height = self.area.fontMetrics().lineSpacing() * self._lines + theme().px(20)
        self.area.setFixedHeight(height)

    def value(self) -> str | None:
        return self.area.toPlainText().strip() or None

    def set_value(self, value: str | None) -> None:
        blocked = self.area.blockSignals(True)
        self.area.setPlainText(value or "")
        self.area.blockSignals(blocked)
        self.set_message(None)
        self.mark_clean()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if leave_to_window(event):
                return True
            steps = self.area.document()
            if not steps.isUndoAvailable() and not steps.isRedoAvailable():
                return undo_around(self.area, event)
        return super().eventFilter(watched, event)


class FlagEdit(Editor):
    """Yes or no, ticked; Space turns it, Enter moves on."""

    def __init__(self, label: str = "", *, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.tick = Tick(text, self)
        self.tick.clicked.connect(self.changed)
        self.tick.installEventFilter(self)
        self._adopt(self.tick)
        self.mark_clean()

    def set_label(self, label: str) -> None:
        super().set_label(label or self.tick.text())

    def value(self) -> bool:
        return self.tick.isChecked()

    def set_value(self, value: bool | None) -> None:  # noqa: FBT001 - it is a setter
        self.tick.setChecked(bool(value))
        self.set_message(None)
        self.mark_clean()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and is_enter(event)
        ):
            go_next(self.tick)
            return True
        return super().eventFilter(watched, event)
