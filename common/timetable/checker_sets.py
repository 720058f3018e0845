"""Judges of rules over two or more lessons: their order, distance and togetherness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise, permutations

from common.timetable.kinds import Kind
from common.timetable.problem import NOWHERE, Rule
from common.timetable.view import Breach, View


def judge_min_days(view: View, rule: Rule) -> Iterator[Breach]:
    for a, b in combinations(view.placed(rule.lessons), 2):
        apart = abs(view.day(a) - view.day(b))
        if apart < rule.low:
            yield Breach(rule.low - apart, (a, b), slot=view.slot(b), found=apart)
        if rule.flag and not apart and rule.low > 0 and not view.side_by_side(a, b):
            yield Breach(1, (a, b), slot=view.slot(b), hard=True)


def judge_max_days(view: View, rule: Rule) -> Iterator[Breach]:
    for a, b in combinations(view.placed(rule.lessons), 2):
        apart = abs(view.day(a) - view.day(b))
        if apart > rule.high:
            yield Breach(apart - rule.high, (a, b), slot=view.slot(b), found=apart)


def judge_same(view: View, rule: Rule) -> Iterator[Breach]:
    """One start, one day or one hour, pair by pair."""
    read: Callable[[int], int] = {
        Kind.SAME_START: view.slot,
        Kind.SAME_DAY: view.day,
        Kind.SAME_HOUR: view.start,
    }[rule.kind]
    for a, b in combinations(view.placed(rule.lessons), 2):
        if read(a) != read(b):
            yield Breach(1, (a, b), slot=view.slot(b))


def judge_apart(view: View, rule: Rule) -> Iterator[Breach]:
    for a, b in combinations(rule.lessons, 2):
        common = set(view.covered(a)) & set(view.covered(b))
        if common:
            yield Breach(len(common), (a, b), slot=min(common))


def judge_next(view: View, rule: Rule) -> Iterator[Breach]:
    a, b = rule.lessons
    if NOWHERE not in {view.slot(a), view.slot(b)} and not view.follows(a, b):
        yield Breach(1, (a, b), slot=view.slot(b))


def judge_grouped(view: View, rule: Rule) -> Iterator[Breach]:
    if len(view.placed(rule.lessons)) < len(rule.lessons):
        return
    orders = permutations(rule.lessons)
    if not any(all(view.follows(a, b) for a, b in pairwise(order)) for order in orders):
        yield Breach(1, rule.lessons, slot=view.slot(rule.lessons[0]))


def judge_ordered(view: View, rule: Rule) -> Iterator[Breach]:
    a, b = rule.lessons
    if NOWHERE in {view.slot(a), view.slot(b)}:
        return
    if rule.flag and view.day(a) != view.day(b):
        return
    if (view.day(a), view.end(a)) > (view.day(b), view.start(b)):
        yield Breach(1, (a, b), slot=view.slot(b))


def judge_min_gap(view: View, rule: Rule) -> Iterator[Breach]:
    for a, b in combinations(view.placed(rule.lessons), 2):
        if view.day(a) != view.day(b):
            continue
        gap = max(view.start(b) - view.end(a), view.start(a) - view.end(b))
        if gap < rule.low:
            yield Breach(rule.low - max(gap, 0), (a, b), slot=view.slot(b), found=max(gap, 0))


def judge_last(view: View, rule: Rule) -> Iterator[Breach]:
    yield from at_edge(view, rule, last=True)


def judge_edges(view: View, rule: Rule) -> Iterator[Breach]:
    yield from at_edge(view, rule, last=False)


def at_edge(view: View, rule: Rule, *, last: bool) -> Iterator[Breach]:
    """LAST: nothing of the students after the lesson. EDGES: something both before and after."""
    whole = Rule(rule.kind, atoms=tuple(range(len(view.problem.atoms))))
    lines = {line.who[1]: line for line in view.lines(whole)}
    for lesson in view.placed(rule.lessons):
        for atom in view.problem.lesson_atoms[lesson]:
            others = [one for one in lines[atom].on(view.day(lesson)) if one != lesson]
            after = any(view.start(one) >= view.end(lesson) for one in others)
            before = any(view.end(one) <= view.start(lesson) for one in others)
            if (last and after) or (not last and not (after and before)):
                yield Breach(1, (lesson,), slot=view.slot(lesson))
                break


JUDGES: dict[Kind, Callable[[View, Rule], Iterator[Breach]]] = {
    Kind.MIN_DAYS: judge_min_days,
    Kind.MAX_DAYS: judge_max_days,
    Kind.SAME_START: judge_same,
    Kind.SAME_DAY: judge_same,
    Kind.SAME_HOUR: judge_same,
    Kind.APART: judge_apart,
    Kind.NEXT: judge_next,
    Kind.GROUPED: judge_grouped,
    Kind.ORDERED: judge_ordered,
    Kind.MIN_GAP: judge_min_gap,
    Kind.LAST: judge_last,
    Kind.EDGES: judge_edges,
}
