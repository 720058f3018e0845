"""Units of rules over two lessons, from where both are; part of the compiled kernel."""

from __future__ import annotations

from common.timetable import layout as at

Cells = list[int]


def near(m: Cells, first: int, first_span: int, second: int, between: int) -> bool:
    """The second begins where the first ends, over breaks; `between` intervals may lie in the middle."""
    width = m[at.WIDTH]
    day = first // width
    if second // width != day:
        return False
    begin = second - day * width
    row = m[at.AFTER_BREAK] + day * (width + 1)
    end = m[row + first - day * width + first_span]
    if begin == end:
        return True
    return between > 0 and end + between <= width and begin == m[row + end + between]


def days_units(m: Cells, kind: int, number: int, apart: int) -> int:
    if kind == at.NEAR:
        return number - apart if apart < number else 0
    return apart - number if apart > number else 0


def pair_units(
    m: Cells, kind: int, number: int, mine: int, my_span: int, other: int, span: int
) -> int:
    """How much a pair of lessons breaks its rule, from both starts and lengths."""
    width = m[at.WIDTH]
    my_day = mine // width
    day = other // width
    if kind <= at.FAR and kind != at.NEAR_SPLIT:
        return days_units(m, kind, number, abs(my_day - day))
    same = my_day == day
    if kind == at.NEAR_SPLIT or kind == at.CLOSE:  # noqa: PLR1714  numba compiles no sets
        if not same:
            return 0
        gap = max(other - mine - my_span, mine - other - span)
        if kind == at.CLOSE:
            return number - max(gap, 0) if gap < number else 0
        return 1 if gap != 0 else 0
    if kind == at.OTHER_START:
        return 1 if mine != other else 0
    if kind == at.OTHER_DAY:
        return 0 if same else 1
    if kind == at.OTHER_HOUR:
        return 1 if (mine - other) % width != 0 else 0
    if kind == at.OVERLAP:
        common = min(mine + my_span, other + span) - max(mine, other)
        return max(common, 0) if same else 0
    return order_units(m, kind, number, mine, my_span, other, span)


def order_units(
    m: Cells, kind: int, number: int, mine: int, my_span: int, other: int, span: int
) -> int:
    same = mine // m[at.WIDTH] == other // m[at.WIDTH]
    bad = False
    if kind == at.NOT_NEXT:
        bad = not near(m, mine, my_span, other, 0)
    elif kind == at.NOT_BEFORE:
        bad = not near(m, other, span, mine, 0)
    elif kind == at.NOT_TOGETHER:
        bad = not near(m, mine, my_span, other, number) and not near(m, other, span, mine, number)
    elif kind == at.NOT_ORDERED:
        bad = mine + my_span > other
    elif kind == at.NOT_AFTER:
        bad = other + span > mine
    elif kind == at.ORDERED_DAY:
        bad = same and mine + my_span > other
    elif kind == at.AFTER_DAY:
        bad = same and other + span > mine
    return 1 if bad else 0


def room_of(m: Cells, option: int) -> int:
    if option < 0:
        return -1
    first = m[m[at.OPTION] + option * 4 + 2]
    return m[m[at.OPTION_ROOM] + first] if first < m[m[at.OPTION] + option * 4 + 3] else -1
