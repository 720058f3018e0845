"""Where everything of a chart stands: inside its room, told apart without a colour, and the same for every drawer."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import fields
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.kit.charts import (
    COLOURS,
    Box,
    Draw,
    Picture,
    Ring,
    Series,
    Shape,
    Stroke,
    Words,
    bars,
    columns,
    cut,
    donut,
    lines,
    nice_top,
    shown,
)
from common.kit.colours import Colours
from common.papers.charts import charted
from common.papers.layout import Sheet, paper
from server.kit.chart_svg import page, svg
from tests.hostile import TEXTS

NAMES = ("01.02.03", "Экономика и бухгалтерский учёт", "Сварщик")
PLAN = (Series("Подано", (75.0, 0.0, 8.0)), Series("Мест", (25.0, None, 15.0)))
SVG = "{http://www.w3.org/2000/svg}"


def every(names: Sequence[str], series: Sequence[Series]) -> dict[str, Draw]:
    whole = [v or 0.0 for v in series[0].values]
    return {
        "bars": partial(bars, names, series),
        "columns": partial(columns, names, series[0]),
        "lines": partial(lines, names, series),
        "donut": partial(donut, names, whole),
    }


def inside(shape: Shape, width: float, height: float) -> bool:
    match shape:
        case Box():
            right, below = shape.x + shape.width, shape.y + shape.height
            return shape.x >= 0 and shape.y >= 0 and right <= width + 1 and below <= height + 1
        case Ring():
            return shape.outer <= shape.x <= width and shape.outer <= shape.y <= height
        case Stroke():
            return all(0 <= x <= width + 1 and 0 <= y <= height + 1 for x, y in shape.points)
        case Words():
            return -1 <= shape.x <= width + 1 and -1 <= shape.y <= height + 1


@pytest.mark.parametrize("kind", ["bars", "columns", "lines", "donut"])
@pytest.mark.parametrize(("width", "height"), [(280, 180), (900, 260)])
def test_everything_stands_inside_its_room(kind: str, width: int, height: int) -> None:
    drawn = every(NAMES, PLAN)[kind](width, height)
    assert [shape for shape in drawn if not inside(shape, width, height)] == []
    assert {s.colour for s in drawn} <= {f.name for f in fields(Colours)}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 10**7), min_size=0, max_size=40))
def test_any_numbers_have_a_chart(values: list[int]) -> None:
    names = [f"день {n}" for n in range(len(values))]
    for draw in every(names, [Series("Подано", tuple(map(float, values)))]).values():
        assert all(inside(shape, 640, 400) for shape in draw(640, 400))


def test_bars_are_as_long_as_their_numbers_and_say_them() -> None:
    drawn = bars(NAMES, PLAN, 600, 200)
    told = [b for b in drawn if isinstance(b, Box) and ": " in b.said]
    assert [b.said.rpartition(" ")[2] for b in told] == ["75", "25", "0", "8", "15"]
    assert told[0].width == pytest.approx(3 * told[1].width)
    assert {w.text for w in drawn if isinstance(w, Words)} >= {"75", "25", "8", "15", *NAMES}


def test_series_are_told_apart_without_a_colour() -> None:
    series = [Series(f"Ряд {n}", (1.0,)) for n in range(len(COLOURS))]
    boxes = [s for s in bars(["А"], series, 600, 200) if isinstance(s, Box)]
    assert len({box.pattern for box in boxes}) == len(COLOURS)
    strokes = [
        s
        for s in lines(["А", "Б"], PLAN_OF_TWO, 600, 200)
        if isinstance(s, Stroke) and s.width == 2
    ]
    assert len({stroke.pattern for stroke in strokes}) == 2


PLAN_OF_TWO = (Series("Подано", (1.0, 2.0)), Series("Мест", (2.0, 2.0)))


def test_the_parts_of_a_ring_make_it_whole() -> None:
    rings = [s for s in donut(NAMES, [3, 0, 1], 400, 180) if isinstance(s, Ring)]
    assert [(ring.start, ring.sweep) for ring in rings] == [(0, 270), (270, 90)]
    assert rings[0].said == "01.02.03: 3 (75 %)"


@pytest.mark.parametrize(
    ("most", "end", "step"),
    [(0, 1, 1), (1, 1, 1), (3, 3, 1), (25, 30, 10), (473, 600, 200), (48_211, 60_000, 20_000)],
)
def test_an_axis_ends_on_a_round_number(most: float, end: float, step: float) -> None:
    assert nice_top(most) == (end, step)
    assert math.isclose(end % step, 0)


def test_numbers_are_shown_as_they_are_read() -> None:
    assert [shown(n) for n in (48_211, 2.5, 3.0)] == ["48\u202f211", "2,5", "3"]


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    name = "38.02.01 Экономика и бухгалтерский учёт, очная, договор"
    assert cut(name, lambda text: len(text) <= 21) == "38.02.01 Э…я, договор"
    assert cut("Сварщик", lambda text: len(text) <= 21) == "Сварщик"
    assert cut("Сварщик", lambda text: len(text) <= 2) == ""


@pytest.mark.parametrize("kind", ["bars", "columns", "lines", "donut"])
def test_the_same_shapes_are_a_picture_for_a_page_and_for_paper(kind: str) -> None:
    picture = Picture("Ход", "все", every(NAMES, PLAN)[kind], 200, ("Имя", "Мест"), (("А", "1"),))
    drawn = ET.fromstring(svg(picture))  # noqa: S314  our own text
    shapes = picture.draw(720, 200)
    counted = {tag: len(drawn.findall(f"{SVG}{tag}")) for tag in ("rect", "path", "polyline")}
    wanted = {"rect": Box, "path": Ring, "polyline": Stroke}
    assert counted == {t: sum(isinstance(s, k) for s in shapes) for t, k in wanted.items()}
    assert drawn.findtext(f"{SVG}desc") == "А: Мест 1"
    assert paper([Sheet("Ход", tuple(charted(picture)))], author="").startswith(b"%PDF")


def test_hostile_words_stay_words_on_a_page_and_on_paper() -> None:
    names = [text[:300] for text in TEXTS.values()]
    series = [Series("<script>", tuple(float(n) for n in range(len(names))))]
    rows = tuple((name, "1") for name in names)
    for draw in every(names, series).values():
        picture = Picture(names[0], names[1], draw, 900, ("Имя", "Мест"), rows)
        whole = page("Ход", "", (picture,))
        assert "<script" not in whole
        assert "<img" not in whole
        ET.fromstring(svg(picture))  # noqa: S314  our own text
        assert paper([Sheet("Ход", tuple(charted(picture)))], author="").startswith(b"%PDF")
