"""One lesson is moved by hand: few others follow, and a rule in the way is named."""

from __future__ import annotations

from common.timetable.checker import check
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, Lesson, Rule
from common.timetable.repair import repair
from tests.common.timetable.samples import at, school


def test_the_lesson_in_the_way_moves_and_no_other() -> None:
    lessons = [Lesson(n + 1, "Физика", (0,), (0,)) for n in range(5)]
    problem = school(lessons)
    mended = repair(problem, at(0, 1, 2, 4, 5), 0, 1, seconds=0.5)
    assert mended.solution is not None
    assert mended.solution.places[0].slot == 1
    assert mended.moved == (1,)
    assert check(problem, mended.solution).hard == 0


def test_rules_of_the_day_are_kept_by_moving_more() -> None:
    lessons = [Lesson(n + 1, "Физика", (0,), (0,)) for n in range(4)]
    problem = school(lessons, Rule(Kind.GAPS_WEEK, atoms=(0, 1, 2), high=0))
    mended = repair(problem, at(0, 1, 2, 4), 0, 8, seconds=0.5)
    assert mended.solution is not None
    assert check(problem, mended.solution).hard == 0


def test_a_closed_time_is_refused_in_words() -> None:
    problem = school(2, Rule(Kind.CLOSED, slots=(3,)))
    mended = repair(problem, at(0, 1), 0, 3)
    assert mended.reasons == ("«Физика» № 1, СД-21: день 1, 4 пара закрыто запретом",)


def test_what_cannot_be_mended_names_the_rule() -> None:
    problem = school(2, Rule(Kind.SAME_DAY, HARD, (0, 1)), Rule(Kind.START, HARD, (1,), slots=(0,)))
    mended = repair(problem, at(1, 0), 0, 5, seconds=0.2)
    assert mended.solution is None
    assert any("в один день" in reason for reason in mended.reasons)
