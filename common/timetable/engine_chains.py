"""Ejection chains: how a lesson gets where others stand, by moving a few of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from common.timetable.engine import Engine, Move
from common.timetable.engine_state import slots_of
from common.timetable.problem import NOWHERE


@dataclass(frozen=True, slots=True)
class Chain:
    """Moves to be made together, the asked one first, and what the wishes about time gain by them."""

    moves: tuple[Move, ...]
    gain: float


def chains(engine: Engine, lesson: int, slot: int, depth: int = 4, tries: int = 400) -> list[Chain]:
    """Ways to get the lesson into the slot by moving at most `depth` lessons in all, best gain first.

    The engine is left as it was.
    """
    search = _Chains(engine, tries)
    search.follow(lesson, slot, depth, ())
    best = {frozenset(one.moves): one for one in search.found}
    return sorted(best.values(), key=lambda one: (-one.gain, len(one.moves)))[:SHOWN]


SHOWN = 3


@dataclass
class _Chains:
    engine: Engine
    tries: int
    found: list[Chain] = field(default_factory=list)

    def follow(self, lesson: int, slot: int, depth: int, moved: tuple[Move, ...]) -> None:
        """Make one move for a try, then see who must move next."""
        if depth == 0 or self.tries <= 0 or any(one.lesson == lesson for one in moved):
            return
        self.tries -= 1
        engine = self.engine
        moves = (*moved, Move(lesson, slot))
        victims = engine.pushed_out(lesson, slot)
        fixed = {engine.block_of[move.lesson] for move in moves}
        if victims is None or fixed.intersection(victims):
            return
        mark = engine.mark()
        if engine.force(lesson, slot, victims):
            if not victims:
                self.found.append(Chain(moves, self.gain(moves)))
            elif len(victims) == 1:
                self.go_on(engine.blocks[victims[0]].lessons[0], depth - 1, moves)
        engine.rewind(mark)

    def go_on(self, victim: int, depth: int, moves: tuple[Move, ...]) -> None:
        """Free starts first; taken ones only while two more may move."""
        starts = self.engine.starts(victim)
        for slot in slots_of(starts.free | starts.other_room):
            self.follow(victim, slot, depth, moves)
        if depth > 1:
            for slot in slots_of(starts.blocked):
                self.follow(victim, slot, depth, moves)

    def gain(self, moves: tuple[Move, ...]) -> float:
        """Points of wishes about time before less after."""
        total = 0
        for move in moves:
            costs = self.engine.blocks[self.engine.block_of[move.lesson]].costs
            was = self.engine.stood(move.lesson)
            total += (costs[was] if was != NOWHERE else 0) - costs[move.slot]
        return total / 10_000
