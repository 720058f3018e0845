"""The engine's verdicts are the judge's, and undo restores exactly."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from common.timetable.checker import check
from common.timetable.engine import Engine
from common.timetable.engine_chains import chains
from common.timetable.engine_state import slots_of
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, Lesson, Problem, Rule, Solution
from tests.common.timetable.samples import THREE_ROOMS, TWO_BUILDINGS, at, school, seeded

SEEDS = st.integers(0, 10_000)
TIME_RULES = {Kind.CLASH, Kind.UNPLACED, Kind.START, Kind.WITHIN, Kind.CLOSED, Kind.APART}
"""What the verdict of a start speaks of; rules of days and weeks have their own cost."""


def filled(seed: int) -> Engine:
    """An engine with every block somewhere, clashes and all."""
    engine = Engine(seeded(seed))
    random = Random(seed)
    for block in engine.blocks:
        slots = list(slots_of(block.domain))
        if slots:
            engine.place(block.lessons[0], random.choice(slots))
    return engine


def clashes(problem: Problem, solution: Solution, lesson: int) -> bool:
    """Whether the judge finds this lesson in a breach of time or of its room."""
    return any(
        lesson in one.breach.lessons
        for one in check(problem, solution).findings
        if one.hard and one.rule.kind in TIME_RULES | {Kind.ROOMS, Kind.CAPACITY}
    )


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_start_is_free_exactly_where_the_judge_finds_nothing(seed: int) -> None:
    engine = filled(seed)
    random = Random(seed)
    for block in random.sample(engine.blocks, min(3, len(engine.blocks))):
        if len(block.lessons) > 1:
            continue  # lessons that begin together may exclude each other: the pre-check tells
        lesson = block.lessons[0]
        starts = engine.starts(lesson)
        good = starts.free | starts.other_room
        assert good & starts.blocked == 0
        assert good | starts.blocked == block.domain
        for slot in slots_of(block.domain):
            engine.place(lesson, slot)
            broken = any(clashes(engine.problem, engine.solution(), one) for one in block.lessons)
            assert broken == bool(starts.blocked >> slot & 1)
            engine.undo()


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_undo_restores_exactly(seed: int) -> None:
    engine = filled(seed)
    random = Random(seed)
    state = (engine.busy[:], engine.crowded[:], [dict(one) for one in engine.owners])
    places = engine.solution()
    done = 0
    for _ in range(12):
        block = random.choice(engine.blocks)
        slots = list(slots_of(block.domain))
        if random.random() < 0.3:
            engine.remove(block.lessons[0])
        elif slots:
            engine.place(block.lessons[0], random.choice(slots))
        else:
            continue
        done += 1
    for _ in range(done):
        engine.undo()
    assert (engine.busy, engine.crowded, engine.owners) == state
    assert engine.solution() == places


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_a_recheck_from_scratch_finds_the_judges_clashes(seed: int) -> None:
    engine = filled(seed)
    verdict = check(engine.problem, engine.solution())
    found = {one.breach.who for one in verdict.findings if one.rule.kind is Kind.CLASH}
    closed_rooms = {
        one.breach.who
        for one in verdict.findings
        if one.rule.kind is Kind.CLOSED and one.rule.hard and one.breach.who[0] == "room"
    }
    anew = {who for who, _ in engine.recheck() if who[0] != "set"}
    assert anew == found | closed_rooms


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_swaps_and_chains_keep_their_word(seed: int) -> None:
    engine = filled(seed)
    for lesson in range(len(engine.problem.lessons)):
        before = len(engine.recheck())
        mine = engine.slot(lesson)
        for swap in engine.swaps(lesson):
            engine.remove(lesson)
            engine.place(swap.lesson, mine)
            engine.place(lesson, swap.slot)
            assert len(engine.recheck()) <= before
            for _ in range(3):
                engine.undo()


def test_who_blocks_is_told_in_words() -> None:
    lessons = [Lesson(1, "Физика", (0,), (1,)), Lesson(7, "Химия", (0,), (4,))]
    engine = Engine(school(lessons), at(0, 1))
    assert engine.why(0, 1) == ["Иванов И. И.: «Химия» № 7, Б2; день 1, 2 пара"]


def test_a_closed_time_is_told_as_such() -> None:
    engine = Engine(school(1, Rule(Kind.CLOSED, slots=(2,))), at(0))
    assert engine.why(0, 2) == [
        "«Физика» № 1, СД-21: день 1, 3 пара закрыто запретом или закреплением"
    ]


def test_another_room_is_its_own_answer() -> None:
    lessons = [Lesson(n + 1, "Анатомия", groups=(n + 1,)) for n in range(2)]
    rule = Rule(Kind.ROOMS, lessons=(0, 1), rooms=(0, 1))
    problem = school(lessons, rule, rooms=THREE_ROOMS, buildings=TWO_BUILDINGS)
    starts = Engine(problem, at(0, 1, rooms=(0, 0))).starts(0)
    assert (starts.other_room, starts.free >> 1 & 1) == (1 << 1, 0)


def test_a_chain_makes_room_by_moving_others() -> None:
    lessons = [Lesson(n + 1, "Физика", (0,), (0,)) for n in range(3)]
    problem = school(lessons, Rule(Kind.START, HARD, (1,), slots=(0, 4)), days=2, periods=3)
    engine = Engine(problem, at(5, 0, 1))
    found = chains(engine, 0, 0)
    assert [(move.lesson, move.slot) for move in found[0].moves] == [(0, 0), (1, 4)]
    assert engine.slot(0) == 5  # asking moves nothing


def test_a_wish_about_time_colours_the_start() -> None:
    problem = school(1, Rule(Kind.START, 95.0, (0,), slots=(0, 1)), days=1, periods=4)
    assert Engine(problem, at(0)).starts(0).soft == 0b1100
