"""The search's bookkeeping agrees with the judge after any moves, plain and compiled alike."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.timetable import kernel, search
from common.timetable import layout as cell
from common.timetable.checker import check
from common.timetable.compiled import as_array, compiled, has_compiler, plain
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, Rule
from common.timetable.solver import Budget, Search
from common.timetable.tables import Tables, tables_of
from tests.common.timetable.samples import at, school, seeded

JOURNEYS = {Kind.TRAVEL, Kind.MOVES_DAY, Kind.MOVES_WEEK}
SEEDS = st.integers(0, 10_000)


def scattered(tables: Tables, random: Random) -> bool:
    """Every block at some start of its domain; False where one has none."""
    m = tables.cells
    if any(not block.domain for block in tables.blocks):
        return False
    for number, block in enumerate(tables.blocks):
        slot = random.choice(block.domain)
        kernel.gauge(m, number, slot, 1)
        kernel.place(m, number, slot)
    return True


def agree(tables: Tables) -> None:
    """Rules between lessons that begin together cost the same everywhere: the search leaves them out."""
    if any(
        len(set(rule.lessons) & set(block.lessons)) > 1
        for rule in tables.problem.rules
        for block in tables.blocks
    ):
        return
    verdict = check(tables.problem, tables.solution(tables.cells, best=False))
    journeys = any(rule.kind in JOURNEYS for rule in tables.problem.rules)
    if not (journeys and "clash" in verdict.by_rule):  # who is in two places at once travels anyhow
        assert tables.cells[cell.SOFT] / 10_000 == pytest.approx(verdict.soft)
    assert (tables.cells[cell.HARD] == 0) == (verdict.hard == 0)


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_costs_equal_the_judges_after_any_moves(seed: int) -> None:
    tables = tables_of(seeded(seed), seed)
    random = Random(seed)
    if not scattered(tables, random):
        return
    agree(tables)
    for _ in range(10):
        number = random.randrange(len(tables.blocks))
        slot = random.choice(tables.blocks[number].domain)
        kernel.lift(tables.cells, number)
        kernel.gauge(tables.cells, number, slot, 1)
        kernel.place(tables.cells, number, slot)
    agree(tables)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_lifting_and_putting_back_changes_nothing(seed: int) -> None:
    tables = tables_of(seeded(seed), seed)
    if not scattered(tables, Random(seed)):
        return
    m = tables.cells
    sums = (m[cell.SOFT], m[cell.HARD], m[cell.PRESSURE])
    units = m[m[cell.UNITS] : m[cell.UNITS] + m[cell.ITEMS]]
    for number in range(len(tables.blocks)):
        slot = kernel.lift(m, number)
        kernel.recall(m, number)
        kernel.place(m, number, slot)
    assert (m[cell.SOFT], m[cell.HARD], m[cell.PRESSURE]) == sums
    assert m[m[cell.UNITS] : m[cell.UNITS] + m[cell.ITEMS]] == units


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_chains_that_are_refused_leave_no_trace(seed: int) -> None:
    tables = tables_of(seeded(seed), seed)
    if not scattered(tables, Random(seed)):
        return
    search.set_weights(tables.cells, 1000, 1)
    search.anneal(tables.cells, 200, 500)
    agree(tables)
    assert sum(tables.cells[tables.cells[cell.CHAIN_MARK] :][: len(tables.blocks)]) == 0


@pytest.mark.skipif(not has_compiler(), reason="numba is not installed")
@pytest.mark.parametrize("seed", range(6))
def test_compiled_and_plain_search_do_the_same(seed: int) -> None:
    tables = tables_of(seeded(seed, rules=5), seed)
    if any(not block.domain for block in tables.blocks):
        return
    m, n = list(tables.cells), as_array(tables.cells)
    for turn in range(len(tables.blocks)):
        m[m[cell.CHAIN_LIST] + turn] = n[n[cell.CHAIN_LIST] + turn] = turn
    for one, cells in ((plain(), m), (compiled(), n)):
        one.build(cells, len(tables.blocks))
        one.tabu(cells, 300, 20_000)
        one.set_weights(cells, 50_000, 1)
        one.anneal(cells, 1500, 3_000)
        one.return_to_best(cells)
    assert m == n.tolist()


def test_the_same_seed_gives_the_same_timetable() -> None:
    problem = school(9, Rule(Kind.GAPS_WEEK, 95.0, atoms=(0, 1, 2), high=0))
    first, second = (
        Search(problem, 7, Budget(runs=20), use_compiler=False).run() for _ in range(2)
    )
    assert first.solution == second.solution


def test_weights_of_equal_wishes_are_added() -> None:
    rule = Rule(Kind.GAPS_DAY, 50.0, atoms=(0, 1, 2), high=0)
    problem = school(2, rule, Rule(Kind.DAYS_MAX, HARD, atoms=(0, 1, 2), high=1))
    assert check(problem, at(0, 2)).soft == 1.5
