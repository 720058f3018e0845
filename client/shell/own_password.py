"""One's own password changed: the rules are said first, each mistake beside its field, and this computer opens by the new one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from client.kit.asking import Asking
from client.kit.background import Background
from client.kit.fields import Editor, Line
from client.kit.focus import go_next, is_enter
from client.kit.forms import FieldRow
from client.kit.theme import theme
from client.kit.tick import Tick
from client.kit.words import plain
from client.net.link import Link, Offline
from client.store.password import NoLink, change
from client.store.store import Store
from common.administration.rules import PASSWORD_RULES, refuse_again, refuse_length, refuse_same
from common.kit.errors import EpoError, NotSignedIn

TITLE = "Сменить пароль"
DONE = "Пароль сменён. Без связи этот компьютер открывается уже новым паролем"
OTHERS = "На остальных ваших компьютерах и в браузерах понадобится войти заново; здесь работа продолжается."
UNKNOWN = (
    "Связь оборвалась раньше ответа: пароль мог смениться. Нажмите ещё раз, когда связь появится: если пароль "
    "сменился, программа попросит войти снова. Этот компьютер откроется любым из двух"
)
TAKEN = "Похоже, пароль сменился в прошлый раз: закройте это окно и войдите на сервер снова, с новым паролем"


class SecretEdit(Editor):
    """A line that shows no letters; Enter moves on, or does what it is given."""

    def __init__(self, label: str, enter: Callable[[], object] | None = None) -> None:
        super().__init__(label)
        self.enter = enter
        self.line = Line(self._key, self)
        self.line.textEdited.connect(lambda _text: self._edited())
        self.line.left.connect(self.left)
        self.show_letters(shown=False)
        self._adopt(self.line)

    def value(self) -> str:
        return self.line.text()

    def show_letters(self, *, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.line.setEchoMode(mode)

    def _edited(self) -> None:
        self.set_message(None)
        self.changed.emit()

    def _key(self, event: QKeyEvent) -> bool:
        if not is_enter(event):
            return False
        if self.enter is None:
            go_next(self.line)
        else:
            self.enter()
        return True


class ChangePassword(Asking):
    """`changed(words)` when the server has taken it."""

    def __init__(
        self, store: Store, link: Link, changed: Callable[[str], object], parent: QWidget
    ) -> None:
        """`link` goes on under the token that comes with the new password."""
        super().__init__(TITLE, f"{PASSWORD_RULES} {OTHERS}", TITLE, parent)
        self.store, self.link, self.changed = store, link, changed
        self.background = Background(self)
        self.old = SecretEdit("Прежний пароль")
        self.new = SecretEdit("Новый пароль")
        self.again = SecretEdit("Новый ещё раз", self.agree)
        self.editors = (self.old, self.new, self.again)
        self.letters = Tick("Показать набранное")
        self.message = plain("")
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "error")
        self.message.hide()
        for editor in self.editors:
            self.fields.addWidget(FieldRow(editor.label(), editor, required=True))
            editor.noted.connect(lambda _text, _kind: self.grow())
        self.letters.setMinimumHeight(theme().px(28))
        self.fields.addWidget(self.letters)
        self.fields.addWidget(self.message)
        self.letters.toggled.connect(lambda on: self._show_letters(shown=on))
        self.new.left.connect(self._look_at_new)
        self.again.left.connect(self._look_at_again)
        self.old.setFocus()

    def _show_letters(self, *, shown: bool) -> None:
        for editor in self.editors:
            editor.show_letters(shown=shown)

    def _look_at_new(self) -> None:
        """Said when the field is left; an empty one waits for the button."""
        if typed := self.new.value():
            said = refuse_length(typed) or refuse_same(self.old.value(), typed)
            self.new.set_message(said)

    def _look_at_again(self) -> None:
        if typed := self.again.value():
            self.again.set_message(refuse_again(self.new.value(), typed))

    def agree(self) -> None:
        if not self.yes.isEnabled() or not self._is_ready():
            return
        old, new = self.old.value(), self.new.value()
        token = str(self.store.journal.fact("token", ""))
        self._set_busy(busy=True)

        def ask() -> None:
            with closing(Link(self.link.server, token)) as link:
                change(self.store, link, old, new)
                self.link.token = link.token

        self.background.ask("password", ask, self._taken, self._refused)

    def _is_ready(self) -> bool:
        """The first field that is to be mended has the focus."""
        old, new = self.old.value(), self.new.value()
        for editor in self.editors:
            editor.set_message(None if editor.value() else "Заполните поле")
        if new:
            self.new.set_message(refuse_length(new) or refuse_same(old, new))
        if self.again.value():
            self.again.set_message(refuse_again(new, self.again.value()))
        wrong = next((editor for editor in self.editors if editor.message()[0]), None)
        if wrong is not None:
            self._mend(wrong)
        return wrong is None

    def _mend(self, editor: SecretEdit) -> None:
        editor.setFocus()
        editor.line.selectAll()

    def _set_busy(self, *, busy: bool) -> None:
        self.yes.setEnabled(not busy)
        self.yes.setText("Меняем…" if busy else TITLE)
        for editor in self.editors:
            editor.line.setReadOnly(busy)
        self.message.hide()

    def _taken(self, _done: None) -> None:
        self.accept()
        self.changed(DONE)

    def _refused(self, fault: EpoError) -> None:
        """Beside the field that it is about; else above the buttons."""
        self._set_busy(busy=False)
        about = {"old": self.old, "new_password": self.new}
        editor = next((about[name] for name in fault.fields if name in about), None)
        if editor is not None:
            editor.set_message(fault.message)
            self._mend(editor)
            return
        self.message.setText(_words(fault))
        self.message.show()
        self.grow()


def _words(fault: EpoError) -> str:
    match fault:
        case NoLink():
            return fault.message
        case Offline():
            return UNKNOWN
        case NotSignedIn():
            return TAKEN
        case _:
            return fault.message
