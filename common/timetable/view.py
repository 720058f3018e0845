"""A solution laid out for judging: who is where, by plain sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from common.timetable.kinds import Kind
from common.timetable.problem import NOWHERE, Problem, Rule, Solution

Who = tuple[str, int]
"""A line's owner: («teacher» | «atom» | «room», position); («set», -1) for a bare set of lessons."""

NOBODY: Who = ("", NOWHERE)


@dataclass(frozen=True, slots=True)
class Breach:
    """How much a rule is broken in one place; `hard` where the weight of the rule does not soften it."""

    units: int
    lessons: tuple[int, ...]
    who: Who = NOBODY
    slot: int = NOWHERE
    found: int = 0
    hard: bool = False


class View:
    """Reads of one solution that the judges share."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.solution = solution
        self._closed: dict[Who, set[int]] = defaultdict(set)
        self.breaks: set[int] = set()
        self._note_closed()
        self._lessons: dict[Who, list[int]] = defaultdict(list)
        for lesson, one in enumerate(problem.lessons):
            for teacher in one.teachers:
                self._lessons["teacher", teacher].append(lesson)
            for atom in problem.lesson_atoms[lesson]:
                self._lessons["atom", atom].append(lesson)

    def _note_closed(self) -> None:
        for rule in self.problem.rules:
            if rule.kind is not Kind.CLOSED or not rule.hard:
                continue
            if not (rule.teachers or rule.atoms or rule.rooms):
                self.breaks.update(rule.slots)
            for teacher in rule.teachers:
                self._closed["teacher", teacher].update(rule.slots)
            for atom in rule.atoms:
                self._closed["atom", atom].update(rule.slots)

    def slot(self, lesson: int) -> int:
        return self.solution.places[lesson].slot

    def rooms(self, lesson: int) -> tuple[int, ...]:
        return self.solution.places[lesson].rooms

    def day(self, lesson: int) -> int:
        return self.slot(lesson) // self.problem.width

    def start(self, lesson: int) -> int:
        """The period in which the lesson begins."""
        return self.slot(lesson) % self.problem.width

    def end(self, lesson: int) -> int:
        """The period after its last."""
        return self.start(lesson) + self.problem.span(lesson, self.slot(lesson))

    def covered(self, lesson: int) -> range:
        slot = self.slot(lesson)
        return range(slot, slot + self.problem.span(lesson, slot)) if slot != NOWHERE else range(0)

    def all_covered(self, lessons: tuple[int, ...]) -> set[int]:
        return {slot for lesson in lessons for slot in self.covered(lesson)}

    def placed(self, lessons: tuple[int, ...]) -> list[int]:
        return [lesson for lesson in lessons if self.slot(lesson) != NOWHERE]

    def over_breaks(self, day: int, period: int) -> int:
        """The first period from this one on that is no common break."""
        while period < self.problem.width and day * self.problem.width + period in self.breaks:
            period += 1
        return period

    def side_by_side(self, a: int, b: int) -> bool:
        """On one day, one right after the other."""
        if NOWHERE in {self.slot(a), self.slot(b)} or self.day(a) != self.day(b):
            return False
        return self.end(a) == self.start(b) or self.end(b) == self.start(a)

    def follows(self, a: int, b: int) -> bool:
        """The second begins where the first ends, only common breaks between."""
        return self.day(a) == self.day(b) and self.start(b) == self.over_breaks(
            self.day(a), self.end(a)
        )

    def crowded(self) -> Iterator[tuple[Who, int, list[int]]]:
        """Every resource and slot with more than one lesson."""
        holders: dict[tuple[Who, int], list[int]] = defaultdict(list)
        for lesson, place in enumerate(self.solution.places):
            whose = [
                *(("teacher", one) for one in self.problem.lessons[lesson].teachers),
                *(("atom", one) for one in self.problem.lesson_atoms[lesson]),
                *(("room", one) for one in place.rooms),
            ]
            for slot in self.covered(lesson):
                for who in whose:
                    holders[who, slot].append(lesson)
        for (who, slot), lessons in holders.items():
            if len(lessons) > 1:
                yield who, slot, lessons

    def lines(self, rule: Rule) -> Iterator[Line]:
        """The lines a rule speaks of: its teachers and atoms, or its bare lessons."""
        whose: list[Who] = [("teacher", one) for one in rule.teachers]
        whose += [("atom", one) for one in rule.atoms]
        counted = set(rule.lessons)
        if not whose:
            yield Line(self, ("set", NOWHERE), list(rule.lessons))
        for who in whose:
            mine = self._lessons[who]
            yield Line(self, who, [one for one in mine if one in counted] if counted else mine)

    def closed(self, who: Who) -> set[int]:
        return self._closed[who] | self.breaks


class Line:
    """The days of one teacher, atom or set, each as booleans over the intervals that count as hours."""

    def __init__(self, view: View, who: Who, lessons: list[int]) -> None:
        self.view = view
        self.who = who
        self.lessons = view.placed(tuple(lessons))
        self.taken = view.all_covered(tuple(self.lessons))
        problem = view.problem
        marks = 0
        for lesson in lessons:
            marks |= problem.marked[problem.lessons[lesson].bell]
        self.marks = [at for at in range(problem.width) if marks >> at & 1]

    def day(self, day: int) -> list[bool]:
        base = day * self.view.problem.width
        return [base + at in self.taken for at in self.marks]

    def open(self, day: int) -> list[bool]:
        base = day * self.view.problem.width
        closed = self.view.closed(self.who)
        return [base + at not in closed for at in self.marks]

    def on(self, day: int) -> list[int]:
        """Its lessons of a day, by time."""
        mine = [lesson for lesson in self.lessons if self.view.day(lesson) == day]
        return sorted(mine, key=self.view.slot)
