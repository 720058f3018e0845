"""Where the focus goes from a field by Enter, and that a focused field is in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)


class EnterTaker(QWidget):
    """Something that is asked before Enter leaves one of its fields."""

    def take_enter(self, field: QWidget) -> bool:
        """True where the step was made here."""
        raise NotImplementedError


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
    step = widget.nextInFocusChain()
    while step is not None and step is not widget:
        if step.window() is widget.window() and _takes_entry(step):
            step.setFocus(Qt.FocusReason.TabFocusReason)
            bring_into_sight(step)
            return
        step = step.nextInFocusChain()


def bring_into_sight(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 8, 24)
            return
        above = above.parentWidget()
