"""The server's memory of operations (SYNC 5): each uuid once, its answer for as long as a desk may ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.sync import Operation, Outcome, Status
from server.kit import writers
from server.kit.outside import outside_of
from server.kit.session import CollegeSession
from server.kit.tables import device, operation, operation_echo, sealed
from server.kit.telling import subject_of
from server.kit.verdicts import Verdict

UNRESOLVED = (
    Status.CONFLICT,
    Status.REFUSED,
    Status.QUARANTINED,
    Status.HELD,
    Status.FAILED,
)

COLLEGE = operation.c.college_id == sa.bindparam("college")
NAMED = operation.c.uuid.in_(sa.bindparam("uuids", expanding=True))
RECORDED = sa.select(operation).where(COLLEGE, NAMED).order_by(operation.c.uuid)
LOCKED = RECORDED.with_for_update()
OPEN = sa.select(operation.c.uuid).where(
    COLLEGE,
    NAMED,
    operation.c.status.in_([s.value for s in UNRESOLVED]),
    operation.c.resolved.is_(False),
)
KEPT = sa.select(sealed.c.uuid).where(
    sealed.c.college_id == sa.bindparam("college"),
    sealed.c.uuid.in_(sa.bindparam("uuids", expanding=True)),
)
NUMBERED = tuple(
    sa.select(table.c.no, table.c.uuid).where(
        table.c.college_id == sa.bindparam("college"),
        table.c.device == sa.bindparam("name"),
        table.c.no.in_(sa.bindparam("numbers", expanding=True)),
    )
    for table in (operation_echo, operation)
)
SETTLE = sa.update(operation).where(COLLEGE, NAMED).values(resolved=True)
ERASE = (
    sa.update(operation)
    .where(
        COLLEGE,
        operation.c.device == sa.bindparam("name"),
        operation.c.no > sa.bindparam("since"),
        operation.c.no <= sa.bindparam("upto"),
    )
    .values(said="", fields={}, writers={}, result={})
)

BROUGHT = "sealed"
"""Stands where the device stands in the record of what no desk has sent."""
LOST = "Операция не дошла до сервера; решение о ней принято без неё"

Row = Mapping[str, Any]


def recorded(db: CollegeSession, uuids: Collection[UUID], *, lock: bool = False) -> dict[UUID, Row]:
    """What became of these, whatever device brought them."""
    if not uuids:
        return {}
    wanted = {"college": db.college_id, "uuids": list(uuids)}
    found = db.execute(LOCKED if lock else RECORDED, wanted).mappings()
    return {row["uuid"]: dict(row) for row in found}


def of_others(
    db: CollegeSession, known: Mapping[UUID, Row], uuids: Collection[UUID], account: UUID
) -> set[UUID]:
    """Those of these that are recorded, or sealed, as somebody else's."""
    found = {uuid for uuid, row in known.items() if row["author"] != account}
    if not uuids:
        return found
    query = sa.select(sealed.c.uuid).where(
        sealed.c.college_id == db.college_id,
        sealed.c.uuid.in_(uuids),
        sealed.c.account_id != account,
    )
    return found | set(db.scalars(query))


def numbered(db: CollegeSession, name: str, numbers: Sequence[int]) -> dict[int, UUID]:
    """Which operation consumed each of these numbers of a device."""
    if not numbers:
        return {}
    found: dict[int, UUID] = {}
    for query in NUMBERED:
        wanted = {"college": db.college_id, "name": name, "numbers": numbers}
        found.update(db.execute(query, wanted).all())
    return found


def unresolved(db: CollegeSession, uuids: Collection[UUID]) -> set[UUID]:
    """Those that still wait for a person, be it the administrator."""
    if not uuids:
        return set()
    where = {"college": db.college_id, "uuids": list(uuids)}
    return {*db.scalars(OPEN, where), *db.scalars(KEPT, where)}


def row_of(db: CollegeSession, op: Operation, name: str, verdict: Verdict) -> dict[str, Any]:
    """The record of one judged operation; its seq is the commit's."""
    entity, row_id = subject_of(op)
    return {
        "college_id": db.college_id,
        "uuid": op.uuid,
        "device": name,
        "no": op.no,
        "author": op.author,
        "status": verdict.status.value,
        "seq": 0,
        "entity": entity,
        "row_id": row_id,
        "said": verdict.text[:2000],
        "fields": verdict.fields,
        "writers": verdict.writers,
        "result": verdict.result,
        "resolved": False,
        "resolves": op.resolves,
        "chain": op.chain,
        "at": op.at,
        "received_at": db.now(),
    }


def row_of_lost(db: CollegeSession, decision: Operation, name: str) -> dict[str, Any]:
    """A decided operation that this history never had: should a copy of the desk still bring it, it is closed."""
    assert decision.resolves is not None  # noqa: S101  the caller's condition
    row = row_of(db, decision, name, Verdict(Status.CLOSED, LOST))
    return row | {
        "uuid": decision.resolves,
        "no": 0,
        "resolved": True,
        "resolves": None,
    }


def is_word_of_another(row: Row, author: UUID) -> bool:
    """Is this no record of his operation, but a desk's decision, not his, about one that had not come? It settles nothing of his."""
    lost = row["no"] == 0 and row["status"] == Status.CLOSED.value and row["device"] != BROUGHT
    return bool(lost and row["author"] != author)


def forget_words(db: CollegeSession, uuids: Collection[UUID]) -> None:
    """Such decisions make room for the operations themselves."""
    if uuids:
        db.execute(
            sa.delete(operation).where(COLLEGE, NAMED),
            {"college": db.college_id, "uuids": list(uuids)},
        )


def settle_decided(
    db: CollegeSession, decisions: Sequence[Operation], known: Mapping[UUID, Row], name: str
) -> list[dict[str, Any]]:
    """Mark what these decisions settle; returns records of what the server had never heard of."""
    lost: dict[UUID, dict[str, Any]] = {}
    here = {op.uuid for op in decisions}
    marked = []
    for op in decisions:
        if op.resolves in known:
            marked.append(op.resolves)
        elif op.resolves is not None and op.resolves not in here:
            lost[op.resolves] = row_of_lost(db, op, name)
    if marked:
        db.execute(SETTLE, {"college": db.college_id, "uuids": marked})
    return list(lost.values())


def drop_sealed(db: CollegeSession, rows: Sequence[Row], decisions: Sequence[Operation]) -> None:
    """What is settled by these rows needs no sealed copy any more."""
    settled = [row["uuid"] for row in rows if is_settled(row)]
    settled += [op.resolves for op in decisions if op.resolves is not None]
    if settled:
        db.execute(
            sa.delete(sealed).where(
                sealed.c.college_id == db.college_id, sealed.c.uuid.in_(settled)
            )
        )


def is_settled(row: Row) -> bool:
    """Nobody need decide about it any more."""
    return row["resolved"] or row["status"] in (Status.APPLIED.value, Status.CLOSED.value)


def told(db: CollegeSession, row: Row, no: int, name: str) -> Outcome:
    """The answer, under a seal where the server decided something: it must survive a restore.

    Only the author hears what it says: it may quote values, and an operation's id is no secret.
    """
    outcome = Outcome(device=name, no=no, uuid=row["uuid"], status=row["status"], seq=row["seq"])
    if row["author"] == db.author.account_id:
        outcome.text, outcome.fields, outcome.result = row["said"], row["fields"], row["result"]
        outcome.writers = writers.told(db, row["writers"])
        if outcome.result:
            outcome.mac = outside_of(db).seal(db.college_id, outcome.uuid, outcome.result)
    return outcome


def forgotten(op: Operation, name: str) -> Outcome:
    """Recorded once, and no longer remembered: the desk finds its effect in the pull."""
    return Outcome(device=name, no=op.no, uuid=op.uuid, status=Status.FORGOTTEN.value)


def erase_answers(db: CollegeSession, name: str, since: int, to: int) -> None:
    """The desk holds these answers: what they say is erased, uuid and status stay."""
    db.execute(ERASE, {"college": db.college_id, "name": name, "since": since, "upto": to})


def purge(db: CollegeSession, before: dt.datetime) -> int:
    """Forget operations received before that moment, and say so at their devices; how many.

    What waits for a person is never forgotten: others may be held behind it.
    """
    c = operation.c
    waits = sa.and_(c.status.in_([s.value for s in UNRESOLVED]), c.resolved.is_(False))
    old = sa.and_(c.college_id == db.college_id, c.received_at < before, sa.not_(waits))
    tops = db.execute(sa.select(c.device, sa.func.max(c.no)).where(old).group_by(c.device)).all()
    for name, top in tops:
        db.execute(
            sa.update(device)
            .where(
                device.c.college_id == db.college_id,
                device.c.device == name,
                device.c.purged_to < top,
            )
            .values(purged_to=top)
        )
    done: Any = db.execute(sa.delete(operation).where(old))
    return int(done.rowcount)
