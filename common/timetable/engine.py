"""The conflict engine: what a dispatcher's hand needs before it moves, from bitsets of whole cycles.

Each teacher, atom, exclusive set of lessons and room is one big int with a bit a slot, and for each slot the blocks that
hold it. A block is the lessons that begin together; every question about a lesson is about its block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from common.timetable.engine_state import Block, EngineState, Part, open_starts, slots_of
from common.timetable.menus import Option
from common.timetable.problem import NOWHERE
from common.timetable.view import Who
from common.timetable.words import owner


class Starts(NamedTuple):
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


class Engine(EngineState):
    """Answers about one timetable; the state below it makes the changes."""

    def starts(self, lesson: int) -> Starts:
        """The verdict of every start at once."""
        block = self.blocks[self.block_of[lesson]]
        if block.plain:
            return self._plain_starts(block, block.parts[0])
        open_time = block.domain
        for part in block.parts:
            mine = ~part.bits
            taken = 0
            for resource in part.resources:
                taken |= self.busy[resource] & mine | self.crowded[resource]
            open_time &= ~taken if part.short else open_starts(taken, part.shapes)
        present = other = open_time
        for part in block.parts:
            present = self._rooms_open(part, present)
        if present != open_time:
            for part in block.parts:
                for one in part.lessons:
                    other &= self._any_room(part, one, other)
        good = present | other
        return Starts(present, other & ~present, good & block.wishes, block.domain & ~good)

    def _plain_starts(self, block: Block, part: Part) -> Starts:
        """The same for one short lesson, which most are, without the detours of the others."""
        busy, crowded, mine = self.busy, self.crowded, ~part.bits
        taken = 0
        for resource in part.resources:
            taken |= busy[resource] & mine | crowded[resource]
        open_time = present = block.domain & ~taken
        left = 0
        rooms = self._menu_rooms[part.menu]
        unset = False
        if rooms:
            option = self.options[part.lessons[0]]
            unset = option == NOWHERE
            taken = -1 if unset else 0  # no present room: everything is another
            for resource in part.held[len(part.every) :]:
                taken |= busy[resource] & mine | crowded[resource]
            present = open_time & ~taken
            left = open_time & ~present
            for choice in rooms:
                if not left:
                    break
                taken = 0
                for resource in choice:
                    taken |= busy[resource]
                left &= taken
        elif part.menu >= 0:
            left, present = open_time, 0
        good = open_time & ~left
        if unset:
            present = good
        return Starts(present, good & ~present, good & block.wishes, block.domain & ~good)

    def _rooms_open(self, part: Part, starts: int) -> int:
        """Starts at which the rooms chosen now are free too; without a choice, any rooms of the menu."""
        for lesson in part.lessons:
            option = self.options[lesson]
            if option == NOWHERE:
                starts &= self._any_room(part, lesson, starts)
                continue
            starts &= self._option_open(part, self.menus.numbered[option])
        return starts

    def _option_open(self, part: Part, option: Option) -> int:
        taken = 0
        for room in option.rooms:
            taken |= self._room_taken(room, part)
        return ~taken if part.short else open_starts(taken, part.shapes)

    def _any_room(self, part: Part, lesson: int, wanted: int) -> int:
        """Starts among the wanted at which some choice of the menu is free."""
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return wanted
        found = 0
        for option in self.menus.menus[menu]:
            found |= self._option_open(part, option)
            if found & wanted == wanted:
                break
        return found & wanted

    def blockers(self, lesson: int, slot: int) -> list[Blocker]:
        """Which lessons hold the teachers, students and present rooms of this lesson at that time."""
        number = self.block_of[lesson]
        found: dict[Blocker, None] = {}
        for part in self.blocks[number].parts:
            bits = part.cover(slot, self.problem.width)
            for resource in self._resources(part):
                for one in slots_of(self.busy[resource] & bits):
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

    def swaps(self, lesson: int) -> list[Move]:
        """Lessons that can change places with this one: each with the slot it stands in."""
        number = self.block_of[lesson]
        block = self.blocks[number]
        if block.slot == NOWHERE:
            return []
        found = []
        for other_number in self._alone_in_the_way(block, number):
            other = self.blocks[other_number]
            if not other.domain >> block.slot & 1:
                continue
            if block.plain and other.plain:
                if self._plain_swap(block, other):
                    found.append(Move(other.lessons[0], other.slot))
                continue
            if self._touch(block, other):
                continue
            pair = {number, other_number}
            if self._fits(other, block.slot, pair) and self._fits(block, other.slot, pair):
                found.append(Move(other.lessons[0], other.slot))
        return found

    def _plain_swap(self, block: Block, other: Block) -> bool:
        """Whether two short lessons can exchange, the second being alone in the way of the first."""
        mine, theirs = block.parts[0], other.parts[0]
        bit = mine.bits
        for resource in theirs.resources:
            if self.busy[resource] & bit and (
                resource not in mine.resources or self.crowded[resource] & bit
            ):
                return False
        return self._some_room(theirs.menu, bit, mine.held) and self._some_room(
            mine.menu, theirs.bits, theirs.held
        )

    def _some_room(self, menu: int, bit: int, leaving: tuple[int, ...]) -> bool:
        if menu < 0:
            return True
        busy, crowded = self.busy, self.crowded
        for choice in self._menu_rooms[menu]:
            for resource in choice:
                if busy[resource] & bit and (resource not in leaving or crowded[resource] & bit):
                    break
            else:
                return True
        return False

    def _alone_in_the_way(self, block: Block, number: int) -> list[int]:
        """Blocks that stand at a start of this one and are the only ones in its way there."""
        rows = [self.owners[resource] for part in block.parts for resource in part.resources]
        found = []
        for slot in slots_of(block.domain & ~(1 << block.slot)):
            holder = NOWHERE
            for row in rows:
                here = row.get(slot)
                if here is None:
                    continue
                if len(here) > 1 or holder not in {NOWHERE, here[0]}:
                    holder = number
                    break
                holder = here[0]
            if holder not in {NOWHERE, number} and self.blocks[holder].slot == slot:
                found.append(holder)
        return found

    def _touch(self, one: Block, other: Block) -> bool:
        """Whether two blocks of different lengths would overlap after an exchange."""
        width = self.problem.width
        return any(
            part.cover(other.slot, width) & second.cover(one.slot, width)
            for part in one.parts
            for second in other.parts
        )

    def _neighbours(self, block: Block, number: int) -> list[int]:
        """Blocks that share a teacher, students or a set with this one: the only ones in its way."""
        found: dict[int, None] = {}
        for part in block.parts:
            for resource in part.resources:
                for holders in self.owners[resource].values():
                    for one in holders:
                        found[one] = None
        found.pop(number, None)
        return list(found)

    def _fits(self, block: Block, slot: int, leaving: set[int]) -> bool:
        """Whether a block fits into a slot once those that leave are gone; rooms: any of the menu."""
        for part in block.parts:
            bits = part.cover(slot, self.problem.width)
            for resource in part.resources:
                held = self.busy[resource] & bits
                if held and not self._leave(resource, held, leaving):
                    return False
            used: set[int] = set()
            for lesson in part.lessons:
                if not self._room_fits(lesson, bits, leaving, used):
                    return False
        return True

    def _leave(self, resource: int, bits: int, leaving: set[int]) -> bool:
        """Whether only those that leave hold the resource there."""
        if self._shut[resource] & bits:
            return False
        owners = self.owners[resource]
        return all(leaving.issuperset(owners.get(slot, ())) for slot in slots_of(bits))

    def _room_fits(self, lesson: int, bits: int, leaving: set[int], used: set[int]) -> bool:
        menu = self.menus.of_lesson[lesson]
        if menu < 0:
            return True
        base = self._room_base
        for option in self.menus.menus[menu]:
            held = [(base + room, self.busy[base + room] & bits) for room in option.rooms]
            if used.isdisjoint(option.rooms) and all(
                not taken or self._leave(room, taken, leaving) for room, taken in held
            ):
                used.update(option.rooms)
                return True
        return False

    def pushed_out(self, lesson: int, slot: int) -> list[int] | None:
        """Blocks that hold the time of this lesson there; None where it can never begin there."""
        number = self.block_of[lesson]
        block = self.blocks[number]
        if not block.domain >> slot & 1:
            return None
        found: dict[int, None] = {}
        for part in block.parts:
            bits = part.cover(slot, self.problem.width)
            for resource in part.resources:
                for one in slots_of(self.busy[resource] & bits):
                    for holder in self.owners[resource].get(one, ()):
                        found[holder] = None
        found.pop(number, None)
        return list(found)
