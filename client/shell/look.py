"""How the program looks at this computer: light, dark or of high contrast, and how large its letters are."""

from __future__ import annotations

import enum

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from client.kit.asking import Asking
from client.kit.focus import is_enter
from client.kit.option_list import OptionList
from client.kit.theme import apply_theme, theme
from client.kit.words import plain

SIZES = (90, 100, 110, 125, 150, 175, 200)
"""Per cent of the usual letters."""


class Look(enum.Enum):
    LIGHT = "light", "Светлая"
    DARK = "dark", "Тёмная"
    CONTRAST = "contrast", "Высокая контрастность"

    @property
    def label(self) -> str:
        return self.value[1]


def worn() -> Look:
    look = theme()
    return Look.CONTRAST if look.contrast else Look.DARK if look.dark else Look.LIGHT


def wear(app: QApplication, settings: QSettings) -> None:
    """As it was chosen at this computer; a size that nobody offers is put right."""
    put_on(app, kept(settings), kept_size(settings))


def kept(settings: QSettings) -> Look:
    said = str(settings.value("look", ""))
    found = next((look for look in Look if look.value[0] == said), None)
    dark = str(settings.value("dark", "false")) == "true"  # as earlier programs kept it
    return found or (Look.DARK if dark else Look.LIGHT)


def kept_size(settings: QSettings) -> int:
    said = str(settings.value("letters", "100"))
    asked = int(said) if said.isdecimal() else 100
    return min(SIZES, key=lambda size: abs(size - asked))


def put_on(app: QApplication, look: Look, size: int) -> None:
    contrast = look is Look.CONTRAST
    apply_theme(app, dark=look is not Look.LIGHT, scale=size / 100, contrast=contrast)


def keep(settings: QSettings, look: Look, size: int) -> None:
    settings.setValue("look", look.value[0])
    settings.setValue("letters", size)


class LookSettings(Asking):
    """Both are put on as soon as they are chosen; «Отмена» takes them off again."""

    def __init__(self, settings: QSettings, parent: QWidget) -> None:
        said = "Стрелками ↑ и ↓: выбор виден сразу и запоминается на этом компьютере. Esc вернёт прежнее."
        super().__init__("Внешний вид", said, "Оставить так", parent)
        self.settings = settings
        self._before = worn(), round(theme().scale * 100)
        self.look = OptionList([(look, look.label) for look in Look], "Тема")
        self.letters = OptionList([(size, f"{size} %") for size in SIZES], "Размер букв")
        self.look.set_value(self._before[0])
        self.letters.set_value(min(SIZES, key=lambda size: abs(size - self._before[1])))
        beside = QHBoxLayout()
        beside.setSpacing(16)
        for options in (self.look, self.letters):
            column = QVBoxLayout()
            column.addWidget(plain(options.accessibleName(), role="muted"))
            column.addWidget(options, 0, Qt.AlignmentFlag.AlignTop)
            column.addStretch()
            beside.addLayout(column, 1)
            options.picked.connect(self._try)
        self.fields.addLayout(beside)
        self.rejected.connect(lambda: self._wear(*self._before))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and isinstance(self.focusWidget(), OptionList):
            self.agree()
        else:
            super().keyPressEvent(event)

    def _try(self) -> None:
        self._wear(self.look.value(), self.letters.value())
        self.setMinimumWidth(min(theme().px(520), 760))
        self.grow()

    def _wear(self, look: Look, size: int) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a window has one
        put_on(app, look, size)

    def agree(self) -> None:
        keep(self.settings, worn(), round(theme().scale * 100))
        self.accept()
