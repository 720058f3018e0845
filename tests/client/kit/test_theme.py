"""The look: font, Russian, icons that follow."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.kit.icons import icon
from client.kit.theme import theme
from client.kit.tokens import DARK, LIGHT
from common.kit import resources
from tests.client.conftest import Dress


def colours_in(made: QIcon) -> set[str]:
    picture = made.pixmap(QSize(48, 48)).toImage()
    points = [picture.pixelColor(x, y) for x in range(48) for y in range(48)]
    return {colour.name(QColor.NameFormat.HexRgb) for colour in points if colour.alpha() == 255}


def test_letters_are_those_that_ship(dress: Dress, qapp: QApplication) -> None:
    dress(scale=1.5)
    assert (qapp.font().family(), qapp.font().pixelSize()) == ("Golos Text", 20)


def test_an_icon_follows_the_look(dress: Dress) -> None:
    made = icon("users", "accent")
    assert LIGHT.accent.lower() in colours_in(made)
    dress(dark=True)
    assert DARK.accent.lower() in colours_in(made)
    assert LIGHT.accent.lower() not in colours_in(made)


def test_an_icon_has_a_drawing_for_each_size(dress: Dress) -> None:
    made = icon("users")
    assert made.pixmap(QSize(16, 16)).width() == 16
    assert made.pixmap(QSize(64, 64), 2.0).width() == 128


def test_a_switch_reaches_open_widgets(qtbot: QtBot, dress: Dress) -> None:
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.show()
    dress(dark=True)
    assert theme().tokens is DARK
    assert shown.palette().window().color() == DARK.color("bg")


def test_qt_speaks_russian(dress: Dress, qapp: QApplication) -> None:
    assert qapp.translate("QPlatformTheme", "Cancel") == "Отмена"
    assert qapp.translate("QPlatformTheme", "Discard") == "Не сохранять"
    assert qapp.translate("Somewhere", "Unknown words") == "Unknown words"


def test_the_licences_of_font_and_icons_ship_with_them() -> None:
    assert "Open Font License" in resources.path("fonts", "golos", "LICENSE").read_text()
    assert "ISC" in resources.path("icons", "LICENSE").read_text()
