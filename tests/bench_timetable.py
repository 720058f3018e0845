"""`poe bench-timetable`: the engine against its limits, the solver against fet-cl and the literature; `--json FILE` writes them.

Each solver run is one line of `--log FILE`; a run that is there already is not repeated, so a long run can be taken up again.
fet-cl and its files are Debian's packages `fet` and `fet-data`; without them the rows are skipped with that reason.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from common.timetable.checker import check
from common.timetable.ctt import read_ctt
from common.timetable.engine import Engine
from common.timetable.engine_state import slots_of
from common.timetable.fet_reading import read_fet
from common.timetable.fet_writing import locked_fet
from common.timetable.kinds import Kind
from common.timetable.problem import Day, Group, Lesson, Period, Problem, Room, Rule
from common.timetable.solver import Budget, Outcome, Search

EXAMPLES = Path("/usr/share/doc/fet-data/examples/FET-5-official")
DAILY = (
    "Russia/Russian-Medical-College/timetable-ru.fet",
    "Hungary/Varosmajori_Gimnazium_Budapest/vmg-20180901b-9.fet",
    "Belize/Sacred-Heart-College/shc-2012/test-2012.fet",
    "Egypt/Dakahlia/institution-2012-2013.fet",
    "Romania/Pedagogic-High-School-Tg-Mures/2006-2007.fet",
    "India/REVA-University/REVA-UNIVERSITY_JANUARY2016.fet",
)
ALL = (
    *DAILY,
    "Algeria/Mechanical-Batna_Univ/ET2012-2013-S1.fet",
    "Romania/Constantin-Brancusi-School-Medgidia/2019-2020/Orar_4_6.fet",
    "Romania/Oradea/FS-2008-2009-difficult.fet",
    "Romania/Faculty-Computers-Craiova/Computers-Craiova.fet",
    "Indonesia/TelPolytech-Bandung/2010-2011/TelPolytech_even.fet",
    "Indonesia/TelPolytech-Bandung/2010-2011/TelPolytech_odd.fet",
    "India/New-Delhi/Eng_College.fet",
    "Romania/Faculty-Econ-Timisoara-difficult/2009-2010-sem-1/Econ-v0.8.fet",
    "Romania/Faculty-Econ-Timisoara-difficult/2008-2009-sem-1/Econ-Tim-ver8.fet",
    "Romania/Faculty-Econ-Timisoara-difficult/2007-2008-sem-2/Econ-Timisoara.fet",
    "Spain/4-secondary-and-vocational-school/SPAIN_20-21.fet",
    "India/2021/St-Joseph-EMHSS-Puthanangadi/stjosephemhss.fet",
    "Germany/secondary-school-2/GYR.fet",
    "United-Arab-Emirates/IBDP-School-2016.fet",
    "Tunisia/Licee-secondaire-Hanibal-a-L-Ariana/Diff1TverouillageTPass3.fet",
)
BEST_KNOWN = {1: 5, 2: 24, 3: 64, 4: 35, 5: 284, 6: 27, 7: 6, 8: 37, 9: 96, 10: 4}


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` of what was measured to `against`; right where it keeps the budget."""

    ratio: float
    against: str
    budget: float
    ok: bool
    measured: str


def limit(seconds: float, most: float) -> Row:
    ratio = seconds / most
    return Row(ratio, f"limit {most * 1e6:.0f} us", 1.0, ratio <= 1, f"{seconds * 1e6:.1f} us")


def college(seed: int = 1) -> Problem:
    """100 groups, 144 slots of two weeks, 6 000 lessons."""
    random = Random(seed)
    lessons = [
        Lesson(n + 1, f"Предмет {n % 12}", (random.randrange(150),), (n // 60,))
        for n in range(6000)
    ]
    rules = [
        Rule(Kind.ROOMS, lessons=(n,), rooms=tuple(random.sample(range(120), 12)))
        for n in range(6000)
    ]
    return Problem(
        "Большой колледж",
        tuple(Day(f"{n + 1}") for n in range(12)),
        tuple(Period(f"{n}", n * 60, n * 60 + 50) for n in range(12)),
        tuple(lessons),
        tuple(f"П{n}" for n in range(150)),
        tuple(f"Г{n}" for n in range(100)),
        tuple(Group(f"Г{n}", (n,), 25) for n in range(100)),
        tuple(Room(f"{n}", 30) for n in range(120)),
        rules=tuple(rules),
    )


def filled(problem: Problem) -> Engine:
    engine = Engine(problem)
    random = Random(2)
    for lesson in range(len(problem.lessons)):
        starts = engine.starts(lesson)
        open_slots = list(slots_of(starts.free | starts.other_room))
        if open_slots:
            engine.place(lesson, random.choice(open_slots))
    return engine


def median_of(act: Callable[[int], Any], cases: list[int]) -> float:
    found = []
    for case in cases:
        start = time.process_time()
        act(case)
        found.append(time.process_time() - start)
    return statistics.median(found)


def naive(problem: Problem, engine: Engine, lesson: int) -> list[int]:
    """What the verdict is measured against: every start against every lesson."""
    mine = problem.lessons[lesson]
    places = [engine.slot(n) for n in range(len(problem.lessons))]
    teachers, atoms = set(mine.teachers), set(problem.lesson_atoms[lesson])
    busy = {
        slot
        for n, slot in enumerate(places)
        if n != lesson
        and (
            teachers.intersection(problem.lessons[n].teachers)
            or atoms.intersection(problem.lesson_atoms[n])
        )
    }
    return [slot for slot in range(problem.slots) if slot not in busy]


def engine_rows() -> Iterator[tuple[str, Row]]:
    problem = college()
    engine = filled(problem)
    random = Random(3)
    cases = [n for n in random.sample(range(6000), 400) if engine.slot(n) >= 0]
    verdict = median_of(engine.starts, cases)
    yield "verdict of all starts", limit(verdict, 5e-6)
    scan = median_of(lambda n: naive(problem, engine, n), cases[:20])
    ratio = verdict / scan
    yield (
        "verdict against a scan",
        Row(ratio * 300, "1/300 of a scan", 1.0, ratio * 300 <= 1, f"1/{scan / verdict:.0f}"),
    )
    yield "explanation", limit(median_of(lambda n: engine.why(n, n % 144), cases), 2e-4)
    yield "all exchanges", limit(median_of(engine.swaps, cases), 3e-4)
    yield "full re-check", limit(median_of(lambda _: engine.recheck(), cases[:9]), 1e-2)


def fet_run(file: Path, seed: int, seconds: int) -> dict[str, Any]:
    """One run of the peer: its CPU seconds, whether it solved, its own soft total."""
    with tempfile.TemporaryDirectory() as out:
        seeds = [f"--randomseeds{n}={seed + n}" for n in (10, 11, 12, 20, 21, 22)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run(
            [
                "fet-cl",
                f"--inputfile={file}",
                f"--outputdir={out}",
                f"--timelimitseconds={seconds}",
                "--htmllevel=0",
                *seeds,
            ],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=False,
        )
        cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        told = "".join(
            one.read_text(encoding="utf-8-sig") for one in Path(out).rglob("*soft_conflicts.txt")
        )
    total = re.search(r"Total soft conflicts: ([\d.]+)", told)
    solved = "Simulation successful" in done.stdout
    return {"solved": solved, "cpu": cpu, "soft": float(total[1]) if total and solved else None}


def our_run(file: Path, seed: int, seconds: float) -> tuple[Problem, Outcome]:
    problem = read_fet(file) if file.suffix == ".fet" else read_ctt(file)
    return problem, Search(problem, seed, Budget(seconds)).run()


def accepted(problem: Problem, outcome: Outcome, file: Path) -> bool:
    """Whether fet-cl takes our locked timetable as it is, with the same soft total."""
    locked = locked_fet(problem, outcome.solution, file.read_text(encoding="utf-8-sig"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "locked.fet"
        path.write_text(locked, encoding="utf-8")
        told = fet_run(path, 1, 60)
    return bool(told["solved"]) and abs(told["soft"] - outcome.verdict.soft) < 0.01


def fet_rows(
    files: tuple[str, ...], seeds: int, seconds: int, log: Path
) -> Iterator[tuple[str, Row]]:
    known = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    done = {(one["file"], one["seed"], one["seconds"]): one for one in known}
    for name in files:
        runs = []
        for seed in range(1, seeds + 1):
            key = (name, seed, seconds)
            if key not in done:
                done[key] = one_run(name, seed, seconds)
                with log.open("a") as file:
                    file.write(json.dumps(done[key]) + "\n")
            runs.append(done[key])
        theirs = statistics.median(one["their_feasible"] for one in runs)
        ours = statistics.median(one["our_feasible"] for one in runs)
        ratio = ours / max(theirs, 0.01)
        soft = statistics.median(one["our_soft"] for one in runs)
        good = all(one["hard"] == 0 and one["accepted"] for one in runs)
        yield (
            f"first clash-free: {Path(name).stem}",
            Row(
                ratio,
                f"fet-cl {theirs:.2f} s",
                0.5,
                good and ratio <= 0.5,
                f"{ours:.2f} s, soft {soft:.2f}",
            ),
        )
    ratios = [
        max(one["our_feasible"], 0.01) / max(one["their_feasible"], 0.01) for one in done.values()
    ]
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    yield "first clash-free: geometric mean", Row(mean, "fet-cl", 0.5, mean <= 0.5, f"{mean:.3f}")


def one_run(name: str, seed: int, seconds: int) -> dict[str, Any]:
    """Both programs with one limit; unsolved counts as the whole limit."""
    file = EXAMPLES / name
    told = fet_run(file, seed, seconds)
    problem, outcome = our_run(file, seed, seconds)
    return {
        "file": name,
        "seed": seed,
        "seconds": seconds,
        "their_feasible": told["cpu"] if told["solved"] else float(seconds),
        "their_soft": told["soft"],
        "our_feasible": outcome.to_feasible if outcome.to_feasible is not None else float(seconds),
        "our_soft": outcome.verdict.soft,
        "hard": outcome.verdict.hard,
        "accepted": outcome.verdict.hard == 0 and accepted(problem, outcome, file),
    }


def itc_rows(folder: Path, seeds: int, seconds: int) -> Iterator[tuple[str, Row]]:
    total = 0.0
    for number, best in BEST_KNOWN.items():
        softs = []
        for seed in range(1, seeds + 1):
            problem, outcome = our_run(folder / f"comp{number:02}.ctt", seed, seconds)
            assert check(problem, outcome.solution).hard == 0
            softs.append(outcome.verdict.soft)
        middle = statistics.median(softs)
        total += middle
        ratio = middle / best
        yield (
            f"comp{number:02}",
            Row(ratio, f"best known {best}", 1.25, ratio <= 1.25, f"{middle:.0f}"),
        )
    ratio = total / sum(BEST_KNOWN.values())
    yield "comp01-10", Row(ratio, "sum of best known", 1.25, ratio <= 1.25, f"{total:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--log", type=Path, default=Path("bench-timetable.jsonl"))
    parser.add_argument("--itc", type=Path, help="folder of comp01.ctt … comp10.ctt")
    parser.add_argument("--fet", action="store_true", help="six files against fet-cl")
    parser.add_argument("--all", action="store_true", help="twenty-one files against fet-cl")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    rows = list(engine_rows())
    if (asked.fet or asked.all) and (shutil.which("fet-cl") is None or not EXAMPLES.exists()):
        print("skipped: fet-cl and fet-data are not installed (apt install fet fet-data)")
    elif asked.fet or asked.all:
        rows += fet_rows(ALL if asked.all else DAILY, asked.seeds, asked.seconds, asked.log)
    if asked.itc:
        rows += itc_rows(asked.itc, asked.seeds, asked.seconds)
    for name, row in rows:
        mark = "ok " if row.ok else "BAD"
        print(
            f"{mark} {name:44} {row.measured:>24}  {row.ratio:.3f} of {row.against} ({row.budget})"
        )
    if asked.json:
        told = {name: asdict(row) for name, row in rows}
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
