"""From a problem to the best timetable that the time allows: feasibility first, then quality; seeded, pausable, resumable.

Time is CPU time of the search. Between short runs of the kernel the caller hears how it goes and may stop it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from common.kit.errors import Invalid
from common.timetable import layout as at
from common.timetable.checker import Verdict, check
from common.timetable.compiled import Kernel, as_array, compiled, has_compiler, plain
from common.timetable.own_json import fingerprint, write_whole
from common.timetable.prechecks import refusals
from common.timetable.problem import Problem, Solution
from common.timetable.tables import FIRST_WEIGHT, Tables, tables_of
from common.timetable.xml_tree import read_bytes

LEARNING = 20_000
"""What a failure to improve adds to the weight of what is broken."""

ROUNDS = ((0.5, 1, 8), (0.68, 2, 2), (0.8, 4, 2))
"""Of cooling: until which share of the time, the weight of hard rules in quarters, the heat at first in eighths."""

MENDED = 0.85
"""By then what is broken must be mended, else the best before is taken up."""

POINTS = 10_000
"""The search counts in hundredths of hundredths of a point."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: CPU seconds, hard units and soft points of the best so far."""

    seconds: float
    hard: int
    soft: float
    share: float


@dataclass(frozen=True, slots=True)
class Budget:
    """CPU seconds, or a number of kernel runs: the second makes a search repeatable step by step."""

    seconds: float = 60.0
    runs: int = 0

    def share(self, spent: float, runs: int) -> float:
        return min(runs / self.runs if self.runs else spent / max(self.seconds, 0.001), 1.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    solution: Solution
    verdict: Verdict
    seconds: float
    to_feasible: float | None


class Checkpoint(msgspec.Struct, frozen=True):
    """What a search needs to go on after its process has ended."""

    problem: str
    cells: list[int]
    seconds: float
    runs: int
    to_feasible: float | None


Listener = Callable[[Progress], None]


@dataclass
class Search:
    """One search. `advance()` does a short run; `stopped` ends it early with the best so far."""

    problem: Problem
    seed: int = 1
    budget: Budget = field(default_factory=Budget)
    use_compiler: bool = True
    clock: Callable[[], float] = time.process_time
    stopped: bool = False

    def __post_init__(self) -> None:
        found = refusals(self.problem)
        if found:
            raise Invalid(found[0])
        self.compiled = self.use_compiler and has_compiler()
        self.kernel: Kernel = compiled() if self.compiled else plain()
        if self.compiled:
            self._warm_up()
        self.spent = 0.0
        self.runs = 0
        self.to_feasible: float | None = None
        started = self.clock()
        self.tables: Tables = tables_of(self.problem, self.seed)
        self.cells: Any = as_array(self.tables.cells) if self.compiled else list(self.tables.cells)
        self._build()
        self.plan = _Plan(self)
        self.spent = self.clock() - started
        self._note()

    def _warm_up(self) -> None:
        """Compiling, or loading what was compiled, is no part of the search's time."""
        tiny = replace(self.problem, lessons=self.problem.lessons[:0], rules=(), unsupported=())
        cells = as_array(tables_of(tiny, 1).cells)
        self.kernel.build(cells, 0)
        self.kernel.tabu(cells, 0, 1)
        self.kernel.anneal(cells, 0, 1)
        self.kernel.return_to_best(cells)
        self.kernel.set_weights(cells, 1, 1)

    def _build(self) -> None:
        """The hardest first: few starts and many lines."""
        cells = self.tables.cells
        entries = cells[at.BLOCK_ENTRY]
        order = sorted(
            range(len(self.tables.blocks)),
            key=lambda n: (
                len(self.tables.blocks[n].domain)
                / (1 + cells[entries + n + 1] - cells[entries + n])
            ),
        )
        for turn, block in enumerate(order):
            self.cells[int(self.cells[at.CHAIN_LIST]) + turn] = block
        self.kernel.build(self.cells, len(order))

    @property
    def share(self) -> float:
        return self.budget.share(self.spent, self.runs)

    @property
    def finished(self) -> bool:
        settled = self.progress().hard == 0 and self.progress().soft == 0
        return self.stopped or self.share >= 1 or settled

    def progress(self) -> Progress:
        return Progress(
            round(self.spent, 3),
            int(self.cells[at.BEST_HARD]),
            int(self.cells[at.BEST_SOFT]) / POINTS,
            self.share,
        )

    def advance(self) -> Progress:
        """One short run of the kernel."""
        started = self.clock()
        self.plan.step()
        self.spent += self.clock() - started
        self.runs += 1
        self._note()
        return self.progress()

    def _note(self) -> None:
        if self.to_feasible is None and self.cells[at.BEST_HARD] == 0:
            self.to_feasible = round(self.spent, 3)

    def run(self, listen: Listener | None = None) -> Outcome:
        while not self.finished:
            told = self.advance()
            if listen is not None:
                listen(told)
        return self.outcome()

    def outcome(self) -> Outcome:
        """The best so far, judged by the checker."""
        solution = self.tables.solution(self.cells)
        return Outcome(
            solution, check(self.problem, solution), round(self.spent, 3), self.to_feasible
        )

    def save(self, path: Path) -> None:
        """Everything needed to go on later; the plan begins anew from the best."""
        cells = [int(cell) for cell in self.cells]
        mark = fingerprint(self.problem)
        told = Checkpoint(mark, cells, self.spent, self.runs, self.to_feasible)
        write_whole(path, msgspec.msgpack.encode(told))

    def resume(self, path: Path) -> None:
        """Take over where a saved search of the same problem stood."""
        try:
            saved = msgspec.msgpack.decode(read_bytes(path), type=Checkpoint)
        except msgspec.DecodeError as fault:
            raise Invalid(f"Файл «{path.name}» — не сохранённый поиск: начните заново") from fault
        if saved.problem != fingerprint(self.problem) or len(saved.cells) != len(self.cells):
            raise Invalid(f"Файл «{path.name}» — поиск по другой задаче: укажите её файл")
        self.cells = as_array(saved.cells) if self.compiled else list(saved.cells)
        self.spent, self.runs, self.to_feasible = saved.seconds, saved.runs, saved.to_feasible
        self.plan = _Plan(self)


class _Plan:
    """Which run comes next: rounds of tabu and of annealing that grow until nothing is broken, then quality."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.moves = self._moves()

    def step(self) -> None:
        next(self.moves)

    def _moves(self) -> Iterator[None]:
        search = self.search
        length = 40
        while search.cells[at.BEST_HARD] > 0:
            yield from self._tabu(length)
            if search.cells[at.BEST_HARD] > 0:
                yield from self._cool(length * 4, FIRST_WEIGHT // 4)
                search.kernel.return_to_best(search.cells)
            length = length * 8 // 5
        while True:
            yield from self._polish()

    def _tabu(self, runs: int) -> Iterator[None]:
        search = self.search
        search.kernel.set_weights(search.cells, FIRST_WEIGHT, 0)
        steps = 500 if search.compiled else 50
        for _ in range(runs):
            if search.cells[at.BEST_HARD] == 0:
                return
            search.kernel.tabu(search.cells, steps, LEARNING)
            yield

    def _cool(self, runs: int, weight: int) -> Iterator[None]:
        """Anneal with wishes counted and hard rules weighing little at first: often ends with nothing broken."""
        search = self.search
        search.kernel.set_weights(search.cells, weight, 1)
        hot, cold = self._heats()
        for run in range(runs):
            if search.cells[at.BEST_HARD] == 0:
                return
            self._anneal(heat(hot, cold, run / runs))
            yield

    def _polish(self) -> Iterator[None]:
        """Cool with hard rules weighing little, then again with more; mend what is broken, cool on.

        The best that breaks nothing hard is kept all along.
        """
        search = self.search
        hot, cold = self._heats()
        began = search.share
        for until, weight, warmth in ROUNDS:
            start = self._done(began)
            search.kernel.set_weights(search.cells, FIRST_WEIGHT * weight // 4, 1)
            while (done := self._done(began)) < until:
                self._anneal(heat(hot * warmth // 8, cold, (done - start) / (until - start)))
                yield
            if search.cells[at.BROKEN] == 0:
                break
        while search.cells[at.BROKEN] > 0 and self._done(began) < MENDED:
            search.kernel.tabu(search.cells, 200 if search.compiled else 20, LEARNING)
            yield
        if search.cells[at.BROKEN] > 0:
            search.kernel.return_to_best(search.cells)
        search.kernel.set_weights(search.cells, FIRST_WEIGHT, 1)
        firm = self._done(began)
        while (done := self._done(began)) < 1:
            self._anneal(heat(cold * 5, cold // 2, (done - firm) / max(1 - firm, 1e-9)))
            yield
        yield

    def _done(self, began: float) -> float:
        return (self.search.share - began) / max(1 - began, 1e-9)

    def _anneal(self, heat: int) -> None:
        search = self.search
        search.kernel.anneal(search.cells, 5000 if search.compiled else 200, heat)

    def _heats(self) -> tuple[int, int]:
        """From accepting the breach of a usual wish often down to hardly ever."""
        usual = usual_weight(self.search.problem)
        return usual * 2, max(usual // 20, 1)


def heat(hot: int, cold: int, done: float) -> int:
    return max(int(hot * (cold / hot) ** min(done, 1.0)), 1)


def usual_weight(problem: Problem) -> int:
    """The middle weight among the wishes, in the search's units."""
    weights = sorted(round(rule.weight * 100) for rule in problem.rules if not rule.hard)
    return max(weights[len(weights) // 2], 1) if weights else POINTS
