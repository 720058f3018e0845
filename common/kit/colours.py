"""The colours of both looks, by what they are for: the only place in the program where a colour is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    bg: str
    surface: str
    surface2: str
    line: str
    line2: str
    edge: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_h: str
    accent_s: str
    on_accent: str
    ok: str
    ok_s: str
    warn: str
    warn_s: str
    bad: str
    bad_s: str
    sel: str
    hover: str


LIGHT = Colours(
    bg="#F4F6F9", surface="#FFFFFF", surface2="#F8FAFC", line="#E2E7EE", line2="#EDF1F5",
    edge="#8793A5", text="#17212F", muted="#566373", faint="#5E6B7D",
    accent="#1F5FD0", accent_h="#1A52B5", accent_s="#E6EEFC", on_accent="#FFFFFF",
    ok="#146C42", ok_s="#E3F5EB", warn="#8A5200", warn_s="#FFF1DB",
    bad="#B42318", bad_s="#FDE9E7", sel="#E6EEFC", hover="#F1F5FA",
)  # fmt: skip

DARK = Colours(
    bg="#12161C", surface="#1A2029", surface2="#1F2630", line="#2C3542", line2="#252D38",
    edge="#657285", text="#E6EBF2", muted="#A0ADBD", faint="#929FB0",
    accent="#6EA0F7", accent_h="#8AB2F9", accent_s="#1F3050", on_accent="#0B1220",
    ok="#5FCB93", ok_s="#173327", warn="#F0B35A", warn_s="#3A2B12",
    bad="#F58A80", bad_s="#3D1D1B", sel="#22324F", hover="#222A35",
)  # fmt: skip

CONTRAST = Colours(
    bg="#000000", surface="#000000", surface2="#0B0B0B", line="#FFFFFF", line2="#161616",
    edge="#FFFFFF", text="#FFFFFF", muted="#F2F2F2", faint="#E6E6E6",
    accent="#FFE14D", accent_h="#FFF0A0", accent_s="#2B2600", on_accent="#000000",
    ok="#7CFFB2", ok_s="#00240F", warn="#FFC866", warn_s="#2B1B00",
    bad="#FFB3AB", bad_s="#330B07", sel="#2B2600", hover="#1E1E1E",
)  # fmt: skip
"""For weak eyes: white on black, every line seen, the focus in yellow."""
