"""Events of the journal of visits that no other transaction carries: what was refused, and what leaves as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.kinds import AccessKind
from common.kit.errors import NotAllowed
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.events import note
from server.kit.session import Author, Clock, CollegeSession

COMMAND_LINE = "командная строка сервера"


def note_denied(engine: sa.Engine, caller: Caller, *, now: Clock, **facts: Any) -> None:
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        note(db, AccessKind.DENIED, **facts)
        commit(db, "denied")


@contextmanager
def refusals_noted(engine: sa.Engine, caller: Caller, *, now: Clock) -> Iterator[None]:
    """NotAllowed goes on its way, and the journal of visits has it."""
    try:
        yield
    except NotAllowed:
        note_denied(engine, caller, now=now)
        raise


def note_export(engine: sa.Engine, college_id: UUID, entity: str, *, now: Clock) -> None:
    """Before a table of a college's records is written at the server's command line."""
    with CollegeSession(engine, college_id, now=now, author=Author()) as db:
        note(db, AccessKind.EXPORT, entity=entity, computer=COMMAND_LINE)
        commit(db, "export")
