"""A timetable of one group, teacher or room as a page to read and print."""

from __future__ import annotations

from collections import defaultdict
from html import escape

from common.kit.errors import NotFound
from common.timetable.problem import NOWHERE, Problem, Solution

STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6875; --line: #ccd4dc; --paper: #fff; --card: #eef4fb; --edge: #2f6fb0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf0; --soft: #9aa7b4; --line: #3a4551; --paper: #171c22; --card: #22303e; --edge: #6aa9e6; }
}
body { font: 15px/1.4 system-ui, "PT Sans", sans-serif; color: var(--ink); background: var(--paper); margin: 24px; }
h1 { font-size: 22px; margin: 0 0 4px; } p { color: var(--soft); margin: 0 0 16px; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 24px; }
th, td { border: 1px solid var(--line); padding: 6px 8px; vertical-align: top; text-align: left; overflow-wrap: anywhere; }
th { font-weight: 600; } th.hour { width: 6.5em; } td.empty { color: var(--soft); }
.card { border-left: 3px solid var(--edge); background: var(--card); padding: 4px 8px; margin-bottom: 4px; }
.card .by { color: var(--soft); font-size: 13px; }
@media print { body { margin: 0; } .card { break-inside: avoid; } }
"""

DAYS_ACROSS = 6
"""Days in one table; a longer cycle goes on below."""


def draw(problem: Problem, solution: Solution, kind: str, name: str) -> str:
    """The page; `kind` is group, teacher or room. Raises NotFound where nobody is called so."""
    lessons = lessons_of(problem, solution, kind, name)
    cells: dict[int, list[str]] = defaultdict(list)
    for lesson in lessons:
        slot = solution.places[lesson].slot
        for covered in range(slot, slot + max(problem.span(lesson, slot), 1)):
            cells[covered].append(card(problem, solution, lesson, kind))
    days = range(len(problem.days))
    tables = "".join(
        table(problem, cells, list(days[first : first + DAYS_ACROSS]))
        for first in range(0, len(days), DAYS_ACROSS)
    )
    total = count_words(len(lessons))
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
        f"<title>Расписание: {escape(name)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(name)}</h1><p>{escape(problem.name)}. {total}</p>{tables}</body></html>\n"
    )


def lessons_of(problem: Problem, solution: Solution, kind: str, name: str) -> list[int]:
    """The placed lessons of whoever bears the name."""
    if kind == "group":
        group = find([one.name for one in problem.groups], name, "Группы")
        atoms = set(problem.groups[group].atoms)
        found = [n for n, mine in enumerate(problem.lesson_atoms) if atoms.intersection(mine)]
    elif kind == "teacher":
        teacher = find(list(problem.teachers), name, "Преподавателя")
        found = [n for n, one in enumerate(problem.lessons) if teacher in one.teachers]
    else:
        room = find([one.name for one in problem.rooms], name, "Аудитории")
        found = [
            n
            for n, place in enumerate(solution.places)
            if room in place.rooms or place.virtual == room
        ]
    return [lesson for lesson in found if solution.places[lesson].slot != NOWHERE]


def find(names: list[str], name: str, what: str) -> int:
    if name not in names:
        some = ", ".join(names[:5]) or "никого"
        raise NotFound(f"{what} «{name}» в расписании нет; есть, например: {some}")
    return names.index(name)


def table(problem: Problem, cells: dict[int, list[str]], days: list[int]) -> str:
    heads = "".join(f'<th scope="col">{escape(problem.days[day].name)}</th>' for day in days)
    rows = []
    for period, one in enumerate(problem.periods):
        inside = [cells.get(day * problem.width + period, []) for day in days]
        row = "".join(
            f"<td>{''.join(cards)}</td>" if cards else '<td class="empty">—</td>'
            for cards in inside
        )
        rows.append(f'<tr><th scope="row">{escape(one.name)}</th>{row}</tr>')
    return (
        f'<table><thead><tr><th class="hour">Время</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def card(problem: Problem, solution: Solution, lesson: int, kind: str) -> str:
    """A lesson without what the page is about."""
    one = problem.lessons[lesson]
    place = solution.places[lesson]
    said = []
    if kind != "teacher":
        said.append(", ".join(problem.teachers[teacher] for teacher in one.teachers))
    said.append(", ".join(problem.groups[group].name for group in one.groups))
    if kind != "room" and place.rooms:
        said.append("ауд. " + ", ".join(problem.rooms[room].name for room in place.rooms))
    lines = "".join(f'<div class="by">{escape(line)}</div>' for line in said if line)
    return f'<div class="card"><div><b>{escape(one.subject)}</b></div>{lines}</div>'


def count_words(count: int) -> str:
    last, teens = count % 10, count % 100 in range(11, 15)
    if last == 1 and not teens:
        return f"{count} занятие"
    return f"{count} занятия" if last in {2, 3, 4} and not teens else f"{count} занятий"
