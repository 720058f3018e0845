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

CONTRAST = Tokens(
    bg="#000000", surface="#000000", surface2="#0B0B0B", line="#FFFFFF", line2="#161616",
    edge="#FFFFFF", text="#FFFFFF", muted="#F2F2F2", faint="#E6E6E6",
    accent="#FFE14D", accent_h="#FFF0A0", accent_s="#2B2600", on_accent="#000000",
    ok="#7CFFB2", ok_s="#00240F", warn="#FFC866", warn_s="#2B1B00",
    bad="#FFB3AB", bad_s="#330B07", sel="#2B2600", hover="#1E1E1E",
)  # fmt: skip
"""For weak eyes: white on black, every line seen, the focus in yellow."""

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
