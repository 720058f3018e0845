"""The gate that every sync request passes: epoch and witnesses (SYNC 8)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from common.kit.ids import new_id
from common.kit.sync import Gate, Witness
from server.kit.session import CollegeSession
from server.kit.tables import clock, clock_mark, server_fact

EPOCH = "epoch"


def new_epoch() -> str:
    """Ordered by time with a random tail, never a counter."""
    return new_id().hex + secrets.token_hex(4)


def read_epoch(db: CollegeSession) -> str:
    query = sa.select(server_fact.c.value).where(server_fact.c.name == EPOCH)
    return str(db.execute(query).scalar_one())


def write_epoch(connection: sa.Connection) -> None:
    """Begin a new history: after a first start or a restore."""
    connection.execute(sa.delete(server_fact).where(server_fact.c.name == EPOCH))
    connection.execute(sa.insert(server_fact).values(name=EPOCH, value=new_epoch()))


def read_clock(db: CollegeSession, college_id: Any = None) -> Witness:
    owner = college_id or db.college_id
    query = (
        sa.select(clock.c.counter, clock_mark.c.mark)
        .join(
            clock_mark,
            sa.and_(
                clock_mark.c.college_id == clock.c.college_id, clock_mark.c.seq == clock.c.counter
            ),
        )
        .where(clock.c.college_id == owner)
    )
    row = db.execute(query).one()
    return Witness(row.counter, row.mark)


def false_witness(db: CollegeSession, witnesses: Sequence[Witness]) -> bool:
    """Has the desk heard of a moment that this history never had?"""
    if not witnesses:
        return False
    query = sa.select(clock_mark.c.seq, clock_mark.c.mark).where(
        clock_mark.c.college_id == db.college_id,
        clock_mark.c.seq.in_([w.clock for w in witnesses]),
    )
    marks = dict(db.execute(query).all())
    return any(marks.get(w.clock) != w.mark for w in witnesses)


def must_reload(db: CollegeSession, request: Gate, epoch: str) -> bool:
    """A desk of another history starts its cache anew."""
    if request.epoch is None:
        return False
    return request.epoch != epoch or false_witness(db, request.witnesses)
