"""The state under the conflict engine: who holds which slot, as bitsets with owners; changes and their undoing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from common.timetable.domains import blocks_of
from common.timetable.kinds import Kind
from common.timetable.menus import menus_of
from common.timetable.problem import NOWHERE, Place, Problem, Solution
from common.timetable.tables import closed_rooms
from common.timetable.view import Who


@dataclass(slots=True)
class Part:
    """Lessons of a block that cover the same intervals; `bits` are those they cover now."""

    lessons: tuple[int, ...]
    resources: tuple[int, ...]
    shapes: tuple[tuple[int, int], ...]  # (intervals covered, mask of such starts)
    spans: dict[int, int]  # period to intervals covered
    every: tuple[int, ...]  # resources of each lesson in turn, repeated where lessons share them
    short: bool  # covers one interval wherever it begins
    menu: int  # of the first lesson
    bits: int = 0
    held: tuple[int, ...] = ()  # everything it holds now, rooms included

    def cover(self, slot: int, width: int) -> int:
        return ((1 << self.spans.get(slot % width, 0)) - 1) << slot


@dataclass(slots=True)
class Block:
    lessons: tuple[int, ...]
    parts: tuple[Part, ...]
    domain: int
    wishes: int
    costs: tuple[int, ...]
    plain: bool  # one short lesson
    slot: int = NOWHERE


class EngineState:
    """Keeps one timetable; `place`, `remove` and `undo` are exact inverses of each other."""

    def __init__(self, problem: Problem, solution: Solution | None = None) -> None:
        self.problem = problem
        self.menus = menus_of(problem)
        self._name_resources()
        self._lay_blocks()
        closed = closed_rooms(problem)
        size = problem.slots
        self._room_base = len(self.who) - len(problem.rooms)
        base = self._room_base
        self._menu_rooms = [
            tuple(tuple(base + room for room in option.rooms) for option in menu)
            for menu in (*self.menus.menus, ())  # the last, at -1, of lessons without a room
        ]
        self._shut = [0] * len(self.who)
        for room in range(len(problem.rooms)):
            row = closed[room * size : (room + 1) * size]
            self._shut[self._room_base + room] = sum(
                1 << slot for slot, one in enumerate(row) if one
            )
        self.busy = list(self._shut)
        self.crowded = [0] * len(self.who)
        self.owners: list[dict[int, tuple[int, ...]]] = [{} for _ in self.who]
        self.options: list[int] = [NOWHERE] * len(problem.lessons)
        self._past: list[tuple[int, int, tuple[int, ...]]] = []
        for lesson, place in enumerate(solution.places if solution is not None else ()):
            self.options[lesson] = self.menus.option(lesson, place)
        for lesson, place in enumerate(solution.places if solution is not None else ()):
            block = self.block_of[lesson]
            if place.slot != NOWHERE and self.blocks[block].slot == NOWHERE:
                self._put(block, place.slot)

    def _name_resources(self) -> None:
        """Teachers, atoms, sets of lessons that exclude each other, then rooms."""
        problem = self.problem
        self.who: list[Who] = [("teacher", at) for at in range(len(problem.teachers))]
        self._atom_base = len(self.who)
        self.who += [("atom", at) for at in range(len(problem.atoms))]
        self._of_lesson: list[list[int]] = [
            [*one.teachers, *(self._atom_base + atom for atom in problem.lesson_atoms[number])]
            for number, one in enumerate(problem.lessons)
        ]
        for rule in problem.rules:
            if rule.kind is Kind.APART and rule.hard:
                for lesson in rule.lessons:
                    self._of_lesson[lesson].append(len(self.who))
                self.who.append(("set", len(self.who)))
        self.who += [("room", at) for at in range(len(problem.rooms))]

    def _lay_blocks(self) -> None:
        problem = self.problem
        self.blocks: list[Block] = []
        self.block_of: dict[int, int] = {}
        self.part_of: dict[int, Part] = {}
        shapes = {spans: self._shapes(spans) for spans in set(problem.spans)}
        for number, block in enumerate(blocks_of(problem)):
            alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
            for lesson in block.lessons:
                alike.setdefault(problem.spans[lesson], []).append(lesson)
            parts = tuple(
                Part(
                    tuple(lessons),
                    tuple(dict.fromkeys(r for one in lessons for r in self._of_lesson[one])),
                    shapes[spans],
                    dict(spans),
                    tuple(r for one in lessons for r in self._of_lesson[one]),
                    all(span == 1 for _, span in spans),
                    self.menus.of_lesson[lessons[0]],
                )
                for spans, lessons in alike.items()
            )
            wishes = bits_of(tuple(slot for slot, cost in enumerate(block.costs) if cost))
            plain = len(block.lessons) == 1 and parts[0].short
            self.blocks.append(
                Block(block.lessons, parts, bits_of(block.domain), wishes, block.costs, plain)
            )
            self.block_of.update(dict.fromkeys(block.lessons, number))
            for part in parts:
                self.part_of.update(dict.fromkeys(part.lessons, part))

    def _shapes(self, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        width, days = self.problem.width, len(self.problem.days)
        masks: dict[int, int] = {}
        for period, span in spans:
            for day in range(days):
                masks[span] = masks.get(span, 0) | 1 << day * width + period
        return tuple(masks.items())

    def slot(self, lesson: int) -> int:
        return self.blocks[self.block_of[lesson]].slot

    def solution(self) -> Solution:
        return Solution(
            tuple(
                Place(self.slot(lesson), *self.menus.rooms(self.options[lesson]))
                if self.slot(lesson) != NOWHERE
                else Place()
                for lesson in range(len(self.problem.lessons))
            )
        )

    def _room_taken(self, room: int, part: Part) -> int:
        """The time at which somebody else has the room."""
        resource = self._room_base + room
        if resource in part.held:
            return self.busy[resource] & ~part.bits | self.crowded[resource]
        return self.busy[resource]

    def rooms(self, lesson: int, slot: int) -> list[int]:
        """Options of the lesson's menu that are free at that time, cheapest first."""
        part = self.part_of[lesson]
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return []
        first = self.menus.first(menu)
        bits = part.cover(slot, self.problem.width)
        found = [
            (option.cost, first + at)
            for at, option in enumerate(self.menus.menus[menu])
            if not any(self._room_taken(room, part) & bits for room in option.rooms)
        ]
        return [option for _, option in sorted(found)]

    def force(self, lesson: int, slot: int, victims: list[int]) -> bool:
        """Take the victims off and put the lesson there with free rooms; False where there are none."""
        number = self.block_of[lesson]
        for victim in victims:
            self._remember(victim)
            self._take(victim)
        self._remember(number)
        if self.blocks[number].slot != NOWHERE:
            self._take(number)
        if not self._choose_rooms(number, slot):
            return False
        self._put(number, slot)
        return True

    def _choose_rooms(self, number: int, slot: int) -> bool:
        """Keep what rooms are free, take others where they are not; False where some lesson finds none."""
        used: set[int] = set()
        good = True
        for lesson in self.blocks[number].lessons:
            if self.menus.of_lesson[lesson] < 0:
                continue
            choices = [
                option
                for option in self.rooms(lesson, slot)
                if used.isdisjoint(self.menus.numbered[option].rooms)
            ]
            if self.options[lesson] not in choices and choices:
                self.options[lesson] = choices[0]
            good = good and bool(choices)
            if self.options[lesson] != NOWHERE:
                used.update(self.menus.numbered[self.options[lesson]].rooms)
        return good

    def mark(self) -> int:
        """How many changes there are to take back."""
        return len(self._past)

    def stood(self, lesson: int) -> int:
        """Where the lesson stood before its last change."""
        number = self.block_of[lesson]
        return next((slot for one, slot, _ in reversed(self._past) if one == number), NOWHERE)

    def place(self, lesson: int, slot: int, option: int | None = None) -> None:
        """Put the lesson's block there, whoever holds the time; its room: the given, the present, or a free one."""
        number = self.block_of[lesson]
        self._remember(number)
        if self.blocks[number].slot != NOWHERE:
            self._take(number)
        self._choose_rooms(number, slot)
        if option is not None:
            self.options[lesson] = option
        self._put(number, slot)

    def remove(self, lesson: int) -> None:
        """Take the lesson's block off into the pool."""
        number = self.block_of[lesson]
        self._remember(number)
        if self.blocks[number].slot != NOWHERE:
            self._take(number)

    def undo(self) -> bool:
        """Take the last change back; False where nothing is left to take back."""
        if not self._past:
            return False
        self.rewind(len(self._past) - 1)
        return True

    def _remember(self, number: int) -> None:
        block = self.blocks[number]
        options = tuple(self.options[lesson] for lesson in block.lessons)
        self._past.append((number, block.slot, options))

    def rewind(self, mark: int) -> None:
        """Take back every change after the mark."""
        while len(self._past) > mark:
            number, slot, options = self._past.pop()
            block = self.blocks[number]
            if block.slot != NOWHERE:
                self._take(number)
            for lesson, option in zip(block.lessons, options, strict=True):
                self.options[lesson] = option
            if slot != NOWHERE:
                self._put(number, slot)

    def _resources(self, part: Part) -> Iterator[int]:
        yield from part.resources
        for lesson in part.lessons:
            if self.options[lesson] != NOWHERE:
                for room in self.menus.numbered[self.options[lesson]].rooms:
                    yield self._room_base + room

    def _put(self, number: int, slot: int) -> None:
        block = self.blocks[number]
        block.slot = slot
        for part in block.parts:
            part.bits = part.cover(slot, self.problem.width)
            holding = tuple(self._resources(part))
            part.held = (*part.every, *holding[len(part.resources) :])
            for resource in holding:
                owners = self.owners[resource]
                self.crowded[resource] |= self.busy[resource] & part.bits
                self.busy[resource] |= part.bits
                for one in slots_of(part.bits):
                    owners[one] = tuple(sorted((*owners.get(one, ()), number)))

    def _take(self, number: int) -> None:
        block = self.blocks[number]
        for part in block.parts:
            for resource in self._resources(part):
                for one in slots_of(part.bits):
                    self._release(resource, one, number)
            part.bits = 0
            part.held = ()
        block.slot = NOWHERE

    def _release(self, resource: int, slot: int, number: int) -> None:
        owners = self.owners[resource]
        left = list(owners[slot])
        left.remove(number)
        holders = len(left) + (self._shut[resource] >> slot & 1)
        if left:
            owners[slot] = tuple(left)
        else:
            del owners[slot]
        if holders < 2:
            self.crowded[resource] &= ~(1 << slot)
        if holders < 1:
            self.busy[resource] &= ~(1 << slot)

    def recheck(self) -> list[tuple[Who, int]]:
        """Every resource and slot held more than once, counted anew from the places alone."""
        busy = list(self._shut)
        found: list[tuple[Who, int]] = []
        for block in self.blocks:
            for part in block.parts:
                bits = part.bits
                for resource in part.held:
                    if busy[resource] & bits:
                        hit = slots_of(busy[resource] & bits)
                        found.extend((self.who[resource], slot) for slot in hit)
                    busy[resource] |= bits
        return found


def open_starts(taken: int, shapes: tuple[tuple[int, int], ...]) -> int:
    """Starts of a lesson that no taken slot touches; it may cover different lengths at different starts."""
    free = ~taken
    found = 0
    for span, starts in shapes:
        room = free
        for step in range(1, span):
            room &= free >> step
        found |= room & starts
    return found


def bits_of(slots: tuple[int, ...]) -> int:
    found = 0
    for slot in slots:
        found |= 1 << slot
    return found


def slots_of(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
