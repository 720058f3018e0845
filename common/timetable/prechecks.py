"""What can be proved impossible before any search, each with its sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from common.timetable.domains import Block, blocks_of, closed_slots, domains_of
from common.timetable.menus import Menus, menus_of
from common.timetable.problem import Problem
from common.timetable.view import Who
from common.timetable.words import owner


def refusals(problem: Problem) -> list[str]:
    """Reasons why no timetable can exist; empty where none is seen."""
    menus = menus_of(problem)
    return [
        *empty_domains(problem),
        *overfull(problem),
        *roomless(problem, menus),
        *locked_together(problem),
        *together_against(problem),
        *crowded_rooms(problem, menus),
    ]


def empty_domains(problem: Problem) -> Iterator[str]:
    for lesson, domain in enumerate(domains_of(problem)):
        if not domain:
            yield f"Занятию {problem.lesson_name(lesson)} не осталось ни одного времени: его запреты и закрепления противоречат друг другу"
            return
    for block in blocks_of(problem):
        if not block.domain:
            names = "; ".join(problem.lesson_name(lesson) for lesson in block.lessons[:3])
            yield f"Занятия {names} должны начинаться вместе, но общего времени у них нет"
            return


def overfull(problem: Problem) -> Iterator[str]:
    """More hours than open slots for a teacher or an atom of students."""
    closed = closed_slots(problem)
    hours: Counter[Who] = Counter()
    for lesson, one in enumerate(problem.lessons):
        least = min((span for _, span in problem.spans[lesson]), default=0)
        for who in (
            *(("teacher", teacher) for teacher in one.teachers),
            *(("atom", atom) for atom in problem.lesson_atoms[lesson]),
        ):
            hours[who] += least
    for who, count in hours.items():
        shut = closed["all", 0] | closed[who]
        if count > problem.slots - len(shut):
            yield f"{owner(problem, who)}: занятий {count}, а открытого времени {problem.slots - len(shut)}; уберите лишнее или откройте время"


def roomless(problem: Problem, menus: Menus) -> Iterator[str]:
    for lesson, menu in enumerate(menus.of_lesson):
        if menu >= 0 and not menus.menus[menu]:
            yield f"Занятию {problem.lesson_name(lesson)} не подходит ни одна аудитория: расширьте её выбор"


def locked_together(problem: Problem) -> Iterator[str]:
    """Two lessons of one teacher or atom fixed at the same time."""
    held: dict[tuple[Who, int], int] = {}
    for block in blocks_of(problem):
        if len(block.domain) != 1:
            continue
        for lesson in block.lessons:
            for who, slot in holds(problem, lesson, block):
                other = held.setdefault((who, slot), lesson)
                if other != lesson:
                    yield (
                        f"{owner(problem, who)}: занятия {problem.lesson_name(other)} и {problem.lesson_name(lesson)} "
                        f"закреплены на одно время ({problem.slot_name(slot)}); снимите одно закрепление"
                    )


def together_against(problem: Problem) -> Iterator[str]:
    """Lessons that must begin together share a teacher or students."""
    for block in blocks_of(problem):
        seen: dict[Who, int] = {}
        for lesson in block.lessons:
            for who in (
                *(("teacher", teacher) for teacher in problem.lessons[lesson].teachers),
                *(("atom", atom) for atom in problem.lesson_atoms[lesson]),
            ):
                other = seen.setdefault(who, lesson)
                if other != lesson:
                    yield f"{owner(problem, who)}: занятия {problem.lesson_name(other)} и {problem.lesson_name(lesson)} должны начинаться вместе, а участник у них один"
                    return


def holds(problem: Problem, lesson: int, block: Block) -> Iterator[tuple[Who, int]]:
    start = block.domain[0]
    for slot in range(start, start + problem.span(lesson, start)):
        for teacher in problem.lessons[lesson].teachers:
            yield ("teacher", teacher), slot
        for atom in problem.lesson_atoms[lesson]:
            yield ("atom", atom), slot


def crowded_rooms(problem: Problem, menus: Menus) -> Iterator[str]:
    """Hall's condition for the sets of rooms that occur: the lessons bound to a set fit into its open hours."""
    closed: dict[int, set[int]] = defaultdict(set)
    for rule in problem.rules:
        if rule.kind == "closed" and rule.hard:
            for room in rule.rooms:
                closed[room].update(rule.slots)
    breaks = closed_slots(problem)["all", 0]
    needs: list[tuple[frozenset[int], int]] = []
    for lesson, menu in enumerate(menus.of_lesson):
        options = menus.menus[menu] if menu >= 0 else ()
        if options and all(len(option.rooms) == 1 for option in options):
            rooms = frozenset(option.rooms[0] for option in options)
            needs.append((rooms, min((span for _, span in problem.spans[lesson]), default=0)))
    for rooms in {rooms for rooms, _ in needs}:
        hours = sum(span for inside, span in needs if inside <= rooms)
        room_hours = sum(problem.slots - len(closed[room] | breaks) for room in rooms)
        if hours > room_hours:
            names = ", ".join(problem.rooms[room].name for room in sorted(rooms)[:5])
            yield f"Аудитории {names}: занятий {hours} ч, а открытого времени {room_hours} ч; добавьте аудиторию или время"
