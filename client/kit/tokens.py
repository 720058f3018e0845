"""The colours of both looks for Qt, and what may stand on what."""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtGui import QColor

from common.kit import colours
from common.kit.colours import Colours


class Tokens(Colours):
    """Those colours as Qt takes them."""

    __slots__ = ()

    def color(self, name: str) -> QColor:
        return QColor(getattr(self, name))


LIGHT = Tokens(**asdict(colours.LIGHT))
DARK = Tokens(**asdict(colours.DARK))

CONTRAST = Tokens(**asdict(colours.CONTRAST))

BACKGROUNDS = ("bg", "surface", "surface2", "line2", "sel", "hover", "accent_s")
"""What ordinary text may stand on."""

TEXTS = ("text", "muted", "faint", "accent")

TONES = ("ok", "warn", "bad", "accent")
"""Colours with a meaning; each also stands on its own soft background, NAME_s."""

PAIRS = (
    *((text, ground) for text in TEXTS for ground in BACKGROUNDS),
    *((tone, ground) for tone in TONES for ground in ("bg", "surface", "surface2", f"{tone}_s")),
    ("text", "ok_s"), ("text", "warn_s"), ("text", "bad_s"),
    ("on_accent", "accent"), ("on_accent", "accent_h"),
)  # fmt: skip
"""Every (text, background) that the screens use."""
