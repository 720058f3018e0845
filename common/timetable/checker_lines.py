"""Judges of rules over the day or the week of one line: a teacher, an atom of students, a bare set of lessons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise

from common.timetable.kinds import Kind
from common.timetable.problem import NOWHERE, Rule
from common.timetable.view import Breach, Line, View


def hours(line: Line, day: int) -> int:
    return sum(line.day(day))


def gaps(line: Line, day: int) -> int:
    """Open hours without a lesson between the first lesson and the last."""
    busy, free = line.day(day), line.open(day)
    taken = [at for at, one in enumerate(busy) if one]
    if not taken:
        return 0
    return sum(1 for at in range(taken[0], taken[-1]) if not busy[at] and free[at])


def longest_run(line: Line, day: int) -> int:
    best = now = 0
    for one in line.day(day):
        now = now + 1 if one else 0
        best = max(best, now)
    return best


def span(line: Line, day: int) -> int:
    taken = [at for at, one in enumerate(line.day(day)) if one]
    return taken[-1] - taken[0] + 1 if taken else 0


def lonely(line: Line, day: int) -> int:
    busy = [False, *line.day(day), False]
    return sum(
        1 for at in range(1, len(busy) - 1) if busy[at] and not busy[at - 1] and not busy[at + 1]
    )


def moves(line: Line, day: int) -> int:
    """How often the building changes between lessons that stand in one."""
    return sum(1 for a, b in pairwise(stops(line, day)) if building(line, a) != building(line, b))


def stops(line: Line, day: int) -> list[int]:
    return [lesson for lesson in line.on(day) if building(line, lesson) != NOWHERE]


def building(line: Line, lesson: int) -> int:
    rooms = line.view.rooms(lesson)
    return line.view.problem.rooms[rooms[0]].building if rooms else NOWHERE


Measure = Callable[[Line, int], int]


def at(line: Line, day: int, units: int, found: int) -> Breach:
    return Breach(
        units,
        tuple(line.on(day)),
        who=line.who,
        slot=day * line.view.problem.width,
        found=found,
    )


def judge_day_most(view: View, rule: Rule, measure: Measure) -> Iterator[Breach]:
    for line in view.lines(rule):
        for day in range(len(view.problem.days)):
            found = measure(line, day)
            if found > rule.high:
                yield at(line, day, found - rule.high, found)


def judge_hours_max(view: View, rule: Rule) -> Iterator[Breach]:
    """Broken hard, every hour too many counts; a wish costs once a day."""
    for breach in judge_day_most(view, rule, hours):
        yield breach if rule.hard else replace(breach, units=1)


def judge_hours_min(view: View, rule: Rule) -> Iterator[Breach]:
    for line in view.lines(rule):
        if not line.lessons:
            continue
        for day in range(len(view.problem.days)):
            found = hours(line, day)
            if found < rule.low and (found or not rule.flag):
                yield at(line, day, rule.low - found, found)


def judge_week_most(view: View, rule: Rule, measure: Measure) -> Iterator[Breach]:
    for line in view.lines(rule):
        found = sum(measure(line, day) for day in range(len(view.problem.days)))
        if found > rule.high:
            yield Breach(found - rule.high, tuple(line.lessons), who=line.who, found=found)


def days_used(line: Line, day: int) -> int:
    return int(any(line.day(day)))


def judge_days_min(view: View, rule: Rule) -> Iterator[Breach]:
    for line in view.lines(rule):
        found = sum(days_used(line, day) for day in range(len(view.problem.days)))
        if line.lessons and found < rule.low:
            yield Breach(rule.low - found, tuple(line.lessons), who=line.who, found=found)


def judge_part_days(view: View, rule: Rule) -> Iterator[Breach]:
    def touched(line: Line, day: int) -> int:
        base = day * view.problem.width
        return int(any(base + period in line.taken for period in rule.slots))

    yield from judge_week_most(view, rule, touched)


def judge_early(view: View, rule: Rule) -> Iterator[Breach]:
    """At the first open hour; at the second not too often; later never."""
    for line in view.lines(rule):
        second = 0
        for day in range(len(view.problem.days)):
            late = lateness(line, day)
            second += min(late, 1)
            if late > 1:
                yield at(line, day, late - 1, late)
        if second > rule.high:
            yield Breach(second - rule.high, tuple(line.lessons), who=line.who, found=second)


def lateness(line: Line, day: int) -> int:
    """Open hours before the first lesson of the day."""
    busy, free = line.day(day), line.open(day)
    first = next((at for at, one in enumerate(busy) if one), 0)
    return sum(free[:first])


def judge_travel(view: View, rule: Rule) -> Iterator[Breach]:
    """From the end of one lesson to the start of the next in another building."""
    periods, travel = view.problem.periods, view.problem.travel
    for line in view.lines(rule):
        for day in range(len(view.problem.days)):
            for a, b in pairwise(stops(line, day)):
                here, there = building(line, a), building(line, b)
                if here == there:
                    continue
                need = rule.low or (travel[here][there] if travel else 0)
                free = periods[view.start(b)].start - periods[view.end(a) - 1].end
                if free < need:
                    yield Breach(1, (a, b), who=line.who, slot=view.slot(b), found=max(free, 0))


JUDGES: dict[Kind, Callable[[View, Rule], Iterator[Breach]]] = {
    Kind.GAPS_DAY: partial(judge_day_most, measure=gaps),
    Kind.HOURS_MAX: judge_hours_max,
    Kind.RUN: partial(judge_day_most, measure=longest_run),
    Kind.SPAN: partial(judge_day_most, measure=span),
    Kind.LONELY: partial(judge_day_most, measure=lonely),
    Kind.MOVES_DAY: partial(judge_day_most, measure=moves),
    Kind.GAPS_WEEK: partial(judge_week_most, measure=gaps),
    Kind.DAYS_MAX: partial(judge_week_most, measure=days_used),
    Kind.MOVES_WEEK: partial(judge_week_most, measure=moves),
    Kind.HOURS_MIN: judge_hours_min,
    Kind.DAYS_MIN: judge_days_min,
    Kind.PART_DAYS: judge_part_days,
    Kind.EARLY: judge_early,
    Kind.TRAVEL: judge_travel,
}
