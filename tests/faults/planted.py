"""Bugs that the fault tests must catch, put into the shipped code from outside; the product has no switch for them."""

from __future__ import annotations

import dataclasses
import random
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from client.net.link import Link, Offline
from client.store.connection import Damaged
from client.store.journal import Journal
from client.store.profile import erase
from client.store.store import Store
from common.kit.sync import Operation, PushAnswer, PushRequest, Status
from server.kit import database, push
from server.kit.jobs import JOBS, Ending, Running
from server.kit.judge import Bench
from server.kit.session import CollegeSession
from server.kit.verdicts import Verdict

LATE = 0.3
"""Seconds by which the hasty server writes after its answer."""


class Hasty(CollegeSession):
    """Answers first and writes a moment later."""

    _late = False

    def commit(self) -> None:
        self._late = True

    def close(self) -> None:
        if self._late:
            self._late = False
            threading.Timer(LATE, self._write).start()
        else:
            super().close()

    def _write(self) -> None:
        Session.commit(self)
        Session.close(self)


def answer_before_commit() -> None:
    vars(push)["CollegeSession"] = Hasty


def lose_every_tenth() -> None:
    """One transaction in ten is answered and rolled back."""
    chance = random.Random(1)  # noqa: S311  a bug, not a secret

    class Forgetful(CollegeSession):
        def commit(self) -> None:
            if chance.random() < 0.1:
                self.rollback()
            else:
                super().commit()

    vars(push)["CollegeSession"] = Forgetful


def not_durable() -> None:
    """Writes are left to the system, which has not made them durable when the power goes."""
    proper = vars(database)["_prepare"]

    def prepare(connection: Any, record: Any) -> None:
        proper(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    vars(database)["_prepare"] = prepare


def overlook_failures() -> None:
    """What the database says of a failed write is not listened to."""

    class Deaf(CollegeSession):
        def commit(self) -> None:
            try:
                super().commit()
            except OperationalError:
                self.rollback()

    vars(push)["CollegeSession"] = Deaf


def late_to_disk() -> None:
    """PostgreSQL confirms before it has written."""
    vars(database)["LOCK_TIMEOUT"] += " -c synchronous_commit=off"


def trust_clocks() -> None:
    """What is said to have been written later than the server's now is refused."""

    class Strict(Bench):
        def judge(self, op: Operation, *, held_by: set[UUID]) -> Verdict:
            if op.at > self.db.now().timestamp() * 1000:
                return Verdict(Status.REFUSED, "Часы компьютера спешат")
            return super().judge(op, held_by=held_by)

    vars(push)["Bench"] = Strict


def never_end_jobs() -> None:
    """Exports write a beginning and go on until they are told to stop."""

    def never(run: Running, _asked: object) -> Ending:
        run.made.write_bytes(b"half")
        ended, done = threading.Event(), 0
        while not ended.wait(0.01):
            done += 1
            run.step(done, 1_000_000)
        raise AssertionError

    kind = "export-applicants"
    JOBS[kind] = dataclasses.replace(JOBS[kind], run=never)


SERVER: dict[str, Callable[[], None]] = {
    "answer_before_commit": answer_before_commit,
    "lose_every_tenth": lose_every_tenth,
    "not_durable": not_durable,
    "overlook_failures": overlook_failures,
    "late_to_disk": late_to_disk,
    "trust_clocks": trust_clocks,
    "never_end_jobs": never_end_jobs,
}


class Careless(Store):
    """A desk that begins a new journal where the old one is damaged, and says nothing."""

    def _open_journal(self) -> Journal:
        path = self.profile / "journal.db"
        try:
            return Journal(path, self.key, now=self.now, ticks=self.ticks)
        except Damaged:
            erase(path)
            return Journal(path, self.key, now=self.now, ticks=self.ticks)


class SentIsDone(Link):
    """A desk that takes «sent» for «arrived»."""

    def __init__(self, server: str, token: str = "", *, store: Store) -> None:
        super().__init__(server, token)
        self.store = store

    def push(self, request: PushRequest) -> PushAnswer:
        try:
            return super().push(request)
        except Offline:
            with self.store.lock:
                for op in request.operations:
                    self.store.journal.connection.execute(
                        "UPDATE op SET status = 'applied' WHERE uuid = ?", (op.uuid.hex,)
                    )
            raise
