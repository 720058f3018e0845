"""The row of open tabs: icon, title, a dot for what is not saved, a close button large enough to hit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QToolButton, QWidget

from client.kit.icons import icon
from client.kit.theme import theme
from client.kit.words import hint


class Tabs(QTabBar):
    close_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setExpanding(False)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName("Открытые вкладки")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._titles: dict[str, str] = {}
        self._dirty: set[str] = set()
        self._name_scrollers()
        theme().changed.connect(self._retheme)

    def _name_scrollers(self) -> None:
        for button in self.findChildren(QToolButton):
            if button.objectName() in SCROLLERS:
                button.setAccessibleName(SCROLLERS[button.objectName()])
                button.setToolTip(hint(SCROLLERS[button.objectName()]))

    def key_at(self, place: int) -> str:
        return str(self.tabData(place)) if 0 <= place < self.count() else ""

    def place_of(self, key: str) -> int:
        """-1 where there is no such tab."""
        return next((n for n in range(self.count()) if self.tabData(n) == key), -1)

    def add(self, key: str, title: str, icon_name: str, *, closable: bool) -> int:
        self._titles[key] = title
        # tabData must be there before currentChanged of the first tab
        blocked = self.blockSignals(True)
        place = self.addTab(icon(icon_name, "muted", checked_tone="accent"), "")
        self.setTabData(place, key)
        self.blockSignals(blocked)
        if closable:
            self._add_close_button(place, key, title)
        self._show_title(place)
        return place

    def _add_close_button(self, place: int, key: str, title: str) -> None:
        close = QToolButton(self)
        close.setProperty("role", "close")
        close.setIcon(icon("x", "muted"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.setAccessibleName(f"Закрыть вкладку «{title}»")
        close.setToolTip("Закрыть (Ctrl+W)")
        close.clicked.connect(lambda: self.close_asked.emit(key))
        self._size_close(close)
        self.setTabButton(place, QTabBar.ButtonPosition.RightSide, close)

    def may_close(self, place: int) -> bool:
        return self._close_button(place) is not None

    def _close_button(self, place: int) -> QWidget | None:
        # the stub leaves out that there may be none
        found: QWidget | None = self.tabButton(place, QTabBar.ButtonPosition.RightSide)
        return found

    def _size_close(self, close: QWidget) -> None:
        side = max(theme().px(24), 24)
        close.setFixedSize(QSize(side, side))

    def rename(self, key: str, title: str) -> None:
        self._titles[key] = title
        self._show_title(self.place_of(key))

    def set_dirty(self, key: str, *, dirty: bool) -> None:
        (self._dirty.add if dirty else self._dirty.discard)(key)
        self._show_title(self.place_of(key))

    def is_dirty(self, key: str) -> bool:
        return key in self._dirty

    def drop(self, key: str) -> None:
        self._dirty.discard(key)
        self._titles.pop(key, None)
        self.removeTab(self.place_of(key))

    def _show_title(self, place: int) -> None:
        if place < 0:
            return
        key = self.key_at(place)
        title = self._titles[key]
        dirty = key in self._dirty
        self.setTabText(place, f"{title} •" if dirty else title)
        self.setTabToolTip(place, f"{title} — есть несохранённые изменения" if dirty else title)
        self.setAccessibleTabName(place, f"{title}, не сохранено" if dirty else title)

    def tabSizeHint(self, index: int) -> QSize:
        hint = super().tabSizeHint(index)
        return QSize(min(hint.width(), theme().px(210)), max(hint.height(), theme().px(42)))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(min(self.tabSizeHint(index).width(), theme().px(110)), theme().px(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(150), theme().px(42))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.MiddleButton:
            place = self.tabAt(event.position().toPoint())
            if self.may_close(place):
                self.close_asked.emit(self.key_at(place))

    def _retheme(self) -> None:
        for place in range(self.count()):
            close = self._close_button(place)
            if close is not None:
                self._size_close(close)
        self.setIconSize(QSize(theme().px(16), theme().px(16)))


SCROLLERS = {
    "ScrollLeftButton": "Вкладки левее",
    "ScrollRightButton": "Вкладки правее",
}
