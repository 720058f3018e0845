"""What long work says of itself while it runs, and how it learns that it is no longer wanted."""

from __future__ import annotations

from typing import Protocol

from common.kit.errors import EpoError


class Cancelled(EpoError):
    """The person who asked for the work has stopped it: whatever was begun is taken back or complete in itself."""


class Progress(Protocol):
    """Called by the work every so often; raises Cancelled where it is to end."""

    def __call__(self, done: int, total: int) -> None: ...


def unwatched(done: int, total: int) -> None:
    """For work that nobody waits for."""
