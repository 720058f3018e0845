"""Charts as shapes: where every bar, line, ring and word stands, for whoever draws them (a screen, paper, SVG).

A length is in the pixels of a screen at scale 1. A colour is the name of a token; what tells two series apart is
also a pattern and a word, never the colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

COLOURS = ("accent", "ok", "warn", "bad", "muted")
"""Of the series, in their order; each has a pattern of its own."""
PATTERNS = 5
"""Solid, rising and falling strokes, dots, upright strokes: numbered from nought, as drawers know them."""
SIZE = 12.0
"""Of the letters, in pixels."""
WIDE = 0.56
"""A letter's usual width, as a part of its size."""
GAP = 8.0
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Series:
    """What is told of each label, in their order; None where nothing is known."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """`said` is what stands for it in words."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    pattern: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; `pattern` says how it is broken."""

    points: tuple[tuple[float, float], ...]
    colour: str
    pattern: int = 0
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Ring:
    """A part of a ring: degrees from twelve o'clock, by the clock."""

    x: float
    y: float
    outer: float
    inner: float
    start: float
    sweep: float
    colour: str
    pattern: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """`anchor` is start, middle or end; whoever draws cuts what is longer than `room`, and centres it upon `y`."""

    x: float
    y: float
    text: str
    room: float
    anchor: str = "start"
    colour: str = "muted"
    bold: bool = False


Shape = Box | Stroke | Ring | Words
Draw = Callable[[float, float], list[Shape]]
"""The shapes of a chart in so much width and height."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its table and its words: what a screen, a sheet of paper and a page of a server show alike."""

    title: str
    note: str
    draw: Draw
    height: float
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first of each is a name, the others are numbers."""

    @property
    def said(self) -> str:
        """For one who does not see it."""
        return "; ".join(
            f"{name}: " + ", ".join(f"{h} {n}" for h, n in zip(self.head[1:], numbers, strict=True))
            for name, *numbers in self.rows
        )


def nice_top(most: float, lines: int = 4) -> tuple[float, float]:
    """The end of an axis that holds the value, and the step of its lines: 1, 2 or 5 of a power of ten, whole numbers."""
    step = max(1.0, most / lines)
    power = 10 ** math.floor(math.log10(step))
    step = next((n * power for n in STEPS if n * power >= step), 10.0 * power)
    return max(step * math.ceil(most / step), step), step


def width_of(text: str) -> float:
    return len(text) * SIZE * WIDE


def cut(text: str, fits: Callable[[str], bool]) -> str:
    """The text, or as much of its beginning and its end as fits: groups differ in what stands last."""
    if fits(text):
        return text
    for half in range(len(text) // 2, 0, -1):
        shorter = f"{text[:half].rstrip()}…{text[-half:].lstrip()}"
        if fits(shorter):
            return shorter
    return ""


def shown(value: float) -> str:
    """1 234 or 1,5, as they are read in Russian."""
    text = f"{value:,.1f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
    return text.removesuffix(",0")


def _most(series: Sequence[Series]) -> float:
    return max((v for one in series for v in one.values if v is not None), default=0.0)


def legend(names: Sequence[str], room: float, *, lined: bool = False) -> tuple[list[Shape], float]:
    """A sample and a name for each series, from the left above; how much height they take."""
    found: list[Shape] = []
    left, top = 0.0, 0.0
    for number, name in enumerate(names):
        sample = 2 * SIZE if lined else SIZE
        wide = sample + 6 + width_of(name) + 2 * GAP
        if left and left + wide > room:
            left, top = 0.0, top + SIZE + GAP
        middle = top + SIZE / 2
        if lined:
            found.append(Stroke(((left, middle), (left + sample, middle)), *_look(number), 2.0))
        else:
            found.append(Box(left, top, SIZE, SIZE, *_look(number), name))
        found.append(Words(left + sample + 6, middle, name, room - sample - 6, colour="text"))
        left += wide
    return found, top + SIZE + GAP


def _look(number: int) -> tuple[str, int]:
    return COLOURS[number % len(COLOURS)], number % PATTERNS


def bars(
    labels: Sequence[str], series: Sequence[Series], width: float, height: float
) -> list[Shape]:
    """Bars that lie, one line of them for each label: names are read, not turned; each bar has its number at its end."""
    found, top = legend([s.name for s in series], width) if len(series) > 1 else ([], 0.0)
    room = min(width * 0.42, max(map(width_of, labels), default=0) + GAP)
    most, _ = nice_top(_most(series))
    end = max(
        map(width_of, (shown(v) for s in series for v in s.values if v is not None)), default=0
    )
    end = 1.2 * end + 4
    long = max(width - room - end - GAP, 1.0)
    line = (height - top) / max(len(labels), 1)
    thick = min(16.0, line * 0.76 / max(len(series), 1))
    for row, label in enumerate(labels):
        middle = top + line * (row + 0.5)
        found.append(Words(room - GAP, middle, label, room - GAP, "end", "text"))
        first = middle - thick * len(series) / 2
        for number, one in enumerate(series):
            value = one.values[row]
            if value is None:
                continue
            y = first + thick * number
            wide = long * value / most
            said = f"{label}: {one.name} {shown(value)}"
            found.append(Box(room, y + 1, max(wide, 1.0), thick - 2, *_look(number), said))
            found.append(Words(room + wide + 5, y + thick / 2, shown(value), end, colour="text"))
    found.append(Stroke(((room, top), (room, height)), "edge"))
    return found


def height_of_bars(labels: Sequence[str], series: Sequence[Series]) -> float:
    """What they want to be read well."""
    return (SIZE + GAP) * (len(series) > 1) + len(labels) * (10 + 14 * len(series))


def columns(labels: Sequence[str], series: Series, width: float, height: float) -> list[Shape]:
    """Standing bars along time, over the lines of their axis; as many labels below as there is room for."""
    found, left, top, below = _frame(_most([series]), width, height)
    most, _ = nice_top(_most([series]))
    each = _each(labels, left, width)
    for number, (label, value) in enumerate(zip(labels, series.values, strict=True)):
        if value:
            tall = (below - top) * value / most
            box = (left + each * (number + 0.12), below - tall, max(each * 0.76, 1.0), tall)
            found.append(Box(*box, *_look(0), f"{label}: {shown(value)}"))
    return found + _below(labels, left, each, below)


def lines(
    labels: Sequence[str], series: Sequence[Series], width: float, height: float
) -> list[Shape]:
    """Lines over time, told apart by how they are broken too; a gap where nothing is known."""
    over, taken = legend([s.name for s in series], width, lined=True)
    found, left, top, below = _frame(_most(series), width, height, taken)
    most, _ = nice_top(_most(series))
    each = _each(labels, left, width)
    for number, one in enumerate(series):
        run: list[tuple[float, float]] = []
        for place, value in enumerate((*one.values, None)):
            if value is not None:
                run.append((left + each * (place + 0.5), below - (below - top) * value / most))
                continue
            if run:
                found.append(Stroke(tuple(run), _look(number)[0], number % PATTERNS, 2.0))
            run = []
    return over + found + _below(labels, left, each, below)


def _frame(
    most: float, width: float, height: float, taken: float = 0.0
) -> tuple[list[Shape], float, float, float]:
    """The lines of the axis with their numbers; where the plot begins at the left and above, and ends below."""
    end, step = nice_top(most)
    left = width_of(shown(end)) + GAP
    top, below = taken + SIZE / 2 + 2, height - SIZE - GAP
    found: list[Shape] = []
    for number in range(round(end / step) + 1):
        y = below - (below - top) * number * step / end
        found.append(Stroke(((left, y), (width, y)), "edge" if number == 0 else "line"))
        found.append(Words(left - GAP, y, shown(number * step), left, "end"))
    return found, left, top, below


def _each(labels: Sequence[str], left: float, width: float) -> float:
    """The width of one label's place: the last of them is not cut off at the edge."""
    count = max(len(labels), 1)
    each = (width - left) / count
    over = max(width_of(labels[-1]) - each, 0.0) / 2 if labels else 0.0
    return (width - left - over) / count


def _below(labels: Sequence[str], left: float, each: float, below: float) -> list[Shape]:
    wide = max(map(width_of, labels), default=0) + GAP
    every = max(1, math.ceil(wide / max(each, 0.01)))
    return [
        Words(left + each * (number + 0.5), below + SIZE, label, wide, "middle")
        for number, label in enumerate(labels)
        if number % every == 0
    ]


def _few(
    labels: Sequence[str], values: Sequence[float], most: int
) -> tuple[Sequence[str], Sequence[float]]:
    """As many parts as there is room to name; the rest of them are one."""
    if sum(1 for value in values if value) <= most:
        return labels, values
    largest = sorted(range(len(values)), key=lambda n: -values[n])[: most - 1]
    kept = sorted(largest)
    rest = sum(values) - sum(values[n] for n in kept)
    return [*(labels[n] for n in kept), "Остальные"], [*(values[n] for n in kept), rest]


def donut(
    labels: Sequence[str], values: Sequence[float], width: float, height: float
) -> list[Shape]:
    """Parts of a whole, each named beside the ring with its number and its share; the whole in the middle."""
    whole = sum(values)
    line = SIZE + GAP + 4
    labels, values = _few(labels, values, int(height // line))
    outer = min(height, width * 0.45) / 2 - 2
    x, y = outer + 2, height / 2
    found: list[Shape] = []
    start, place = 0.0, 0
    left = 2 * outer + 3 * GAP
    first = y - line * (sum(1 for v in values if v) - 1) / 2
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        if not value:
            continue
        sweep = 360 * value / whole
        said = f"{label}: {shown(value)} ({round(100 * value / whole)} %)"
        colour, pattern = _look(number)
        found.append(Ring(x, y, outer, outer * 0.6, start, sweep, colour, pattern, said))
        at = first + line * place
        found.append(Box(left, at - SIZE / 2, SIZE, SIZE, colour, pattern, said))
        found.append(Words(left + SIZE + 6, at, said, width - left - SIZE - 6, colour="text"))
        start, place = start + sweep, place + 1
    found.append(Words(x, y, shown(whole), outer, "middle", "text", bold=True))
    return found
