"""How the program looks at this computer: light, dark or of high contrast, and how large its letters are."""

from __future__ import annotations

import enum

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from client.kit.asking import Asking
from client.kit.forms import FieldRow
from client.kit.pick import ChoiceEdit
from client.kit.theme import apply_theme, theme

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
        said = "Выбор виден сразу и запоминается на этом компьютере."
        super().__init__("Внешний вид", said, "Оставить так", parent)
        self.settings = settings
        self._before = worn(), round(theme().scale * 100)
        self.look = ChoiceEdit([(look, look.label) for look in Look], "Тема")
        self.size_edit = ChoiceEdit([(size, f"{size} %") for size in SIZES], "Размер букв")
        self.look.set_value(self._before[0])
        self.size_edit.set_value(min(SIZES, key=lambda size: abs(size - self._before[1])))
        for field in (self.look, self.size_edit):
            self.fields.addWidget(FieldRow(field.label(), field))
            field.changed.connect(self._try)
        self.rejected.connect(lambda: self._wear(*self._before))

    def _try(self) -> None:
        look, size = self.look.value(), self.size_edit.value()
        if look is not None and size is not None:
            self._wear(look, size)
            self.setMinimumWidth(min(theme().px(520), 760))
            self.grow()

    def _wear(self, look: Look, size: int) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a window has one
        put_on(app, look, size)

    def agree(self) -> None:
        keep(self.settings, worn(), round(theme().scale * 100))
        self.accept()
