"""Small timetable problems: built by hand for one fact, or by a seed for agreement of many parts."""

from __future__ import annotations

from random import Random

from common.timetable.kinds import Kind
from common.timetable.problem import (
    HARD,
    Day,
    Group,
    Lesson,
    Period,
    Place,
    Problem,
    Room,
    Rule,
    Solution,
)

HOUR = 60


def school(
    lessons: list[Lesson] | int,
    *rules: Rule,
    days: int = 3,
    periods: int = 4,
    rooms: tuple[Room, ...] = (),
    buildings: tuple[str, ...] = (),
    travel: tuple[tuple[int, ...], ...] = (),
) -> Problem:
    """Two teachers and a group of two overlapping divisions: П1, П2 and Б1, Б2 over three atoms."""
    if isinstance(lessons, int):
        lessons = [Lesson(n + 1, "Физика", groups=(0,)) for n in range(lessons)]
    return Problem(
        name="Проба",
        days=tuple(Day(f"день {n + 1}") for n in range(days)),
        periods=tuple(
            Period(f"{n + 1} пара", (8 + n) * HOUR, (9 + n) * HOUR) for n in range(periods)
        ),
        lessons=tuple(lessons),
        teachers=("Иванов И. И.", "Петрова П. П."),
        atoms=("П1-Б1", "П2-Б1", "П2-Б2"),
        groups=(
            Group("СД-21", (0, 1, 2), 25),
            Group("П1", (0,), 12),
            Group("П2", (1, 2), 13),
            Group("Б1", (0, 1), 15),
            Group("Б2", (2,), 10),
        ),
        rooms=rooms,
        buildings=buildings,
        travel=travel,
        rules=rules,
    ).checked()


def at(*slots: int, rooms: tuple[int, ...] = ()) -> Solution:
    """Lessons in these slots, each in its room where rooms are named."""
    return Solution(
        tuple(
            Place(slot, (rooms[n],) if n < len(rooms) and rooms[n] >= 0 else ())
            for n, slot in enumerate(slots)
        )
    )


THREE_ROOMS = (Room("1 К", 30, 0), Room("2 К", 12, 0), Room("палата", 30, 1))
TWO_BUILDINGS = ("Колледж", "Больница")


def some_rule(random: Random, kind: Kind, lessons: int, slots: int, width: int) -> Rule:
    """A rule of the kind with plausible numbers."""
    weight = random.choice([HARD, HARD, 50.0, 95.0])
    some = tuple(random.sample(range(lessons), random.randint(2, min(4, lessons))))
    number = random.randint(0, 3)
    where = tuple(sorted(random.sample(range(slots), slots // 2)))
    if kind in {Kind.NEXT, Kind.ORDERED}:
        some = some[:2]
    if kind is Kind.GROUPED:
        some = some[:3]
        weight = (
            HARD if len(some) == 3 else weight
        )  # the search sees three pairs, the judge one block
    if kind in {Kind.TOGETHER_MAX, Kind.TOGETHER_MIN, Kind.LAST, Kind.EDGES}:
        weight = HARD
    lined = random.random() < 0.7 or kind in {Kind.TRAVEL, Kind.MOVES_DAY, Kind.MOVES_WEEK}
    if kind is Kind.PART_DAYS:
        where = (0, width - 1)
    narrow = {Kind.START, Kind.WITHIN, Kind.CLOSED}
    return Rule(
        kind,
        min(weight, 95.0) if kind in narrow else weight,
        some if not (lined and kind in LINES) else (),
        (0, 1) if lined and kind in LINES else (),
        (0, 1, 2) if lined and kind in {*LINES, Kind.CLOSED} else (),
        tuple(random.sample(range(3), random.randint(1, 3))) if kind is Kind.ROOMS else (),
        where,
        low=60 if kind is Kind.TRAVEL else number,
        high=number,
        flag=random.random() < 0.5,
    )


LINES = frozenset(
    {
        Kind.GAPS_DAY,
        Kind.GAPS_WEEK,
        Kind.HOURS_MAX,
        Kind.HOURS_MIN,
        Kind.RUN,
        Kind.SPAN,
        Kind.DAYS_MAX,
        Kind.DAYS_MIN,
        Kind.PART_DAYS,
        Kind.EARLY,
        Kind.LONELY,
        Kind.TRAVEL,
        Kind.MOVES_DAY,
        Kind.MOVES_WEEK,
    }
)
WRITTEN = tuple(kind for kind in Kind if kind not in {Kind.CLASH, Kind.UNPLACED})


def seeded(seed: int, rules: int = 8) -> Problem:
    """A problem of about ten lessons with rules of random kinds; it need not be solvable."""
    random = Random(seed)
    days, periods = random.randint(2, 4), random.randint(3, 6)
    lessons = [
        Lesson(
            n + 1,
            random.choice(["Физика", "Химия"]),
            (random.randrange(2),) if random.random() < 0.6 else (),
            (random.randrange(5),),
            length=random.choice([1, 1, 2]),
            size=random.choice([10, 25]),
        )
        for n in range(random.randint(5, 10))
    ]
    made = [
        some_rule(random, random.choice(WRITTEN), len(lessons), days * periods, periods)
        for _ in range(rules)
    ]
    roomed = tuple(random.sample(range(len(lessons)), len(lessons) // 2))
    made.append(Rule(Kind.ROOMS, HARD, roomed, rooms=(0, 1, 2)))
    return school(
        lessons,
        *made,
        days=days,
        periods=periods,
        rooms=THREE_ROOMS,
        buildings=TWO_BUILDINGS,
        travel=((0, 40), (40, 0)),
    )
