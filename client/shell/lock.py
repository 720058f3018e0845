"""The locked window: it hides the work, closes nothing, and asks the password again."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from client.kit.buttons import button
from client.kit.icons import icon
from client.kit.theme import named, restyle, theme
from client.kit.words import ElidedLabel, plain


class LockScreen(QWidget):
    """`asked(password)`; `put_off` where the person may go on without a new sign-in."""

    asked = Signal(str)
    put_off = Signal()

    def __init__(self, user: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "root")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._mark = QLabel()
        self.heading = plain("", role="heading")
        self.why = plain("", role="muted")
        self.why.setWordWrap(True)
        self.user = ElidedLabel(user, role="strong")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("Пароль")
        self.password.setPlaceholderText("Пароль")
        self.password.returnPressed.connect(self.submit)
        self.password.textEdited.connect(lambda _text: self.set_error(None))
        self.second = QLineEdit()
        self.second.setAccessibleName("Код подтверждения")
        self.second.setPlaceholderText("Код подтверждения с телефона")
        self.second.returnPressed.connect(self.submit)
        self.second.hide()
        self.message = plain("")
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "error")
        self.message.hide()
        self.enter = button("Продолжить", "lock-open", primary=True, run=self.submit)
        self.later = button("Позже", run=self.put_off.emit)
        self._lay_out()
        theme().changed.connect(self._retheme)
        self._retheme()

    def _lay_out(self) -> None:
        self._card = QFrame()
        self._card.setProperty("role", "card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark)
        head.addWidget(self.heading, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.later)
        buttons.addWidget(self.enter, 1)
        inside.addLayout(head)
        for widget in (self.why, self.user, self.password, self.second, self.message):
            inside.addWidget(widget)
        inside.addSpacing(4)
        inside.addLayout(buttons)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._card)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addLayout(across)
        whole.addStretch(3)

    def _retheme(self) -> None:
        look = theme()
        self._mark.setPixmap(icon("lock", "accent").pixmap(look.px(28), look.px(28)))
        self._card.setFixedWidth(min(look.px(420), 720))
        for line in (self.password, self.second):
            line.setMinimumHeight(look.px(34))
        self.enter.setIconSize(QSize(look.px(16), look.px(16)))

    def ask(self, heading: str, why: str, *, may_wait: bool) -> None:
        """Show what is asked and why; `may_wait`: work may go on without an answer."""
        self.heading.setText(heading)
        self.why.setText(why)
        self.later.setVisible(may_wait)
        self.password.clear()
        self.second.clear()
        self.second.hide()
        self.set_error(None)
        self.set_busy(busy=False)

    def ask_second(self) -> None:
        """The password was right; the telephone is asked, too."""
        self.second.show()
        self.second.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        if not self.password.text():
            self.set_error("Введите пароль")
        elif self.enter.isEnabled():
            self.asked.emit(self.password.text())

    def set_error(self, text: str | None) -> None:
        self.message.setText(text or "")
        self.message.setVisible(bool(text))
        self.password.setAccessibleDescription(text or "")
        restyle(self.password, "state", "error" if text else "")

    def set_busy(self, *, busy: bool) -> None:
        self.enter.setEnabled(not busy)
        self.enter.setText(" Проверяем…" if busy else " Продолжить")
        self.password.setReadOnly(busy)
        self.second.setReadOnly(busy)
        if not busy:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            self.password.selectAll()
