"""ITC-2007 track 3: a `.ctt` instance read into a Problem, a solution written and read in the official text form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from common.kit.errors import Invalid
from common.timetable.kinds import Kind
from common.timetable.problem import (
    NOWHERE,
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
from common.timetable.xml_tree import read_bytes

POINT = 100.0
"""The weight of one point of the official cost."""

SIZES_AT_MOST = {"Courses": 5000, "Rooms": 2000, "Days": 60, "Periods_per_day": 48}


@dataclass
class _Instance:
    """The sections of the file as they stand."""

    heads: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))


def read_ctt(path: Path) -> Problem:
    return ctt_problem(read_bytes(path).decode("utf-8", "replace"), path.name)


def ctt_problem(text: str, name: str) -> Problem:
    """The problem; raises Invalid that names the line or the count that does not fit."""
    instance = sections(text)
    sizes = {key: size(instance, key, name) for key in SIZES_AT_MOST}
    for section, key in (("COURSES", "Courses"), ("ROOMS", "Rooms")):
        if len(instance.sections[section]) != sizes[key]:
            raise Invalid(
                f"Файл «{name}»: обещано {key} {sizes[key]}, а строк {len(instance.sections[section])}"
            )
    try:
        return build(instance, sizes, name).checked()
    except (ValueError, IndexError, KeyError) as fault:
        raise Invalid(f"Файл «{name}»: строка не разобрана ({fault})") from fault


def sections(text: str) -> _Instance:
    found = _Instance()
    current = ""
    for line in text.splitlines():
        bare = line.strip()
        if bare == "END.":
            break
        if bare.endswith(":") and bare[:-1].isupper():
            current = bare[:-1]
        elif ":" in bare and not current:
            key, _, value = bare.partition(":")
            found.heads[key.strip()] = value.strip()
        elif bare:
            found.sections[current].append(bare.split())
    return found


def size(instance: _Instance, key: str, name: str) -> int:
    said = instance.heads.get(key, "")
    if not said.isdecimal() or not 0 < int(said) <= SIZES_AT_MOST[key]:
        raise Invalid(
            f"Файл «{name}»: «{key}: {said[:20]}», а нужно число от 1 до {SIZES_AT_MOST[key]}"
        )
    return int(said)


def build(instance: _Instance, sizes: dict[str, int], name: str) -> Problem:
    courses = instance.sections["COURSES"]
    teachers = tuple(dict.fromkeys(row[1] for row in courses))
    curricula = instance.sections["CURRICULA"]
    groups = tuple(Group(row[0], (at,)) for at, row in enumerate(curricula))
    attends: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(curricula):
        if len(row) != 2 + int(row[1]):
            raise ValueError(row[0])
        for course in row[2:]:
            attends[course].append(at)
    lessons: list[Lesson] = []
    of: dict[str, tuple[int, ...]] = {}
    for course, teacher, lectures, _, students in courses:
        first = len(lessons)
        for _ in range(int(lectures)):
            lessons.append(
                Lesson(
                    len(lessons) + 1,
                    course,
                    (teachers.index(teacher),),
                    tuple(attends[course]),
                    size=int(students),
                    any_room=True,
                )
            )
        of[course] = tuple(range(first, len(lessons)))
    return Problem(
        name=instance.heads.get("Name", name),
        days=tuple(Day(str(day), 0, day) for day in range(sizes["Days"])),
        periods=tuple(
            Period(str(at), at * 60, (at + 1) * 60) for at in range(sizes["Periods_per_day"])
        ),
        lessons=tuple(lessons),
        teachers=teachers,
        atoms=tuple(group.name for group in groups),
        groups=groups,
        rooms=tuple(Room(room, int(capacity)) for room, capacity in instance.sections["ROOMS"]),
        rules=tuple(official(instance, sizes, of, len(groups))),
    )


def official(
    instance: _Instance, sizes: dict[str, int], of: dict[str, tuple[int, ...]], curricula: int
) -> list[Rule]:
    """The competition's rules: lectures, conflicts and availability are hard, the other four cost points."""
    found = []
    closed: dict[str, set[int]] = defaultdict(set)
    for course, day, period in instance.sections["UNAVAILABILITY_CONSTRAINTS"]:
        closed[course].add(int(day) * sizes["Periods_per_day"] + int(period))
    slots = range(sizes["Days"] * sizes["Periods_per_day"])
    for course, _, _, working_days, _ in instance.sections["COURSES"]:
        lessons = of[course]
        if closed[course]:
            open_slots = tuple(slot for slot in slots if slot not in closed[course])
            found.append(Rule(Kind.START, lessons=lessons, slots=open_slots, source="Availability"))
        found.append(
            Rule(
                Kind.DAYS_MIN,
                5 * POINT,
                lessons,
                low=int(working_days),
                source="MinimumWorkingDays",
            )
        )
        found.append(Rule(Kind.ROOMS_MAX, POINT, lessons, high=1, source="RoomStability"))
    everything = tuple(range(sum(len(lessons) for lessons in of.values())))
    found.append(Rule(Kind.CAPACITY, POINT, everything, source="RoomCapacity"))
    found.append(
        Rule(
            Kind.LONELY,
            2 * POINT,
            atoms=tuple(range(curricula)),
            source="CurriculumCompactness",
        )
    )
    found.extend(
        Rule(Kind.APART, lessons=lessons, source="Lectures")
        for lessons in of.values()
        if len(lessons) > 1
    )
    return found


def official_text(problem: Problem, solution: Solution) -> str:
    """One line a lecture: course, room, day, period."""
    lines = []
    for lesson, place in zip(problem.lessons, solution.places, strict=True):
        if place.slot != NOWHERE and place.rooms:
            day, period = divmod(place.slot, problem.width)
            lines.append(f"{lesson.subject} {problem.rooms[place.rooms[0]].name} {day} {period}\n")
    return "".join(lines)


def read_official(problem: Problem, path: Path) -> Solution:
    """The lectures of a course are alike, so its lines are given to them in order."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for at in reversed(range(len(problem.lessons))):
        waiting[problem.lessons[at].subject].append(at)
    rooms = {room.name: at for at, room in enumerate(problem.rooms)}
    places = [Place()] * len(problem.lessons)
    text = read_bytes(path).decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split()
        good = len(parts) == 4 and parts[2].isdecimal() and parts[3].isdecimal()
        if not good or parts[1] not in rooms or not waiting[parts[0]]:
            raise Invalid(
                f"Файл «{path.name}», строка {number}: такой лекции или аудитории в задаче нет; это решение другого файла"
            )
        day, period = int(parts[2]), int(parts[3])
        if day >= len(problem.days) or period >= problem.width:
            raise Invalid(
                f"Файл «{path.name}», строка {number}: времени {day} {period} в сетке нет"
            )
        places[waiting[parts[0]].pop()] = Place(day * problem.width + period, (rooms[parts[1]],))
    return Solution(tuple(places))
