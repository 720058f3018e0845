"""The gate that every sync request passes: epoch and witnesses (SYNC 8)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from common.kit.errors import Unavailable
from common.kit.ids import new_id
from common.kit.sync import Answer, Gate, Witness
from server.kit.outside import outside_at, outside_of
from server.kit.session import CollegeSession
from server.kit.tables import clock, clock_mark, server_fact

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Answer)

EPOCH = "epoch"
RECOVERY = "recovery"
REPLICA = {"replica": True}
"""Execution options of an engine that reads a lagging copy."""

FACT = sa.select(server_fact.c.value).where(server_fact.c.name == sa.bindparam("name"))
HISTORY = sa.select(server_fact.c.name, server_fact.c.value).where(
    server_fact.c.name.in_((EPOCH, RECOVERY))
)
CLOCK = (
    sa.select(clock.c.college_id, clock.c.counter, clock_mark.c.mark)
    .join(
        clock_mark,
        sa.and_(clock_mark.c.college_id == clock.c.college_id, clock_mark.c.seq == clock.c.counter),
    )
    .where(clock.c.college_id.in_(sa.bindparam("colleges", expanding=True)))
)
MARKS = sa.select(clock_mark.c.seq, clock_mark.c.mark).where(
    clock_mark.c.college_id == sa.bindparam("college"),
    clock_mark.c.seq.in_(sa.bindparam("seqs", expanding=True)),
)

UNPROVED = "a desk tells of a moment that this history never had, without proof; if the database was restored, say begin-recovery"
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


def read_fact(db: CollegeSession, name: str) -> str | None:
    return db.execute(FACT, {"name": name}).scalar_one_or_none()


def read_epoch(db: CollegeSession) -> str:
    return str(db.execute(FACT, {"name": EPOCH}).scalar_one())


def lock_history(db: CollegeSession) -> None:
    """Whoever else asks for it waits for the end of this transaction."""
    db.execute(FACT.with_for_update(), {"name": EPOCH})


def write_epoch(connection: sa.Connection, above: str = "") -> None:
    """Begin a new history: after a first start or a restore."""
    connection.execute(sa.delete(server_fact).where(server_fact.c.name == EPOCH))
    connection.execute(sa.insert(server_fact).values(name=EPOCH, value=new_epoch(above)))


def read_history(db: CollegeSession) -> tuple[str, bool]:
    """The epoch, and whether the server is recovering."""
    facts = dict(db.execute(HISTORY).all())
    return str(facts[EPOCH]), RECOVERY in facts


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


def in_history(engine: sa.Engine, college_id: UUID, answer: Callable[[], T]) -> T:
    """The answer to one request; where it shows that the database was restored, the answer of the new history.

    What the answer says of the clock goes out with its proof: that, and nothing else, can tell of a restore.
    """
    try:
        made = answer()
    except HistoryEndedError as ended:
        end_history(engine, ended.epoch, ended.heard)
        made = answer()
    made.proof = outside_at(engine).vouch(college_id, made.epoch, made.clock, made.mark)
    return made


def read_clock(db: CollegeSession) -> Witness:
    return read_clocks(db)[db.college_id]


def read_clocks(db: CollegeSession, *others: UUID) -> dict[UUID, Witness]:
    """The clock of the session's college, and of others beside it."""
    rows = db.execute(CLOCK, {"colleges": [db.college_id, *others]}).all()
    return {row.college_id: Witness(row.counter, row.mark) for row in rows}


def must_reload(db: CollegeSession, request: Gate, answer: Answer) -> bool:
    """Says in the answer whose history it is and which witnesses are true; a desk of an older one starts its cache anew.

    HistoryEndedError where ours is the lost one. A witness that nothing proves is reported and not believed:
    it comes from a desk older than the proofs, from a server that lost its secrets, or from nowhere.
    """
    if request.epoch is None:
        return False
    true = true_witnesses(db, request.witnesses)
    false = [witness for witness in request.witnesses if witness not in true]
    newer = request.epoch > answer.epoch
    if newer or (request.epoch == answer.epoch and false):
        if is_replica(db):
            raise Unavailable(LAGGING, retry_after=5)
        if proves_restore(db, request.epoch, request.witnesses if newer else false):
            raise HistoryEndedError(answer.epoch, request.epoch)
        log.error(UNPROVED, extra={"device": request.device, "heard": request.epoch})
    if request.epoch == answer.epoch:
        answer.witnessed = true
        return False
    if is_replica(db):
        raise Unavailable(LAGGING, retry_after=5)
    answer.was = request.epoch
    return True


def true_witnesses(db: CollegeSession, witnesses: Sequence[Witness]) -> list[Witness]:
    """Those that tell of a moment of the present history."""
    if not witnesses:
        return []
    heard = {"college": db.college_id, "seqs": [w.clock for w in witnesses]}
    marks = dict(db.execute(MARKS, heard).all())
    return [w for w in witnesses if marks.get(w.clock) == w.mark]


def proves_restore(db: CollegeSession, epoch: str, heard: Sequence[Witness]) -> bool:
    """Did this server itself once say one of these in that history?"""
    outside = outside_of(db)
    return any(outside.is_vouched(w.proof, db.college_id, epoch, w.clock, w.mark) for w in heard)


def is_replica(db: CollegeSession) -> bool:
    """A copy that lags behind is not a restore."""
    if db.get_bind().get_execution_options().get("replica"):
        return True
    if db.get_bind().dialect.name != "postgresql":
        return False
    return bool(db.scalar(sa.select(sa.func.pg_is_in_recovery())))
