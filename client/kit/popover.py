"""A small panel that hangs at a button and stays open until Esc or a click elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from client.kit.theme import named, theme


class Popover(QFrame):
    """Lies inside the window of its anchor; gives the focus back to it when closed."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self._window = anchor.window()
        self.anchor = anchor
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
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # there is one
        first = self.body.itemAt(0)
        if first is not None and (widget := first.widget()) is not None:
            widget.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]  # there is one
        self.hide()

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
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
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
