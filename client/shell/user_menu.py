"""Who works here, at the foot of the window, and what he may do with his own sign-in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from client.kit.buttons import icon_button
from client.kit.icons import icon
from client.kit.theme import theme
from client.kit.words import ElidedLabel

OWN = "Мой вход: пароль, блокировка"


class UserMenu(QWidget):
    """A name and a button whose menu opens upwards."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ElidedLabel(role="muted")
        self.actions_shown: Sequence[QAction] = ()
        self.button = icon_button("user-cog", OWN, self.open)
        self.line = line = QGridLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setHorizontalSpacing(4)
        line.addWidget(self.name, 0, 0)
        line.addWidget(self.button, 0, 1)
        self.button.hide()
        theme().changed.connect(self._retheme)
        self._retheme()

    def set_name(self, name: str) -> None:
        self.name.setText(name)

    def text(self) -> str:
        return self.name.text()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        self.actions_shown = actions
        self.button.setVisible(bool(actions))
        self._retheme()

    def open(self) -> None:
        """By mouse, Space or its key; the arrows walk it."""
        menu = QMenu(self)
        menu.setAccessibleName(OWN)
        menu.addActions(list(self.actions_shown))
        menu.aboutToHide.connect(menu.deleteLater)
        above = self.button.mapToGlobal(QPoint(0, -menu.sizeHint().height()))
        menu.popup(above)
        menu.setActiveAction(self.actions_shown[0])

    def _retheme(self) -> None:
        self.button.setIconSize(QSize(theme().px(16), theme().px(16)))
        self.button.setIcon(icon("user-cog", "muted"))
        self._keep_room()

    def _keep_room(self) -> None:
        """A long name gives way, not its button: the least size that a style sheet says would let that shrink."""
        self.button.ensurePolished()
        shown = not self.button.isHidden()
        self.line.setColumnMinimumWidth(1, self.button.sizeHint().width() if shown else 0)
