"""Long work at a desk: the window answers meanwhile, it stops when it is told to, and leaves no half file."""

from __future__ import annotations

import datetime as dt
import errno
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client.kit.tasks import FAULT, Line, Tasks
from common.kit.errors import Invalid
from common.kit.jobs import JobState
from common.kit.outgoing import write_whole
from common.kit.progress import Progress

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks(lambda: NOON)
    yield made
    made.end()


def ended(tasks: Tasks, qtbot: QtBot, work: object) -> Line:
    with qtbot.waitSignal(tasks.ended) as said:
        tasks.begin("Свидетельства", work)  # type: ignore[arg-type]  # whatever a test hands in
    line: Line = said.args[0]
    return line


def test_ux_26_a_long_job_moves_is_cancelled_within_a_second_and_leaves_no_half_file(
    tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "Свидетельства.txt"
    target.write_text("прежнее", encoding="utf-8")
    moving = threading.Event()

    def certificates(progress: Progress) -> str:
        def write(beside: Path) -> None:
            with beside.open("w", encoding="utf-8") as file:
                for number in range(1_000_000):
                    progress(number, 1_000_000)
                    file.write("свидетельство\n")
                    moving.wait(0.001)

        write_whole(target, write)
        return "Готово"

    shown: list[int] = []
    tasks.changed.connect(lambda: shown.append(tasks.tasks[0].line().done))
    task = tasks.begin("Свидетельства", certificates)
    qtbot.waitUntil(lambda: shown[-1:] > [0], timeout=5000)
    assert len([*tmp_path.iterdir()]) == 2
    begun, slowest = time.monotonic(), 0.0
    with qtbot.waitSignal(tasks.ended, timeout=1000) as said:
        task.cancel()
        slowest = time.monotonic() - begun
    assert slowest < 0.1
    line = said.args[0]
    assert (line.state, line.said) == (JobState.CANCELLED, "Отменено вами")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text(encoding="utf-8") == "прежнее"


def test_a_refusal_is_shown_in_its_own_words_and_a_full_disk_too(
    tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> None:
    def refuse(_: Progress) -> str:
        raise Invalid("Файл «Список.xlsx» занят другой программой")

    def full(_: Progress) -> str:
        def no_room(_: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        write_whole(tmp_path / "Список.xlsx", no_room)
        return ""

    assert ended(tasks, qtbot, refuse).said == "Файл «Список.xlsx» занят другой программой"
    line = ended(tasks, qtbot, full)
    assert line.state is JobState.FAILED
    assert "На диске нет места для файла «Список.xlsx»" in line.said


def test_a_bug_is_shown_and_raised_where_the_one_handler_sees_it(
    tasks: Tasks, qtbot: QtBot
) -> None:
    def wrong(_: Progress) -> str:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        line = ended(tasks, qtbot, wrong)
        qtbot.waitUntil(lambda: bool(caught))
    assert (line.state, line.said) == (JobState.FAILED, FAULT)
    assert caught[0][0] is ZeroDivisionError


def test_the_end_of_the_program_stops_what_is_under_way(qtbot: QtBot, tmp_path: Path) -> None:
    tasks, pace = Tasks(lambda: NOON), threading.Event()

    def endless(progress: Progress) -> str:
        def write(beside: Path) -> None:
            beside.write_text("x", encoding="utf-8")
            while True:
                progress(1, 2)
                pace.wait(0.001)

        write_whole(tmp_path / "a", write)
        return ""

    task = tasks.begin("Без конца", endless)
    qtbot.waitUntil(lambda: task.line().state is JobState.RUNNING)
    tasks.end()
    assert task.line().state is JobState.CANCELLED
    assert not [*tmp_path.iterdir()]
