"""A small window that asks: words, fields, «Отмена» and a button that says what will happen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.focus import EnterTaker, begin_inside, enter_inside, press_focused, tab_inside
from client.kit.theme import theme
from client.kit.words import plain


class Asking(EnterTaker, QDialog):
    """Words, fields, «Отмена» and a button that says what will happen; Ctrl+Enter presses it."""

    def __init__(self, title: str, said: str, yes: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme().px(520))
        self.yes = button(yes, primary=True, run=self.agree)
        self.yes.setToolTip("Ctrl+Enter")
        self.yes.setAutoDefault(False)
        self.no = button("Отмена", run=self.reject)
        self.no.setAutoDefault(False)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(8)
        text = plain(said, role="muted")
        text.setWordWrap(True)
        below = QHBoxLayout()
        below.addStretch()
        below.addWidget(self.no)
        below.addWidget(self.yes)
        body = QVBoxLayout(self)
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(12)
        body.addWidget(text)
        body.addLayout(self.fields)
        body.addLayout(below)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.agree)

        self.finished.connect(parent.activateWindow)

    def grow(self) -> None:
        """Words that came beside a field may need more height than the window has: Qt does not ask for it by itself."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            for inner in (self.fields, layout):
                inner.invalidate()
                inner.activate()
            needed = layout.totalHeightForWidth(self.width())
            room = self.screen().availableGeometry().height()
            self.resize(self.width(), max(self.height(), min(needed, room)))

    def showEvent(self, event: QShowEvent) -> None:
        """Keys go to what is filled in, not to the buttons beneath."""
        super().showEvent(event)
        focused: QWidget | None = self.focusWidget()  # the stub leaves out that there may be none
        if not event.spontaneous() and (focused is None or isinstance(focused, QPushButton)):
            begin_inside(self)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001  as Qt has it
        return tab_inside(self, next=next)

    def take_enter(self, field: QWidget) -> bool:
        return enter_inside(self, field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)

    def agree(self) -> None:
        """What the button says: each window's own."""
        raise NotImplementedError
