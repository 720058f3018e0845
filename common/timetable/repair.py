"""After one lesson was moved by hand: a timetable that keeps every hard rule and moves as few others as can be found.

The wish to stay is a rule like any other: each lesson wishes to begin where it begins now, and the moved one is locked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from common.timetable import kernel
from common.timetable import layout as at
from common.timetable.checker import check
from common.timetable.compiled import Kernel, as_array, compiled, has_compiler, plain
from common.timetable.domains import blocks_of
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, NOWHERE, Problem, Rule, Solution
from common.timetable.tables import FIRST_WEIGHT, Tables, tables_of

STAY = 95.0
"""The weight of staying where one is, in hundredths of a point."""

COOLING = 60
"""Short runs of annealing that bring lessons back once nothing is broken."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The mended timetable and the other lessons it moves; or no timetable and the rules in the way, in words."""

    solution: Solution | None
    moved: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()


def repair(
    problem: Problem,
    solution: Solution,
    lesson: int,
    slot: int,
    seconds: float = 1.0,
    *,
    seed: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> Repair:
    """Lock the lesson into the slot and mend the rest within so many CPU seconds."""
    staying = with_stays(problem, solution, lesson, slot)
    closed = next((block for block in blocks_of(staying) if not block.domain), None)
    if closed is not None:
        names = "; ".join(problem.lesson_name(one) for one in closed.lessons)
        return Repair(None, reasons=(f"{names}: {problem.slot_name(slot)} закрыто запретом",))
    tables = tables_of(staying, seed)
    lay_out(tables, solution)
    search, cells = kernel_for(tables)
    mend(search, cells, seconds, clock)
    found = tables.solution(cells)
    broken = [one for one in check(problem, found).findings if one.hard]
    if broken:
        return Repair(None, reasons=tuple(dict.fromkeys(one.text for one in broken))[:5])
    moved = tuple(
        other
        for other, (old, new) in enumerate(zip(solution.places, found.places, strict=True))
        if old.slot != new.slot and other != lesson
    )
    return Repair(found, moved)


def with_stays(problem: Problem, solution: Solution, lesson: int, slot: int) -> Problem:
    """Hard rules alone, a wish to stay for each lesson, a lock for the one."""
    stays = tuple(
        Rule(Kind.START, STAY, (other,), slots=(place.slot,))
        for other, place in enumerate(solution.places)
        if other != lesson and place.slot != NOWHERE
    )
    hard = tuple(rule for rule in problem.rules if rule.hard or rule.kind is Kind.MIN_DAYS)
    lock = Rule(Kind.START, HARD, (lesson,), slots=(slot,))
    return replace(problem, rules=(*hard, *stays, lock))


def lay_out(tables: Tables, solution: Solution) -> None:
    """Every block where it stood; the locked one, and who stood nowhere allowed, at the first start of theirs."""
    cells = tables.cells
    for number, block in enumerate(tables.blocks):
        slot = solution.places[block.lessons[0]].slot
        if slot not in block.domain:
            slot = block.domain[0]
        kernel.gauge(cells, number, slot, 1)
        for lesson in block.lessons:
            option = tables.menus.option(lesson, solution.places[lesson])
            if option != NOWHERE:
                cells[cells[at.OFFER] + lesson] = option
        kernel.place(cells, number, slot)
    kernel.keep_best(cells)


def kernel_for(tables: Tables) -> tuple[Kernel, Any]:
    if has_compiler():
        return compiled(), as_array(tables.cells)
    return plain(), tables.cells


def mend(search: Kernel, cells: Any, seconds: float, clock: Callable[[], float]) -> None:
    """Tabu that minds the wish to stay, then a short cooling that brings back who need not have moved."""
    search.set_weights(cells, FIRST_WEIGHT, 1)
    began = clock()
    while cells[at.BROKEN] > 0 and clock() - began < seconds * 0.8:
        search.tabu(cells, 50, FIRST_WEIGHT // 10)
    search.return_to_best(cells)
    search.set_weights(cells, FIRST_WEIGHT, 1)
    stay = round(STAY * 100)
    for turn in range(COOLING):
        if clock() - began >= seconds:
            break
        search.anneal(cells, 2000, max(stay // (2 + turn // 4), 1))
