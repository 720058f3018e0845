"""Where the focus goes from a field by Enter, and that a focused field is in sight."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)


class FieldWalk(QWidget):
    """Knows the order of its fields: Tab and Enter follow it, not the order in which they were made."""

    def way(self) -> list[QWidget]:
        raise NotImplementedError

    def take_back(self, *, again: bool = False) -> bool:
        """Take back the last step, or do the undone one again; False where there is none."""
        return False

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001  as Qt has it
        way, focused = self.way(), self.focusWidget()
        if focused not in way:
            return super().focusNextPrevChild(next)
        step = beside(way, focused, 1 if next else -1)
        if step is None and self._outer() is not None:
            return super().focusNextPrevChild(next)
        step = step or self._outside(next=next)
        if step is None:
            return super().focusNextPrevChild(next)
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        step.setFocus(reason)
        bring_into_sight(step)
        return True

    def _outer(self) -> FieldWalk | None:
        """The walk that this one is a part of: it knows what comes after the last field."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, FieldWalk):
            above = above.parentWidget()
        return above

    def _outside(self, *, next: bool) -> QWidget | None:
        """What takes the focus beyond the first or the last field; round again where there is nothing else."""
        step = self.nextInFocusChain() if next else self.previousInFocusChain()
        while step is not None and step is not self:
            if not self.isAncestorOf(step) and _takes_tab(step) and step.window() is self.window():
                return step
            step = step.nextInFocusChain() if next else step.previousInFocusChain()
        fields = [f for f in self.way() if f.isVisible() and f.isEnabled()]
        return fields[0 if next else -1] if fields else None


def beside(way: list[QWidget], field: QWidget, by: int) -> QWidget | None:
    """The next field of the way that can be filled in; None beyond its end."""
    if field not in way:
        return None
    place = way.index(field) + by
    while 0 <= place < len(way):
        if way[place].isVisible() and way[place].isEnabled():
            return way[place]
        place += by
    return None


class EnterTaker:
    """A widget that is asked before Enter leaves one of its fields."""

    def take_enter(self, field: QWidget) -> bool:
        """True where the step was made here."""
        raise NotImplementedError


def _takes_tab(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and widget.isVisible() and widget.isEnabled() and not widget.focusProxy()


def _takes_entry(widget: QWidget) -> bool:
    if not (widget.isVisible() and widget.isEnabled()):
        return False
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
        return False
    if isinstance(widget, QPushButton):
        return bool(widget.property("primary"))
    return isinstance(widget, QLineEdit | QPlainTextEdit | QCheckBox | QAbstractItemView)


def go_next(widget: QWidget) -> None:
    """To the next thing that is filled in, or to the main button of the window; buttons between are passed by."""
    form: FieldWalk | None = None
    for around in _around(widget):
        if isinstance(around, EnterTaker) and around.take_enter(widget):
            return
        if isinstance(around, FieldWalk) and form is None:
            form = around
            if (step := beside(form.way(), widget, 1)) is not None:
                _enter(step)
                return
    step = widget.nextInFocusChain()
    while step is not None and step is not widget:
        inside = form is not None and form.isAncestorOf(step)
        if not inside and step.window() is widget.window() and _takes_entry(step):
            _enter(step)
            return
        step = step.nextInFocusChain()


def _around(widget: QWidget) -> Iterator[QWidget]:
    """What holds it, up to its window: what lies beneath a dialog has no part in it."""
    while not widget.isWindow() and (above := widget.parentWidget()) is not None:
        yield above
        widget = above


def _enter(step: QWidget) -> None:
    step.setFocus(Qt.FocusReason.TabFocusReason)
    bring_into_sight(step)


# ---- a panel or a window that asks: its keys go round inside of it


def reading_order(layout: QLayout | None) -> Iterator[QWidget]:
    """What Tab may go to, by its place in the layouts, whenever it was made: what was inserted goes where it was inserted."""
    for place in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(place)  # type: ignore[union-attr]  # it has items
        if item is None:
            continue
        inner: QLayout | None = item.layout()
        widget = item.widget()
        if inner is not None:
            yield from reading_order(inner)
        elif isinstance(widget, QScrollArea):
            body: QWidget | None = widget.widget()
            yield from reading_order(body.layout() if body is not None else None)
        elif widget is not None and _takes_tab(widget):
            yield widget
        elif widget is not None:
            yield from reading_order(widget.layout())


def tab_inside(ring: QWidget, *, next: bool) -> bool:
    """Tab goes round inside of it; False where there is nothing to go to."""
    way = list(reading_order(ring.layout()))
    if not way:
        return False
    focused = ring.focusWidget()
    place = way.index(focused) + (1 if next else -1) if focused in way else 0 if next else -1
    reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
    way[place % len(way)].setFocus(reason)
    bring_into_sight(way[place % len(way)])
    return True


def enter_inside(ring: QWidget, field: QWidget) -> bool:
    """Enter goes on to what is filled in next, to the main button after the last; False where neither is."""
    way = list(reading_order(ring.layout()))
    return _first_of(way[way.index(field) + 1 :] if field in way else [])


def begin_inside(ring: QWidget) -> bool:
    """To the first thing that is filled in; False where there is none."""
    fields = (w for w in reading_order(ring.layout()) if not isinstance(w, QAbstractButton))
    return _first_of(list(fields))


def _first_of(way: list[QWidget]) -> bool:
    step = next((each for each in way if _takes_entry(each)), None)
    if step is not None:
        _enter(step)
    return step is not None


def is_enter(event: QKeyEvent) -> bool:
    """A plain Enter; with Ctrl it belongs to the form."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return enter and held == Qt.KeyboardModifier.NoModifier


def press_focused(window: QWidget, event: QKeyEvent) -> bool:
    """Enter presses the button that has the focus, as Space does: Qt alone leaves that to the platform."""
    focused = window.focusWidget()
    if is_enter(event) and isinstance(focused, QAbstractButton) and not event.isAutoRepeat():
        focused.click()
        return True
    return False


def undo_around(field: QWidget, event: QKeyEvent) -> bool:
    """Ctrl+Z and Ctrl+Y of a field that has nothing of its own to undo belong to the form around it."""
    again = event.matches(QKeySequence.StandardKey.Redo)
    if not again and not event.matches(QKeySequence.StandardKey.Undo):
        return False
    form = field.parentWidget()
    while form is not None:
        if isinstance(form, FieldWalk) and form.take_back(again=again):
            return True
        form = form.parentWidget()
    return False


WINDOW_KEYS = {Qt.Key.Key_E, Qt.Key.Key_U}
"""With Ctrl: under X a line takes them before any shortcut, to move its cursor and to clear itself."""


def leave_to_window(event: QKeyEvent) -> bool:
    """True where this key, of a line, is the window's: it goes up, and is carried out there or told of.

    A letter with Alt is one too: Qt would type it.
    """
    held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    with_alt = held == Qt.KeyboardModifier.AltModifier and event.text().isprintable()
    taken = held == Qt.KeyboardModifier.ControlModifier and event.key() in WINDOW_KEYS
    if taken or (with_alt and event.text()):
        event.ignore()
        return True
    return False


def undo_is_for_window(line: QLineEdit, event: QEvent) -> bool:
    """True where Ctrl+Z finds nothing typed to undo: it takes back what was done to the list."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if line.isUndoAvailable() or not event.matches(QKeySequence.StandardKey.Undo):
        return False
    event.ignore()
    return True


def bring_into_sight(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 8, 24)
            return
        above = above.parentWidget()
