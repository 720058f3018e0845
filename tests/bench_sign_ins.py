"""A morning of sign-ins (TRUST §8): how fast five hundred people come in, and what everybody else waits meanwhile."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import argon2

from client.net.link import Link
from client.store.receiving import pull_request
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.kit.sync import SignIn
from tests.demo_world import BY_HAND, PASSWORD, World, world

PEOPLE = 500
AT_ONCE = 16
"""Computers that ask at the same moment, as behind one college's address."""
WAIT_MOST = 0.5
LOGINS = ("sekretar", "priem1", "priem2")


@dataclass(frozen=True)
class Morning:
    rate: float
    """Sign-ins a second."""
    alone: float
    """Verifications a second of the same hash by two threads that do nothing else: the machine's own limit."""
    p95: float
    """Seconds that an ordinary request of another desk waits meanwhile."""
    others: int


def argon_limit(seconds: float = 3.0) -> float:
    """Of two threads, as many as the server lets at once."""
    hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    known, done = hasher.hash(PASSWORD), [0, 0]
    end = time.monotonic() + seconds

    def verify(place: int) -> None:
        while time.monotonic() < end:
            hasher.verify(known, PASSWORD)
            done[place] += 1

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(verify, range(2)))
    return sum(done) / seconds


def morning(people: int = PEOPLE, at_once: int = AT_ONCE) -> Morning:
    with (
        tempfile.TemporaryDirectory() as home,
        world(Path(home), applicants=40, patience=BY_HAND) as centre,
    ):
        return _come(centre, Path(home), people, at_once)


def _come(centre: World, home: Path, people: int, at_once: int) -> Morning:
    alone, ending, waits = argon_limit(), threading.Event(), list[float]()
    with closing(Store(home / "desk", bytes(32))) as store, closing(Link(centre.address)) as link:
        sign_in(store, link, LOGINS[0], PASSWORD, "ПК-0")
        assert run(store, link).online

        def work() -> None:
            """Somebody who was here before: a round of the sync with nothing to do."""
            while not ending.is_set():
                start = time.perf_counter()
                link.pull(pull_request(store, store.cache, 500))
                waits.append(time.perf_counter() - start)
                ending.wait(0.05)

        def enter(number: int, device: str | None = None) -> str:
            with closing(Link(centre.address)) as own:
                login, computer = LOGINS[number % len(LOGINS)], f"ПК-{number % len(LOGINS)}"
                asked = SignIn(login=login, password=PASSWORD, computer=computer, device=device)
                return own.sign_in(asked).device

        known = [enter(number) for number in range(len(LOGINS))]

        def come(number: int) -> None:
            """To the computer where one worked yesterday."""
            enter(number, known[number % len(LOGINS)])

        other = threading.Thread(target=work)
        other.start()
        start = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(come, range(people)))
        seconds = time.perf_counter() - start
        ending.set()
        other.join()
    p95 = statistics.quantiles(waits, n=20)[-1]
    return Morning(people / seconds, alone, p95, len(waits))
