"""How each kind of FET's constraints becomes rules; a kind that is not in READERS is reported as unsupported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from common.kit.errors import Invalid
from common.timetable.kinds import Kind
from common.timetable.problem import HARD, Problem, Rule
from common.timetable.xml_tree import Node

Rules = list[Rule] | None
"""None: this form of the constraint is not kept, count it as unsupported."""


@dataclass
class Reading:
    """What the readers need to know of the file: names to positions."""

    problem: Problem
    name: str
    split: dict[int, tuple[int, ...]]
    homes: list[Rule] = field(default_factory=list)
    roomed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        problem = self.problem
        self.days = {day.name: at for at, day in enumerate(problem.days)}
        self.hours = {period.name: at for at, period in enumerate(problem.periods)}
        self.teachers = {name: at for at, name in enumerate(problem.teachers)}
        self.groups = {group.name: at for at, group in enumerate(problem.groups)}
        self.rooms = {room.name: at for at, room in enumerate(problem.rooms)}
        self.lessons = {lesson.id: at for at, lesson in enumerate(problem.lessons)}
        self.component = {
            lesson: at for members in self.split.values() for at, lesson in enumerate(members, 1)
        }

    def find(self, known: dict[str, int], name: str, node: Node) -> int:
        if name not in known:
            raise Invalid(
                f"Файл «{self.name}»: в «{node.tag}» названо неизвестное имя «{name[:60]}»"
            )
        return known[name]

    def weight(self, node: Node) -> float:
        try:
            weight = float(node.said("Weight_Percentage", "100"))
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= 100:
            raise Invalid(f"Файл «{self.name}»: в «{node.tag}» вес не от 0 до 100")
        return HARD if weight == 100 else weight

    def number(self, node: Node, tag: str) -> int:
        said = node.said(tag).strip()
        if not said.isdecimal() or len(said) > 9:
            raise Invalid(f"Файл «{self.name}»: в «{node.tag}» поле «{tag}» — не число")
        return int(said)

    def slot(self, node: Node, day: str, hour: str) -> tuple[int, ...]:
        """A day and an hour; where one is left empty, all of it."""
        days = (
            [self.find(self.days, node.said(day), node)]
            if node.said(day)
            else range(len(self.problem.days))
        )
        hours = (
            [self.find(self.hours, node.said(hour), node)]
            if node.said(hour)
            else range(self.problem.width)
        )
        return tuple(d * self.problem.width + h for d in days for h in hours)

    def slots(self, node: Node, tag: str, day: str = "Day", hour: str = "Hour") -> tuple[int, ...]:
        found = {slot for one in node.all(tag) for slot in self.slot(one, day, hour)}
        return tuple(sorted(found))

    def named_lessons(self, node: Node, *tags: str) -> tuple[int, ...]:
        """The active lessons among those named by number."""
        found = []
        for tag in tags or ("Activity_Id",):
            for said in node.texts(tag):
                at = self.lessons.get(int(said)) if said.isdecimal() else None
                if at is not None:
                    found.append(at)
        return tuple(found)

    def rooms_of(self, node: Node) -> tuple[int, ...]:
        names = node.texts("Room") + node.texts("Preferred_Room")
        return tuple(dict.fromkeys(self.find(self.rooms, name, node) for name in names))

    def atoms_of(self, node: Node, tag: str = "Students") -> tuple[int, ...]:
        return self.problem.groups[self.find(self.groups, node.said(tag), node)].atoms

    def tagged(self, tag: str) -> tuple[int, ...]:
        return tuple(at for at, one in enumerate(self.problem.lessons) if tag in one.tags)

    def home_rules(self) -> Iterable[Rule]:
        """Home rooms hold only for lessons that no other rule gives a room."""
        for rule in self.homes:
            lessons = tuple(at for at in rule.lessons if at not in self.roomed)
            if lessons:
                yield Rule(rule.kind, rule.weight, lessons, rooms=rule.rooms, source=rule.source)

    def capacity_rules(self, rules: Iterable[Rule]) -> Iterable[Rule]:
        """FET gives no lesson a room that is too small for it, without any constraint saying so."""
        roomed = {lesson for rule in rules if rule.kind is Kind.ROOMS for lesson in rule.lessons}
        if roomed:
            source = "ConstraintBasicCompulsorySpace"
            yield Rule(Kind.CAPACITY, HARD, tuple(sorted(roomed)), source=source)


def basic(_reading: Reading, _node: Node) -> Rules:
    """Everybody does one thing at a time: the grid itself."""
    return []


def closed(reading: Reading, node: Node) -> Rules:
    slots = reading.slots(node, "Not_Available_Time") or reading.slots(node, "Break_Time")
    rule = partial(Rule, Kind.CLOSED, reading.weight(node), slots=slots, source=node.tag)
    if not slots:
        return []
    if node.said("Teacher"):
        return [rule(teachers=(reading.find(reading.teachers, node.said("Teacher"), node),))]
    if node.said("Students"):
        return [rule(atoms=reading.atoms_of(node))]
    if node.said("Room"):
        return [rule(rooms=(reading.find(reading.rooms, node.said("Room"), node),))]
    return [rule()]


def teacher_room_closed(_reading: Reading, _node: Node) -> Rules:
    return None


def one_start(reading: Reading, node: Node) -> Rules:
    slots = reading.slot(node, "Preferred_Day", "Preferred_Hour")
    lessons = reading.named_lessons(node)
    return [Rule(Kind.START, reading.weight(node), lessons, slots=slots, source=node.tag)]


def one_day(reading: Reading, node: Node) -> Rules:
    return one_start(reading, node)


def starts(reading: Reading, node: Node, tag: str, kind: Kind) -> Rules:
    """Preferred starts or times of one lesson, or of all that fit the filter."""
    day = "Preferred_Starting_Day" if kind is Kind.START else "Preferred_Day"
    hour = day.replace("Day", "Hour")
    slots = reading.slots(node, tag, day, hour)
    lessons = reading.named_lessons(node) if node.said("Activity_Id") else filtered(reading, node)
    return [Rule(kind, reading.weight(node), lessons, slots=slots, source=node.tag)]


def filtered(reading: Reading, node: Node) -> tuple[int, ...]:
    """Lessons that fit every field of the filter that is filled; students fit where they share an atom."""
    teacher, students = node.said("Teacher_Name"), node.said("Students_Name")
    subject, tag = node.said("Subject_Name"), node.said("Activity_Tag_Name")
    length, component = node.said("Duration"), node.said("Component_Number")
    teacher_at = reading.find(reading.teachers, teacher, node) if teacher else -1
    atoms = set(reading.atoms_of(node, "Students_Name")) if students else set()
    return tuple(
        at
        for at, one in enumerate(reading.problem.lessons)
        if (not teacher or teacher_at in one.teachers)
        and (not students or not atoms.isdisjoint(reading.problem.lesson_atoms[at]))
        and (not subject or one.subject == subject)
        and (not tag or tag in one.tags)
        and (not length or str(one.length) == length)
        and (not component or str(reading.component[at]) == component)
    )


def ends_of_many(reading: Reading, node: Node) -> Rules:
    return [Rule(Kind.LAST, reading.weight(node), filtered(reading, node), source=node.tag)]


def lessons_rule(
    reading: Reading,
    node: Node,
    kind: Kind,
    low: str = "",
    high: str = "",
    least: int = 2,
) -> Rules:
    """A rule over named lessons, with its number; with fewer than `least` it says nothing."""
    lessons = reading.named_lessons(node)
    if len(lessons) < least:
        return []
    return [
        Rule(
            kind,
            reading.weight(node),
            lessons,
            low=reading.number(node, low) if low else 0,
            high=reading.number(node, high) if high else 0,
            flag=node.said("Consecutive_If_Same_Day") == "true",
            source=node.tag,
        )
    ]


def chain(
    reading: Reading, node: Node, kind: Kind, names: tuple[str, ...], *, flag: bool = False
) -> Rules:
    lessons = reading.named_lessons(node, *(f"{name}_Activity_Id" for name in names))
    if len(lessons) < len(names):
        return []
    return [Rule(kind, reading.weight(node), lessons, flag=flag, source=node.tag)]


def selection(
    reading: Reading, node: Node, kind: Kind, low: str = "", high: str = "", flag: str = ""
) -> Rules:
    lessons = reading.named_lessons(node)
    slots = reading.slots(node, "Selected_Time_Slot", "Selected_Day", "Selected_Hour")
    return [
        Rule(
            kind,
            reading.weight(node),
            lessons,
            slots=slots,
            low=reading.number(node, low) if low else 0,
            high=reading.number(node, high) if high else 0,
            flag=node.said(flag) == "true",
            source=node.tag,
        )
    ]


def tags_apart(reading: Reading, node: Node) -> Rules:
    """Lessons of different tags exclude each other, and so do those of one tag."""
    lessons = {at for tag in node.texts("Activity_Tag") for at in reading.tagged(tag)}
    return [Rule(Kind.APART, reading.weight(node), tuple(sorted(lessons)), source=node.tag)]


def line(
    reading: Reading, node: Node, kind: Kind, low: str = "", high: str = "", tag: str = ""
) -> Rules:
    """A rule over the day or the week of teachers or of students: one, or everybody."""
    teacher = node.said("Teacher_Name") or node.said("Teacher")
    students = node.said("Students")
    teachers: tuple[int, ...] = ()
    atoms: tuple[int, ...] = ()
    if teacher:
        teachers = (reading.find(reading.teachers, teacher, node),)
    elif students:
        atoms = reading.atoms_of(node)
    elif node.tag.startswith("ConstraintTeachers"):
        teachers = tuple(range(len(reading.problem.teachers)))
    else:
        atoms = tuple(range(len(reading.problem.atoms)))
    lessons: tuple[int, ...] = ()
    if tag:
        lessons = reading.tagged(node.said(tag))
        if not lessons:
            return []
    if node.said("Allow_One_Day_Exception_of_Plus_One") == "true":
        return None
    return [
        Rule(
            kind,
            reading.weight(node),
            lessons,
            teachers,
            atoms,
            slots=part_of_day(reading, node),
            low=reading.number(node, low) if low else 0,
            high=reading.number(node, high) if high else 0,
            flag=node.said("Allow_Empty_Days", "true") == "true",
            source=node.tag,
        )
    ]


def part_of_day(reading: Reading, node: Node) -> tuple[int, ...]:
    if not node.one("Interval_Start_Hour"):
        return ()
    start = reading.find(reading.hours, node.said("Interval_Start_Hour"), node)
    end = node.said("Interval_End_Hour")
    stop = reading.find(reading.hours, end, node) if end else reading.problem.width
    return tuple(range(start, stop))


def travel(reading: Reading, node: Node) -> Rules:
    made = line(reading, node, Kind.TRAVEL, low="Min_Gaps_Between_Building_Changes")
    return [minutes(rule) for rule in made or ()]


def minutes(rule: Rule) -> Rule:
    return Rule(
        rule.kind, rule.weight, (), rule.teachers, rule.atoms, low=rule.low * 60, source=rule.source
    )


def rooms(reading: Reading, node: Node) -> Rules:
    """Rooms wished for one lesson, or for those of a subject, of a tag, of both."""
    subject, tag = node.said("Subject"), node.said("Activity_Tag")
    if node.said("Activity_Id"):
        lessons = reading.named_lessons(node)
    else:
        lessons = tuple(
            at
            for at, one in enumerate(reading.problem.lessons)
            if (not subject or one.subject == subject) and (not tag or tag in one.tags)
        )
    weight = reading.weight(node)
    if weight > 0:
        reading.roomed.update(lessons)
    return [Rule(Kind.ROOMS, weight, lessons, rooms=reading.rooms_of(node), source=node.tag)]


def home(reading: Reading, node: Node) -> Rules:
    teacher, students = node.said("Teacher"), node.said("Students")
    if teacher:
        at = reading.find(reading.teachers, teacher, node)
        lessons = [n for n, one in enumerate(reading.problem.lessons) if one.teachers == (at,)]
    else:
        at = reading.find(reading.groups, students, node)
        lessons = [n for n, one in enumerate(reading.problem.lessons) if one.groups == (at,)]
    reading.homes.append(
        Rule(
            Kind.ROOMS,
            reading.weight(node),
            tuple(lessons),
            rooms=reading.rooms_of(node),
            source=node.tag,
        )
    )
    return []


def lines() -> dict[str, Callable[[Reading, Node], Rules]]:
    """The constraints that FET has in four forms: one teacher, all teachers, a students set, all students."""
    forms: dict[str, Callable[[Reading, Node], Rules]] = {
        "MaxGapsPerWeek": partial(line, kind=Kind.GAPS_WEEK, high="Max_Gaps"),
        "MaxGapsPerDay": partial(line, kind=Kind.GAPS_DAY, high="Max_Gaps"),
        "MaxHoursDaily": partial(line, kind=Kind.HOURS_MAX, high="Maximum_Hours_Daily"),
        "MinHoursDaily": partial(line, kind=Kind.HOURS_MIN, low="Minimum_Hours_Daily"),
        "MaxHoursContinuously": partial(line, kind=Kind.RUN, high="Maximum_Hours_Continuously"),
        "MaxSpanPerDay": partial(line, kind=Kind.SPAN, high="Max_Span"),
        "MaxDaysPerWeek": partial(line, kind=Kind.DAYS_MAX, high="Max_Days_Per_Week"),
        "MinDaysPerWeek": partial(line, kind=Kind.DAYS_MIN, low="Minimum_Days_Per_Week"),
        "IntervalMaxDaysPerWeek": partial(line, kind=Kind.PART_DAYS, high="Max_Days_Per_Week"),
        "EarlyMaxBeginningsAtSecondHour": partial(
            line, kind=Kind.EARLY, high="Max_Beginnings_At_Second_Hour"
        ),
        "MinGapsBetweenBuildingChanges": travel,
        "MaxBuildingChangesPerDay": partial(
            line, kind=Kind.MOVES_DAY, high="Max_Building_Changes_Per_Day"
        ),
        "MaxBuildingChangesPerWeek": partial(
            line, kind=Kind.MOVES_WEEK, high="Max_Building_Changes_Per_Week"
        ),
    }
    found = {
        f"{whose}{form}": reader
        for whose in ("Teacher", "Teachers", "Students", "StudentsSet")
        for form, reader in forms.items()
    }
    for whose, tag in (
        ("Teacher", "Activity_Tag_Name"),
        ("Teachers", "Activity_Tag_Name"),
        ("Students", "Activity_Tag"),
        ("StudentsSet", "Activity_Tag"),
    ):
        for form, kind, number in (
            ("MaxHoursDaily", Kind.HOURS_MAX, "Maximum_Hours_Daily"),
            ("MaxHoursContinuously", Kind.RUN, "Maximum_Hours_Continuously"),
        ):
            found[f"{whose}ActivityTag{form}"] = partial(line, kind=kind, high=number, tag=tag)
    return found


READERS: dict[str, Callable[[Reading, Node], Rules]] = {
    "BasicCompulsoryTime": basic,
    "BasicCompulsorySpace": basic,
    "BreakTimes": closed,
    "TeacherNotAvailableTimes": closed,
    "StudentsSetNotAvailableTimes": closed,
    "RoomNotAvailableTimes": closed,
    "TeacherRoomNotAvailableTimes": teacher_room_closed,
    "ActivityPreferredStartingTime": one_start,
    "ActivityPreferredDay": one_day,
    **{
        f"{scope}PreferredStartingTimes": partial(
            starts, tag="Preferred_Starting_Time", kind=Kind.START
        )
        for scope in ("Activity", "Activities", "Subactivities")
    },
    **{
        f"{scope}PreferredTimeSlots": partial(starts, tag="Preferred_Time_Slot", kind=Kind.WITHIN)
        for scope in ("Activity", "Activities", "Subactivities")
    },
    "MinDaysBetweenActivities": partial(lessons_rule, kind=Kind.MIN_DAYS, low="MinDays"),
    "MaxDaysBetweenActivities": partial(lessons_rule, kind=Kind.MAX_DAYS, high="MaxDays"),
    "MinGapsBetweenActivities": partial(lessons_rule, kind=Kind.MIN_GAP, low="MinGaps"),
    "ActivitiesSameStartingTime": partial(lessons_rule, kind=Kind.SAME_START),
    "ActivitiesSameStartingDay": partial(lessons_rule, kind=Kind.SAME_DAY),
    "ActivitiesSameStartingHour": partial(lessons_rule, kind=Kind.SAME_HOUR),
    "ActivitiesNotOverlapping": partial(lessons_rule, kind=Kind.APART),
    "ActivityTagsNotOverlapping": tags_apart,
    "ActivityEndsStudentsDay": partial(lessons_rule, kind=Kind.LAST, least=1),
    "ActivitiesEndStudentsDay": ends_of_many,
    "TwoActivitiesConsecutive": partial(chain, kind=Kind.NEXT, names=("First", "Second")),
    "TwoActivitiesGrouped": partial(chain, kind=Kind.GROUPED, names=("First", "Second")),
    "ThreeActivitiesGrouped": partial(chain, kind=Kind.GROUPED, names=("First", "Second", "Third")),
    "TwoActivitiesOrdered": partial(chain, kind=Kind.ORDERED, names=("First", "Second")),
    "TwoActivitiesOrderedIfSameDay": partial(
        chain, kind=Kind.ORDERED, names=("First", "Second"), flag=True
    ),
    "ActivitiesOccupyMaxTimeSlotsFromSelection": partial(
        selection, kind=Kind.SLOTS_MAX, high="Max_Number_of_Occupied_Time_Slots"
    ),
    "ActivitiesOccupyMinTimeSlotsFromSelection": partial(
        selection, kind=Kind.SLOTS_MIN, low="Min_Number_of_Occupied_Time_Slots"
    ),
    "ActivitiesMaxSimultaneousInSelectedTimeSlots": partial(
        selection, kind=Kind.TOGETHER_MAX, high="Max_Number_of_Simultaneous_Activities"
    ),
    "ActivitiesMinSimultaneousInSelectedTimeSlots": partial(
        selection,
        kind=Kind.TOGETHER_MIN,
        low="Min_Number_of_Simultaneous_Activities",
        flag="Allow_Empty_Slots",
    ),
    "ActivityPreferredRoom": rooms,
    "ActivityPreferredRooms": rooms,
    "SubjectPreferredRoom": rooms,
    "SubjectPreferredRooms": rooms,
    "ActivityTagPreferredRoom": rooms,
    "ActivityTagPreferredRooms": rooms,
    "SubjectActivityTagPreferredRoom": rooms,
    "SubjectActivityTagPreferredRooms": rooms,
    "TeacherHomeRoom": home,
    "TeacherHomeRooms": home,
    "StudentsSetHomeRoom": home,
    "StudentsSetHomeRooms": home,
    "ActivitiesOccupyMaxDifferentRooms": partial(
        lessons_rule, kind=Kind.ROOMS_MAX, high="Max_Number_of_Different_Rooms"
    ),
    "ActivitiesSameRoomIfConsecutive": partial(lessons_rule, kind=Kind.SAME_ROOM),
    **lines(),
}
