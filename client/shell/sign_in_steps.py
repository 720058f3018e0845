"""What may be asked between the password and the work: a password of one's own, the second factor, a new telephone."""

from __future__ import annotations

from collections.abc import Mapping

import segno
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from client.kit.buttons import button
from client.kit.theme import named, restyle, theme
from client.kit.words import plain

HEADINGS = {
    "old": "Прежний пароль",
    "new_password": "Придумайте свой пароль",
    "second": "Код подтверждения",
    "enrol": "Второй ключ — ваш телефон",
    "recovery": "Запасные коды",
}
HINTS = {
    "old": "Новый пароль подошёл: его сменили на другом компьютере.",
    "new_password": "Не короче 12 знаков. Лучше всего фраза из нескольких не связанных слов: её легко набрать и трудно угадать.",
    "second": "Шесть цифр из приложения на телефоне. Нет телефона — введите один из запасных кодов.",
    "enrol": "Откройте на телефоне приложение для кодов (например, Яндекс Ключ), снимите этот рисунок и введите шесть цифр, которые оно покажет.",
    "recovery": "Каждый откроет вход один раз, если телефона не будет под рукой. Больше их не покажут: перепишите или распечатайте сейчас.",
}
OLD = "На этом компьютере есть записи под прежним паролем. Введите его, чтобы они остались на виду; забыли — оставьте пустым."
EDGE = 4
"""Modules of white around a QR code that readers need."""


class Step(QFrame):
    """One thing more; `submitted` by Enter in its last field. `values()` are what the server is sent."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ""
        self.fields: dict[str, QLineEdit] = {}
        self._given: dict[str, str] = {}
        """Of the steps before: a step may follow a step."""
        self._parts: list[QWidget] = []
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(4)
        self.message = plain("")
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "error")
        self.hide()

    def ask(self, told: Mapping[str, str]) -> None:
        """`told` is what the server said beside StepNeeded; asked again, what was typed stays."""
        if told["step"] == self.kind:
            return
        self._given |= self._typed()
        self._clear()
        self.kind = told["step"]
        self._add(plain(HEADINGS[self.kind], role="heading"))
        self._words(HINTS[self.kind])
        match self.kind:
            case "old":
                self._add_old()
            case "new_password":
                self._add_line("new_password", "Новый пароль", secret=True)
                self._add_line("again", "Ещё раз", secret=True)
                if told.get("old"):
                    self._add_old()
            case "enrol":
                self._add(_picture(told["uri"]))
                self._words("Не снимается? Введите в приложении этот ключ:")
                self._add(_copied(_grouped(told["secret"])))
                self._add_line("second", "Шесть цифр с телефона")
            case _:
                self._add_line("second", "Код")
        self._add(self.message)
        self.set_error(None)
        self.show()
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_recovery(self, codes: list[str]) -> None:
        """The last step: nothing is asked, the codes are taken away."""
        self._clear()
        self.kind = "recovery"
        self._add(plain(HEADINGS[self.kind], role="heading"))
        self._words(HINTS[self.kind])
        pairs = zip(codes[::2], codes[1::2], strict=True)
        self._add(_copied("\n".join("   ".join(pair) for pair in pairs)))
        self._add(
            button(
                "Скопировать",
                "copy",
                run=lambda: QApplication.clipboard().setText("\n".join(codes)),
            )
        )
        self.show()

    def leave(self) -> None:
        """Back to login and password; nothing typed here is kept."""
        self._clear()
        self._given.clear()
        self.kind = ""
        self.hide()

    def values(self) -> dict[str, str]:
        """new_password, second, old: those that were asked so far."""
        given = self._given | self._typed()
        given.pop("again", None)
        return given

    def is_ready(self) -> bool:
        """Says under the fields what is wrong with what was typed."""
        typed = self._typed()
        empty = next((n for n, text in typed.items() if not text and n != "old"), None)
        if empty:
            self.set_error("Заполните поле", empty)
        elif self.kind == "new_password" and typed["new_password"] != typed["again"]:
            self.set_error("Пароли не совпадают: наберите второй раз так же", "again")
        else:
            return True
        return False

    def set_error(self, text: str | None, field: str = "") -> None:
        """One sentence, with the focus where it is to be mended."""
        self.message.setText(text or "")
        self.message.setVisible(bool(text))
        field = field if field in self.fields else next(iter(self.fields), "")
        for name, line in self.fields.items():
            restyle(line, "state", "error" if text and name == field else "")
            line.setAccessibleDescription(text or "" if name == field else "")
        if text and field:
            self.fields[field].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields[field].selectAll()

    def set_busy(self, *, busy: bool) -> None:
        for line in self.fields.values():
            line.setReadOnly(busy)

    def _typed(self) -> dict[str, str]:
        return {name: line.text() for name, line in self.fields.items()}

    def _add(self, part: QWidget) -> None:
        self._body.addWidget(part)
        if part is not self.message:
            part.show()  # the window asks at once how much room there must be
            self._parts.append(part)

    def _words(self, text: str) -> None:
        words = plain(text, role="muted")
        words.setWordWrap(True)
        self._add(words)

    def _add_old(self) -> None:
        self._words(OLD)
        self._add_line("old", "Прежний пароль", secret=True)

    def _add_line(self, name: str, label: str, *, secret: bool = False) -> None:
        line = QLineEdit()
        line.setAccessibleName(label)
        line.setMinimumHeight(theme().px(34))
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textEdited.connect(lambda _text: self.set_error(None))
        line.returnPressed.connect(lambda: self._next(name))
        above = plain(label, role="muted")
        above.setBuddy(line)
        self.fields[name] = line
        self._add(above)
        self._add(line)

    def _next(self, name: str) -> None:
        """Enter goes on to the next line, and from the last one on to the server."""
        names = list(self.fields)
        following = names[names.index(name) + 1 :]
        if following:
            self.fields[following[0]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.submitted.emit()

    def _clear(self) -> None:
        for part in self._parts:
            self._body.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._body.removeWidget(self.message)
        self.message.hide()
        self._parts, self.fields = [], {}


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _copied(text: str) -> QLabel:
    """Letters of one width that can be marked by mouse and by keys."""
    label = plain(text)
    named(label, "code")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap("\n" not in text)  # lines that are there need their room
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setAccessibleName("Ключ для ввода вручную")
    return label


def _picture(text: str) -> QLabel:
    """Dark on white in both looks: a telephone reads nothing else."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    side = len(rows) + 2 * EDGE
    grey = bytearray(b"\xff" * side * side)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                grey[(y + EDGE) * side + x + EDGE] = 0
    image = QImage(bytes(grey), side, side, side, QImage.Format.Format_Grayscale8)
    shown = QLabel()
    shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
    shown.setAccessibleName("QR-код для приложения с кодами")
    times = max(2, theme().px(200) // side)
    shown.setPixmap(QPixmap.fromImage(image.scaled(side * times, side * times)))
    return shown
