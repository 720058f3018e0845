"""A chart on paper, from the same shapes as on the screen; in one ink it is told apart by its patterns and words."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from common.kit.charts import SIZE, Box, Picture, Ring, Shape, Stroke, Words, cut
from common.kit.colours import LIGHT
from common.papers.layout import BOLD, REGULAR, gap, grid, heading, load_fonts, together, words

POINT = 0.75
"""A pixel of the screen in points of the paper."""
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (1, 2), (6, 2, 1, 2), (6, 2, 1, 2, 1, 2))
STEP = 3.5
"""Between two strokes of a pattern."""


def ink(token: str) -> Color:
    return HexColor(getattr(LIGHT, token))


class Chart(Flowable):
    """As wide as its column."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, min(self.picture.height * POINT, height)
        return self.width, self.height

    def draw(self) -> None:
        load_fonts()
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.translate(0, self.height)
        canvas.scale(POINT, -POINT)  # shapes count from above
        for shape in self.picture.draw(self.width / POINT, self.height / POINT):
            _draw(canvas, shape)
        canvas.restoreState()


def _draw(canvas: Canvas, shape: Shape) -> None:
    match shape:
        case Box():
            area = (shape.x, shape.y, shape.width, shape.height)
            _fill(canvas, lambda path: path.rect(*area), area, shape.colour, shape.pattern)
        case Ring():
            _ring(canvas, shape)
        case Stroke():
            canvas.setStrokeColor(ink(shape.colour))
            canvas.setLineWidth(shape.width)
            canvas.setDash([*DASHES[shape.pattern]])
            for (x1, y1), (x2, y2) in zip(shape.points, shape.points[1:], strict=False):
                canvas.line(x1, y1, x2, y2)
            canvas.setDash([])
        case Words():
            _words(canvas, shape)


def _fill(
    canvas: Canvas,
    trace: Callable[..., object],
    area: tuple[float, float, float, float],
    colour: str,
    pattern: int,
) -> None:
    """Solid, or strokes of the pattern inside an outline."""
    strong = ink(colour)
    path = canvas.beginPath()
    trace(path)
    canvas.setStrokeColor(strong)
    canvas.setLineWidth(0.7)
    if pattern == 0:
        canvas.setFillColor(strong)
        canvas.drawPath(path, stroke=1, fill=1)
        return
    canvas.saveState()
    canvas.clipPath(path, stroke=0, fill=0)
    _hatch(canvas, area, pattern)
    canvas.restoreState()
    outline = canvas.beginPath()
    trace(outline)
    canvas.drawPath(outline, stroke=1, fill=0)


def _hatch(canvas: Canvas, area: tuple[float, float, float, float], pattern: int) -> None:
    x, y, width, height = area
    lean = {1: -height, 2: height, 3: 0.0, 4: 0.0}[pattern]
    if pattern == 3:
        canvas.setDash([0.8, 2])
    at = x - abs(lean)
    while at < x + width + abs(lean):
        canvas.line(at, y, at + lean, y + height)
        at += STEP
    canvas.setDash([])


def _ring(canvas: Canvas, ring: Ring) -> None:
    """Degrees of the page go the other way round, for it is upside down here."""
    start = ring.start - 90

    def trace(path: Canvas) -> None:
        for number, radius in enumerate((ring.outer, ring.inner)):
            box = (ring.x - radius, ring.y - radius, ring.x + radius, ring.y + radius)
            if number == 0:
                path.arc(*box, start, ring.sweep)
            else:
                path.arcTo(*box, start + ring.sweep, -ring.sweep)
        path.close()

    side = 2 * ring.outer
    area = (ring.x - ring.outer, ring.y - ring.outer, side, side)
    _fill(canvas, trace, area, ring.colour, ring.pattern)


def _words(canvas: Canvas, shape: Words) -> None:
    font = BOLD if shape.bold else REGULAR
    text = cut(shape.text, lambda t: pdfmetrics.stringWidth(t, font, SIZE) <= shape.room)
    canvas.saveState()
    canvas.translate(shape.x, shape.y + SIZE * 0.34)
    canvas.scale(1, -1)
    canvas.setFont(font, SIZE)
    canvas.setFillColor(ink(shape.colour))
    write = {
        "start": canvas.drawString,
        "middle": canvas.drawCentredString,
        "end": canvas.drawRightString,
    }
    write[shape.anchor](0, 0, text)
    canvas.restoreState()


def charted(picture: Picture) -> list[Flowable]:
    """The chart under its title, then its table."""
    widths = [4.0, *[1.2] * (len(picture.head) - 1)]
    above = together(heading(picture.title), words(picture.note, 9), gap(1), Chart(picture))
    return [above, gap(2), grid(picture.head, picture.rows, widths, size=9), gap(5)]
