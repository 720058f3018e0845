"""Which rooms each lesson can choose among, and what each choice costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice, product

from common.timetable.kinds import Kind
from common.timetable.problem import NOWHERE, Place, Problem, Rule

COMBINATIONS_AT_MOST = 48
"""A virtual room of many sets has more combinations than are worth trying; a spread of them is kept."""


@dataclass(frozen=True, slots=True)
class Option:
    """Real rooms taken together (none: the lesson goes without), and the virtual room they make."""

    rooms: tuple[int, ...]
    virtual: int = NOWHERE
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Menus:
    """Lessons with equal choices share a menu; options are numbered through all menus."""

    menus: tuple[tuple[Option, ...], ...]
    of_lesson: tuple[int, ...]
    numbered: tuple[Option, ...]
    starts: tuple[int, ...] = ()

    def first(self, menu: int) -> int:
        """The number of a menu's first option."""
        return self.starts[menu]

    def option(self, lesson: int, place: Place) -> int:
        """The option that the rooms of a place are, or NOWHERE."""
        menu = self.of_lesson[lesson]
        for at, option in enumerate(self.menus[menu] if menu >= 0 else ()):
            if option.rooms == place.rooms and option.virtual == place.virtual:
                return self.first(menu) + at
        return NOWHERE

    def rooms(self, option: int) -> tuple[tuple[int, ...], int]:
        if option == NOWHERE:
            return (), NOWHERE
        return self.numbered[option].rooms, self.numbered[option].virtual


def menus_of(problem: Problem) -> Menus:
    wishes: dict[int, list[Rule]] = defaultdict(list)
    capacity: dict[int, list[Rule]] = defaultdict(list)
    for rule in problem.rules:
        if rule.kind in {Kind.ROOMS, Kind.CAPACITY}:
            known = wishes if rule.kind is Kind.ROOMS else capacity
            for lesson in rule.lessons:
                known[lesson].append(rule)
    made: dict[tuple[object, ...], int] = {}
    menus: list[tuple[Option, ...]] = []
    of_lesson = []
    for lesson, one in enumerate(problem.lessons):
        mine, crowded = wishes.get(lesson, []), capacity.get(lesson, [])
        if not mine and not one.any_room:
            of_lesson.append(-1)
            continue
        size = one.size if crowded else 0
        key = (*((rule.rooms, rule.weight) for rule in mine), one.any_room, size, *map(id, crowded))
        if key not in made:
            made[key] = len(menus)
            menus.append(tuple(options(problem, mine, crowded, size, any_room=one.any_room)))
        of_lesson.append(made[key])
    flat = tuple(option for menu in menus for option in menu)
    starts = tuple(accumulate((len(menu) for menu in menus), initial=0))
    return Menus(tuple(menus), tuple(of_lesson), flat, starts)


def options(
    problem: Problem, wishes: list[Rule], capacity: list[Rule], size: int, *, any_room: bool
) -> Iterator[Option]:
    """Rooms that no hard rule forbids; with wishes only, also going without a room."""
    hard = [set(rule.rooms) for rule in wishes if rule.hard]
    soft = [rule for rule in wishes if not rule.hard]
    if hard:
        allowed = set.intersection(*hard)
    elif any_room:
        allowed = {at for at, room in enumerate(problem.rooms) if not room.parts}
    else:
        allowed = {room for rule in soft for room in rule.rooms}
    for room in sorted(allowed):
        cost = sum(round(rule.weight * 100) for rule in soft if room not in rule.rooms)
        for rule in capacity:
            over = max(size - problem.rooms[room].capacity, 0)
            if over and rule.hard:
                break
            cost += over * round(rule.weight * 100)
        else:
            yield from real(problem, room, cost)
    if not hard and not any_room:
        yield Option((), cost=sum(round(rule.weight * 100) for rule in soft))


def real(problem: Problem, room: int, cost: int) -> Iterator[Option]:
    parts = problem.rooms[room].parts
    if not parts:
        yield Option((room,), cost=cost)
        return
    turned = [
        part[turn % len(part) :] + part[: turn % len(part)]
        for turn, part in enumerate(parts)
        if part
    ]
    if len(turned) < len(parts):
        return
    different = (one for one in product(*turned) if len(set(one)) == len(one))
    for rooms in islice(different, COMBINATIONS_AT_MOST):
        yield Option(rooms, room, cost)
