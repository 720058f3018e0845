"""The time without a link ends by itself, whatever is done to the clock (TRUST D-43)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.store.lease import SLACK, LeaseEnded, refuse_ended_lease
from client.store.store import Store
from tests.client.store.conftest import KEY

START = 1_800_000_000_000
HOUR = 3_600_000
LEASE = 72 * HOUR


class Computer:
    """A clock that somebody sets, ticks that nobody can, and a program that is started on it."""

    def __init__(self, place: Path) -> None:
        self.place, self.wall, self.ticked = place, START, 0
        self.store = self._begin()

    def _begin(self) -> Store:
        return Store(self.place, KEY, now=lambda: self.wall, ticks=lambda: self.ticked)

    def start_again(self) -> None:
        self.store.close()
        self.ticked = 0
        self.store = self._begin()

    def pass_time(self, hours: float) -> None:
        self.wall += round(hours * HOUR)
        self.ticked += round(hours * HOUR)

    def contact(self) -> None:
        self.store.journal.heard_time(0)
        self.store.journal.set_facts(contact=self.wall, lease_to=self.wall + LEASE)


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    made = Computer(tmp_path / "profile")
    made.contact()
    yield made
    made.store.close()


def test_a_lease_ends_after_its_hours(computer: Computer) -> None:
    computer.pass_time(71.9)
    refuse_ended_lease(computer.store)
    computer.pass_time(0.2)
    with pytest.raises(LeaseEnded, match="истёк"):
        refuse_ended_lease(computer.store)


def test_a_clock_set_back_to_just_after_the_contact_is_refused(computer: Computer) -> None:
    """The contact alone does not tell: what was seen since then counts."""
    computer.pass_time(71)
    refuse_ended_lease(computer.store)
    computer.wall = START + HOUR
    with pytest.raises(LeaseEnded, match="показывают время раньше"):
        refuse_ended_lease(computer.store)
    computer.start_again()
    with pytest.raises(LeaseEnded, match="показывают время раньше"):
        refuse_ended_lease(computer.store)


def test_a_clock_that_is_kept_standing_wins_nothing_while_the_program_runs(
    computer: Computer,
) -> None:
    for _ in range(73):
        computer.pass_time(1)
        computer.wall = START + SLACK // 2
        try:
            refuse_ended_lease(computer.store)
        except LeaseEnded:
            return
    pytest.fail("the lease has no end")


def test_a_few_seconds_back_cost_nothing_and_win_nothing(computer: Computer) -> None:
    computer.pass_time(10)
    refuse_ended_lease(computer.store)
    computer.wall -= SLACK - 1
    computer.start_again()
    refuse_ended_lease(computer.store)
    assert computer.store.journal.mark == (START + 10 * HOUR, 0)


def test_a_clock_that_was_wrongly_ahead_is_forgiven_by_the_next_contact(
    computer: Computer,
) -> None:
    computer.wall += 40 * HOUR
    refuse_ended_lease(computer.store)
    computer.wall -= 40 * HOUR
    with pytest.raises(LeaseEnded):
        refuse_ended_lease(computer.store)
    computer.contact()
    refuse_ended_lease(computer.store)
