"""The sentence a dispatcher reads: who, when, which rule, how much."""

from __future__ import annotations

from common.timetable.kinds import Kind
from common.timetable.problem import NOWHERE, Problem, Rule
from common.timetable.view import Breach, Who


def sentence(problem: Problem, rule: Rule, breach: Breach) -> str:
    """One breach in words: «Иванов И. И., Вторник: занятий в день не больше 4, а стоит 5»."""
    limit = limit_words(rule)
    where = owner(problem, breach.who) or lessons_words(problem, breach.lessons)
    when = f", {slot_words(problem, rule, breach.slot)}" if breach.slot != NOWHERE else ""
    counted = breach.found or limit
    found = f", а есть {breach.found}" if counted and rule.kind in MEASURED else ""
    if rule.kind is Kind.TRAVEL:
        found = f": есть {breach.found} мин, нужно {travel_need(problem, rule, breach)} мин"
        found += f" ({lessons_words(problem, breach.lessons)})"
    elif breach.who[0] and rule.kind not in MEASURED:
        found += f" ({lessons_words(problem, breach.lessons)})"
    return f"{where}{when}: {rule.kind.label}{limit}{found}"


MEASURED = frozenset(
    {
        Kind.MIN_DAYS,
        Kind.MAX_DAYS,
        Kind.MIN_GAP,
        Kind.GAPS_DAY,
        Kind.GAPS_WEEK,
        Kind.HOURS_MAX,
        Kind.HOURS_MIN,
        Kind.RUN,
        Kind.SPAN,
        Kind.DAYS_MAX,
        Kind.DAYS_MIN,
        Kind.PART_DAYS,
        Kind.SLOTS_MAX,
        Kind.SLOTS_MIN,
        Kind.TOGETHER_MAX,
        Kind.TOGETHER_MIN,
        Kind.ROOMS_MAX,
        Kind.MOVES_DAY,
        Kind.MOVES_WEEK,
    }
)
LOWER = frozenset(
    {Kind.MIN_DAYS, Kind.MIN_GAP, Kind.HOURS_MIN, Kind.DAYS_MIN, Kind.SLOTS_MIN, Kind.TOGETHER_MIN}
)
WHOLE_WEEK = frozenset({Kind.GAPS_WEEK, Kind.DAYS_MAX, Kind.DAYS_MIN, Kind.PART_DAYS})
PLAIN_LIMIT = frozenset({Kind.MIN_DAYS, Kind.MAX_DAYS, Kind.HOURS_MAX, Kind.HOURS_MIN})


def limit_words(rule: Rule) -> str:
    if rule.kind not in MEASURED:
        return ""
    if rule.kind in LOWER:
        return f" {rule.low}" if "не меньше" in rule.kind.label else f" не меньше {rule.low}"
    return f" {rule.high}" if "не больше" in rule.kind.label else f" не больше {rule.high}"


def travel_need(problem: Problem, rule: Rule, breach: Breach) -> int:
    return rule.low or max((minutes for row in problem.travel for minutes in row), default=0)


def owner(problem: Problem, who: Who) -> str:
    kind, at = who
    if kind == "teacher":
        return problem.teachers[at]
    if kind == "atom":
        return problem.atoms[at]
    return f"ауд. {problem.rooms[at].name}" if kind == "room" else ""


def lessons_words(problem: Problem, lessons: tuple[int, ...]) -> str:
    shown = "; ".join(problem.lesson_name(lesson) for lesson in lessons[:3])
    rest = len(lessons) - 3
    return f"{shown} и ещё {rest}" if rest > 0 else shown


def slot_words(problem: Problem, rule: Rule, slot: int) -> str:
    if rule.kind in DAILY:
        return problem.days[slot // problem.width].name
    return problem.slot_name(slot)


DAILY = frozenset(
    {
        Kind.GAPS_DAY,
        Kind.HOURS_MAX,
        Kind.HOURS_MIN,
        Kind.RUN,
        Kind.SPAN,
        Kind.LONELY,
        Kind.MOVES_DAY,
        Kind.EARLY,
    }
)
