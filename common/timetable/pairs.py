"""Rules over two lessons as rows for the search, each seen from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from common.timetable import layout as at
from common.timetable.kinds import Kind
from common.timetable.problem import Problem, Rule


@dataclass(frozen=True, slots=True)
class PairRow:
    """`mine` breaks something against `other`; weight 0 is hard; both views of a pair share an item."""

    mine: int
    other: int
    kind: int
    number: int
    weight: int
    item: int


MIRROR = {
    at.NOT_NEXT: at.NOT_BEFORE,
    at.NOT_ORDERED: at.NOT_AFTER,
    at.ORDERED_DAY: at.AFTER_DAY,
}
"""What the second lesson's side of an ordered pair is called; the others look alike from both sides."""

SAME = {
    Kind.SAME_START: at.OTHER_START,
    Kind.SAME_DAY: at.OTHER_DAY,
    Kind.SAME_HOUR: at.OTHER_HOUR,
    Kind.SAME_ROOM: at.OTHER_ROOM,
    Kind.APART: at.OVERLAP,
}


def pairs_of(problem: Problem, block_of: dict[int, int]) -> list[PairRow]:
    """Rows of all pair rules; lessons of one block say nothing to each other."""
    rows: list[PairRow] = []
    item = 0
    for rule in problem.rules:
        for a, b, kind, number, hard in parts_of(problem, rule):
            if block_of[a] == block_of[b]:
                continue
            weight = 0 if hard or rule.hard else max(round(rule.weight * 100), 1)
            rows.append(PairRow(a, b, kind, number, weight, item))
            rows.append(PairRow(b, a, MIRROR.get(kind, kind), number, weight, item))
            item += 1
    return rows


Part = tuple[int, int, int, int, bool]
"""First lesson, second, kind, its number, hard whatever the rule's weight."""


def parts_of(problem: Problem, rule: Rule) -> Iterator[Part]:
    kind = rule.kind
    if kind is Kind.MIN_DAYS:
        for a, b in combinations(rule.lessons, 2):
            yield a, b, at.NEAR, rule.low, False
            if rule.flag and rule.low > 0:
                yield a, b, at.NEAR_SPLIT, 0, True
    elif kind is Kind.MAX_DAYS:
        for a, b in combinations(rule.lessons, 2):
            yield a, b, at.FAR, rule.high, False
    elif kind is Kind.MIN_GAP:
        for a, b in combinations(rule.lessons, 2):
            yield a, b, at.CLOSE, rule.low, False
    elif kind in SAME and not (kind in {Kind.APART, Kind.SAME_START} and rule.hard):
        for a, b in combinations(rule.lessons, 2):
            yield a, b, SAME[kind], 0, False
    else:
        yield from ordered_parts(problem, rule)


def ordered_parts(problem: Problem, rule: Rule) -> Iterator[Part]:
    if rule.kind is Kind.NEXT:
        yield *pair(rule), at.NOT_NEXT, 0, False
    elif rule.kind is Kind.ORDERED:
        yield *pair(rule), at.ORDERED_DAY if rule.flag else at.NOT_ORDERED, 0, False
    elif rule.kind is Kind.GROUPED:
        for a, b in combinations(rule.lessons, 2):
            third = sum(problem.lessons[c].length for c in rule.lessons if c not in {a, b})
            yield a, b, at.NOT_TOGETHER, third, False
            if third:
                yield a, b, at.OVERLAP, 0, False


def pair(rule: Rule) -> tuple[int, int]:
    first, second = rule.lessons
    return first, second
