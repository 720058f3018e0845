"""A small panel that hangs at a button and stays open until Esc or a click elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from client.kit.focus import EnterTaker, enter_inside, press_focused, tab_inside
from client.kit.theme import named, theme


class Popover(EnterTaker, QFrame):
    """Lies inside the window of its anchor; gives the focus back to it when closed.

    Keys go round inside of it. It goes when the focus goes elsewhere in the window, and with its anchor.
    """

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self._window = anchor.window()
        self.anchor = anchor
        self._open = False
        self.setProperty("role", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside = named(QWidget(), "body")
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(10, 8, 10, 8)
        self.body.setSpacing(2)
        self._area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2, 2, 2, 2)
        whole.addWidget(self._area)
        self.hide()

    def open(self) -> None:
        self.setGeometry(self._place())
        self.raise_()
        self.show()
        app = _app()
        self._open = True
        app.installEventFilter(self)
        app.focusChanged.connect(self._focus_moved)
        first = self.body.itemAt(0)
        if first is not None and (widget := first.widget()) is not None:
            widget.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """Also where the window puts a screen over all the work; each opening makes a panel of its own."""
        super().hideEvent(event)
        if self.isHidden() and self._open:
            self._open = False
            _app().removeEventFilter(self)
            _app().focusChanged.disconnect(self._focus_moved)
            self.deleteLater()

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Keys that another widget gets are not for a panel that lies over it."""
        if now is not None and now.window() is self._window and not self._holds(now):
            self.close_quietly()

    def _holds(self, widget: QWidget) -> bool:
        return widget is self or self.isAncestorOf(widget)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001  as Qt has it
        return tab_inside(self, next=next)

    def take_enter(self, field: QWidget) -> bool:
        """Enter never leaves the panel."""
        enter_inside(self, field)
        return True

    def _place(self) -> QRect:
        window = self._window
        wanted = self._inside.sizeHint().expandedTo(self._inside.minimumSize())
        corner = self.anchor.mapTo(window, QPoint(0, self.anchor.height() + 4))
        width = min(wanted.width() + 24, window.width() - 16)
        needed = max(self.body.totalHeightForWidth(wanted.width()), wanted.height())
        height = min(needed + 8, window.height() - corner.y() - 12)
        height = max(height, min(theme().px(120), window.height() - 16))
        left = min(corner.x(), window.width() - width - 8)
        top = min(corner.y(), window.height() - height - 8)
        return QRect(max(left, 8), max(top, 8), width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_quietly()
            self.anchor.setFocus(Qt.FocusReason.PopupFocusReason)
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif not press_focused(self, event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.anchor and event.type() == QEvent.Type.Hide:
            self.close_quietly()
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            point = self.mapFromGlobal(event.globalPosition().toPoint())
            at_anchor = self.anchor.rect().contains(
                self.anchor.mapFromGlobal(event.globalPosition().toPoint())
            )
            if not (self.rect().contains(point) or at_anchor or self._in_list(event)):
                self.close_quietly()
        return False

    def _in_list(self, event: QMouseEvent) -> bool:
        """A field of the panel may have its list over the window beside it."""
        lists = self._window.findChildren(QFrame, "pickList")
        point = event.globalPosition().toPoint()
        return any(
            each.isVisible() and each.rect().contains(each.mapFromGlobal(point)) for each in lists
        )


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101  a window has one
    return app
