"""The gate that every sync request passes: epoch and witnesses (SYNC 8)."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from common.kit.errors import Unavailable
from common.kit.ids import new_id
from common.kit.sync import Gate, Witness
from server.kit.session import CollegeSession
from server.kit.tables import clock, clock_mark, server_fact

log = logging.getLogger(__name__)

T = TypeVar("T")

EPOCH = "epoch"
RECOVERY = "recovery"
REPLICA = {"replica": True}
"""Execution options of an engine that reads a lagging copy."""

FACT = sa.select(server_fact.c.value).where(server_fact.c.name == sa.bindparam("name"))
CLOCK = (
    sa.select(clock.c.counter, clock_mark.c.mark)
    .join(
        clock_mark,
        sa.and_(clock_mark.c.college_id == clock.c.college_id, clock_mark.c.seq == clock.c.counter),
    )
    .where(clock.c.college_id == sa.bindparam("college"))
)
MARKS = sa.select(clock_mark.c.seq, clock_mark.c.mark).where(
    clock_mark.c.college_id == sa.bindparam("college"),
    clock_mark.c.seq.in_(sa.bindparam("seqs", expanding=True)),
)

LAGGING = "Этот сервер отстаёт от основного; запрос будет повторён"


class HistoryEndedError(Exception):
    """A desk has heard of a moment that this history never had: the database was restored."""

    def __init__(self, epoch: str, heard: str) -> None:
        super().__init__(epoch)
        self.epoch = epoch
        self.heard = heard
        """The history that the desk knows: the next one must be younger."""


def new_epoch(above: str = "") -> str:
    """Ordered by time with a random tail, never a counter; younger than `above` though our clock be behind."""
    moment = new_id().hex
    if above and moment <= above[:32]:
        moment = f"{int(above[:32], 16) + 1:032x}"
    return moment + secrets.token_hex(4)


def is_epoch(text: str) -> bool:
    """What some server may have said; anything else is no evidence of a restore."""
    return re.fullmatch(r"[0-9a-e][0-9a-f]{39}", text) is not None


def read_fact(db: CollegeSession, name: str) -> str | None:
    return db.execute(FACT, {"name": name}).scalar_one_or_none()


def read_epoch(db: CollegeSession) -> str:
    return str(db.execute(FACT, {"name": EPOCH}).scalar_one())


def write_epoch(connection: sa.Connection, above: str = "") -> None:
    """Begin a new history: after a first start or a restore."""
    connection.execute(sa.delete(server_fact).where(server_fact.c.name == EPOCH))
    connection.execute(sa.insert(server_fact).values(name=EPOCH, value=new_epoch(above)))


def is_recovering(db: CollegeSession) -> bool:
    """Restored, and the administrator has not yet said that the desks have given back what they hold."""
    return read_fact(db, RECOVERY) is not None


def end_history(engine: sa.Engine, epoch: str | None = None, heard: str = "") -> None:
    """After a restore: another epoch, and recovery until the administrator ends it.

    Given an epoch, does nothing unless it is still the present one: several desks may find out at once.
    """
    with engine.begin() as connection:
        query = sa.select(server_fact.c.value).where(server_fact.c.name == EPOCH).with_for_update()
        known = str(connection.execute(query).scalar_one())
        if epoch is not None and known != epoch:
            return
        write_epoch(connection, max(known, heard))
        connection.execute(sa.delete(server_fact).where(server_fact.c.name == RECOVERY))
        connection.execute(sa.insert(server_fact).values(name=RECOVERY, value="1"))
    log.error("the database was restored: a new epoch begins, the server is in recovery")


def end_recovery(engine: sa.Engine) -> None:
    """The administrator's word: whoever had something to give back has done so."""
    with engine.begin() as connection:
        connection.execute(sa.delete(server_fact).where(server_fact.c.name == RECOVERY))


def in_history(engine: sa.Engine, answer: Callable[[], T]) -> T:
    """The answer to one request; where it shows that the database was restored, the answer of the new history."""
    try:
        return answer()
    except HistoryEndedError as ended:
        end_history(engine, ended.epoch, ended.heard)
    return answer()


def read_clock(db: CollegeSession, college_id: Any = None) -> Witness:
    row = db.execute(CLOCK, {"college": college_id or db.college_id}).one()
    return Witness(row.counter, row.mark)


def false_witness(db: CollegeSession, witnesses: Sequence[Witness]) -> bool:
    """Has the desk heard of a moment that this history never had?"""
    if not witnesses:
        return False
    heard = {"college": db.college_id, "seqs": [w.clock for w in witnesses]}
    marks = dict(db.execute(MARKS, heard).all())
    return any(marks.get(w.clock) != w.mark for w in witnesses)


def must_reload(db: CollegeSession, request: Gate, epoch: str) -> bool:
    """A desk of an older history starts its cache anew; HistoryEndedError where ours is the lost one."""
    if request.epoch is None:
        return False
    newer = request.epoch > epoch and is_epoch(request.epoch)
    if newer or (request.epoch == epoch and false_witness(db, request.witnesses)):
        if is_replica(db):
            raise Unavailable(LAGGING, retry_after=5)
        raise HistoryEndedError(epoch, request.epoch)
    if request.epoch != epoch and is_replica(db):
        raise Unavailable(LAGGING, retry_after=5)
    return request.epoch != epoch


def is_replica(db: CollegeSession) -> bool:
    """A copy that lags behind is not a restore."""
    if db.get_bind().get_execution_options().get("replica"):
        return True
    if db.get_bind().dialect.name != "postgresql":
        return False
    return bool(db.scalar(sa.select(sa.func.pg_is_in_recovery())))
