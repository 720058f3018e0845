"""Colours: every text can be read on every ground it stands on, and no colour is written elsewhere."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor

from client.kit.tokens import CONTRAST, DARK, LIGHT, PAIRS, Tokens
from tests.architecture.sources import ROOT

COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|QColor\(\s*[\"'\d]|GlobalColor\.(?!transparent)"
)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = colour.redF(), colour.greenF(), colour.blueF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: QColor, other: QColor) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_counted_as_wcag_says() -> None:
    assert round(contrast(QColor("#000000"), QColor("#FFFFFF")), 2) == 21.0
    assert round(contrast(QColor("#767676"), QColor("#FFFFFF")), 2) == 4.54


@pytest.mark.parametrize(
    ("colours", "least"), [(LIGHT, 4.5), (DARK, 4.5), (CONTRAST, 7)], ids=["light", "dark", "high"]
)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(colours: Tokens, least: float, text: str, ground: str) -> None:
    assert contrast(colours.color(text), colours.color(ground)) >= least


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["edge", "accent", "bad", "warn"])
def test_the_edge_of_a_field_can_be_seen(colours: Tokens, edge: str) -> None:
    assert contrast(colours.color(edge), colours.color("surface")) >= 3


def test_no_colour_is_written_outside_the_tokens() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for room in ("client", "server", "common")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name not in {"colours.py", "drawing.py"}  # the timetable's page stands by itself
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if COLOUR.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "written", ['"#FFF"', "#1F5FD0", "rgb(1, 2, 3)", 'QColor("red")', "Qt.GlobalColor.red"]
)
def test_a_written_colour_would_be_found(written: str) -> None:
    assert COLOUR.search(written)
