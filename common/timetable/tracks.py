"""Lines whose days the search watches: teachers, atoms of students, sets of lessons, with their rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from common.timetable import layout as at
from common.timetable.domains import closed_slots
from common.timetable.kinds import Kind
from common.timetable.problem import Problem, Rule

ANY = 1 << 30
"""An upper bound that nothing reaches."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """Bounds on a value of each day, or of their sum; weight 0 is hard."""

    value: int
    low: int = 0
    high: int = ANY
    weight: int = 0
    week: bool = False
    empty_fine: bool = True
    part: tuple[int, ...] = ()


@dataclass
class Track:
    """`cap` 1: its lessons exclude each other; 2: `limits` hold for each slot (low, high, empty is fine)."""

    lessons: tuple[int, ...]
    open: tuple[int, ...]
    marks: int
    cap: int = 0
    rules: list[DayRule] = field(default_factory=list)
    limits: list[tuple[int, int, int]] = field(default_factory=list)
    special: dict[int, int] = field(default_factory=dict)
    ties: bool = False
    housed: bool = False


WEEK_VALUES = {
    Kind.GAPS_WEEK: at.GAPS,
    Kind.DAYS_MAX: at.USED,
    Kind.DAYS_MIN: at.USED,
    Kind.MOVES_WEEK: at.MOVES,
}
DAY_VALUES = {
    Kind.GAPS_DAY: at.GAPS,
    Kind.HOURS_MAX: at.HOURS,
    Kind.HOURS_MIN: at.HOURS,
    Kind.RUN: at.LONGEST,
    Kind.SPAN: at.LENGTH,
    Kind.LONELY: at.LONELY,
    Kind.MOVES_DAY: at.MOVES,
}
LINE_KINDS = frozenset({*WEEK_VALUES, *DAY_VALUES, Kind.EARLY, Kind.PART_DAYS, Kind.TRAVEL})
HOUSE_KINDS = frozenset({Kind.MOVES_DAY, Kind.MOVES_WEEK, Kind.TRAVEL})


def tracks_of(problem: Problem) -> list[Track]:
    """Lines with the same lessons and the same open hours become one, their weights added."""
    return _Tracks(problem).all()


class _Tracks:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.closed = closed_slots(problem)
        self.made: dict[tuple[object, ...], Track] = {}
        self.apart: list[Track] = []
        self.lessons: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, one in enumerate(problem.lessons):
            for teacher in one.teachers:
                self.lessons["teacher", teacher].append(number)
            for atom in problem.lesson_atoms[number]:
                self.lessons["atom", atom].append(number)

    def all(self) -> list[Track]:
        for who, lessons in self.lessons.items():
            if lessons:
                self.track(who, tuple(lessons)).cap = 1
        for rule in self.problem.rules:
            self.add(rule)
        return [self.merged(track) for track in (*self.made.values(), *self.apart) if used(track)]

    def add(self, rule: Rule) -> None:
        kind = rule.kind
        if kind in LINE_KINDS:
            self.add_line(rule)
        elif kind is Kind.APART and rule.hard and len(rule.lessons) > 1:
            self.track(("set", -1), tuple(sorted(rule.lessons))).cap = 1
        elif kind in {Kind.LAST, Kind.EDGES}:
            self.add_ends(rule)
        elif kind in {Kind.SLOTS_MAX, Kind.SLOTS_MIN}:
            value = DayRule(
                at.SELECTED,
                0 if kind is Kind.SLOTS_MAX else rule.low,
                rule.high if kind is Kind.SLOTS_MAX else ANY,
                soft(rule),
                week=True,
                part=self.day_masks(rule.slots),
            )
            self.track(("set", -1), tuple(sorted(rule.lessons))).rules.append(value)
        elif kind in {Kind.TOGETHER_MAX, Kind.TOGETHER_MIN} and rule.hard:
            self.add_limits(rule)

    def add_line(self, rule: Rule) -> None:
        counted = frozenset(rule.lessons)
        whose = [("teacher", one) for one in rule.teachers] + [("atom", one) for one in rule.atoms]
        for who in whose or [("set", -1)]:
            mine = self.lessons.get(who, ()) if whose else sorted(rule.lessons)
            lessons = tuple(one for one in mine if not counted or one in counted)
            if not lessons:
                continue
            track = self.track(who, lessons)
            track.housed = track.housed or rule.kind in HOUSE_KINDS
            track.rules.extend(self.values(rule))

    def values(self, rule: Rule) -> list[DayRule]:
        kind, weight = rule.kind, soft(rule)
        if kind is Kind.EARLY:
            return [
                DayRule(at.SECOND, 0, rule.high, weight, week=True),
                DayRule(at.LATE, 0, 0, weight),
            ]
        if kind is Kind.PART_DAYS:
            part = sum(1 << period for period in rule.slots)
            days = len(self.problem.days)
            return [DayRule(at.TOUCHED, 0, rule.high, weight, week=True, part=(part,) * days)]
        if kind is Kind.TRAVEL:
            return [DayRule(at.TRIPS, rule.low, 0, weight)]
        if kind in {Kind.HOURS_MIN, Kind.DAYS_MIN}:
            week = kind is Kind.DAYS_MIN
            value = at.USED if week else at.HOURS
            return [
                DayRule(value, rule.low, ANY, weight, week=week, empty_fine=rule.flag and not week)
            ]
        if kind is Kind.HOURS_MAX and not rule.hard:
            return [DayRule(at.CROWDED, rule.high, 0, weight)]
        if kind in WEEK_VALUES:
            return [DayRule(WEEK_VALUES[kind], 0, rule.high, weight, week=True)]
        return [DayRule(DAY_VALUES[kind], 0, rule.high, weight)]

    def add_ends(self, rule: Rule) -> None:
        """Lessons tied to the ends of the day, on the lines of all their students.

        A wish of this kind weighs once for each line, while the judge counts the lesson once.
        """
        last = rule.kind is Kind.LAST
        for lesson in rule.lessons:
            for atom in self.problem.lesson_atoms[lesson]:
                track = self.track(("atom", atom), tuple(self.lessons["atom", atom]))
                track.ties = True
                track.special[lesson] = track.special.get(lesson, 0) | (1 if last else 2)
                value = DayRule(at.AFTER_LAST if last else at.AT_EDGE, 0, 0, soft(rule))
                if value not in track.rules:
                    track.rules.append(value)

    def add_limits(self, rule: Rule) -> None:
        slots = set(rule.slots)
        least = rule.kind is Kind.TOGETHER_MIN
        inside = (rule.low, ANY, int(rule.flag)) if least else (0, rule.high, 1)
        track = self.new(("set", -1), tuple(sorted(rule.lessons)))
        track.cap = 2
        track.limits = [
            inside if slot in slots else (0, ANY, 1) for slot in range(self.problem.slots)
        ]
        self.apart.append(track)

    def track(self, who: tuple[str, int], lessons: tuple[int, ...]) -> Track:
        key = (lessons, tuple(sorted(self.closed[who])) if who in self.closed else ())
        if key not in self.made:
            self.made[key] = self.new(who, lessons)
        return self.made[key]

    def new(self, who: tuple[str, int], lessons: tuple[int, ...]) -> Track:
        problem = self.problem
        shut = self.closed["all", 0] | (self.closed.get(who, set()))
        masks = self.day_masks(tuple(shut))
        marks = 0
        for lesson in lessons:
            marks |= problem.marked[problem.lessons[lesson].bell]
        full = (1 << problem.width) - 1
        return Track(lessons, tuple(full & ~mask for mask in masks), marks)

    def day_masks(self, slots: tuple[int, ...]) -> tuple[int, ...]:
        masks = [0] * len(self.problem.days)
        for slot in slots:
            masks[slot // self.problem.width] |= 1 << slot % self.problem.width
        return tuple(masks)

    def merged(self, track: Track) -> Track:
        """Equal demands are one: hard ones simply, wishes with their weights added."""
        sums: dict[DayRule, int] = {}
        for rule in track.rules:
            key = replace(rule, weight=min(rule.weight, 1))
            sums[key] = sums.get(key, 0) + rule.weight
        rules = [replace(key, weight=weight) for key, weight in sums.items()]
        return replace(track, rules=rules, housed=track.housed and len(self.problem.buildings) > 1)


def soft(rule: Rule) -> int:
    return 0 if rule.hard else max(round(rule.weight * 100), 1)


def used(track: Track) -> bool:
    """One lesson alone on a line without rules can break nothing."""
    return bool(track.rules or track.limits) or (track.cap == 1 and len(track.lessons) > 1)
