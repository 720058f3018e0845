"""Our own JSON: a problem for fixtures and bug reports, and a solution with the problem it belongs to."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from common.kit.errors import Invalid, Unavailable
from common.timetable.problem import Place, Problem, Solution
from common.timetable.xml_tree import read_bytes


class Saved(msgspec.Struct, frozen=True):
    """A solution on disk with the problem it solves, so that it can be drawn and checked alone."""

    problem: Problem
    places: tuple[Place, ...]
    hard: int = 0
    soft: float = 0.0


def fingerprint(problem: Problem) -> str:
    """Lessons and grid decide whether a solution can belong to a problem at all."""
    told = msgspec.json.encode((problem.days, problem.periods, problem.lessons, problem.rooms))
    return hashlib.sha256(told).hexdigest()[:16]


def problem_json(problem: Problem) -> bytes:
    return msgspec.json.encode(problem)


def read_problem(path: Path) -> Problem:
    return decoded(read_bytes(path), path.name)


def decoded(data: bytes, name: str) -> Problem:
    try:
        return msgspec.json.decode(data, type=Problem).checked()
    except msgspec.DecodeError as fault:
        raise Invalid(f"Файл «{name}» не разобран: {fault}") from fault


def write_solution(
    path: Path, problem: Problem, solution: Solution, hard: int, soft: float
) -> None:
    write_whole(path, msgspec.json.encode(Saved(problem, solution.places, hard, soft)))


def read_saved(path: Path) -> tuple[Problem, Solution]:
    """A saved solution with its problem, every place inside the grid."""
    try:
        saved = msgspec.json.decode(read_bytes(path), type=Saved)
    except msgspec.DecodeError as fault:
        raise Invalid(f"Файл «{path.name}» — не решение или оборван: {fault}") from fault
    problem = saved.problem.checked()
    if len(saved.places) != len(problem.lessons):
        raise Invalid(
            f"Файл «{path.name}»: занятий {len(problem.lessons)}, а мест {len(saved.places)}"
        )
    for lesson, place in zip(problem.lessons, saved.places, strict=True):
        rooms = (*place.rooms, place.virtual)
        if not -1 <= place.slot < problem.slots or not all(
            -1 <= room < len(problem.rooms) for room in rooms
        ):
            raise Invalid(f"Файл «{path.name}»: место занятия № {lesson.id} вне сетки")
    return problem, Solution(saved.places)


def read_solution(problem: Problem, path: Path) -> Solution:
    """The solution, refused where it belongs to another problem."""
    own, solution = read_saved(path)
    if fingerprint(own) != fingerprint(problem):
        raise Invalid(f"Файл «{path.name}» — решение другой задачи: укажите решение этого файла")
    return solution


def write_whole(path: Path, data: bytes) -> None:
    """All or nothing: a full disk or a killed process leaves what stood there before."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise Unavailable(
            f"Файл «{path.name}» не записан ({fault.strerror}): освободите место или укажите другую папку"
        ) from fault
