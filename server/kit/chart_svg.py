"""Charts as SVG, from the same shapes as on the screen: no script, readable by a screen reader, printed in one ink."""

from __future__ import annotations

import math
from html import escape

from common.kit.charts import SIZE, Box, Picture, Ring, Shape, Stroke, Words, cut, width_of
from common.kit.colours import LIGHT

STROKES = ("", "6 3", "2 3", "6 2 2 2", "6 2 2 2 2 2")
LINES = (
    "",
    "M0 6 L6 0 M-1 1 L1 -1 M5 7 L7 5",
    "M0 0 L6 6 M-1 5 L1 7 M5 -1 L7 1",
    "M1 1 h1 M4 4 h1",
    "M2 0 V6",
)
"""What a square of six pixels of each pattern holds; the first is solid."""


def svg(picture: Picture, width: float = 720) -> str:
    """One `<svg>`; its words are in its description, its numbers in the table beside it."""
    shapes = picture.draw(width, picture.height)
    used = sorted(
        {(s.colour, s.pattern) for s in shapes if isinstance(s, Box | Ring) and s.pattern}
    )
    size = (
        f'width="{width:g}" height="{picture.height:g}" viewBox="0 0 {width:g} {picture.height:g}"'
    )
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-size="{SIZE:g}">',
            f"<title>{_text(picture.title)}</title><desc>{_text(picture.said)}</desc>",
            f"<defs>{''.join(_pattern(*each) for each in used)}</defs>",
            *map(_shape, shapes),
            "</svg>",
        )
    )


def _text(text: str) -> str:
    """A sign that XML cannot hold is not in it."""
    return escape("".join(c for c in text if c >= " " and c not in "\ufffe\uffff"))


def _ink(token: str) -> str:
    return str(getattr(LIGHT, token))


def _pattern(colour: str, pattern: int) -> str:
    inside = f'<path d="{LINES[pattern]}" stroke="{_ink(colour)}" stroke-width="1"/>'
    frame = f'id="{colour}{pattern}" width="6" height="6" patternUnits="userSpaceOnUse"'
    return f"<pattern {frame}>{inside}</pattern>"


def _fill(colour: str, pattern: int) -> str:
    ink = _ink(colour)
    return f'fill="{f"url(#{colour}{pattern})" if pattern else ink}" stroke="{ink}"'


def _shape(shape: Shape) -> str:
    match shape:
        case Box():
            area = f'x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}"'
            said = f"<title>{_text(shape.said)}</title>"
            return f'<rect {area} rx="2" {_fill(shape.colour, shape.pattern)}>{said}</rect>'
        case Ring():
            said = f"<title>{_text(shape.said)}</title>"
            return f'<path d="{_ring(shape)}" {_fill(shape.colour, shape.pattern)}>{said}</path>'
        case Stroke():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            dash = f' stroke-dasharray="{STROKES[shape.pattern]}"' if shape.pattern else ""
            line = f'stroke="{_ink(shape.colour)}" stroke-width="{shape.width:g}"{dash}'
            return f'<polyline points="{points}" fill="none" {line}/>'
        case Words():
            return _words(shape)


def _words(shape: Words) -> str:
    text = cut(shape.text, lambda t: width_of(t) <= shape.room + SIZE)
    weight = ' font-weight="600"' if shape.bold else ""
    place = f'x="{shape.x:.1f}" y="{shape.y + SIZE * 0.34:.1f}" text-anchor="{shape.anchor}"'
    return f'<text {place} fill="{_ink(shape.colour)}"{weight}>{_text(text)}</text>'


def _ring(ring: Ring) -> str:
    """A whole ring is drawn as one that lacks a hair: an arc from a point to itself is nothing."""
    sweep = min(ring.sweep, 359.99)
    large = int(sweep > 180)

    def at(radius: float, degrees: float) -> str:
        turn = math.radians(degrees - 90)
        return f"{ring.x + radius * math.cos(turn):.2f} {ring.y + radius * math.sin(turn):.2f}"

    start, end = ring.start, ring.start + sweep
    outer = (
        f"M{at(ring.outer, start)} A{ring.outer:g} {ring.outer:g} 0 {large} 1 {at(ring.outer, end)}"
    )
    inner = (
        f"L{at(ring.inner, end)} A{ring.inner:g} {ring.inner:g} 0 {large} 0 {at(ring.inner, start)}"
    )
    return f"{outer} {inner} Z"


def page(title: str, note: str, pictures: tuple[Picture, ...]) -> str:
    """A page that stands by itself: each chart, and its table under it."""
    cards = "".join(
        f"<section><h2>{_text(p.title)}</h2><p>{_text(p.note)}</p>{svg(p)}{_table(p)}</section>"
        for p in pictures
    )
    style = (
        f"body{{font-family:sans-serif;color:{LIGHT.text};margin:24px;max-width:760px}}"
        f"p{{color:{LIGHT.muted}}}section{{break-inside:avoid;margin-bottom:28px}}"
        "table{border-collapse:collapse;margin-top:8px;width:100%}"
        f"th,td{{border-bottom:1px solid {LIGHT.line};padding:3px 8px;text-align:right}}"
        "th:first-child,td:first-child{text-align:left}"
    )
    head = f'<meta charset="utf-8"><title>{_text(title)}</title><style>{style}</style>'
    body = f"<h1>{_text(title)}</h1><p>{_text(note)}</p>{cards}"
    return f'<!DOCTYPE html><html lang="ru"><head>{head}</head><body>{body}</body></html>\n'


def _table(picture: Picture) -> str:
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in picture.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>"
        for row in picture.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
