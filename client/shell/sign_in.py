"""The sign-in window: it shows and asks, somebody else signs in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.kit.icons import icon
from client.kit.theme import restyle, theme
from client.kit.words import hint, plain
from client.shell.sign_in_steps import Step

FIELDS = {
    "server": ("Адрес сервера", "https://epo.example.ru"),
    "login": ("Логин", ""),
    "password": ("Пароль", ""),
}

ADDRESS = re.compile(r"https?://[^\s/]+/?$")


class SignIn(QDialog):
    """`asked(server, login, password)` when all three are there; `offline_asked(login, password)` by its button;
    `cancelled` where a person does not wait for the answer.
    """

    asked = Signal(str, str, str)
    offline_asked = Signal(str, str)
    cancelled = Signal()

    def __init__(self, server: str = "", login: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Вход — АИС ЭПО")
        self.fields: dict[str, QLineEdit] = {}
        self.messages: dict[str, QLabel] = {}
        self._first: list[QWidget] = []
        """What is asked first; it makes room for a further step."""
        self.step = Step()
        self.step.submitted.connect(self.submit)
        self._card = QFrame()
        self._card.setProperty("role", "card")
        self._body = QVBoxLayout(self._card)
        self._body.setContentsMargins(24, 20, 24, 20)
        self._body.setSpacing(4)
        self._add_head()
        for name, (label, example) in FIELDS.items():
            self._add_field(name, label, example)
        self._add_eye()
        self._body.addWidget(self.step)
        self._add_foot()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._card)
        whole.addWidget(self._area)
        self.fields["server"].setText(server)
        self.fields["login"].setText(login)
        self._retheme()
        theme().changed.connect(self._retheme)
        self._focus_first_empty()

    def _add_head(self) -> None:
        head = QHBoxLayout()
        self._mark = QLabel()
        head.addWidget(self._mark)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(plain("АИС ЭПО", role="title"))
        about = plain("Учёт профессиональных образовательных организаций", role="muted")
        about.setWordWrap(True)
        names.addWidget(about)
        head.addLayout(names, 1)
        head.setSpacing(12)
        self._body.addLayout(head)
        self._body.addSpacing(8)

    def _add_field(self, name: str, label: str, hint: str) -> None:
        field, message = QLineEdit(), plain("")
        above = plain(label, role="muted")
        above.setBuddy(field)
        field.setAccessibleName(label)
        field.setPlaceholderText(hint)
        field.setMinimumHeight(theme().px(34))
        field.textEdited.connect(lambda _text, which=name: self.set_error(which, None))
        field.returnPressed.connect(self._enter)
        message.setWordWrap(True)
        message.setProperty("tone", "error")
        message.hide()
        self.fields[name], self.messages[name] = field, message
        for widget in (above, field, message):
            self._body.addWidget(widget)
        self._first += [above, field]
        self._body.addSpacing(4)

    def _add_eye(self) -> None:
        password = self.fields["password"]
        password.setEchoMode(QLineEdit.EchoMode.Password)
        password.textEdited.connect(self._warn_of_layout)
        self.eye = QToolButton(password)
        self.eye.setProperty("role", "icon")
        self.eye.setCheckable(True)
        self.eye.setCursor(Qt.CursorShape.ArrowCursor)
        self.eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.eye.toggled.connect(self._show_password)
        inside = QHBoxLayout(password)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.addStretch()
        inside.addWidget(self.eye)
        self._show_password(shown=False)

    def _add_foot(self) -> None:
        self.notice = plain("")
        self.notice.setWordWrap(True)
        self.notice.hide()
        self.enter = QPushButton("Войти")
        self.enter.setProperty("primary", "true")
        self.enter.setAutoDefault(False)
        self.enter.clicked.connect(self.submit)
        self.offline = QPushButton("Работать без сети")
        self.offline.setAutoDefault(False)
        self.offline.clicked.connect(self._go_offline)
        self.offline.hide()
        self.cancel = QPushButton("Отмена")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.cancelled)
        self.cancel.hide()
        self.back = QPushButton("Назад")
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.leave_step)
        self.back.hide()
        self._offers_offline = False
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.offline)
        buttons.addWidget(self.enter, 1)
        buttons.addWidget(self.cancel)
        self._body.addWidget(self.notice)
        self._body.addSpacing(4)
        self._body.addLayout(buttons)
        self._body.addStretch()

    def _retheme(self) -> None:
        look = theme()
        side = look.px(36)
        self._mark.setPixmap(icon("graduation-cap", "accent").pixmap(side, side))
        self.eye.setIconSize(QSize(look.px(18), look.px(18)))
        self.fields["password"].setTextMargins(0, 0, look.px(30), 0)
        for field in self.fields.values():
            field.setMinimumHeight(look.px(34))
        self.setMinimumWidth(min(look.px(420), 760))

    def _show_password(self, shown: bool) -> None:  # noqa: FBT001 - the signal brings it so
        self.fields["password"].setEchoMode(
            QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        )
        words = "Скрыть пароль" if shown else "Показать пароль"
        self.eye.setIcon(icon("eye-off" if shown else "eye", "muted"))
        self.eye.setToolTip(hint(words))
        self.eye.setAccessibleName(words)

    def _warn_of_layout(self, text: str) -> None:
        if any("а" <= letter.lower() <= "я" for letter in text):
            self._say("password", "Включена русская раскладка", "warn")

    def _focus_first_empty(self) -> None:
        empty = next((name for name in FIELDS if not self.fields[name].text()), "password")
        self.fields[empty].setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        """Enter goes to what is still empty, and signs in when nothing is."""
        empty = [name for name in FIELDS if not self.fields[name].text().strip()]
        if empty and self.fields[empty[0]] is not self.focusWidget():
            self.fields[empty[0]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.submit()

    def ask_step(self, told: Mapping[str, str], said: str) -> None:
        """The password was right and one thing more is asked (StepNeeded)."""
        again = self.step.kind == told["step"]
        for widget in (*self._first, *self.messages.values()):
            widget.hide()
        self.step.ask(told)
        self.back.show()
        self._say_enter()
        if again:
            self.step.set_error(said)
        self._grow()

    def show_recovery(self, codes: list[str]) -> None:
        """Signed in; the codes are shown once, and `accepted` follows when they have been taken away."""
        self.step.show_recovery(codes)
        self.back.hide()
        self._say_enter()
        self.enter.setAutoDefault(True)
        self.enter.setFocus(Qt.FocusReason.OtherFocusReason)
        self._grow()

    def leave_step(self) -> None:
        self.step.leave()
        self.back.hide()
        for widget in self._first:
            widget.show()
        self._say_enter()
        self.fields["password"].clear()
        self.fields["password"].setFocus(Qt.FocusReason.OtherFocusReason)
        self._grow()

    def _say_enter(self) -> None:
        words = {"": "Войти", "recovery": "Коды сохранены — войти"}
        self.enter.setText(words.get(self.step.kind, "Продолжить"))

    def submit(self) -> None:
        if self.step.kind == "recovery":
            self.accept()
            return
        if self.step.kind and not self.step.is_ready():
            self._grow()
            return
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        texts["password"] = self.fields["password"].text()
        for name, (label, _) in FIELDS.items():
            self.set_error(name, None if texts[name] else f"Заполните поле «{label}»")
        if texts["server"] and not ADDRESS.match(texts["server"]):
            self.set_error("server", "Адрес начинается с https:// — спросите его у администратора")
            self.fields["server"].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        missing = next((name for name in FIELDS if not texts[name]), None)
        if missing:
            self.fields[missing].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.asked.emit(texts["server"], texts["login"], texts["password"])

    def _go_offline(self) -> None:
        """The server's address is not needed; the password is."""
        for name in ("login", "password"):
            if not self.fields[name].text().strip():
                self.set_error(name, f"Заполните поле «{FIELDS[name][0]}»")
                self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.offline_asked.emit(self.fields["login"].text().strip(), self.fields["password"].text())

    def set_error(self, field: str, text: str | None) -> None:
        """One plain sentence under the field: server, login or password."""
        self._say(field, text, "error")

    def _say(self, field: str, text: str | None, kind: str) -> None:
        message = self.messages[field]
        message.setText(text or "")
        restyle(message, "tone", kind)
        message.setVisible(bool(text))
        self.fields[field].setAccessibleDescription(text or "")
        restyle(self.fields[field], "state", kind if text else "")
        self._grow()

    def set_notice(self, text: str | None, tone: str = "warn") -> None:
        """Words above the buttons: no link, a blocked account, the version is too old."""
        self.notice.setText(text or "")
        restyle(self.notice, "tone", tone)
        self.notice.setVisible(bool(text))
        self._grow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._grow()

    def _grow(self) -> None:
        """Wrapped words may need more height than the window has: Qt does not ask for it by itself."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            for inner in (self.step.layout(), self._body, layout):
                if inner is not None:  # from the inside out: each asks the one below
                    inner.invalidate()
                    inner.activate()
            sides = layout.contentsMargins()
            across = self.width() - sides.left() - sides.right()
            needed = self._body.totalHeightForWidth(across) + sides.top() + sides.bottom()
            room = self.screen().availableGeometry().height()
            self.resize(self.width(), max(self.height(), min(needed, room)))

    def offer_offline(self, hint: str | None) -> None:
        """There is no server, but this computer holds this user's records."""
        self.set_notice(hint)
        self._offers_offline = bool(hint)
        self.offline.setVisible(bool(hint))

    def set_busy(self, *, busy: bool) -> None:
        """While an answer is awaited nothing is typed, and «Отмена» takes the place of «Работать без сети»."""
        self.enter.setEnabled(not busy)
        self._say_enter()
        if busy:
            self.enter.setText("Проверяем…")
        self.back.setVisible(bool(self.step.kind) and not busy)
        self.step.set_busy(busy=busy)
        self.cancel.setVisible(busy)
        self.offline.setVisible(self._offers_offline and not busy)
        for field in self.fields.values():
            field.setReadOnly(busy)
        if busy:
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.step.kind:
            self.fields["password"].setFocus(Qt.FocusReason.OtherFocusReason)
