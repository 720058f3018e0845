"""`poe crowd`: many desks at one real server for some minutes: throughput, waits, errors, numbers and memory, printed."""

from __future__ import annotations

import argparse
import math
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from client.kit.records import Body
from common.kit.sync import LegalNumber, PullAnswer, PullRequest, PushAnswer, PushRequest, Save
from server.kit.database import open_engine
from server.kit.tables import number_used
from tests.demo_world import BY_HAND, make
from tests.faults.centre import Centre, centre
from tests.faults.desks import (
    MOST_WAITING,
    Desk,
    Known,
    Reckoning,
    Told,
    reckon,
)
from tests.nursery import ROOT
from tests.postgres import running_cluster

T = TypeVar("T")

BOOK = "applicant:2026"
OWN_PEOPLE = 40
"""Whom one desk registers before it mostly edits: caches that grow would hide memory that leaks."""
BATCH = 12
APPLICANTS = 40
LOOK_EVERY = 5.0
WARM = 0.2
"""Part of the time after which memory should stand."""


class Seen(Told):
    """The way to the server, with what each answer took."""

    took: dict[str, list[float]]

    def pull(self, request: PullRequest) -> PullAnswer:
        return self._timed("pull", lambda: self.link.pull(request))

    def push(self, request: PushRequest) -> PushAnswer:
        answer = self._timed("push", lambda: self.link.push(request))
        self.answers += len(answer.outcomes)
        return answer

    def _timed(self, kind: str, ask: Callable[[], T]) -> T:
        start = time.monotonic()
        answer = ask()
        self.took[kind].append(time.monotonic() - start)
        return answer


class Clerk(Desk):
    """Registers people under numbers of his block, edits them, and syncs after every few."""

    def __init__(self, number: int, place: Path, address: str, pause: float) -> None:
        super().__init__(number, place, address, link=None)
        self.pause = pause
        self.link = Seen(self.link.link)
        self.took: dict[str, list[float]] = defaultdict(list)
        self.link.took = self.took
        self.errors: Counter[str] = Counter()
        self.store.want_numbers(BOOK)
        self.round()

    def _work(self) -> None:
        while not self.ending.is_set():
            if self.store.counts().waiting < MOST_WAITING:
                self.record(self.chance.randint(1, BATCH))
            self.round()
            self.ending.wait(2 * self.pause * self.chance.random())

    def round(self) -> bool:
        online = super().round()
        if not online or self.last.stuck:
            self.errors[self.last.why] += 1
        return online

    def record(self, count: int) -> None:
        fresh = len(self.people) < OWN_PEOPLE or self.chance.random() < 0.05
        if fresh:
            self._note(self.newcomer, book=BOOK, numbered=1)
        edits = [self.edit() for _ in range(count)]
        self._note(lambda _: edits)

    def _note(self, make: Callable[[LegalNumber | None], Sequence[Body]], **more: Any) -> None:
        now = time.monotonic()
        for op in self.store.record(make, **more):
            if isinstance(op.body, Save):
                self.known[op.uuid] = Known(op, now)


# ---- a process of desks


class Report(msgspec.Struct):
    """What the desks of one process have met."""

    recorded: int
    acknowledged: int
    lost: int
    doubled: int
    troubled: int
    wrong: list[str]
    errors: dict[str, int]
    took: dict[str, list[float]]


def work(told: argparse.Namespace) -> int:
    """Say that the desks are in, work when told to, say that nothing waits, and reckon when told to."""
    clerks = [
        Clerk(n, told.home / f"desk{n}", told.address, told.pause)
        for n in range(told.first, told.first + told.count)
    ]
    for each in clerks:
        each.took.clear()
    _say("in")
    for each in clerks:
        each.start()
    clerks[0].ending.wait(told.seconds)
    for each in clerks:
        each.ending.set()
    for each in clerks:
        each.join()
        each.drain(time.monotonic() + BY_HAND)
    _say("quiet")
    found = Reckoning()
    reckon(clerks, told.url, found)
    found.wrong += [f"{d.name} has ended: {d.fault!r}" for d in clerks if d.fault is not None]
    took: dict[str, list[float]] = defaultdict(list)
    for each in clerks:
        for kind, times in each.took.items():
            took[kind] += times
    report = Report(
        found.recorded,
        found.acknowledged,
        found.lost,
        found.doubled,
        found.troubled,
        found.wrong,
        dict(sum((d.errors for d in clerks), Counter())),
        took,
    )
    sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    for each in clerks:
        each.close()
    return 0


def _say(word: str) -> None:
    """Tell the one who started this process, and wait until all others are as far."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
    sys.stdin.readline()


# ---- the crowd


def gaps(used: Sequence[tuple[str, str, int]]) -> list[str]:
    """Where a series of a book does not run from one without a hole."""
    books: dict[tuple[str, str], set[int]] = defaultdict(set)
    for series, book, number in used:
        books[(series, book)].add(number)
    return [
        f"series {series} of {book}: {len(numbers)} numbers up to {max(numbers)}"
        for (series, book), numbers in sorted(books.items())
        if numbers != set(range(1, max(numbers) + 1))
    ]


def resident(pid: int) -> float:
    """Megabytes of a process in memory."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(each for each in told.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def part(times: Sequence[float], share: float) -> float:
    """Milliseconds within which that share of the answers came."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]


@contextmanager
def served(home: Path, *, postgres: bool) -> Iterator[tuple[Centre, str]]:
    """A durable database with demo data, and its server."""
    with ExitStack() as stack:
        url = ""
        if postgres:
            server = stack.enter_context(running_cluster(durable=True)).server
            url = server.database_url(server.create())
        made = make(home, applicants=APPLICANTS, database_url=url)
        url = url or f"sqlite:///{Path(made['EPO_DATA_DIR']) / 'server.db'}"
        yield stack.enter_context(centre(home, url)), url


def crowd(told: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # nothing that was started stays behind
    kind = "postgresql" if told.postgres else "sqlite"
    with (
        tempfile.TemporaryDirectory(prefix="epo-crowd-") as home,
        served(Path(home), postgres=told.postgres) as (made, url),
    ):
        orders = list(_orders(told, Path(home), made.address, url))
        processes = [
            subprocess.Popen(
                order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for order in orders
        ]
        try:
            _hear(processes, "in")
            pids = [made.pid, *(each.pid for each in processes)]
            memory = _watch(pids, told.minutes * 60)
            _hear(processes, "quiet")
            reports = [
                msgspec.json.decode(each.communicate()[0].encode(), type=Report)
                for each in processes
            ]
        finally:
            for each in processes:
                each.kill()  # where this one was told to end before its time
        engine = open_engine(url)
        with engine.connect() as connection:
            c = number_used.c
            used = connection.execute(sa.select(c.series, c.book, c.number)).all()
        engine.dispose()
    sys.stdout.write(f"{told.desks} desks, {told.minutes:g} minutes, {kind}\n")
    return _tell(reports, memory, [*map(tuple, used)], told.minutes * 60)


def _orders(
    told: argparse.Namespace, home: Path, address: str, url: str
) -> Iterator[tuple[str, ...]]:
    share = math.ceil(told.desks / told.processes)
    for first in range(1, told.desks + 1, share):
        count = min(share, told.desks + 1 - first)
        yield (
            *(sys.executable, "-m", "tests.crowd", "--home", str(home), "--address", address),
            *("--url", url, "--first", str(first), "--count", str(count)),
            *("--seconds", str(told.minutes * 60), "--pause", str(told.pause)),
        )


def _hear(processes: Sequence[subprocess.Popen[str]], word: str) -> None:
    """Until all have said it; then they may go on."""
    for each in processes:
        assert each.stdout is not None
        if (said := each.stdout.readline().strip()) != word:
            raise RuntimeError(f"a process of desks has ended: «{said}»")
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()


def _watch(pids: Sequence[int], seconds: float) -> list[list[float]]:
    """What each process takes in memory, looked at again and again."""
    end, over = time.monotonic() + seconds, threading.Event()
    found: list[list[float]] = [[] for _ in pids]
    while time.monotonic() < end:
        for pid, series in zip(pids, found, strict=True):
            series.append(resident(pid))
        over.wait(min(LOOK_EVERY, max(0.0, end - time.monotonic())))
    return found


def _tell(
    reports: Sequence[Report],
    memory: Sequence[Sequence[float]],
    used: Sequence[tuple[str, str, int]],
    seconds: float,
) -> int:
    """The figures in words; 1 where anything is not as it must be."""
    out = sys.stdout.write
    acknowledged = sum(r.acknowledged for r in reports)
    errors = dict(sum((Counter(r.errors) for r in reports), Counter()))
    wrong = [line for r in reports for line in r.wrong]
    holes = gaps(used)
    out(f"  operations: {acknowledged} acknowledged, {acknowledged / seconds:.0f} a second\n")
    for kind in ("push", "pull"):
        times = [t for r in reports for t in r.took.get(kind, ())]
        told = ", ".join(f"p{s:.0%}".rstrip("%") + f" {part(times, s):.0f} ms" for s in (0.5, 0.99))
        out(f"  {kind}: {len(times)} requests, {len(times) / seconds:.0f} a second, {told}\n")
    lost, doubled = sum(r.lost for r in reports), sum(r.doubled for r in reports)
    troubled = sum(r.troubled for r in reports)
    out(f"  errors {errors or 0}, lost {lost}, doubled {doubled}, troubled {troubled}\n")
    series = len({(s, b) for s, b, _ in used})
    out(f"  legal numbers: {len(used)} in {series} series, {'; '.join(holes) or 'no hole'}\n")
    for name, sizes in zip(("server", *["desks"] * len(reports)), memory, strict=True):
        warm = sizes[math.floor(WARM * len(sizes))]
        out(f"  memory of {name}: {sizes[0]:.0f}, {warm:.0f} warm, {sizes[-1]:.0f} MB at the end\n")
    for line in wrong[:10]:
        out(f"  wrong: {line}\n")
    sys.stdout.flush()
    return int(bool(errors or lost or doubled or troubled or wrong or holes))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("crowd", description=__doc__)
    parser.add_argument("--desks", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--processes", type=int, default=3, help="among which the desks are dealt")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two rounds")
    parser.add_argument("--postgres", action="store_true")
    own = parser.add_argument_group("a process of desks")
    own.add_argument("--home", type=Path)
    own.add_argument("--address")
    own.add_argument("--url")
    own.add_argument("--first", type=int)
    own.add_argument("--count", type=int)
    own.add_argument("--seconds", type=float)
    told = parser.parse_args(arguments)
    return crowd(told) if told.home is None else work(told)


if __name__ == "__main__":
    sys.exit(main())
