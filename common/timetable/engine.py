"""The conflict engine: what a dispatcher's hand needs before it moves, from bitsets of whole cycles.

Each teacher, atom, exclusive set of lessons and room is one big int with a bit a slot, and for each slot the blocks that
hold it. A block is the lessons that begin together; every question about a lesson is about its block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from common.timetable.domains import blocks_of
from common.timetable.kinds import Kind
from common.timetable.menus import menus_of
from common.timetable.problem import NOWHERE, Place, Problem, Solution
from common.timetable.tables import closed_rooms
from common.timetable.view import Who
from common.timetable.words import owner


@dataclass(frozen=True, slots=True)
class Starts:
    """The starts of a lesson as bits: `free` with its present room or any, `other_room` only with another.

    `soft` is the part of both that some wish about time dislikes; `blocked` the rest of the grid's starts.
    """

    free: int
    other_room: int
    soft: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Blocker:
    """Who holds the time: the common resource and the lesson that has it."""

    who: Who
    lesson: int


@dataclass(frozen=True, slots=True)
class Move:
    lesson: int
    slot: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Moves to be made together, the asked one first, and what the wishes about time gain by them."""

    moves: tuple[Move, ...]
    gain: float


@dataclass(slots=True)
class _Block:
    lessons: tuple[int, ...]
    resources: tuple[int, ...]
    domain: int
    wishes: int
    costs: tuple[int, ...]
    shapes: tuple[tuple[int, int], ...]  # (intervals covered, mask of such starts)
    spans: dict[int, int]  # period to intervals covered
    slot: int = NOWHERE
    bits: int = 0


class Engine:
    """Keeps one timetable; `place`, `remove` and `undo` are exact inverses of each other."""

    def __init__(self, problem: Problem, solution: Solution | None = None) -> None:
        self.problem = problem
        self.menus = menus_of(problem)
        self._name_resources()
        self._lay_blocks()
        closed = closed_rooms(problem)
        size = problem.slots
        self._room_base = len(self.who) - len(problem.rooms)
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
            self._note_option(lesson, place)
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
        self.blocks: list[_Block] = []
        self.block_of: dict[int, int] = {}
        shapes: dict[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = {}
        for number, block in enumerate(blocks_of(problem)):
            longest = max(block.lessons, key=lambda one: problem.lessons[one].length)
            spans = problem.spans[longest]
            if spans not in shapes:
                shapes[spans] = self._shapes(spans)
            self.blocks.append(
                _Block(
                    block.lessons,
                    tuple(dict.fromkeys(r for one in block.lessons for r in self._of_lesson[one])),
                    bits_of(block.domain),
                    bits_of(tuple(slot for slot, cost in enumerate(block.costs) if cost)),
                    block.costs,
                    shapes[spans],
                    dict(spans),
                )
            )
            self.block_of.update(dict.fromkeys(block.lessons, number))

    def _shapes(self, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        width, days = self.problem.width, len(self.problem.days)
        masks: dict[int, int] = {}
        for period, span in spans:
            for day in range(days):
                masks[span] = masks.get(span, 0) | 1 << day * width + period
        return tuple(masks.items())

    def _note_option(self, lesson: int, place: Place) -> None:
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return
        first = sum(len(one) for one in self.menus.menus[:menu]) if menu else 0
        for at, option in enumerate(self.menus.menus[menu]):
            if option.rooms == place.rooms and option.virtual == place.virtual:
                self.options[lesson] = first + at

    # what stands

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

    # questions

    def starts(self, lesson: int) -> Starts:
        """The verdict of every start at once."""
        block = self.blocks[self.block_of[lesson]]
        mine = ~block.bits
        taken = 0
        for resource in block.resources:
            taken |= self.busy[resource] & mine | self.crowded[resource]
        open_time = open_starts(taken, block.shapes) & block.domain
        present = self._rooms_open(block, open_time)
        other = 0
        if present != open_time:
            other = self._menus_open(block, open_time & ~present)
        good = present | other
        return Starts(present, other, good & block.wishes, block.domain & ~good)

    def _rooms_open(self, block: _Block, starts: int) -> int:
        """Starts at which the rooms chosen now are free too; without a choice, any rooms of the menu."""
        mine = ~block.bits
        for lesson in block.lessons:
            option = self.options[lesson]
            if option == NOWHERE:
                starts &= self._any_room(block, lesson, starts)
                continue
            taken = 0
            for room in self.menus.numbered[option].rooms:
                resource = self._room_base + room
                taken |= self.busy[resource] & mine | self.crowded[resource]
            starts &= open_starts(taken, block.shapes)
        return starts

    def _menus_open(self, block: _Block, starts: int) -> int:
        for lesson in block.lessons:
            starts &= self._any_room(block, lesson, starts)
        return starts

    def _any_room(self, block: _Block, lesson: int, wanted: int) -> int:
        """Starts among the wanted at which some choice of the menu is free."""
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return wanted
        found = 0
        mine = ~block.bits
        for option in self.menus.menus[menu]:
            taken = 0
            for room in option.rooms:
                resource = self._room_base + room
                taken |= self.busy[resource] & mine | self.crowded[resource]
            found |= open_starts(taken, block.shapes)
            if found & wanted == wanted:
                break
        return found & wanted

    def blockers(self, lesson: int, slot: int) -> list[Blocker]:
        """Which lessons hold the teachers, students and present rooms of this lesson at that time."""
        number = self.block_of[lesson]
        block = self.blocks[number]
        found: dict[Blocker, None] = {}
        rooms = [
            self._room_base + room
            for one in block.lessons
            if self.options[one] != NOWHERE
            for room in self.menus.numbered[self.options[one]].rooms
        ]
        bits = self._bits(block, slot)
        for resource in (*block.resources, *rooms):
            hit = self.busy[resource] & bits
            while hit:
                one = (hit & -hit).bit_length() - 1
                hit &= hit - 1
                for other in self.owners[resource].get(one, ()):
                    if other != number:
                        found[Blocker(self.who[resource], self.blocks[other].lessons[0])] = None
        return list(found)

    def why(self, lesson: int, slot: int) -> list[str]:
        """The blockers in words: «Иванов И. И.: «Физика» № 7, СД-21; Вторник, 10:10»."""
        block = self.blocks[self.block_of[lesson]]
        when = self.problem.slot_name(slot)
        if not block.domain >> slot & 1:
            return [f"{self.problem.lesson_name(lesson)}: {when} закрыто запретом или закреплением"]
        said = []
        for blocker in self.blockers(lesson, slot):
            who = owner(self.problem, blocker.who) or "одновременно нельзя"
            said.append(f"{who}: {self.problem.lesson_name(blocker.lesson)}; {when}")
        return said

    def rooms(self, lesson: int, slot: int) -> list[int]:
        """Options of the lesson's menu that are free at that time, cheapest first."""
        block = self.blocks[self.block_of[lesson]]
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return []
        first = sum(len(one) for one in self.menus.menus[:menu])
        bits = self._bits(block, slot)
        found = [
            (option.cost, first + at)
            for at, option in enumerate(self.menus.menus[menu])
            if not any(self._held(self._room_base + room, block, bits) for room in option.rooms)
        ]
        return [option for _, option in sorted(found)]

    def _held(self, resource: int, block: _Block, bits: int) -> int:
        return (self.busy[resource] & ~block.bits | self.crowded[resource]) & bits

    def swaps(self, lesson: int) -> list[Move]:
        """Lessons that can change places with this one: each with the slot it stands in."""
        number = self.block_of[lesson]
        block = self.blocks[number]
        if block.slot == NOWHERE:
            return []
        found = []
        for other_number in self._neighbours(block, number):
            other = self.blocks[other_number]
            if not (block.domain >> other.slot & 1 and other.domain >> block.slot & 1):
                continue
            if self._fits(block, other.slot, other) and self._fits(other, block.slot, block):
                found.append(Move(other.lessons[0], other.slot))
        return found

    def _neighbours(self, block: _Block, number: int) -> list[int]:
        """Blocks that share a teacher, students or a set with this one: the only ones in its way."""
        found: dict[int, None] = {}
        for resource in block.resources:
            for holders in self.owners[resource].values():
                for one in holders:
                    found[one] = None
        found.pop(number, None)
        return list(found)

    def _fits(self, block: _Block, slot: int, gone: _Block) -> bool:
        """Whether a block fits into a slot once it and `gone` have left their places; rooms: any of the menu."""
        bits = self._bits(block, slot)
        for resource in block.resources:
            if self.busy[resource] & bits & ~(block.bits | gone.bits):
                return False
            hit = self.busy[resource] & bits & gone.bits & ~block.bits
            if hit and not self._only(resource, hit, gone):
                return False
        return all(self._room_fits(one, bits, block, gone) for one in block.lessons)

    def _only(self, resource: int, bits: int, gone: _Block) -> bool:
        """Whether nobody but `gone` holds the resource there."""
        number = self.block_of[gone.lessons[0]]
        owners = self.owners[resource]
        while bits:
            one = (bits & -bits).bit_length() - 1
            bits &= bits - 1
            if owners.get(one, ()) != (number,):
                return False
        return True

    def _room_fits(self, lesson: int, bits: int, block: _Block, gone: _Block) -> bool:
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return True
        leaving = block.bits | gone.bits
        base = self._room_base
        for option in self.menus.menus[menu]:
            good = True
            for room in option.rooms:
                held = self.busy[base + room] & bits
                if held and (held & ~leaving or not self._leavers(base + room, held, block, gone)):
                    good = False
                    break
            if good:
                return True
        return False

    def _leavers(self, resource: int, bits: int, block: _Block, gone: _Block) -> bool:
        allowed = {self.block_of[block.lessons[0]], self.block_of[gone.lessons[0]]}
        if self._shut[resource] & bits:
            return False
        return all(
            allowed.issuperset(self.owners[resource].get(slot, ())) for slot in slots_of(bits)
        )

    def chains(self, lesson: int, slot: int, depth: int = 4, tries: int = 400) -> list[Chain]:
        """Ways to get the lesson into the slot by moving at most `depth` lessons in all, best gain first."""
        found: list[Chain] = []
        left = [tries]
        self._chain(lesson, slot, depth, (), left, found)
        best: dict[frozenset[Move], Chain] = {frozenset(one.moves): one for one in found}
        return sorted(best.values(), key=lambda one: (-one.gain, len(one.moves)))[:3]

    def _chain(
        self,
        lesson: int,
        slot: int,
        depth: int,
        moved: tuple[Move, ...],
        left: list[int],
        found: list[Chain],
    ) -> None:
        if depth == 0 or left[0] <= 0 or any(one.lesson == lesson for one in moved):
            return
        left[0] -= 1
        number = self.block_of[lesson]
        block = self.blocks[number]
        if not block.domain >> slot & 1:
            return
        moves = (*moved, Move(lesson, slot))
        victims = self._victims(block, number, slot, moves)
        mark = len(self._past)
        if victims is None or not self._force(number, slot, victims):
            self._rewind(mark)
            return
        if not victims:
            found.append(Chain(moves, self._gain(moves, mark)))
        elif len(victims) == 1:
            victim = self.blocks[victims[0]].lessons[0]
            open_slots = self.starts(victim)
            for one in slots_of(open_slots.free | open_slots.other_room):
                self._chain(victim, one, depth - 1, moves, left, found)
            if depth > 2:
                for one in slots_of(open_slots.blocked):
                    self._chain(victim, one, depth - 1, moves, left, found)
        self._rewind(mark)

    def _victims(
        self, block: _Block, number: int, slot: int, moves: tuple[Move, ...]
    ) -> list[int] | None:
        """Whom the move pushes out; None where that is someone who has moved already."""
        bits = self._bits(block, slot)
        found: dict[int, None] = {}
        for resource in block.resources:
            for one in slots_of(self.busy[resource] & bits):
                for holder in self.owners[resource].get(one, ()):
                    found[holder] = None
        found.pop(number, None)
        fixed = {self.block_of[move.lesson] for move in moves}
        return None if fixed.intersection(found) else list(found)

    def _force(self, number: int, slot: int, victims: list[int]) -> bool:
        """Take the victims off and put the block there with the first free rooms."""
        for victim in (*victims, number):
            if self.blocks[victim].slot != NOWHERE:
                self._remember(victim)
                self._take(victim)
        self._remember(number)
        for lesson in self.blocks[number].lessons:
            menu = self.menus.of_lesson[lesson]
            choices = self.rooms(lesson, slot)
            if menu >= 0 and not choices:
                return False
            if menu >= 0 and self.options[lesson] not in choices:
                self.options[lesson] = choices[0]
        self._put(number, slot)
        return True

    def _gain(self, moves: tuple[Move, ...], mark: int) -> float:
        """Points of wishes about time before less after; the places before stand in the journal."""
        before: dict[int, int] = {}
        for number, slot, _ in self._past[mark:]:
            before.setdefault(number, slot)
        gain = 0
        for move in moves:
            number = self.block_of[move.lesson]
            costs = self.blocks[number].costs
            was = before.get(number, NOWHERE)
            gain += (costs[was] if was != NOWHERE else 0) - costs[move.slot]
        return gain / 10_000

    # changes

    def place(self, lesson: int, slot: int, option: int | None = None) -> None:
        """Put the lesson's block there, whoever holds the time; its room: the given, the present, or a free one."""
        number = self.block_of[lesson]
        self._remember(number)
        if self.blocks[number].slot != NOWHERE:
            self._take(number)
        for one in self.blocks[number].lessons:
            choices = self.rooms(one, slot)
            if one == lesson and option is not None:
                self.options[one] = option
            elif choices and self.options[one] not in choices:
                self.options[one] = choices[0]
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
        self._rewind(len(self._past) - 1)
        return True

    def _remember(self, number: int) -> None:
        block = self.blocks[number]
        options = tuple(self.options[lesson] for lesson in block.lessons)
        self._past.append((number, block.slot, options))

    def _rewind(self, mark: int) -> None:
        while len(self._past) > mark:
            number, slot, options = self._past.pop()
            block = self.blocks[number]
            if block.slot != NOWHERE:
                self._take(number)
            for lesson, option in zip(block.lessons, options, strict=True):
                self.options[lesson] = option
            if slot != NOWHERE:
                self._put(number, slot)

    def _bits(self, block: _Block, slot: int) -> int:
        span = block.spans.get(slot % self.problem.width, 0)
        return ((1 << span) - 1) << slot

    def _resources(self, block: _Block) -> Iterator[int]:
        yield from block.resources
        for lesson in block.lessons:
            if self.options[lesson] != NOWHERE:
                for room in self.menus.numbered[self.options[lesson]].rooms:
                    yield self._room_base + room

    def _put(self, number: int, slot: int) -> None:
        block = self.blocks[number]
        block.slot = slot
        block.bits = self._bits(block, slot)
        for resource in self._resources(block):
            owners = self.owners[resource]
            self.crowded[resource] |= self.busy[resource] & block.bits
            self.busy[resource] |= block.bits
            for one in slots_of(block.bits):
                owners[one] = tuple(sorted((*owners.get(one, ()), number)))

    def _take(self, number: int) -> None:
        block = self.blocks[number]
        for resource in self._resources(block):
            owners = self.owners[resource]
            for one in slots_of(block.bits):
                left = list(owners[one])
                left.remove(number)
                holders = len(left) + (self._shut[resource] >> one & 1)
                if left:
                    owners[one] = tuple(left)
                else:
                    del owners[one]
                if holders < 2:
                    self.crowded[resource] &= ~(1 << one)
                if holders < 1:
                    self.busy[resource] &= ~(1 << one)
        block.slot = NOWHERE
        block.bits = 0

    def recheck(self) -> list[tuple[Who, int]]:
        """Every resource and slot held more than once, counted anew from the places alone."""
        busy = list(self._shut)
        found: list[tuple[Who, int]] = []
        for block in self.blocks:
            if block.slot == NOWHERE:
                continue
            for resource in self._resources(block):
                if busy[resource] & block.bits:
                    hit = slots_of(busy[resource] & block.bits)
                    found.extend((self.who[resource], slot) for slot in hit)
                busy[resource] |= block.bits
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
