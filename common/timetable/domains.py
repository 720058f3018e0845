"""Lessons that move as one, and the starts each such block may have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from common.timetable.kinds import Kind
from common.timetable.problem import Problem, Rule


@dataclass(frozen=True, slots=True)
class Block:
    """Lessons that begin together, their common starts, and what each slot costs by wishes."""

    lessons: tuple[int, ...]
    domain: tuple[int, ...]
    costs: tuple[int, ...]


def blocks_of(problem: Problem) -> list[Block]:
    """Hard SAME_START rules make blocks; every other lesson is a block of its own."""
    domains = domains_of(problem)
    costs = start_costs(problem)
    leader = list(range(len(problem.lessons)))

    def find(lesson: int) -> int:
        while leader[lesson] != lesson:
            leader[lesson] = leader[leader[lesson]]
            lesson = leader[lesson]
        return lesson

    for rule in problem.rules:
        if rule.kind is Kind.SAME_START and rule.hard:
            for one in rule.lessons[1:]:
                leader[find(one)] = find(rule.lessons[0])
    members: dict[int, list[int]] = defaultdict(list)
    for lesson in range(len(problem.lessons)):
        members[find(lesson)].append(lesson)
    found = []
    for lessons in members.values():
        common = set(domains[lessons[0]]).intersection(*(domains[one] for one in lessons))
        summed = tuple(map(sum, zip(*(costs[one] for one in lessons if one in costs), strict=True)))
        found.append(Block(tuple(lessons), tuple(sorted(common)), summed or (0,) * problem.slots))
    return found


def domains_of(problem: Problem) -> list[set[int]]:
    """For each lesson the starts that no hard rule on time alone forbids."""
    closed = closed_slots(problem)
    starts: dict[int, set[int]] = {}
    within: dict[int, set[int]] = {}
    for rule in problem.rules:
        if rule.hard and rule.kind in {Kind.START, Kind.WITHIN}:
            known = starts if rule.kind is Kind.START else within
            slots = set(rule.slots)
            for lesson in rule.lessons:
                known[lesson] = known[lesson] & slots if lesson in known else slots
    found = []
    for lesson, one in enumerate(problem.lessons):
        shut = set(closed["all", 0])
        for teacher in one.teachers:
            shut |= closed["teacher", teacher]
        for atom in problem.lesson_atoms[lesson]:
            shut |= closed["atom", atom]
        found.append(
            {
                slot
                for slot, span in starts_of(problem, lesson)
                if (lesson not in starts or slot in starts[lesson])
                and shut.isdisjoint(range(slot, slot + span))
                and (lesson not in within or within[lesson].issuperset(range(slot, slot + span)))
            }
        )
    return found


def starts_of(problem: Problem, lesson: int) -> list[tuple[int, int]]:
    """Every (slot, intervals covered) that the bell allows."""
    return [
        (day * problem.width + period, span)
        for day in range(len(problem.days))
        for period, span in problem.spans[lesson]
    ]


def closed_slots(problem: Problem) -> dict[tuple[str, int], set[int]]:
    """Slots that hard rules close for each teacher and atom, and for everybody under («all», 0)."""
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for rule in problem.rules:
        if rule.kind is Kind.CLOSED and rule.hard:
            if not (rule.teachers or rule.atoms or rule.rooms):
                found["all", 0].update(rule.slots)
            for teacher in rule.teachers:
                found["teacher", teacher].update(rule.slots)
            for atom in rule.atoms:
                found["atom", atom].update(rule.slots)
    return found


def start_costs(problem: Problem) -> dict[int, tuple[int, ...]]:
    """For lessons with wishes about time: what each start costs, in hundredths of hundredths."""
    found: dict[int, list[int]] = {}
    for rule in problem.rules:
        if rule.hard or rule.kind not in {Kind.START, Kind.WITHIN, Kind.CLOSED}:
            continue
        slots = set(rule.slots)
        for lesson in wished(problem, rule):
            row = found.setdefault(lesson, [0] * problem.slots)
            for slot, span in starts_of(problem, lesson):
                row[slot] += round(rule.weight * 100) * misses(rule, slots, slot, span)
    return {lesson: tuple(row) for lesson, row in found.items()}


def wished(problem: Problem, rule: Rule) -> list[int]:
    if rule.kind is not Kind.CLOSED:
        return list(rule.lessons)
    teachers, atoms = set(rule.teachers), set(rule.atoms)
    everybody = not (rule.teachers or rule.atoms or rule.rooms)
    return [
        number
        for number, one in enumerate(problem.lessons)
        for _ in range(
            len(teachers.intersection(one.teachers))
            + len(atoms.intersection(problem.lesson_atoms[number]))
            + everybody
        )
    ]


def misses(rule: Rule, slots: set[int], slot: int, span: int) -> int:
    if rule.kind is Kind.START:
        return int(slot not in slots)
    inside = sum(1 for one in range(slot, slot + span) if one in slots)
    return inside if rule.kind is Kind.CLOSED else span - inside
