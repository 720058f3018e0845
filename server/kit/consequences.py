"""What follows from a change by itself, in the transaction of the change: registered by rooms, asked by every commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.kit.session import Change, CollegeSession

Consequence = Callable[[CollegeSession, Sequence[Change]], None]
"""Looks at what the transaction has changed, and changes more; it raises nothing that a person could mend."""

CONSEQUENCES: list[Consequence] = []
"""In the order in which one may follow from another; registered where the application is put together."""

TELLERS: list[Consequence] = []
"""What is told of a transaction, as the last of its writes, beneath the lock of the clock."""


def follow(db: CollegeSession) -> None:
    for act in CONSEQUENCES:
        act(db, [*db.changes.values()])
        db.flush()


def tell(db: CollegeSession, changes: Sequence[Change]) -> None:
    for act in TELLERS:
        act(db, changes)
