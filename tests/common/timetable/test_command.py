"""`epo timetable` as a person and a script call it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from common.cli import main
from common.timetable.kinds import Kind
from common.timetable.own_json import problem_json
from common.timetable.problem import HARD, Lesson, Rule
from tests.common.timetable.samples import school
from tests.common.timetable.test_formats import CTT, FET


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.fet"
    path.write_text(FET)
    return path


def solve(path: Path, out: Path, *more: str) -> int:
    return main(
        ["timetable", "solve", str(path), "--seconds", "1", "--plain", "--out", str(out), *more]
    )


def test_solve_prints_the_totals_and_writes_both_files(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert solve(toy, tmp_path / "out", "--json") == 0
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert (result["hard"], result["soft"], result["by_rule"]) == (0, 0, {})
    assert result["to_feasible_cpu"] <= result["seconds_cpu"]
    assert result["unsupported"] == [
        {"name": "ConstraintTeachersMaxZeroGapsPerAfternoon", "count": 1}
    ]
    assert "Не учитывается: ConstraintTeachersMaxZeroGapsPerAfternoon (1)" in told.err
    written = {one.name for one in (tmp_path / "out").iterdir()}
    assert written == {"solution.json", "solution.fet", "search.state"}


def test_check_judges_what_solve_wrote(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solve(toy, tmp_path / "out")
    capsys.readouterr()
    assert (
        main(["timetable", "check", str(toy), str(tmp_path / "out/solution.json"), "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["hard"] == 0


def test_an_instance_of_the_competition_gets_its_official_text(tmp_path: Path) -> None:
    path = tmp_path / "toy.ctt"
    path.write_text(CTT)
    assert solve(path, tmp_path / "out") == 0
    text = (tmp_path / "out/solution.sol").read_text()
    assert sorted(line.split()[0] for line in text.splitlines()) == ["Chem", "Phys", "Phys"]
    assert main(["timetable", "check", str(path), str(tmp_path / "out/solution.sol")]) == 0


def test_what_cannot_be_is_refused_before_the_search(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "full.json"
    path.write_bytes(problem_json(school(13)))  # 13 lessons of a group in 12 slots
    assert solve(path, tmp_path / "out") == 1
    assert capsys.readouterr().err.startswith("П1-Б1: занятий 13, а открытого времени 12")


def test_contradictory_locks_name_both_lessons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    locks = [Rule(Kind.START, HARD, (n,), slots=(3,)) for n in range(2)]
    path = tmp_path / "locks.json"
    path.write_bytes(problem_json(school(2, *locks)))
    assert solve(path, tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert "«Физика» № 1, СД-21 и «Физика» № 2, СД-21 закреплены на одно время" in said


def test_a_bad_file_is_refused_with_its_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.fet"
    path.write_text(FET[:500])
    assert solve(path, tmp_path / "out") == 1
    assert "«bad.fet» не XML или оборван" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_before_the_search(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert solve(toy, tmp_path / "file") == 1
    assert "не записан" in capsys.readouterr().err


def test_a_search_can_be_taken_up_again(toy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert solve(toy, out) == 0
    assert solve(toy, out, "--resume") == 0
    other = tmp_path / "other.fet"
    other.write_text(FET.replace("<Id>9<", "<Id>10<"))
    assert solve(other, out, "--resume") == 1


def hard_problem(path: Path) -> None:
    """Enough wishes that contradict each other to keep a search busy."""
    wishes = [
        Rule(Kind.GAPS_WEEK, 95.0, atoms=(0, 1, 2), high=0),
        Rule(Kind.DAYS_MIN, 95.0, atoms=(0, 1, 2), low=3),
        Rule(Kind.SPAN, 95.0, atoms=(0, 1, 2), high=1),
    ]
    path.write_bytes(
        problem_json(school([Lesson(n + 1, "Физика", (0,), (0,)) for n in range(9)], *wishes))
    )


@pytest.mark.fault
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_best_so_far_survives_a_stop_and_a_kill(tmp_path: Path, number: signal.Signals) -> None:
    path, out = tmp_path / "busy.json", tmp_path / "out"
    hard_problem(path)
    command = [
        sys.executable,
        "-m",
        "common.cli",
        "timetable",
        "solve",
        str(path),
        "--seconds",
        "600",
        "--plain",
        "--out",
        str(out),
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        while not (out / "search.state").exists():
            assert process.poll() is None
        process.send_signal(number)
        code = process.wait(60)
    assert code == (0 if number is signal.SIGINT else -signal.SIGKILL)
    assert main(["timetable", "check", str(path), str(out / "solution.json")]) == 0


def test_a_timetable_is_drawn_for_a_person(toy: Path, tmp_path: Path) -> None:
    solve(toy, tmp_path / "out")
    page = tmp_path / "x.html"
    drawn = ["timetable", "draw", str(tmp_path / "out/solution.json"), "--out", str(page)]
    assert main([*drawn, "--group", "П1"]) == 0
    text = page.read_text()
    assert text.count('<div class="card">') == 3  # two hours and one
    assert '<th scope="col">Пн</th>' in text
    assert main([*drawn, "--teacher", "Петров"]) == 1


def test_names_in_a_drawing_are_escaped(tmp_path: Path) -> None:
    toy = tmp_path / "toy.fet"
    toy.write_text(FET.replace("Физика", "&lt;b&gt;"))
    solve(toy, tmp_path / "out")
    main(
        [
            "timetable",
            "draw",
            str(tmp_path / "out/solution.json"),
            "--group",
            "П1",
            "--out",
            str(tmp_path / "x.html"),
        ]
    )
    assert "<b><b>" not in (tmp_path / "x.html").read_text()
