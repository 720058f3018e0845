"""The judge finds every kind of breach, and nothing where a rule is kept: each kind has its planted mutant."""

from __future__ import annotations

import pytest

from common.timetable.checker import check
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, Lesson, Place, Rule, Solution
from tests.common.timetable.samples import THREE_ROOMS, TWO_BUILDINGS, WRITTEN, at, school

ATOMS = (0, 1, 2)

# kind, rule, slots that keep it, slots that break it (3 days of 4 periods)
CASES: list[tuple[Rule, tuple[int, ...], tuple[int, ...]]] = [
    (Rule(Kind.START, lessons=(0,), slots=(0, 1)), (1, 5), (2, 5)),
    (Rule(Kind.WITHIN, lessons=(0,), slots=(0, 1)), (1, 5), (2, 5)),
    (Rule(Kind.CLOSED, slots=(3,)), (2, 5), (3, 5)),
    (Rule(Kind.CLOSED, atoms=(1,), slots=(3,)), (2, 5), (3, 5)),
    (Rule(Kind.MIN_DAYS, lessons=(0, 1), low=2), (0, 8), (0, 4)),
    (Rule(Kind.MIN_DAYS, 95.0, (0, 1), low=1, flag=True), (0, 4), (0, 2)),
    (Rule(Kind.MAX_DAYS, lessons=(0, 1), high=1), (0, 4), (0, 8)),
    (Rule(Kind.SAME_DAY, lessons=(0, 1)), (0, 2), (0, 4)),
    (Rule(Kind.SAME_HOUR, lessons=(0, 1)), (0, 4), (0, 5)),
    (Rule(Kind.NEXT, lessons=(0, 1)), (0, 1), (1, 0)),
    (Rule(Kind.GROUPED, lessons=(0, 1)), (1, 0), (0, 2)),
    (Rule(Kind.ORDERED, lessons=(0, 1)), (0, 8), (8, 0)),
    (Rule(Kind.ORDERED, lessons=(0, 1), flag=True), (8, 0), (1, 0)),
    (Rule(Kind.MIN_GAP, lessons=(0, 1), low=2), (0, 3), (0, 2)),
    (Rule(Kind.LAST, lessons=(0,)), (2, 1), (1, 2)),
    (Rule(Kind.EDGES, lessons=(0,)), (1, 0, 2), (0, 1, 2)),
    (Rule(Kind.GAPS_DAY, atoms=ATOMS, high=1), (0, 2), (0, 3)),
    (Rule(Kind.GAPS_WEEK, atoms=ATOMS, high=1), (0, 2, 5), (0, 2, 4, 6)),
    (Rule(Kind.HOURS_MAX, atoms=ATOMS, high=2), (0, 1, 4), (0, 1, 2)),
    (Rule(Kind.HOURS_MIN, atoms=ATOMS, low=2, flag=True), (0, 1), (0, 4)),
    (Rule(Kind.HOURS_MIN, atoms=ATOMS, low=1), (0, 4, 8), (0, 1, 4)),
    (Rule(Kind.RUN, atoms=ATOMS, high=2), (0, 1, 3), (0, 1, 2)),
    (Rule(Kind.SPAN, atoms=ATOMS, high=3), (0, 2), (0, 3)),
    (Rule(Kind.DAYS_MAX, atoms=ATOMS, high=1), (0, 1), (0, 4)),
    (Rule(Kind.DAYS_MIN, atoms=ATOMS, low=2), (0, 4), (0, 1)),
    (Rule(Kind.PART_DAYS, atoms=ATOMS, slots=(0,), high=1), (0, 5), (0, 4)),
    (Rule(Kind.EARLY, atoms=ATOMS, high=1), (0, 5), (1, 5)),
    (Rule(Kind.EARLY, atoms=ATOMS, high=1), (1, 4), (2, 4)),
    (Rule(Kind.LONELY, atoms=ATOMS, high=0), (0, 1), (0, 2)),
    (Rule(Kind.SLOTS_MAX, lessons=(0, 1), slots=(0, 1), high=1), (0, 4), (0, 1)),
    (Rule(Kind.SLOTS_MIN, lessons=(0, 1), slots=(0, 1), low=1), (0, 4), (5, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0].kind}-{case[0].flag}")
def test_a_kept_rule_is_silent_and_a_broken_one_is_found(
    case: tuple[Rule, tuple[int, ...], tuple[int, ...]],
) -> None:
    rule, good, bad = case
    assert check(school(len(good), rule), at(*good)).findings == ()
    found = check(school(len(bad), rule), at(*bad)).findings
    assert found
    assert all(one.rule is rule for one in found)
    assert any(one.hard for one in found)
    assert all(one.text for one in found)


def loners() -> list[Lesson]:
    """Lessons without students, so that they may stand at one time."""
    return [Lesson(n + 1, "Классный час") for n in range(3)]


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (Rule(Kind.SAME_START, lessons=(0, 1)), (0, 0, 5), (0, 1, 5)),
        (Rule(Kind.APART, lessons=(0, 1)), (0, 1, 5), (0, 0, 5)),
        (Rule(Kind.TOGETHER_MAX, lessons=(0, 1, 2), slots=(0,), high=2), (0, 0, 1), (0, 0, 0)),
        (Rule(Kind.TOGETHER_MIN, lessons=(0, 1, 2), slots=(0,), low=2), (0, 0, 1), (0, 1, 1)),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Rule) else "",
)
def test_rules_on_lessons_at_one_time(
    rule: Rule, good: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    problem = school(loners(), rule)
    assert check(problem, at(*good)).hard == 0
    assert check(problem, at(*bad)).hard > 0


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (Rule(Kind.ROOMS, lessons=(0,), rooms=(0,)), (0, 1), (1, 1)),
        (Rule(Kind.CAPACITY, lessons=(0,)), (0, 1), (1, 0)),
        (Rule(Kind.ROOMS_MAX, lessons=(0, 1), high=1), (0, 0), (0, 1)),
        (Rule(Kind.SAME_ROOM, lessons=(0, 1)), (1, 1), (0, 1)),
        (Rule(Kind.TRAVEL, atoms=ATOMS, low=60), (0, 0), (0, 2)),
        (Rule(Kind.MOVES_DAY, atoms=ATOMS, high=0), (0, 0), (0, 2)),
        (Rule(Kind.MOVES_WEEK, atoms=ATOMS, high=0), (0, 0), (0, 2)),
        (Rule(Kind.CLOSED, rooms=(1,), slots=(0,)), (0, 1), (1, 0)),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Rule) else "",
)
def test_rules_on_rooms_and_buildings(
    rule: Rule, good: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    lessons = [Lesson(n + 1, "Анатомия", groups=(0,), size=25) for n in range(2)]
    problem = school(lessons, rule, rooms=THREE_ROOMS, buildings=TWO_BUILDINGS)
    assert check(problem, at(0, 1, rooms=good)).hard == 0
    assert check(problem, at(0, 1, rooms=bad)).hard > 0


def test_every_kind_of_rule_has_its_mutant() -> None:
    seen = {case[0].kind for case in CASES}
    seen |= {Kind.SAME_START, Kind.APART, Kind.TOGETHER_MAX, Kind.TOGETHER_MIN}
    seen |= {Kind.ROOMS, Kind.CAPACITY, Kind.ROOMS_MAX, Kind.SAME_ROOM}
    seen |= {Kind.TRAVEL, Kind.MOVES_DAY, Kind.MOVES_WEEK}
    assert seen == set(WRITTEN)


def test_overlapping_divisions_clash_only_where_they_share_an_atom() -> None:
    lessons = [Lesson(1, "Физика", groups=(1,)), Lesson(2, "Химия", groups=(3,))]
    assert check(school(lessons), at(0, 0)).hard == 1  # П1 and Б1 share П1-Б1
    lessons = [Lesson(1, "Физика", groups=(1,)), Lesson(2, "Химия", groups=(4,))]
    assert check(school(lessons), at(0, 0)).hard == 0  # П1 and Б2 share nobody


# the thirteen relations of two intervals: lengths, starts, do they clash
RELATIONS: list[tuple[str, int, int, int, int, int]] = [
    ("before", 1, 1, 0, 2, 0),
    ("after", 1, 1, 2, 0, 0),
    ("meets", 1, 1, 0, 1, 0),
    ("met by", 1, 1, 1, 0, 0),
    ("overlaps", 2, 2, 0, 1, 1),
    ("overlapped by", 2, 2, 1, 0, 1),
    ("starts", 1, 2, 0, 0, 1),
    ("started by", 2, 1, 0, 0, 1),
    ("during", 1, 3, 1, 0, 1),
    ("contains", 3, 1, 0, 1, 1),
    ("finishes", 1, 2, 1, 0, 1),
    ("finished by", 2, 1, 0, 1, 1),
    ("equals", 2, 2, 1, 1, 1),
]


@pytest.mark.parametrize(
    ("name", "first", "second", "a", "b", "clash"), RELATIONS, ids=[one[0] for one in RELATIONS]
)
def test_two_lessons_clash_exactly_where_they_share_an_interval(
    name: str, first: int, second: int, a: int, b: int, clash: int
) -> None:
    lessons = [
        Lesson(1, "Физика", (0,), length=first),
        Lesson(2, "Химия", (0,), length=second),
    ]
    assert (check(school(lessons), at(a, b)).hard > 0) == bool(clash)


def test_a_wish_costs_its_weight_and_no_hard_unit() -> None:
    rule = Rule(Kind.GAPS_DAY, 95.0, atoms=(0,), high=0)
    verdict = check(school(2, rule), at(0, 3))
    assert (verdict.hard, verdict.soft) == (0, 1.9)
    assert verdict.by_rule == {"gaps_day": {"hard": 0, "soft": 1.9}}


def test_an_unplaced_lesson_is_hard() -> None:
    verdict = check(school(1), Solution((Place(),)))
    assert [one.rule.kind for one in verdict.findings] == [Kind.UNPLACED]


def test_a_journey_is_told_in_words() -> None:
    lessons = [Lesson(n + 1, "Анатомия", (0,), (0,)) for n in range(2)]
    rule = Rule(Kind.TRAVEL, HARD, teachers=(0,), low=40)
    problem = school(lessons, rule, rooms=THREE_ROOMS, buildings=TWO_BUILDINGS)
    (found,) = check(problem, at(0, 1, rooms=(0, 2))).findings
    assert found.text == (
        "Иванов И. И., день 1, 2 пара: время на переезд: есть 0 мин, нужно 40 мин "
        "(«Анатомия» № 1, СД-21; «Анатомия» № 2, СД-21)"
    )
