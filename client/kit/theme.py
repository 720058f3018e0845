"""The look that is on: colours, scale of the letters, style sheet, palette, font; switched while the program runs."""

from __future__ import annotations

from typing import TypeVar, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from client.kit.russian import speak_russian
from client.kit.style_sheet import style_sheet
from client.kit.tokens import CONTRAST, DARK, LIGHT, Tokens
from common.kit import resources

Shown = TypeVar("Shown", bound=QWidget)

FAMILY = "Golos Text"
WEIGHTS = ("400Regular", "500Medium", "600SemiBold", "700Bold")
BASE = 13
"""Height of ordinary letters in pixels at scale 1."""

ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface2",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "line2",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "line",
    QPalette.ColorRole.Accent: "accent",
}


class Theme(QObject):
    """One per application, its child; `changed` after another look was put on."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.tokens = LIGHT
        self.dark = False
        self.contrast = False
        self.worn = False
        self.scale = 1.0

    def px(self, length: float) -> int:
        """That many pixels of the drawing at the scale that is on."""
        return round(length * self.scale)

    def font(self, size: float = BASE, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(weight)
        return font


def _app() -> QApplication:
    return cast(QApplication, QApplication.instance())


def theme() -> Theme:
    """The look of the running application; the plain light one where none was put on."""
    app = _app()
    found = app.property("epo_theme")
    if not isinstance(found, Theme):
        found = Theme(app)
        app.setProperty("epo_theme", found)
    return found


def tokens() -> Tokens:
    return theme().tokens


def palette(colours: Tokens) -> QPalette:
    made = QPalette()
    for role, name in ROLES.items():
        made.setColor(role, colours.color(name))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, colours.color("faint"))
    return made


def load_fonts() -> None:
    if FAMILY in QFontDatabase.families():
        return
    for weight in WEIGHTS:
        QFontDatabase.addApplicationFont(
            str(resources.path("fonts", "golos", f"GolosText_{weight}.ttf"))
        )


SMALLEST, LARGEST = 0.9, 2.0
"""Of the letters."""


def apply_theme(
    app: QApplication, *, dark: bool, scale: float = 1.0, contrast: bool = False
) -> Theme:
    """Put the look on, at the start before the first window or at any time later; high contrast is dark."""
    look = theme()
    dark, scale = dark or contrast, min(max(scale, SMALLEST), LARGEST)
    if look.worn and (look.dark, look.scale, look.contrast) == (dark, scale, contrast):
        return look
    load_fonts()
    speak_russian(app)
    look.worn = True
    look.tokens = CONTRAST if contrast else DARK if dark else LIGHT
    look.dark, look.scale, look.contrast = dark, scale, contrast
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(look.tokens))
    app.setFont(look.font())
    app.setStyleSheet(style_sheet(look.tokens, scale))
    look.changed.emit()
    return look


def named(widget: Shown, name: str) -> Shown:
    """The widget, with the name by which the style sheet finds it."""
    widget.setObjectName(name)
    return widget


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let the sheet look again."""
    if (widget.property(name) or "") == (value or ""):
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
