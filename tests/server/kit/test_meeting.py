"""Requests that meet: PostgreSQL writes them side by side, SQLite one after another; the outcome is the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from common.kit.errors import Unavailable
from common.kit.ids import new_id
from common.kit.sync import PushAnswer, Save
from common.people.entities import Person
from server.kit import judge
from server.kit.verdicts import APPLIED, Verdict
from tests.server.conftest import House
from tests.server.kit.desks import Desk, person, renamed, statuses
from tests.server.kit.test_protocol import only


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these in threads that begin together; faults of any of them fly."""
    found: list[Any] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found[place] = act()
        except Unavailable as fault:
            found[place] = fault

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def overwritten(ours: House, one: Desk, two: Desk, rounds: int) -> int:
    """How often two authors who saw the same both had their way."""
    both = 0
    for number in range(rounds):
        p = new_id()
        assert statuses(one.push(one.op(person(p)))) == ["applied"]
        first = one.op(renamed(p, "Ёлкина", "Петрова" + "а" * number))
        second = two.op(renamed(p, "Ёлкина", "Сидорова" + "а" * number))
        answers = at_once(partial(one.push, first), partial(two.push, second))
        assert all(isinstance(a, PushAnswer) for a in answers)
        both += sorted(s for a in answers for s in statuses(a)) == ["applied", "applied"]
    return both


def test_of_two_who_saw_the_same_one_hears_of_the_other(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    assert overwritten(ours, one, two, 12) == 0


def test_a_comparison_without_the_lock_overwrites_in_silence(
    ours: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug check_then_write: what the lock is for. SQLite hides it."""
    if ours.engine.dialect.name == "sqlite":
        pytest.skip("SQLite writes one transaction after another")
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    barrier = threading.Barrier(2, timeout=5)

    def unlocked(self: judge.Bench, operations: Any) -> None:
        for op in operations:
            if isinstance(op.body, Save) and not op.body.create:
                row = self.db.scalars(sa.select(Person).where(Person.id == op.body.id)).one()
                self.rows[("person", op.body.id)] = row
                barrier.wait()

    def unguarded(self: judge.Bench, spec: Any, row: Any, new: Any) -> Verdict:
        self.db.execute(sa.update(Person).where(Person.id == row.id).values(**new))
        return Verdict(APPLIED)

    monkeypatch.setattr(judge.Bench, "prepare", unlocked)
    monkeypatch.setattr(judge.Bench, "_apply", unguarded)
    assert overwritten(ours, one, two, 3) == 3


def test_the_same_operation_in_two_requests_at_once_is_executed_once(ours: House) -> None:
    desk = Desk(ours)
    for _ in range(6):
        op = desk.op(person(new_id()))
        answers = at_once(partial(desk.push, op), partial(desk.push, op))
        assert {only(a).seq for a in answers if isinstance(a, PushAnswer)} == {
            only(desk.push(op)).seq
        }


def test_batches_in_opposite_order_do_not_stop_each_other(ours: House) -> None:
    one, two = Desk(ours), Desk(ours, "admission_clerk")
    people = [new_id() for _ in range(10)]
    one.push(*(one.op(person(p)) for p in people))
    forth = [one.op(born(p, "2010-04-12")) for p in people]
    back = [two.op(born(p, "2010-04-12")) for p in reversed(people)]
    answers = at_once(partial(one.push, *forth), partial(two.push, *back))
    assert [set(statuses(a)) for a in answers] == [{"applied"}, {"applied"}]


def born(id: UUID, day: str) -> Save:
    return Save("person", id, create=False, set={"birth_date": ("2010-04-11", day)})
