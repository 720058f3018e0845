"""Push (SYNC 5): contiguous, idempotent operations, each judged on the values its author saw, each answered for ever."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from common.kit.errors import EpoError, Invalid, NotAllowed, Unavailable
from common.kit.sync import (
    MAX_OPERATIONS,
    Operation,
    Outcome,
    PushAnswer,
    PushRequest,
    Status,
)
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.gate import must_reload, read_clock, read_epoch
from server.kit.judge import Bench, Verdict, subject_of
from server.kit.session import Clock, CollegeSession
from server.kit.tables import device, operation

log = logging.getLogger(__name__)

RETRIES = 3
UNRESOLVED = (Status.CONFLICT, Status.REFUSED, Status.QUARANTINED, Status.HELD, Status.FAILED)

BROKEN = "Сбой на сервере при разборе операции; администратор оповещён, работу можно продолжать"
DOUBLE = "Такая запись уже есть: проверьте, не введена ли она раньше"
DANGLING = "Запись ссылается на другую, которой на сервере нет"


def push(engine: sa.Engine, caller: Caller, request: PushRequest, *, now: Clock) -> PushAnswer:
    """Record every operation once; NotAllowed refuses the whole push, Unavailable asks to send the same again."""
    if any(op.author != caller.account_id for op in request.operations):
        raise NotAllowed("Операции записаны другим пользователем; войдите под его учётной записью")
    if request.device != caller.device:
        raise NotAllowed("Операции другого компьютера; войдите на этом компьютере снова")
    if len(request.operations) > MAX_OPERATIONS:
        raise Invalid(f"Не больше {MAX_OPERATIONS} операций за один раз")
    try:
        return _attempt(engine, caller, request, request.operations, now)
    except (IntegrityError, EpoError, _Single):
        return _one_by_one(engine, caller, request, now)


class _Single(Exception):
    """The batch cannot go as a whole: do it operation by operation."""


def _one_by_one(engine: sa.Engine, caller: Caller, request: PushRequest, now: Clock) -> PushAnswer:
    answer: PushAnswer | None = None
    for op in request.operations:
        part = _single(engine, caller, request, op, now)
        if answer is None:
            answer = part
        else:
            answer.outcomes += part.outcomes
            answer.clock, answer.mark = part.clock, part.mark
            answer.forked, answer.last = part.forked, part.last
        if part.forked is not None or part.last is not None or part.was is not None:
            break
    if answer is None:
        raise Invalid("В посылке нет операций")
    return answer


def _single(
    engine: sa.Engine, caller: Caller, request: PushRequest, op: Operation, now: Clock
) -> PushAnswer:
    try:
        return _attempt(engine, caller, request, [op], now)
    except IntegrityError as fault:
        verdict = Verdict(Status.REFUSED, _constraint(fault))
    except EpoError as fault:
        if isinstance(fault, Unavailable):
            raise
        verdict = Verdict(Status.REFUSED, fault.message, fault.fields)
    except DBAPIError:
        raise
    except Exception:
        log.exception("operation failed", extra={"uuid": str(op.uuid)})
        verdict = Verdict(Status.FAILED, BROKEN)
    return _attempt(engine, caller, request, [op], now, forced=verdict)


def _constraint(fault: IntegrityError) -> str:
    said = str(fault.orig).casefold()
    return DANGLING if "foreign key" in said else DOUBLE


def _attempt(
    engine: sa.Engine,
    caller: Caller,
    request: PushRequest,
    operations: Sequence[Operation],
    now: Clock,
    *,
    forced: Verdict | None = None,
) -> PushAnswer:
    for attempt in range(RETRIES):
        try:
            with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
                return _batch(db, caller, request, operations, forced)
        except OperationalError as fault:
            log.info("push is repeated", extra={"attempt": attempt, "why": type(fault).__name__})
    raise Unavailable("Сервер занят; запись будет отправлена снова", retry_after=2)


def _batch(
    db: CollegeSession,
    caller: Caller,
    request: PushRequest,
    operations: Sequence[Operation],
    forced: Verdict | None,
) -> PushAnswer:
    epoch = read_epoch(db)
    if must_reload(db, request, epoch):
        return _sign(db, PushAnswer(epoch=epoch, was=request.epoch))
    last = _lock_device(db, caller, request.settled_to)
    known = _recorded(db, [op.uuid for op in operations])
    answer = PushAnswer(epoch=epoch)
    fresh: list[Operation] = []
    for op in operations:
        if op.no <= last:
            if _under(db, caller.device, op.no) not in (None, op.uuid):
                answer.forked = (op.no, op.uuid)
                break
            if op.uuid not in known:
                answer.outcomes.append(_forgotten(op, caller.device))
                continue
        elif op.no > last + 1:
            answer.last = last
            break
        else:
            last = op.no
            if op.uuid not in known:
                fresh.append(op)
                continue
        answer.outcomes.append(_told(known[op.uuid], op.no, caller.device))
    _execute(db, caller, fresh, forced, last, answer)
    answer.witnessed = request.witnesses
    return _sign(db, answer)


def _execute(
    db: CollegeSession,
    caller: Caller,
    fresh: Sequence[Operation],
    forced: Verdict | None,
    last: int,
    answer: PushAnswer,
) -> None:
    if not fresh:
        return
    bench = Bench(db, caller.permissions)
    bench.prepare(fresh)
    waiting = _unresolved(db, {uuid for op in fresh for uuid in op.after})
    rows = []
    for op in fresh:
        verdict = forced or bench.judge(op, held_by=waiting)
        if verdict.spoiled and len(fresh) > 1:
            raise _Single
        number = bench.consume(op)
        if number is not None:
            verdict.result["number"] = number
        if verdict.status is not Status.APPLIED:
            waiting.add(op.uuid)
        rows.append(_row(db, op, caller.device, verdict))
        answer.outcomes.append(_told(rows[-1], op.no, caller.device))
    db.execute(
        sa.update(device)
        .where(device.c.college_id == db.college_id, device.c.device == caller.device)
        .values(last_no=last, seen_at=db.now())
    )
    witness = commit(db, "push", recorded=rows)
    for outcome in answer.outcomes:
        if outcome.seq == 0:
            outcome.seq = witness.clock


def _lock_device(db: CollegeSession, caller: Caller, settled_to: int) -> int:
    row = db.execute(
        sa.select(device.c.last_no)
        .where(device.c.college_id == db.college_id, device.c.device == caller.device)
        .with_for_update()
    ).one()
    last: int = row.last_no
    return last


def _recorded(db: CollegeSession, uuids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    query = sa.select(operation).where(
        operation.c.college_id == db.college_id, operation.c.uuid.in_(uuids)
    )
    return {row["uuid"]: dict(row) for row in db.execute(query).mappings()}


def _under(db: CollegeSession, name: str, no: int) -> UUID | None:
    query = sa.select(operation.c.uuid).where(
        operation.c.college_id == db.college_id,
        operation.c.device == name,
        operation.c.no == no,
    )
    return db.execute(query).scalars().first()


def _unresolved(db: CollegeSession, uuids: set[UUID]) -> set[UUID]:
    if not uuids:
        return set()
    query = sa.select(operation.c.uuid).where(
        operation.c.college_id == db.college_id,
        operation.c.uuid.in_(uuids),
        operation.c.status.in_([s.value for s in UNRESOLVED]),
        operation.c.resolved.is_(False),
    )
    return set(db.execute(query).scalars())


def _row(db: CollegeSession, op: Operation, name: str, verdict: Verdict) -> dict[str, Any]:
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
        "at": op.at,
        "received_at": db.now(),
    }


def _told(row: Mapping[str, Any], no: int, name: str) -> Outcome:
    return Outcome(
        device=name,
        no=no,
        uuid=row["uuid"],
        status=row["status"],
        seq=row["seq"],
        text=row["said"],
        fields=row["fields"],
        result=row["result"],
    )


def _forgotten(op: Operation, name: str) -> Outcome:
    return Outcome(device=name, no=op.no, uuid=op.uuid, status=Status.FORGOTTEN.value, seq=-1)


def _sign(db: CollegeSession, answer: PushAnswer) -> PushAnswer:
    clock = read_clock(db)
    answer.clock, answer.mark = clock.clock, clock.mark
    return answer
