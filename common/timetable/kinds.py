"""What a timetable rule can demand, each kind with the words a dispatcher reads."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds differ only in their cost; `common/timetable/checker.py` says each exactly.

    «Line»: the lessons of one teacher or of one atom of students; where a line rule names lessons, only those count.
    """

    CLASH = (
        "clash"  # one teacher, atom or room holds one lesson at a time; always hard, never written
    )
    UNPLACED = "unplaced"  # a lesson without time, outside the grid, or without the room it needs
    START = "start"  # lessons begin only in `slots`
    WITHIN = "within"  # lessons lie wholly in `slots`
    CLOSED = (
        "closed"  # teachers, atoms, rooms are not free in `slots`; nobody named: a break for all
    )
    ROOMS = "rooms"  # lessons are held in `rooms`
    CAPACITY = "capacity"  # a unit for each student above the capacity of the room
    MIN_DAYS = "min_days"  # lessons pairwise `low` days apart; flag: on one day only side by side
    MAX_DAYS = "max_days"  # lessons pairwise at most `high` days apart
    SAME_START = "same_start"
    SAME_DAY = "same_day"
    SAME_HOUR = "same_hour"
    APART = "apart"  # lessons never at one time
    NEXT = "next"  # the second begins where the first ends, over breaks
    GROUPED = "grouped"  # two or three in one block, any order, over breaks
    ORDERED = "ordered"  # the first ends before the second begins; flag: only if on one day
    MIN_GAP = "min_gap"  # on one day at least `low` intervals between
    LAST = "last"  # lessons end their students' day
    EDGES = "edges"  # lessons are neither first nor last of their students' day
    GAPS_DAY = "gaps_day"  # line: windows a day at most `high`
    GAPS_WEEK = "gaps_week"  # line: windows in all at most `high`
    HOURS_MAX = "hours_max"  # line: at most `high` intervals a day
    HOURS_MIN = "hours_min"  # line: at least `low` intervals a day; flag: an empty day is fine
    RUN = "run"  # line: at most `high` intervals in a row
    SPAN = "span"  # line: from first to last at most `high` intervals a day
    DAYS_MAX = "days_max"  # line: days with lessons at most `high`
    DAYS_MIN = "days_min"  # line: days with lessons at least `low`
    PART_DAYS = (
        "part_days"  # line: days with a lesson in the periods `slots` (of a day) at most `high`
    )
    EARLY = "early"  # line: the day begins at the first open interval, at most `high` times at the second
    LONELY = "lonely"  # line: a lesson with no neighbour on its day
    SLOTS_MAX = "slots_max"  # lessons take at most `high` of `slots`
    SLOTS_MIN = "slots_min"  # lessons take at least `low` of `slots`
    TOGETHER_MAX = "together_max"  # at most `high` of the lessons at any of `slots`
    TOGETHER_MIN = "together_min"  # at least `low` of the lessons at each of `slots`; flag: or none
    ROOMS_MAX = "rooms_max"  # lessons use at most `high` different rooms
    SAME_ROOM = "same_room"  # lessons that follow each other directly share a room
    TRAVEL = "travel"  # line: time to go between buildings, `low` minutes or the problem's table
    MOVES_DAY = "moves_day"  # line: changes of building a day at most `high`
    MOVES_WEEK = "moves_week"  # line: changes of building in all at most `high`

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.CLASH: "накладка",
    Kind.UNPLACED: "не поставлено",
    Kind.START: "время начала",
    Kind.WITHIN: "время занятия",
    Kind.CLOSED: "недоступное время",
    Kind.ROOMS: "аудитория",
    Kind.CAPACITY: "вместимость аудитории",
    Kind.MIN_DAYS: "дней между занятиями не меньше",
    Kind.MAX_DAYS: "дней между занятиями не больше",
    Kind.SAME_START: "начинаются вместе",
    Kind.SAME_DAY: "в один день",
    Kind.SAME_HOUR: "в одно время дня",
    Kind.APART: "не одновременно",
    Kind.NEXT: "подряд",
    Kind.GROUPED: "одним блоком",
    Kind.ORDERED: "по порядку",
    Kind.MIN_GAP: "перерыв между занятиями",
    Kind.LAST: "последним в день группы",
    Kind.EDGES: "не первым и не последним",
    Kind.GAPS_DAY: "окон в день",
    Kind.GAPS_WEEK: "окон в неделю",
    Kind.HOURS_MAX: "занятий в день не больше",
    Kind.HOURS_MIN: "занятий в день не меньше",
    Kind.RUN: "занятий подряд",
    Kind.SPAN: "длина дня",
    Kind.DAYS_MAX: "дней в неделю не больше",
    Kind.DAYS_MIN: "дней в неделю не меньше",
    Kind.PART_DAYS: "дней с занятиями в этой части дня",
    Kind.EARLY: "начало с первой пары",
    Kind.LONELY: "одиночное занятие",
    Kind.SLOTS_MAX: "занято мест из набора не больше",
    Kind.SLOTS_MIN: "занято мест из набора не меньше",
    Kind.TOGETHER_MAX: "одновременных занятий не больше",
    Kind.TOGETHER_MIN: "одновременных занятий не меньше",
    Kind.ROOMS_MAX: "разных аудиторий",
    Kind.SAME_ROOM: "подряд в одной аудитории",
    Kind.TRAVEL: "время на переезд",
    Kind.MOVES_DAY: "переездов в день",
    Kind.MOVES_WEEK: "переездов в неделю",
}
