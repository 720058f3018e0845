"""Release (SYNC 9): an administrator brings sealed work in his own name, under its original uuid, or gives it up with a word."""

from __future__ import annotations

import dataclasses
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from common.administration.entities import Account
from common.colleges.entities import Desk
from common.kit.deciding import Kept
from common.kit.errors import EpoError, Invalid, NotAllowed, NotFound, RuleBroken, Unavailable
from common.kit.ids import new_id
from common.kit.kinds import P0
from common.kit.rights import Action, Section, may
from common.kit.sealing import NotOpened, SealedPiece, unseal
from common.kit.sync import (
    CLOSE,
    NOTE,
    READ,
    Command,
    Delete,
    Operation,
    PushAnswer,
    PushRequest,
    Restore,
    Save,
    Status,
)
from server.kit import recorded
from server.kit.auth import Caller, last_permissions, seal_key_of
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.gate import is_recovering, read_epoch
from server.kit.judge import Bench
from server.kit.outside import Given
from server.kit.push import BROKEN, Batch, BrokenError, Push, verdict_of
from server.kit.recorded import BROUGHT
from server.kit.release_files import Released, give_up_blob, release_content
from server.kit.scope import Own
from server.kit.session import Clock, CollegeSession
from server.kit.tables import device, operation, sealed
from server.kit.verdicts import Verdict

log = logging.getLogger(__name__)

Body = Save | Delete | Restore | Command

NO_RIGHT = "Запечатанными записями занимается администратор организации"
RETURNING = "Сервер восстановлен из копии: сначала дождитесь рабочих мест и выполните end-recovery"
FOREIGN = "Внутри запись другого человека или с другим номером: её не принимают, её можно закрыть"
UNOPENED = (
    "Ключ организации эту запись не открывает: её могли запечатать прежним ключом или испортить. "
    "Откройте её прежним ключом; если его больше нет, сотрите её ключом --unopened"
)
THERE = "Эта запись уже на сервере"
UNKNOWN = "Такой запечатанной записи нет"


@dataclass(frozen=True, slots=True)
class _Work:
    """A row of the table."""

    uuid: UUID
    account_id: UUID
    blob: bytes


def kept(engine: sa.Engine, caller: Caller, *, now: Clock) -> list[Kept]:
    """All that waits for an administrator, oldest first; NotAllowed."""
    _refuse_without_right(caller)
    query = (
        sa.select(
            sealed.c.uuid,
            Account.login,
            Account.name,
            Desk.computer,
            sealed.c.sealed_at,
            sa.func.length(sealed.c.blob),
            operation.c.status,
        )
        .select_from(sealed)
        .join(Account, Account.id == sealed.c.account_id)
        .outerjoin(device, _same(device, device.c.device == sealed.c.device))
        .outerjoin(Desk, Desk.id == device.c.desk_id)
        .outerjoin(operation, _same(operation, operation.c.uuid == sealed.c.uuid))
        .where(sealed.c.college_id == caller.college_id)
        .order_by(sealed.c.uuid)
    )
    with CollegeSession(engine, caller.college_id, now=now) as db:
        return [
            Kept(
                uuid,
                login,
                name,
                computer or "",
                f"{at:%d.%m.%Y %H:%M}",
                size,
                Status.of(status).label if status else "",
            )
            for uuid, login, name, computer, at, size, status in db.execute(query)
        ]


def _same(table: sa.Table, condition: Any) -> Any:
    return sa.and_(table.c.college_id == sealed.c.college_id, condition)


def release(
    engine: sa.Engine, caller: Caller, identity: Any, uuids: Sequence[UUID] = (), *, now: Clock
) -> list[Released]:
    """Execute sealed work (all of it where none is named) in the order in which it was made.

    Each is judged by the rights that its author had at his last contact and answered for by the caller.
    What is not applied stays sealed, with the reason told; NotAllowed, NotFound.
    """
    _refuse_without_right(caller)
    found: list[Released] = []
    pieces: dict[tuple[UUID, str], list[SealedPiece]] = defaultdict(list)
    works = _works(engine, caller, uuids, now)
    for work in works:
        try:
            inside = _opened(identity, work)
        except EpoError as fault:
            if len(works) == 1:
                raise
            found.append(Released(work.uuid, applied=False, said=fault.message))
            continue
        if isinstance(inside, SealedPiece):
            pieces[(work.account_id, inside.digest)].append(inside)
        else:
            found.append(_release(engine, caller, inside, work, now))
    for (account, _), whole in pieces.items():  # after the records that the files hang on
        found += release_content(engine, caller, account, whole, now=now)
    return found


def give_up(
    engine: sa.Engine,
    caller: Caller,
    identity: Any,
    uuid: UUID,
    reason: str,
    *,
    unopened: bool = False,
    now: Clock,
) -> None:
    """Close it unexecuted: should a copy of the desk still bring it, it stays closed. Its number is consumed.

    `unopened`: erase even what the college's key of today does not open, RuleBroken without it: sealed to the key before, it may be good work.
    """
    _refuse_without_right(caller)
    if not reason.strip():
        raise Invalid("Напишите, почему запись закрывают: это останется в журнале")
    (work,) = _works(engine, caller, [uuid], now)
    try:
        op = _opened(identity, work)
    except EpoError as fault:
        if not _is_the_colleges(engine, caller, identity, now):
            raise
        if isinstance(fault, NotOpened) and not unopened:
            raise RuleBroken(UNOPENED) from None
        give_up_blob(engine, caller, uuid, reason, now=now)  # junk: it would lie here for ever
        return
    if isinstance(op, SealedPiece):
        give_up_blob(engine, caller, uuid, reason, now=now)
        return
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        _recorded(db, op)
    body = Command(CLOSE, {"reason": reason})
    Release(engine, caller, _instead(op, body), now).attempt_whole()


def _refuse_without_right(caller: Caller) -> None:
    if not may(caller.permissions, Section.ADMINISTRATION, Action.WRITE, P0):
        raise NotAllowed(NO_RIGHT)


def _works(engine: sa.Engine, caller: Caller, uuids: Sequence[UUID], now: Clock) -> list[_Work]:
    """In the order of making: their uuids have it."""
    c = sealed.c
    query = sa.select(c.uuid, c.account_id, c.blob).where(c.college_id == caller.college_id)
    if uuids:
        query = query.where(c.uuid.in_(uuids))
    with CollegeSession(engine, caller.college_id, now=now) as db:
        if is_recovering(db):
            raise Unavailable(RETURNING, retry_after=60)
        found = [_Work(*row) for row in db.execute(query.order_by(c.uuid))]
    if missing := set(uuids) - {work.uuid for work in found}:
        raise NotFound(f"{UNKNOWN}: {', '.join(sorted(map(str, missing)))}")
    return found


def _opened(identity: Any, work: _Work) -> Operation | SealedPiece:
    op = unseal(identity, work.blob)
    if (op.uuid, op.author) != (work.uuid, work.account_id):
        raise EpoError(f"{work.uuid}: {FOREIGN}")
    return op


def _is_the_colleges(engine: sa.Engine, caller: Caller, identity: Any, now: Clock) -> bool:
    """Do its desks seal to this key now? What lies here may still be sealed to the one before."""
    with CollegeSession(reader(engine), caller.college_id, now=now) as db:
        return str(identity.to_public()) == seal_key_of(db)


def _recorded(db: CollegeSession, op: Operation) -> recorded.Row | None:
    """What became of it. What another's desk said of it before it was here is forgotten: it stands in the way of no decision."""
    known = recorded.recorded(db, [op.uuid]).get(op.uuid)
    if known is None or not recorded.is_word_of_another(known, op.author):
        return known
    recorded.forget_words(db, [op.uuid])
    commit(db, "release.forget")
    return None


def _release(engine: sa.Engine, caller: Caller, op: Operation, work: _Work, now: Clock) -> Released:
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        rights = last_permissions(db, work.account_id)
        known = _recorded(db, op)
        if known is not None and recorded.is_settled(known):
            recorded.drop_sealed(db, [known], [])
            commit(db, "release")
            return Released(op.uuid, applied=True, said=THERE)
    if known is not None:
        op = _instead(op, op.body)
    author = dataclasses.replace(
        caller, permissions=rights.everywhere, own=Own(rights.own, work.account_id)
    )
    try:
        outcome = Release(engine, author, op, now).attempt_whole().outcomes[0]
    except EpoError as fault:
        return Released(work.uuid, applied=False, said=fault.message)
    return Released(work.uuid, applied=True, said=outcome.text)


def _instead(op: Operation, body: Body) -> Operation:
    """A decision about it: it inherits the chain and the number (SYNC 5)."""
    return msgspec.structs.replace(
        op,
        uuid=new_id(),
        body=body,
        resolves=op.uuid,
        chain=op.chain or op.uuid,
        after=() if body is not op.body else op.after,
    )


def _seen_by(body: Body, author: UUID) -> Body:
    """What was shown to somebody was shown to him, whoever brings the word of it."""
    if isinstance(body, Command) and body.name in (READ, NOTE):
        return Command(body.name, dict(body.args) | {"by": author.hex})
    return body


class _Place(NamedTuple):
    """A stream that numbers nothing."""

    last_no: int = 0
    settled_to: int = 0
    purged_to: int = 0


class Release(Push):
    """One operation, judged as a push would be and recorded only where it is applied."""

    def __init__(self, engine: sa.Engine, caller: Caller, op: Operation, now: Clock) -> None:
        own = msgspec.structs.replace(
            op, no=0, author=caller.account_id, body=_seen_by(op.body, op.author)
        )
        request = PushRequest(device=BROUGHT, epoch=None, settled_to=0, operations=[own])
        super().__init__(engine, caller, request, now)

    def attempt_whole(self) -> PushAnswer:
        """EpoError says why it was not applied; then nothing of it is recorded."""
        try:
            return self.attempt(self.request.operations)
        except IntegrityError as fault:
            raise RuleBroken(verdict_of(fault).text) from None
        except BrokenError:
            log.exception("sealed operation failed")
            raise EpoError(BROKEN) from None

    def transaction(
        self, db: CollegeSession, operations: Sequence[Operation], forced: Verdict | None
    ) -> PushAnswer:
        answer = PushAnswer(epoch=read_epoch(db))
        _Batch(self, db, answer, _Place()).execute(operations, forced)
        return answer


class _Batch(Batch):
    ACTION = "release"
    BRINGS = True

    def judge(
        self, bench: Bench, fresh: Sequence[Operation], forced: Verdict | None
    ) -> tuple[list[dict[str, Any]], list[Given]]:
        rows, given = super().judge(bench, fresh, forced)
        for row in rows:
            if row["status"] != Status.APPLIED.value:
                raise RuleBroken(row["said"] or Status.of(row["status"]).label, row["fields"])
        return rows, given
