"""`epo timetable`: solve a file, check a solution, draw a timetable."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from common.kit.errors import EpoError, Invalid
from common.timetable.checker import Verdict, check
from common.timetable.ctt import official_text, read_ctt, read_official
from common.timetable.drawing import draw
from common.timetable.fet_reading import read_fet
from common.timetable.fet_writing import locked_fet, read_activities
from common.timetable.own_json import (
    read_problem,
    read_saved,
    read_solution,
    write_solution,
    write_whole,
)
from common.timetable.problem import Problem, Solution
from common.timetable.solver import Budget, Progress, Search
from common.timetable.xml_tree import read_bytes

KEEP_EVERY = 5.0
"""CPU seconds between writings of the best so far: what a killed process loses at most."""

BAR = 30
SHOWN = 20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommands of `epo timetable`."""
    parser = commands.add_parser("timetable", help="составить, проверить, показать расписание")
    actions = parser.add_subparsers(dest="action", required=True)
    solved = actions.add_parser("solve", help="составить расписание по файлу .fet, .ctt или .json")
    solved.add_argument("file", type=Path)
    solved.add_argument("--seconds", type=float, default=60.0, help="процессорных секунд на поиск")
    solved.add_argument("--seed", type=int, default=1)
    solved.add_argument("--out", type=Path, required=True, help="папка для решения")
    solved.add_argument("--resume", action="store_true", help="продолжить поиск из этой папки")
    solved.add_argument("--plain", action="store_true", help="без компиляции, даже если она есть")
    solved.add_argument("--json", action="store_true")
    solved.set_defaults(run=told(solve))
    checked = actions.add_parser("check", help="проверить решение")
    checked.add_argument("file", type=Path)
    checked.add_argument("solution", type=Path)
    checked.add_argument("--json", action="store_true")
    checked.set_defaults(run=told(check_file))
    drawn = actions.add_parser("draw", help="показать расписание группы, преподавателя, аудитории")
    drawn.add_argument("solution", type=Path)
    whose = drawn.add_mutually_exclusive_group(required=True)
    for kind, words in (("group", "группа"), ("teacher", "преподаватель"), ("room", "аудитория")):
        whose.add_argument(f"--{kind}", metavar="NAME", help=words)
    drawn.add_argument("--out", type=Path, required=True)
    drawn.set_defaults(run=told(draw_file))


def told(act: Any) -> Any:
    """What a person should read goes to standard error, the code is 1."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            code: int = act(arguments)
        except EpoError as refusal:
            sys.stderr.write(f"{refusal.message}\n")
            return 1
        return code

    return run


def read_any(path: Path) -> Problem:
    """A problem by the ending of its file's name."""
    readers = {".fet": read_fet, ".ctt": read_ctt, ".json": read_problem}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Invalid(f"Файл «{path.name}»: читаются .fet, .ctt и .json")
    return reader(path)


def read_any_solution(problem: Problem, path: Path) -> Solution:
    if path.suffix.lower() == ".json":
        return read_solution(problem, path)
    if path.suffix.lower() == ".xml":
        return read_activities(problem, path)
    return read_official(problem, path)


@dataclass
class _Keeper:
    """Shows the bar and writes the best so far."""

    search: Search
    out: Path
    kept_at: float = -KEEP_EVERY
    kept: tuple[int, float] = (-1, 0.0)

    def __call__(self, progress: Progress) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{bar(progress)}")
            sys.stderr.flush()
        now = (progress.hard, progress.soft)
        if now != self.kept and progress.seconds - self.kept_at >= KEEP_EVERY:
            self.keep(now, progress.seconds)

    def keep(self, now: tuple[int, float], seconds: float) -> None:
        self.kept, self.kept_at = now, seconds
        solution = self.search.tables.solution(self.search.cells)
        write_solution(self.out / "solution.json", self.search.problem, solution, *now)
        self.search.save(self.out / "search.state")


def bar(progress: Progress) -> str:
    done = int(progress.share * BAR)
    state = f"нарушений {progress.hard}" if progress.hard else f"пожелания {progress.soft:.2f}"
    return f"[{'█' * done}{'·' * (BAR - done)}] {progress.seconds:6.1f} с, {state}   "


@contextmanager
def interrupted(search: Search) -> Iterator[None]:
    """Ctrl+C ends the search, not the program: the best so far is kept."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        search.stopped = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def solve(arguments: argparse.Namespace) -> int:
    problem = read_any(arguments.file)
    for one in problem.unsupported:
        sys.stderr.write(f"Не учитывается: {one.name} ({one.count})\n")
    search = Search(
        problem, arguments.seed, Budget(arguments.seconds), use_compiler=not arguments.plain
    )
    if arguments.resume:
        search.resume(arguments.out / "search.state")
    write_whole(arguments.out / ".probe", b"")
    (arguments.out / ".probe").unlink()
    with interrupted(search):
        outcome = search.run(_Keeper(search, arguments.out))
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    verdict, solution = outcome.verdict, outcome.solution
    write_solution(arguments.out / "solution.json", problem, solution, verdict.hard, verdict.soft)
    search.save(arguments.out / "search.state")
    write_native(arguments.file, arguments.out, problem, solution)
    result = {
        **totals(verdict),
        "seconds_cpu": outcome.seconds,
        "to_feasible_cpu": outcome.to_feasible,
        "unsupported": [{"name": one.name, "count": one.count} for one in problem.unsupported],
    }
    say(result, verdict, as_json=arguments.json)
    return 0


def write_native(source: Path, out: Path, problem: Problem, solution: Solution) -> None:
    """The solution in the form of the file's own world."""
    if source.suffix.lower() == ".fet":
        original = read_bytes(source).decode("utf-8-sig")
        locked = locked_fet(problem, solution, original)
        write_whole(out / "solution.fet", locked.encode())
    elif source.suffix.lower() == ".ctt":
        write_whole(out / "solution.sol", official_text(problem, solution).encode())


def totals(verdict: Verdict) -> dict[str, Any]:
    return {"hard": verdict.hard, "soft": verdict.soft, "by_rule": verdict.by_rule}


def say(result: dict[str, Any], verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    sys.stdout.write(f"Нарушений {verdict.hard}, пожелания {verdict.soft}\n")
    if "seconds_cpu" in result:
        found = result["to_feasible_cpu"]
        first = f", без нарушений через {found} с" if found is not None else ""
        sys.stdout.write(f"Поиск {result['seconds_cpu']} с{first}\n")
    worst = sorted(verdict.findings, key=lambda one: (not one.hard, -one.cost))
    for one in worst[:SHOWN]:
        mark = "нельзя" if one.hard else f"{one.cost:.2f}"
        sys.stdout.write(f"  {mark}: {one.text}\n")
    if len(worst) > SHOWN:
        sys.stdout.write(f"  и ещё {len(worst) - SHOWN}\n")


def check_file(arguments: argparse.Namespace) -> int:
    """0 where nothing is broken hard, 1 otherwise."""
    problem = read_any(arguments.file)
    verdict = check(problem, read_any_solution(problem, arguments.solution))
    unsupported = [{"name": one.name, "count": one.count} for one in problem.unsupported]
    say({**totals(verdict), "unsupported": unsupported}, verdict, as_json=arguments.json)
    return 1 if verdict.hard else 0


def draw_file(arguments: argparse.Namespace) -> int:
    problem, solution = read_saved(arguments.solution)
    kind = next(one for one in ("group", "teacher", "room") if getattr(arguments, one) is not None)
    page = draw(problem, solution, kind, getattr(arguments, kind))
    write_whole(arguments.out, page.encode())
    sys.stdout.write(f"{arguments.out}\n")
    return 0
