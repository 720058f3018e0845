"""The line at the foot of the window: link to the server, what is going on, who is working."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from client.kit.icons import icon
from client.kit.theme import restyle, theme
from client.kit.words import ElidedLabel, hint
from client.shell.link import Link, LinkState
from client.shell.user_menu import UserMenu

SHORT_UNDER = 1000
TEXT_FROM = 640
NEWS_MS = 12_000
"""So long what was just done stands before what is told of the tab."""


class StatusLine(QFrame):
    """The state of the link is a button: it opens the list of what waits."""

    waiting_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.state = LinkState(Link.OFFLINE)
        self.link = QPushButton()
        self.link.setProperty("role", "link")
        self.link.clicked.connect(self.waiting_asked)
        self.text = ElidedLabel(role="muted")
        self._of_tab = ""
        self._news = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news.timeout.connect(self._rest)
        self.tasks = QHBoxLayout()
        self.tasks.setSpacing(6)
        self.user = UserMenu()
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 3, 12, 3)
        line.setSpacing(12)
        line.addWidget(self.link)
        line.addWidget(self.text, 1)
        line.addLayout(self.tasks)
        line.addWidget(self.user)
        self.set_link(self.state)
        theme().changed.connect(self._show)

    def tell(self, words: str) -> None:
        """What was just done, or why it cannot be; empty where that is over."""
        if words:
            self.text.setText(words)
            self._news.start()
        else:
            self._rest()

    def tell_of_tab(self, words: str) -> None:
        """What stands there while there is no news."""
        self._of_tab = words
        if not self._news.isActive():
            self._rest()

    def _rest(self) -> None:
        self._news.stop()
        self.text.setText(self._of_tab)

    def set_link(self, state: LinkState) -> None:
        self.state = state
        self._show()

    def _show(self) -> None:
        state = self.state
        words = state.words(short=self.width() < theme().px(SHORT_UNDER))
        whole = state.words()
        self.link.setIconSize(QSize(theme().px(16), theme().px(16)))
        self.link.setIcon(icon(state.link.icon, state.link.tone))
        self.link.setText(f" {words}")
        self.text.setVisible(self.width() >= theme().px(TEXT_FROM))
        self.link.setAccessibleName(f"Связь с сервером: {whole}")
        said = f"{state.why}\n" if state.why else ""
        self.link.setToolTip(hint(f"{said}{whole}. Показать, что ждёт отправки"))
        restyle(self.link, "tone", state.link.tone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()
