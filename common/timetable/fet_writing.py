"""Placements in FET's form: read from its `activities.xml`, written as a locked `.fet` or as `activities.xml`."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape

from common.kit.errors import Invalid
from common.timetable.problem import NOWHERE, Place, Problem, Solution
from common.timetable.xml_tree import Node, read_bytes, tree


def read_activities(problem: Problem, path: Path) -> Solution:
    """The placement that fet-cl writes; every lesson of the problem must be in it and no other."""
    root = tree(read_bytes(path), path.name)
    if root.tag != "Activities_Timetable":
        raise Invalid(f"Файл «{path.name}» — не расписание FET: его корень «{root.tag}»")
    numbers = {str(lesson.id): at for at, lesson in enumerate(problem.lessons)}
    places: dict[int, Place] = {}
    for node in root.all("Activity"):
        if node.said("Id") not in numbers:
            raise Invalid(
                f"Файл «{path.name}»: занятия № {node.said('Id')[:20]} в задаче нет; это решение другого файла"
            )
        places[numbers[node.said("Id")]] = placed(problem, node, path.name)
    if len(places) < len(problem.lessons):
        raise Invalid(
            f"Файл «{path.name}»: поставлено {len(places)} занятий из {len(problem.lessons)}; это решение другого файла"
        )
    return Solution(tuple(places[at] for at in range(len(problem.lessons))))


def placed(problem: Problem, node: Node, name: str) -> Place:
    days = {day.name: at for at, day in enumerate(problem.days)}
    hours = {period.name: at for at, period in enumerate(problem.periods)}
    rooms = {room.name: at for at, room in enumerate(problem.rooms)}
    day, hour, room = node.said("Day"), node.said("Hour"), node.said("Room")
    if not day:
        return Place()
    if day not in days or hour not in hours or (room and room not in rooms):
        raise Invalid(f"Файл «{name}»: времени или аудитории «{day} {hour} {room}» в задаче нет")
    slot = days[day] * problem.width + hours[hour]
    if not room:
        return Place(slot)
    if not problem.rooms[rooms[room]].parts:
        return Place(slot, (rooms[room],))
    real = tuple(rooms[one] for one in node.texts("Real_Room") if one in rooms)
    return Place(slot, order_parts(problem, rooms[room], real), rooms[room])


def order_parts(problem: Problem, virtual: int, real: tuple[int, ...]) -> tuple[int, ...]:
    """FET writes the real rooms in any order; ours stand set by set."""
    parts = problem.rooms[virtual].parts
    inside = [[room for room in part if room in real] for part in parts]
    return next((one for one in product(*inside) if len(set(one)) == len(one)), real)


def locked_fet(problem: Problem, solution: Solution, original: str) -> str:
    """The original file with every lesson fixed where the solution has it; fet-cl accepts it as it is."""
    times, rooms = [], []
    for lesson, place in zip(problem.lessons, solution.places, strict=True):
        if place.slot == NOWHERE:
            continue
        times.append(time_lock(problem, lesson.id, place.slot))
        if place.rooms:
            rooms.append(room_lock(problem, lesson.id, place))
    text = original
    for section, locks in (("Time", times), ("Space", rooms)):
        closing = f"</{section}_Constraints_List>"
        if closing not in text:
            raise Invalid(f"В файле нет раздела «{section}_Constraints_List»: он оборван")
        head, _, tail = text.rpartition(closing)
        text = f"{head}{''.join(locks)}{closing}{tail}"
    return text


def time_lock(problem: Problem, number: int, slot: int) -> str:
    day, hour = problem.days[slot // problem.width], problem.periods[slot % problem.width]
    return (
        "<ConstraintActivityPreferredStartingTime>\n"
        f"\t<Weight_Percentage>100</Weight_Percentage>\n\t<Activity_Id>{number}</Activity_Id>\n"
        f"\t<Preferred_Day>{escape(day.name)}</Preferred_Day>\n"
        f"\t<Preferred_Hour>{escape(hour.name)}</Preferred_Hour>\n"
        "\t<Permanently_Locked>false</Permanently_Locked>\n\t<Active>true</Active>\n"
        "\t<Comments></Comments>\n</ConstraintActivityPreferredStartingTime>\n"
    )


def room_lock(problem: Problem, number: int, place: Place) -> str:
    named = place.virtual if place.virtual != NOWHERE else place.rooms[0]
    real = ""
    if place.virtual != NOWHERE:
        real = f"\t<Number_of_Real_Rooms>{len(place.rooms)}</Number_of_Real_Rooms>\n" + "".join(
            f"\t<Real_Room>{escape(problem.rooms[room].name)}</Real_Room>\n" for room in place.rooms
        )
    return (
        "<ConstraintActivityPreferredRoom>\n"
        f"\t<Weight_Percentage>100</Weight_Percentage>\n\t<Activity_Id>{number}</Activity_Id>\n"
        f"\t<Room>{escape(problem.rooms[named].name)}</Room>\n{real}"
        "\t<Permanently_Locked>false</Permanently_Locked>\n\t<Active>true</Active>\n"
        "\t<Comments></Comments>\n</ConstraintActivityPreferredRoom>\n"
    )
