"""Push (SYNC 5): contiguous, idempotent operations, each judged on the values its author saw, each answered for ever."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from common.kit.errors import EpoError, Invalid, NotAllowed, Unavailable
from common.kit.sync import (
    MAX_OPERATION,
    MAX_OPERATIONS,
    Operation,
    PushAnswer,
    PushRequest,
    Status,
)
from server.kit import handed, numbers, recorded, telling
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.database import is_trouble_of_the_disk
from server.kit.gate import (
    HistoryEndedError,
    in_history,
    is_recovering,
    must_reload,
    read_clock,
    read_epoch,
)
from server.kit.judge import Bench
from server.kit.outside import Given, outside_of
from server.kit.session import Author, Clock, CollegeSession, say_college
from server.kit.tables import device, operation_echo, operation_failure
from server.kit.verdicts import Verdict

log = logging.getLogger(__name__)

RETRIES = 3
ATTEMPTS = 3
"""After so many unexpected faults an operation is recorded as failed and blocks nothing any more."""

BUSY = "Сервер занят; запись будет отправлена снова"
BROKEN = "Сбой на сервере при разборе операции; администратор оповещён, работу можно продолжать"
UNWRITABLE = "В записи есть значение, которое нельзя записать: уберите лишние знаки"
DOUBLE = "Такая запись уже есть: проверьте, не введена ли она раньше"
NOT_HIS = "Это решение о записи другого человека: решает тот, кто её сделал, или администратор"
DANGLING = "Запись ссылается на другую, которой на сервере нет"

OWN_TABLES = (
    "operation",
    "operation_echo",
    "number_used",
    "sync_bucket",
    "sync_entry",
    "adopted",
    "asked",
)
"""A key met twice in these is a race between two requests, never a rule."""

UNFIT = (DataError, OverflowError)
"""What no column can hold: a NUL in a text, a number beyond 64 bits."""

DEVICE = (
    sa.select(device)
    .where(device.c.college_id == sa.bindparam("college"), device.c.device == sa.bindparam("name"))
    .with_for_update()
)
MOVE = (
    sa.update(device)
    .where(device.c.college_id == sa.bindparam("college"), device.c.device == sa.bindparam("name"))
    .values(
        last_no=sa.bindparam("last"),
        settled_to=sa.bindparam("settled"),
        seen_at=sa.bindparam("moment"),
    )
)
ECHO = sa.insert(operation_echo)


class _SingleError(Exception):
    """The batch cannot go as a whole: do it operation by operation."""


class BrokenError(Exception):
    """An unexpected fault while an operation was judged."""


class ForeignDeviceError(NotAllowed):
    """The device belongs to another account: nothing of the push is looked at."""


def push(engine: sa.Engine, caller: Caller, request: PushRequest, *, now: Clock) -> PushAnswer:
    """Record every operation once; NotAllowed refuses the whole push, Unavailable asks to send the same again."""
    if any(op.author != caller.account_id for op in request.operations):
        raise NotAllowed("Операции записаны другим пользователем; войдите под его учётной записью")
    if len(request.operations) > MAX_OPERATIONS:
        raise Invalid(f"Не больше {MAX_OPERATIONS} операций за один раз")
    if not request.operations:
        raise Invalid("В посылке нет операций")
    return in_history(engine, caller.college_id, Push(engine, caller, request, now).answer)


class Push:
    """One request: as a whole in one transaction, at a failure in halves down to the operations at fault."""

    def __init__(self, engine: sa.Engine, caller: Caller, request: PushRequest, now: Clock) -> None:
        self.engine = engine
        self.caller = caller
        self.request = request
        self.now = now
        self.author = Author(caller.account_id, request.device, caller.request_id)

    def answer(self) -> PushAnswer:
        """What was answered before a fault that must be tried again is not lost with it."""
        answer: PushAnswer | None = None
        waiting = [self.request.operations]
        while waiting:
            part = waiting.pop()
            try:
                told = self.single(part[0]) if len(part) == 1 else self.whole(part)
            except Unavailable:
                if answer is None:
                    raise
                break
            if told is None:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
                continue
            answer = told if answer is None else _joined(answer, told)
            if told.forked is not None or told.last is not None or told.was is not None:
                break
        assert answer is not None  # noqa: S101  there is at least one operation
        return answer

    def whole(self, operations: Sequence[Operation]) -> PushAnswer | None:
        """Several in one transaction; None where one of them stands in the way: it is found, and named, alone."""
        try:
            return self.attempt(operations)
        except ForeignDeviceError:
            raise
        except (IntegrityError, *UNFIT, EpoError, _SingleError, BrokenError):
            return None

    def single(self, op: Operation) -> PushAnswer:
        try:
            return self.attempt([op])
        except IntegrityError as fault:
            verdict = verdict_of(fault)
        except UNFIT:
            verdict = Verdict(Status.REFUSED, UNWRITABLE)
        except (Unavailable, ForeignDeviceError):
            raise
        except NotAllowed as fault:
            verdict = Verdict(Status.QUARANTINED, fault.message)
        except EpoError as fault:
            verdict = Verdict(Status.REFUSED, fault.message, fault.fields)
        except BrokenError as fault:
            verdict = self.failure(op, fault)
        return self.attempt([op], forced=verdict)

    def failure(self, op: Operation, fault: Exception) -> Verdict:
        """Counted in a transaction of its own; Unavailable until it has happened often enough."""
        log.error("operation failed", exc_info=fault, extra={"uuid": str(op.uuid)})
        c = operation_failure.c
        where = (c.college_id == self.caller.college_id, c.uuid == op.uuid)
        with self.engine.begin() as connection:
            say_college(connection, self.caller.college_id)
            times = connection.scalar(sa.select(c.times).where(*where)) or 0
            connection.execute(sa.delete(operation_failure).where(*where))
            values = {"college_id": self.caller.college_id, "uuid": op.uuid, "times": times + 1}
            connection.execute(sa.insert(operation_failure).values(values))
        if times + 1 < ATTEMPTS:
            raise Unavailable(BUSY, retry_after=2)
        return Verdict(Status.FAILED, BROKEN)

    def attempt(
        self, operations: Sequence[Operation], *, forced: Verdict | None = None
    ) -> PushAnswer:
        """One transaction, repeated whole while others are in its way."""
        for attempt in range(RETRIES):
            try:
                with CollegeSession(
                    self.engine, self.caller.college_id, now=self.now, author=self.author
                ) as db:
                    return self.transaction(db, operations, forced)
            except OperationalError as fault:
                why = type(fault.orig).__name__
                if is_trouble_of_the_disk(fault):
                    log.exception("the database cannot be written")
                    raise Unavailable(BUSY, retry_after=10) from fault
                log.info("push is repeated", extra={"attempt": attempt, "why": why})
                if len(operations) > 1 and attempt == RETRIES - 1:
                    raise _SingleError from fault
            except (EpoError, DBAPIError, OverflowError, HistoryEndedError):
                raise
            except Exception as fault:
                raise BrokenError from fault
        raise Unavailable(BUSY, retry_after=2)

    def transaction(
        self, db: CollegeSession, operations: Sequence[Operation], forced: Verdict | None
    ) -> PushAnswer:
        answer = PushAnswer(epoch=read_epoch(db))
        if must_reload(db, self.request, answer):
            answer.clock, answer.mark, _ = read_clock(db)
            return answer
        place = _lock_device(db, self.caller, self.request.device)
        if place is None:
            first = operations[0]
            answer.forked = (first.no, first.uuid)
        else:
            Batch(self, db, answer, place).run(operations, forced)
        if not answer.clock:
            answer.clock, answer.mark, _ = read_clock(db)
        return answer


class Batch:
    """The operations of one transaction that have not been recorded before, and the answers to those that have."""

    ACTION = "push"
    BRINGS = False
    """Is it the work of somebody else?"""

    def __init__(self, push: Push, db: CollegeSession, answer: PushAnswer, place: Any) -> None:
        self.caller = push.caller
        self.request = push.request
        self.name = push.request.device
        self.db = db
        self.answer = answer
        self.place = place
        self.last: int = place.last_no
        self.echoes: list[dict[str, Any]] = []
        self.strange: set[UUID] = set()

    def run(self, operations: Sequence[Operation], forced: Verdict | None) -> None:
        known = recorded.recorded(self.db, [op.uuid for op in operations])
        words = {
            op.uuid
            for op in operations
            if op.uuid in known and recorded.is_word_of_another(known[op.uuid], op.author)
        }
        known = {uuid: row for uuid, row in known.items() if uuid not in words}
        recorded.forget_words(self.db, words)
        fresh = self.sort(operations, known)
        if fresh or self.echoes:
            self.execute(fresh, forced)

    def sort(
        self, operations: Sequence[Operation], known: Mapping[UUID, recorded.Row]
    ) -> list[Operation]:
        """Answer what is recorded; return what is not, up to the first fork or gap."""
        past = recorded.numbered(
            self.db, self.name, [op.no for op in operations if op.no <= self.last]
        )
        fresh: list[Operation] = []
        for op in operations:
            if op.no <= self.last:
                if past.get(op.no) == op.uuid and op.uuid in known:
                    self.tell(known[op.uuid], op)
                elif op.no not in past and op.no <= self.place.purged_to:
                    self.answer.outcomes.append(recorded.forgotten(op, self.name))
                else:
                    self.answer.forked = (op.no, op.uuid)
                    break
            elif op.no > self.last + 1:
                self.answer.last = self.last
                break
            else:
                self.last = op.no
                if op.uuid in known:
                    self.echo(op)
                    self.tell(known[op.uuid], op)
                else:
                    fresh.append(op)
        return fresh

    def echo(self, op: Operation) -> None:
        self.echoes.append(
            {
                "college_id": self.db.college_id,
                "device": self.name,
                "no": op.no,
                "uuid": op.uuid,
            }
        )

    def tell(self, row: recorded.Row, op: Operation) -> None:
        self.answer.outcomes.append(recorded.told(self.db, row, op.no, self.name))

    def execute(self, fresh: Sequence[Operation], forced: Verdict | None) -> None:
        """Locks in their one order, then judging, then the records and the clock."""
        named = {uuid for op in fresh for uuid in (op.resolves, op.chain) if uuid is not None}
        decided = recorded.recorded(self.db, named, lock=True)
        if not self.BRINGS:
            self.strange = recorded.of_others(self.db, decided, named, self.caller.account_id)
        numbers.lock_series(self.db, fresh)
        bench = Bench(
            self.db,
            self.caller.permissions,
            recovering=is_recovering(self.db),
            brings=self.BRINGS,
            own=self.caller.own,
        )
        bench.prepare(fresh)
        rows, given = self.judge(bench, fresh, forced)
        decisions = [op for op in fresh if op.resolves is not None and not self._is_strange(op)]
        rows += recorded.settle_decided(self.db, decisions, decided, self.name)
        handed.withdraw(self.db, decisions)
        _mark_resolved(rows, decisions)
        recorded.drop_sealed(self.db, rows, decisions)
        if self.echoes:
            self.db.execute(ECHO, self.echoes)
        self.move_device()
        outside_of(self.db).keep(given)
        witness = commit(self.db, self.ACTION, recorded=rows)
        self.answer.clock, self.answer.mark = witness.clock, witness.mark
        for outcome in self.answer.outcomes:
            outcome.seq = outcome.seq or witness.clock

    def judge(
        self, bench: Bench, fresh: Sequence[Operation], forced: Verdict | None
    ) -> tuple[list[dict[str, Any]], list[Given]]:
        waiting = recorded.unresolved(self.db, {uuid for op in fresh for uuid in op.after})
        rows: list[dict[str, Any]] = []
        given: list[Given] = []
        for op in fresh:
            if op.resolves is not None and not self._is_strange(op):
                waiting.discard(op.resolves)
            verdict = (
                forced
                or _oversize(op)
                or (Verdict(Status.REFUSED, NOT_HIS) if self._is_strange(op) else None)
                or bench.judge(op, held_by=waiting)
            )
            if forced is not None and forced.status is Status.QUARANTINED:
                telling.denied(
                    self.db, op
                )  # what the bench had noted was undone with the work itself
            if op.number is not None:
                kept = numbers.consume(self.db, op)
                if kept is not None:
                    given.append(kept)
                else:
                    verdict.result["number"] = numbers.TAKEN
                    verdict.text = verdict.text or numbers.SAID.format(
                        number=op.number.number, series=op.number.series
                    )
            if verdict.status is not Status.APPLIED:
                waiting.add(op.uuid)
            rows.append(recorded.row_of(self.db, op, self.name, verdict))
            self.tell(rows[-1], op)
        return rows, given

    def _is_strange(self, op: Operation) -> bool:
        """Does it decide about what somebody else has made, or go on from it? An operation's id is no secret."""
        return op.resolves in self.strange or op.chain in self.strange

    def move_device(self) -> None:
        settled = min(self.request.settled_to, self.place.last_no)
        if settled > self.place.settled_to:
            recorded.erase_answers(self.db, self.name, self.place.settled_to, settled)
        self.db.execute(
            MOVE,
            {
                "college": self.db.college_id,
                "name": self.name,
                "last": self.last,
                "settled": max(settled, self.place.settled_to),
                "moment": self.db.now(),
            },
        )


def _joined(answer: PushAnswer, told: PushAnswer) -> PushAnswer:
    """Two answers to parts of one push, the later one after the earlier."""
    told.outcomes = answer.outcomes + told.outcomes
    return told


def _oversize(op: Operation) -> Verdict | None:
    if len(msgspec.msgpack.encode(op)) <= MAX_OPERATION:
        return None
    return Verdict(Status.REFUSED, "Запись больше допустимого размера: сократите длинный текст")


def _mark_resolved(rows: list[dict[str, Any]], decisions: Sequence[Operation]) -> None:
    """A decision may settle an operation recorded in the same transaction."""
    settled = {op.resolves for op in decisions}
    for row in rows:
        row["resolved"] = row["resolved"] or row["uuid"] in settled


def _lock_device(db: CollegeSession, caller: Caller, name: str) -> Any:
    """The device's row; None where this history does not know it. NotAllowed where it is another's."""
    row = db.execute(DEVICE, {"college": db.college_id, "name": name}).one_or_none()
    if row is not None and row.account_id != caller.account_id:
        raise ForeignDeviceError("Операции другого компьютера; войдите на этом компьютере снова")
    return row


def verdict_of(fault: IntegrityError) -> Verdict:
    """A rule of the trade; Unavailable where two requests merely met."""
    said = str(fault.orig).casefold()
    if _table_of(fault) in OWN_TABLES:
        raise Unavailable(BUSY, retry_after=1) from fault
    return Verdict(Status.REFUSED, DANGLING if "foreign key" in said else DOUBLE)


def _table_of(fault: IntegrityError) -> str:
    diagnosis = getattr(fault.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.table_name)
    _, _, columns = str(fault.orig).partition("constraint failed: ")
    return columns.partition(".")[0]
