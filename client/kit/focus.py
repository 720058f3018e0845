"""Where the focus goes from a field by Enter, and that a focused field is in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
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


class EnterTaker(QWidget):
    """Something that is asked before Enter leaves one of its fields."""

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
    taker = widget.parentWidget()
    while taker is not None and not isinstance(taker, EnterTaker):
        taker = taker.parentWidget()
    if taker is not None and taker.take_enter(widget):
        return
    form = widget.parentWidget()
    while form is not None and not isinstance(form, FieldWalk):
        form = form.parentWidget()
    if form is not None and (step := beside(form.way(), widget, 1)) is not None:
        step.setFocus(Qt.FocusReason.TabFocusReason)
        bring_into_sight(step)
        return
    step = widget.nextInFocusChain()
    while step is not None and step is not widget:
        inside = form is not None and form.isAncestorOf(step)
        if not inside and step.window() is widget.window() and _takes_entry(step):
            step.setFocus(Qt.FocusReason.TabFocusReason)
            bring_into_sight(step)
            return
        step = step.nextInFocusChain()


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


def bring_into_sight(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 8, 24)
            return
        above = above.parentWidget()
