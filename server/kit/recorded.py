"""The server's memory of operations (SYNC 5): each uuid once, its answer for as long as a desk may ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.sync import Operation, Outcome, Status
from server.kit.judge import Verdict, subject_of
from server.kit.outside import outside_of
from server.kit.session import CollegeSession
from server.kit.tables import device, operation, operation_echo

UNRESOLVED = (
    Status.CONFLICT,
    Status.REFUSED,
    Status.QUARANTINED,
    Status.HELD,
    Status.FAILED,
)

LOST = "Операция не дошла до сервера; решение о ней принято без неё"

Row = Mapping[str, Any]


def recorded(db: CollegeSession, uuids: Collection[UUID], *, lock: bool = False) -> dict[UUID, Row]:
    """What became of these, whatever device brought them."""
    if not uuids:
        return {}
    query = (
        sa.select(operation)
        .where(operation.c.college_id == db.college_id, operation.c.uuid.in_(list(uuids)))
        .order_by(operation.c.uuid)
    )
    found = db.execute(query.with_for_update() if lock else query).mappings()
    return {row["uuid"]: dict(row) for row in found}


def numbered(db: CollegeSession, name: str, numbers: Sequence[int]) -> dict[int, UUID]:
    """Which operation consumed each of these numbers of a device."""
    if not numbers:
        return {}
    found: dict[int, UUID] = {}
    for table in (operation_echo, operation):
        query = sa.select(table.c.no, table.c.uuid).where(
            table.c.college_id == db.college_id,
            table.c.device == name,
            table.c.no.in_(numbers),
        )
        found.update(db.execute(query).all())
    return found


def unresolved(db: CollegeSession, uuids: Collection[UUID]) -> set[UUID]:
    """Those that still wait for a person."""
    if not uuids:
        return set()
    query = sa.select(operation.c.uuid).where(
        operation.c.college_id == db.college_id,
        operation.c.uuid.in_(list(uuids)),
        operation.c.status.in_([s.value for s in UNRESOLVED]),
        operation.c.resolved.is_(False),
    )
    return set(db.execute(query).scalars())


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
        db.execute(
            sa.update(operation)
            .where(operation.c.college_id == db.college_id, operation.c.uuid.in_(marked))
            .values(resolved=True)
        )
    return list(lost.values())


def told(db: CollegeSession, row: Row, no: int, name: str) -> Outcome:
    """The answer, under a seal where the server decided something: it must survive a restore."""
    result = row["result"]
    return Outcome(
        device=name,
        no=no,
        uuid=row["uuid"],
        status=row["status"],
        seq=row["seq"],
        text=row["said"],
        fields=row["fields"],
        result=result,
        mac=outside_of(db).seal(db.college_id, row["uuid"], result) if result else b"",
    )


def forgotten(op: Operation, name: str) -> Outcome:
    """Recorded once, and no longer remembered: the desk finds its effect in the pull."""
    return Outcome(device=name, no=op.no, uuid=op.uuid, status=Status.FORGOTTEN.value)


def erase_answers(db: CollegeSession, name: str, since: int, to: int) -> None:
    """The desk holds these answers: what they say is erased, uuid and status stay."""
    c = operation.c
    db.execute(
        sa.update(operation)
        .where(c.college_id == db.college_id, c.device == name, c.no > since, c.no <= to)
        .values(said="", fields={}, result={})
    )


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
