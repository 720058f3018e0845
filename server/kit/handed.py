"""Operations handed to an administrator, as sync meets them: what is told to the author, and what he takes back himself."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import HandedOperation
from common.administration.kinds import HandedState
from common.kit.sync import HandedAnswer, Operation
from server.kit import writers
from server.kit.auth import Caller
from server.kit.session import CollegeSession


def answers(db: CollegeSession, caller: Caller, asked: Sequence[UUID]) -> list[HandedAnswer]:
    """What became of these; only the caller's own, and only what is decided."""
    if not asked:
        return []
    rows = db.scalars(
        sa.select(HandedOperation).where(
            HandedOperation.operation.in_([uuid.hex for uuid in asked]),
            HandedOperation.author_id == caller.account_id,
            HandedOperation.state.in_((HandedState.SENT, HandedState.RETURNED)),
        )
    ).all()
    who = writers.told(db, {row.operation: _decider(row) for row in rows})
    return [
        HandedAnswer(
            uuid=UUID(row.operation),
            state=row.state.value,
            who=who[row.operation],
            word=row.answer or "",
        )
        for row in rows
    ]


def _decider(row: HandedOperation) -> list[object]:
    assert row.decider_id is not None and row.decided_at is not None  # noqa: S101, PT018  its state says so
    return [row.decider_id.hex, int(row.decided_at.timestamp() * 1000), ""]


def withdraw(db: CollegeSession, decisions: Sequence[Operation]) -> None:
    """The author has decided himself about what an administrator has: that one is asked no more."""
    decided = [op.resolves.hex for op in decisions if op.resolves is not None]
    if not decided:
        return
    query = sa.select(HandedOperation).where(
        HandedOperation.operation.in_(decided),
        HandedOperation.state.in_((HandedState.WAITING, HandedState.RETURNED)),
    )
    for row in db.scalars(query.order_by(HandedOperation.id).with_for_update()):
        row.state = HandedState.WITHDRAWN
