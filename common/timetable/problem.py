"""A timetable problem and its solution as plain frozen values, independent of any database.

Time is minutes. The grid is days × atomic intervals: the boundaries of all bells in use cut a day into intervals, and a
slot is `day * len(periods) + period`. A cycle of k weeks is simply all its days in a row. Who is busy with whom is decided
by atoms: the smallest parts into which all divisions of a group cut it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from common.kit.errors import Invalid
from common.timetable.kinds import Kind

HARD = 1_000_000.0
"""The weight of a rule that may not be broken; anything less is a wish, in hundredths of a point."""

PERIODS_AT_MOST = 48
SLOTS_AT_MOST = 4000
LESSONS_AT_MOST = 50_000
ROOMS_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    week: int = 0
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """An atomic interval of the day, in minutes from midnight, half-open."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bell:
    """A schedule of pairs; each pair is its first interval and how many intervals it covers."""

    name: str
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group, subgroup or year by its name, and the atoms it is made of."""

    name: str
    atoms: tuple[int, ...]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """`parts` makes a virtual room: from each set one real room is taken."""

    name: str
    capacity: int = 0
    building: int = -1
    parts: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """`length` counts pairs of its bell. Without a ROOMS rule a lesson needs no room, unless `any_room`."""

    id: int
    subject: str
    teachers: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    length: int = 1
    size: int = 0
    bell: int = 0
    any_room: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand as data: scope, hard or weight, kind of cost with its numbers, and where it came from.

    The same object feeds checker, engine, solver and the sentence a dispatcher reads.
    """

    kind: Kind
    weight: float = HARD
    lessons: tuple[int, ...] = ()
    teachers: tuple[int, ...] = ()
    atoms: tuple[int, ...] = ()
    rooms: tuple[int, ...] = ()
    slots: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    flag: bool = False
    source: str = ""

    @property
    def hard(self) -> bool:
        return self.weight >= HARD


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A kind of demand of the file that this program does not keep; never dropped in silence."""

    name: str
    count: int


@dataclass(frozen=True)
class Problem:
    """Everything a timetable must fit. References are positions in these tuples."""

    name: str
    days: tuple[Day, ...]
    periods: tuple[Period, ...]
    lessons: tuple[Lesson, ...]
    teachers: tuple[str, ...] = ()
    atoms: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    rooms: tuple[Room, ...] = ()
    buildings: tuple[str, ...] = ()
    travel: tuple[tuple[int, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    bells: tuple[Bell, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    counts: tuple[tuple[str, int], ...] = field(default=(), compare=False)

    @property
    def width(self) -> int:
        return len(self.periods)

    @property
    def slots(self) -> int:
        return len(self.days) * len(self.periods)

    @cached_property
    def spans(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each lesson: (period of start, intervals covered) of every start its bell allows."""
        made: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
        return tuple(
            made.setdefault((one.bell, one.length), self._spans(one)) for one in self.lessons
        )

    def _spans(self, lesson: Lesson) -> tuple[tuple[int, int], ...]:
        if not self.bells:
            last = self.width - lesson.length
            return tuple((period, lesson.length) for period in range(last + 1))
        pairs = self.bells[lesson.bell].pairs
        found = []
        for first, (start, _) in enumerate(pairs[: len(pairs) - lesson.length + 1]):
            end_start, end_length = pairs[first + lesson.length - 1]
            found.append((start, end_start + end_length - start))
        return tuple(found)

    @cached_property
    def lesson_atoms(self) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(sorted({atom for group in one.groups for atom in self.groups[group].atoms}))
            for one in self.lessons
        )

    @cached_property
    def marked(self) -> tuple[int, ...]:
        """For each bell, the intervals that count as its pairs: an hour is counted where a pair begins."""
        if not self.bells:
            return ((1 << self.width) - 1,)
        return tuple(sum(1 << start for start, _ in bell.pairs) for bell in self.bells)

    def slot_name(self, slot: int) -> str:
        return f"{self.days[slot // self.width].name}, {self.periods[slot % self.width].name}"

    def lesson_name(self, lesson: int) -> str:
        one = self.lessons[lesson]
        groups = ", ".join(self.groups[group].name for group in one.groups)
        return f"«{one.subject}» № {one.id}" + (f", {groups}" if groups else "")

    def span(self, lesson: int, slot: int) -> int:
        """Intervals that the lesson covers from this slot; 0 where it cannot begin."""
        period = slot % self.width
        return next((covered for start, covered in self.spans[lesson] if start == period), 0)

    def checked(self) -> Problem:
        """Itself, after the sizes and references were looked at; raises Invalid with the place."""
        refuse_sizes(self)
        refuse_references(self)
        return self


NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesson is: its first slot and the real rooms it takes; NOWHERE is not placed."""

    slot: int = NOWHERE
    rooms: tuple[int, ...] = ()
    virtual: int = NOWHERE


@dataclass(frozen=True, slots=True)
class Solution:
    places: tuple[Place, ...]

    def put(self, lesson: int, place: Place) -> Solution:
        return replace(self, places=(*self.places[:lesson], place, *self.places[lesson + 1 :]))


def atomic(bells: dict[str, list[tuple[int, int]]]) -> tuple[tuple[Period, ...], tuple[Bell, ...]]:
    """Cut a day by the boundaries of all bells (minutes): the intervals some pair covers, and the bells over them."""
    edges = sorted({edge for pairs in bells.values() for pair in pairs for edge in pair})
    pieces = [
        (start, end)
        for start, end in pairwise(edges)
        if any(a <= start and end <= b for pairs in bells.values() for a, b in pairs)
    ]
    periods = tuple(Period(f"{clock(a)}–{clock(b)}", a, b) for a, b in pieces)
    made = []
    for name, pairs in bells.items():
        covered = [
            [at for at, (start, end) in enumerate(pieces) if a <= start and end <= b]
            for a, b in pairs
        ]
        made.append(Bell(name, tuple((inside[0], len(inside)) for inside in covered)))
    return periods, tuple(made)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def refuse_sizes(problem: Problem) -> None:
    if not problem.days or not problem.periods:
        raise Invalid("В задаче нет ни дня или ни одной пары: задайте дни и звонки")
    for count, limit, what in (
        (problem.width, PERIODS_AT_MOST, "интервалов в дне"),
        (problem.slots, SLOTS_AT_MOST, "мест в сетке"),
        (len(problem.lessons), LESSONS_AT_MOST, "занятий"),
        (len(problem.rooms), ROOMS_AT_MOST, "аудиторий"),
    ):
        if count > limit:
            raise Invalid(f"Слишком много {what}: {count}, а берётся не больше {limit}")
    empty = next((one for one in problem.periods if one.end <= one.start), None)
    if empty is not None:
        raise Invalid(f"Пара «{empty.name}» кончается не позже, чем начинается: исправьте звонки")
    short = next((one for one in problem.lessons if one.length < 1), None)
    if short is not None:
        raise Invalid(f"Занятие № {short.id} «{short.subject}» нулевой длины: укажите длину")


def refuse_references(problem: Problem) -> None:
    """A position outside its tuple is a fault of the file, named by the lesson or the rule."""
    fault = next(stray(problem), None)
    if fault is not None:
        raise Invalid(f"{fault}, которых в задаче нет: исправьте файл")


def stray(problem: Problem) -> Iterator[str]:
    groups, rooms = len(problem.groups), len(problem.rooms)
    for lesson in problem.lessons:
        if outside(lesson.teachers, len(problem.teachers)) or outside(lesson.groups, groups):
            yield f"Занятие № {lesson.id} ссылается на преподавателя или группу"
        if outside((lesson.bell,), max(len(problem.bells), 1)):
            yield f"Занятие № {lesson.id} ссылается на звонки"
    for rule in problem.rules:
        if any(outside(getattr(rule, name), size) for name, size in scope_sizes(problem)):
            yield f"Правило «{rule.kind.label}» ссылается на занятия, людей, аудитории или места"
    for group in problem.groups:
        if outside(group.atoms, len(problem.atoms)):
            yield f"Группа «{group.name}» ссылается на подгруппы"
    for room in problem.rooms:
        if outside(sum(room.parts, ()), rooms) or room.building >= len(problem.buildings):
            yield f"Аудитория «{room.name}» ссылается на корпус или аудитории"


def scope_sizes(problem: Problem) -> tuple[tuple[str, int], ...]:
    return (
        ("lessons", len(problem.lessons)),
        ("teachers", len(problem.teachers)),
        ("atoms", len(problem.atoms)),
        ("rooms", len(problem.rooms)),
        ("slots", problem.slots),
    )


def outside(positions: tuple[int, ...], size: int) -> bool:
    return any(not 0 <= position < size for position in positions)
