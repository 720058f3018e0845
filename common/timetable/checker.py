"""The judge of a finished timetable: every breach of every rule, found slowly and plainly.

It shares no code with the engine or the solver, so that a fault of theirs cannot hide here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from common.timetable import checker_lines, checker_sets
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, NOWHERE, Problem, Rule, Solution
from common.timetable.view import Breach, View
from common.timetable.words import sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach with what it costs and the sentence for a person."""

    rule: Rule
    breach: Breach
    text: str

    @property
    def hard(self) -> bool:
        return self.rule.hard or self.breach.hard

    @property
    def cost(self) -> float:
        """Points: weight in hundredths times units; hard ones are counted, not weighed."""
        return 0.0 if self.hard else self.rule.weight * self.breach.units / 100


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[Finding, ...]

    @property
    def hard(self) -> int:
        return sum(one.breach.units for one in self.findings if one.hard)

    @property
    def soft(self) -> float:
        return round(sum(one.cost for one in self.findings), 4)

    @property
    def by_rule(self) -> dict[str, dict[str, float]]:
        """For each kind of rule that is broken: hard units and soft points."""
        found: dict[str, dict[str, float]] = defaultdict(lambda: {"hard": 0, "soft": 0.0})
        for one in self.findings:
            sums = found[one.rule.kind.value]
            sums["hard" if one.hard else "soft"] += one.breach.units if one.hard else one.cost
        return {kind: {k: round(v, 4) for k, v in sums.items()} for kind, sums in found.items()}


def check(problem: Problem, solution: Solution) -> Verdict:
    """All breaches. The solution has a place for every lesson of the problem."""
    view = View(problem, solution)
    found = [
        Finding(rule, breach, sentence(problem, rule, breach))
        for rule, breach in (*built_in(view), *written(view))
    ]
    return Verdict(tuple(found))


def written(view: View) -> Iterator[tuple[Rule, Breach]]:
    for rule in view.problem.rules:
        for breach in JUDGES[rule.kind](view, rule):
            yield rule, breach


def built_in(view: View) -> Iterator[tuple[Rule, Breach]]:
    """What no one has to write: a time for each lesson, one lesson at a time for each resource."""
    unplaced = Rule(Kind.UNPLACED, HARD)
    for lesson, place in enumerate(view.solution.places):
        if (
            place.slot == NOWHERE
            or not view.problem.span(lesson, place.slot)
            or (view.problem.lessons[lesson].any_room and not place.rooms)
            or not rooms_fit(view.problem, place.rooms, place.virtual)
        ):
            yield unplaced, Breach(1, (lesson,))
    clash = Rule(Kind.CLASH, HARD)
    for who, slot, lessons in view.crowded():
        yield clash, Breach(len(lessons) - 1, tuple(lessons), who=who, slot=slot)


def rooms_fit(problem: Problem, rooms: tuple[int, ...], virtual: int) -> bool:
    """A virtual room is one different real room from each of its sets; any other is itself."""
    if virtual == NOWHERE:
        return len(rooms) <= 1 and not any(problem.rooms[room].parts for room in rooms)
    parts = problem.rooms[virtual].parts
    return (
        len(rooms) == len(parts)
        and len(set(rooms)) == len(rooms)
        and all(room in part for room, part in zip(rooms, parts, strict=True))
    )


def judge_start(view: View, rule: Rule) -> Iterator[Breach]:
    allowed = set(rule.slots)
    for lesson in rule.lessons:
        slot = view.slot(lesson)
        if slot != NOWHERE and slot not in allowed:
            yield Breach(1, (lesson,), slot=slot)


def judge_within(view: View, rule: Rule) -> Iterator[Breach]:
    allowed = set(rule.slots)
    for lesson in rule.lessons:
        outside = [slot for slot in view.covered(lesson) if slot not in allowed]
        if outside:
            yield Breach(len(outside), (lesson,), slot=outside[0])


def judge_closed(view: View, rule: Rule) -> Iterator[Breach]:
    closed = set(rule.slots)
    teachers, atoms, rooms = set(rule.teachers), set(rule.atoms), set(rule.rooms)
    everybody = not (teachers or atoms or rooms)
    for lesson in range(len(view.problem.lessons)):
        hit = [slot for slot in view.covered(lesson) if slot in closed]
        if not hit:
            continue
        if everybody:
            yield Breach(len(hit), (lesson,), slot=hit[0])
        for kind, mine, theirs in (
            ("teacher", view.problem.lessons[lesson].teachers, teachers),
            ("atom", view.problem.lesson_atoms[lesson], atoms),
            ("room", view.solution.places[lesson].rooms, rooms),
        ):
            for one in theirs.intersection(mine):
                yield Breach(len(hit), (lesson,), who=(kind, one), slot=hit[0])


def judge_rooms(view: View, rule: Rule) -> Iterator[Breach]:
    allowed = set(rule.rooms)
    for lesson in rule.lessons:
        place = view.solution.places[lesson]
        named = place.virtual if place.virtual != NOWHERE else next(iter(place.rooms), NOWHERE)
        if place.slot != NOWHERE and named not in allowed:
            yield Breach(1, (lesson,), slot=place.slot)


def judge_capacity(view: View, rule: Rule) -> Iterator[Breach]:
    for lesson in rule.lessons:
        place = view.solution.places[lesson]
        room = place.virtual if place.virtual != NOWHERE else next(iter(place.rooms), NOWHERE)
        if room == NOWHERE:
            continue
        over = view.problem.lessons[lesson].size - view.problem.rooms[room].capacity
        if over > 0:
            yield Breach(over, (lesson,), who=("room", room))


def judge_rooms_max(view: View, rule: Rule) -> Iterator[Breach]:
    used = {room for lesson in rule.lessons for room in view.solution.places[lesson].rooms}
    if len(used) > rule.high:
        yield Breach(len(used) - rule.high, rule.lessons, found=len(used))


def judge_same_room(view: View, rule: Rule) -> Iterator[Breach]:
    for a, b in combinations(rule.lessons, 2):
        if view.side_by_side(a, b) and view.rooms(a) != view.rooms(b):
            yield Breach(1, (a, b), slot=view.slot(b))


def judge_slots_max(view: View, rule: Rule) -> Iterator[Breach]:
    taken = len(set(rule.slots) & view.all_covered(rule.lessons))
    if taken > rule.high:
        yield Breach(taken - rule.high, rule.lessons, found=taken)


def judge_slots_min(view: View, rule: Rule) -> Iterator[Breach]:
    taken = len(set(rule.slots) & view.all_covered(rule.lessons))
    if taken < rule.low:
        yield Breach(rule.low - taken, rule.lessons, found=taken)


def judge_together(view: View, rule: Rule) -> Iterator[Breach]:
    at = Counter(slot for lesson in rule.lessons for slot in view.covered(lesson))
    for slot in rule.slots:
        count = at[slot]
        if rule.kind is Kind.TOGETHER_MAX and count > rule.high:
            yield Breach(count - rule.high, rule.lessons, slot=slot, found=count)
        elif rule.kind is Kind.TOGETHER_MIN and count < rule.low and (count or not rule.flag):
            yield Breach(rule.low - count, rule.lessons, slot=slot, found=count)


def nothing(_view: View, _rule: Rule) -> Iterator[Breach]:
    return iter(())


JUDGES: dict[Kind, Callable[[View, Rule], Iterator[Breach]]] = {
    Kind.CLASH: nothing,
    Kind.UNPLACED: nothing,
    Kind.START: judge_start,
    Kind.WITHIN: judge_within,
    Kind.CLOSED: judge_closed,
    Kind.ROOMS: judge_rooms,
    Kind.CAPACITY: judge_capacity,
    Kind.ROOMS_MAX: judge_rooms_max,
    Kind.SAME_ROOM: judge_same_room,
    Kind.SLOTS_MAX: judge_slots_max,
    Kind.SLOTS_MIN: judge_slots_min,
    Kind.TOGETHER_MAX: judge_together,
    Kind.TOGETHER_MIN: judge_together,
    **checker_sets.JUDGES,
    **checker_lines.JUDGES,
}
