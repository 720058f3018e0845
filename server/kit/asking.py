"""What a restore lost and only the administrator repeats (SYNC 8): kept as asked, until he allows it or refuses it with a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.sync import Command, Operation
from server.kit.session import CollegeSession
from server.kit.tables import asked


@dataclass(frozen=True, slots=True)
class Word:
    """What the administrator said."""

    allowed: bool
    word: str


def decided(db: CollegeSession, op: Operation) -> Word | None:
    """His decision about this chain of operations; None where there is none yet."""
    query = sa.select(asked.c.allowed, asked.c.word).where(*_place(db, op.chain or op.uuid))
    row = db.execute(query).one_or_none()
    return Word(row.allowed, row.word) if row is not None and row.allowed is not None else None


def ask(db: CollegeSession, op: Operation, command: Command, result: Mapping[str, Any]) -> None:
    """Put it on his list; asked again it stays as it is."""
    chain = op.chain or op.uuid
    if db.execute(sa.select(asked.c.chain).where(*_place(db, chain))).first() is None:
        db.execute(
            sa.insert(asked).values(
                college_id=db.college_id,
                chain=chain,
                author=op.author,
                command=command.name,
                result=dict(result),
                at=op.at,
                asked_at=db.now(),
                word="",
            )
        )


def _place(db: CollegeSession, chain: UUID) -> tuple[Any, ...]:
    return (asked.c.college_id == db.college_id, asked.c.chain == chain)
