"""`poe simulate`: a seeded swarm of histories over the shipped centre and store, each of which shrinks and prints in words."""

from __future__ import annotations

import argparse
import atexit
import functools
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from server.kit import pull as pull_module
from tests.simulation.base import Step
from tests.simulation.bugs import BUGS, Bug
from tests.simulation.histories import DIRECTED, play_directed
from tests.simulation.history import BULK, NONE, WEIGHTS, Simulation, begin, draw
from tests.simulation.world import Broken, counted, dean_too, memory

STEPS = 70
LENGTHS = (70, 150, 300)
"""Steps of the histories of a long run, one after another; after each comes one of whole days."""
DAYS = 40
"""Steps of such a one."""
PEOPLE = 20
"""Whom all desks know from the first day where whole days are played."""
EVERY = 60.0
"""Seconds between two lines of a long run."""


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one history."""

    fault: str
    """Empty where every invariant held."""
    operations: int
    words: tuple[str, ...]


@functools.cache
def place() -> Path:
    """Where the histories of this process happen, one after another."""
    folder = Path(tempfile.mkdtemp(prefix="epo-run-", dir=memory()))
    atexit.register(shutil.rmtree, folder)
    return folder / "world"


@contextmanager
def opened() -> Iterator[Simulation]:
    """A fresh world, with the section and the commands that only the simulation has."""
    folder = place()
    pull_module.SHAPES.clear()
    with dean_too():
        simulation = begin(folder)
        try:
            with counted(day=2):
                yield simulation
        finally:
            simulation.close()
            pull_module.SHAPES.clear()
            shutil.rmtree(folder)


def play(steps: Sequence[Step], people: int = 0) -> Played:
    """Run a history to its quiet end, among so many people more; faults that are no invariants fly."""
    with opened() as simulation:
        fault = ""
        if people:
            simulation.bulk_of(people)
        try:
            for number, step in enumerate(steps, 1):
                simulation.step(step)
                if number % 8 == 0:
                    simulation.check()
            simulation.world.trouble = 0
            simulation.quiet()
        except Broken as broken:
            fault = str(broken)
        return Played(fault, simulation.operations, tuple(simulation.said))


def play_days(seed: int) -> Played:
    """A history of whole days at the desks, and of years."""
    return play(draw(seed, DAYS, NONE, BULK), PEOPLE)


def length_of(seed: int) -> int:
    return LENGTHS[seed // 2 % len(LENGTHS)]


Play = Callable[[Sequence[Step]], str]


def fault_of(steps: Sequence[Step]) -> str:
    return play(steps).fault


def shrink(steps: Sequence[Step], run: Play = fault_of) -> list[Step]:
    """Leave out all that is not needed for the same invariant to fall."""
    key = run(steps).split(" ")[0]
    left = list(steps)
    size = max(1, len(left) // 2)
    while True:
        place, changed = 0, False
        while place < len(left):
            shorter = left[:place] + left[place + size :]
            if shorter and run(shorter).split(" ")[0] == key:
                left, changed = shorter, True
            else:
                place += size
        if size == 1 and not changed:
            return left
        size = max(1, size // 2)


@dataclass(slots=True)
class Swarm:
    """Many seeds one after another."""

    runs: int = 0
    operations: int = 0
    seconds: float = 0.0
    seed: int = -1
    fault: str = ""


def swarm(
    first: int,
    runs: int,
    *,
    steps: int = STEPS,
    seconds: float = 1e9,
    favoured: Mapping[str, float] = NONE,
    days: bool = False,
) -> Swarm:
    """Until an invariant falls, the runs are over or the time is up."""
    found = Swarm()
    start = time.process_time()
    for seed in range(first, first + runs):
        played = play_days(seed) if days else play(draw(seed, steps, favoured))
        found.runs += 1
        found.operations += played.operations
        found.seconds = time.process_time() - start
        if played.fault:
            found.seed, found.fault = seed, played.fault
            break
        if found.seconds > seconds:
            break
    return found


def fall(bug: Bug, *, runs: int, seconds: float = 1e9, first: int = 0) -> Swarm:
    """How a planted bug falls: in the history written for it, else in the swarm; no fault where it survives."""
    with bug.planted():
        history = DIRECTED.get(bug.name)
        if history is None:
            return swarm(first, runs, seconds=seconds, favoured=bug.favoured)
        with opened() as simulation:
            fault = play_directed(simulation, history)
            return Swarm(1, simulation.operations, fault=fault)


def fell(told: argparse.Namespace) -> int:
    """Every planted bug and what it took."""
    survivors = 0
    for bug in BUGS.values():
        found = fall(bug, runs=told.runs, seconds=told.seconds)
        survivors += not found.fault
        way = "directed" if bug.name in DIRECTED else f"{found.runs} runs"
        sys.stdout.write(f"{bug.name:20s} {way:10s} {found.fault or 'SURVIVES'}\n")
        sys.stdout.flush()
    return 1 if survivors else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("simulate", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--minutes", type=float, help="a long run: histories of many lengths")
    parser.add_argument("--kept", type=Path, help="a long run goes on from what this file says")
    parser.add_argument("--bug", choices=sorted(BUGS))
    parser.add_argument("--bugs", action="store_true", help="plant each of them in turn")
    parser.add_argument("--words", action="store_true", help="print the history of the first seed")
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--days", action="store_true", help="whole days at the desks, and years")
    told = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # faults are what a history is made of
    with ExitStack() as stack:
        if told.bugs:
            return fell(told)
        if told.bug:
            stack.enter_context(BUGS[told.bug].planted())
        if told.minutes is not None:
            return long_run(told.seed, told.minutes, told.kept)
        favoured = BUGS[told.bug].favoured if told.bug else NONE
        if told.words or told.shrink:
            return _tell(told, favoured)
        found = swarm(
            told.seed,
            told.runs,
            steps=told.steps,
            seconds=told.seconds,
            favoured=favoured,
            days=told.days,
        )
    rate = found.operations / found.seconds if found.seconds else 0
    sys.stdout.write(
        f"{found.runs} runs, {found.operations} operations, {found.seconds:.0f} s of processor ({rate:.0f} operations/s)\n"
    )
    if found.fault:
        sys.stdout.write(f"seed {found.seed}: {found.fault}\n")
    return 1 if found.fault else 0


class Progress(msgspec.Struct):
    """How far a long run has come; kept in a file, so that another may go on from there."""

    seed: int
    runs: int = 0
    operations: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        rate = self.operations / self.seconds if self.seconds else 0.0
        return (
            f"{self.operations} operations in {self.runs} runs, seeds up to {self.seed}, "
            f"{self.seconds:.0f} s of processor ({rate:.0f} operations/s)"
        )


def long_run(first: int, minutes: float, kept: Path | None) -> int:
    """Histories of several lengths until the time is up; 1 with the first fault in words."""
    done = Progress(first)
    if kept is not None and kept.exists():
        done = msgspec.json.decode(kept.read_bytes(), type=Progress)
    end = time.monotonic() + minutes * 60
    spoken = now = time.monotonic()
    used = time.process_time()
    while now < end:
        days = done.seed % 2 == 1
        played = play_days(done.seed) if days else play(draw(done.seed, length_of(done.seed)))
        now = time.monotonic()
        done.runs += 1
        done.operations += played.operations
        done.seconds += time.process_time() - used
        used = time.process_time()
        if played.fault:
            sys.stdout.write("\n".join((*played.words, played.fault)))
            how = "--days" if days else f"--steps {length_of(done.seed)}"
            sys.stdout.write(f"\n{done}: --seed {done.seed} {how} --words\n")
            return 1
        done.seed += 1
        if now - spoken > EVERY or now >= end:
            spoken = now
            sys.stdout.write(f"{done}\n")
            sys.stdout.flush()
            if kept is not None:
                kept.write_bytes(msgspec.json.encode(done))
    return 0


def _tell(told: argparse.Namespace, favoured: Mapping[str, float]) -> int:
    kinds, people, count = (BULK, PEOPLE, DAYS) if told.days else (WEIGHTS, 0, told.steps)
    steps = draw(told.seed, count, favoured, kinds)
    if told.shrink:
        steps = shrink(steps, lambda shorter: play(shorter, people).fault)
    played = play(steps, people)
    sys.stdout.write("\n".join((*played.words, played.fault or "every invariant holds")) + "\n")
    return 1 if played.fault else 0


if __name__ == "__main__":
    sys.exit(main())
