"""Seal (SYNC 9): a desk hands over, encrypted, what its person may no longer see; the centre says what it lacks and what is safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from common.kit.errors import Invalid, Unavailable
from common.kit.sync import (
    MAX_OFFER,
    MAX_OPERATION,
    MAX_OPERATIONS,
    SealAnswer,
    SealedOperation,
    SealRequest,
)
from server.kit import recorded
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.gate import in_history, must_reload, read_clock, read_epoch
from server.kit.places import chunks
from server.kit.pulling import backed_up_to
from server.kit.session import Author, Clock, CollegeSession
from server.kit.tables import sealed

MOST_BYTES = 1_000_000_000
"""Of one account: an office's scans of a week."""
ENVELOPE = 1_000
"""Bytes that sealing may add to an operation."""
BUSY = "Сервер занят; запечатанное будет передано снова"


def seal(engine: sa.Engine, caller: Caller, request: SealRequest, *, now: Clock) -> SealAnswer:
    """Keep the blobs that are new here; the same again answers the same."""
    if len(request.uuids) > MAX_OFFER or len(request.blobs) > MAX_OPERATIONS:
        raise Invalid("Слишком много запечатанных записей за один раз")
    if any(len(each.blob) > MAX_OPERATION + ENVELOPE for each in request.blobs):
        raise Invalid("Запечатанная запись больше допустимого размера")
    author = Author(caller.account_id, caller.device, caller.request_id)

    def answer() -> SealAnswer:
        with CollegeSession(engine, caller.college_id, now=now, author=author) as db:
            return _answer(db, caller, request)

    try:
        return in_history(engine, caller.college_id, answer)
    except IntegrityError:  # another request has just brought the same
        raise Unavailable(BUSY, retry_after=1) from None


def _answer(db: CollegeSession, caller: Caller, request: SealRequest) -> SealAnswer:
    """An ended desk has no cache to load anew: of another history it only hears."""
    answer = SealAnswer(epoch=read_epoch(db))
    must_reload(db, request, answer)
    asked = list(dict.fromkeys([*request.uuids, *(each.uuid for each in request.blobs)]))
    known, strange = _known(db, caller, asked)
    fresh = [each for each in request.blobs if each.uuid not in strange]
    rows = _rows(db, caller, fresh, known)
    if rows:
        answer.clock, answer.mark, _ = commit(db, "seal", sealed_up=rows)
        known |= {row["uuid"]: answer.clock for row in rows}
    else:
        answer.clock, answer.mark, _ = read_clock(db)
    answer.lacks = [uuid for uuid in request.uuids if uuid not in known]
    safe_to = backed_up_to(db)
    answer.safe = [uuid for uuid in request.uuids if known.get(uuid, safe_to + 1) <= safe_to]
    return answer


def _known(
    db: CollegeSession, caller: Caller, uuids: Sequence[UUID]
) -> tuple[dict[UUID, int], set[UUID]]:
    """When each was settled here or sealed by him, and which somebody else has sealed: that is not what he has.

    Another's decision about one that had not come settles nothing of his.
    The status of one that waits for a person says nothing of what is in it.
    """
    found: dict[UUID, int] = {}
    strange: set[UUID] = set()
    for chunk in chunks(uuids):
        query = sa.select(sealed.c.uuid, sealed.c.seq, sealed.c.account_id).where(
            sealed.c.college_id == db.college_id, sealed.c.uuid.in_(chunk)
        )
        for uuid, seq, account in db.execute(query):
            if account == caller.account_id:
                found[uuid] = seq
            else:
                strange.add(uuid)
        for uuid, row in recorded.recorded(db, chunk).items():
            another = recorded.is_word_of_another(row, caller.account_id)
            if recorded.is_settled(row) and not another:
                found[uuid] = row["seq"]
    return found, strange


def _rows(
    db: CollegeSession,
    caller: Caller,
    blobs: Sequence[SealedOperation],
    known: Mapping[UUID, int],
) -> list[dict[str, Any]]:
    fresh = {each.uuid: each.blob for each in blobs if each.uuid not in known}
    if fresh:
        _refuse_flood(db, caller, list(fresh.values()))
    return [
        {
            "college_id": db.college_id,
            "uuid": uuid,
            "account_id": caller.account_id,
            "device": caller.device,
            "seq": 0,
            "sealed_at": db.now(),
            "blob": blob,
        }
        for uuid, blob in fresh.items()
    ]


def _refuse_flood(db: CollegeSession, caller: Caller, more: Sequence[bytes]) -> None:
    """A key that may do nothing else shall not fill the disk either."""
    length = sa.func.coalesce(sa.func.sum(sa.func.length(sealed.c.blob)), 0)
    query = sa.select(sa.func.count(), length).where(
        sealed.c.college_id == db.college_id, sealed.c.account_id == caller.account_id
    )
    count, size = db.execute(query).one()
    if count + len(more) > MAX_OFFER or size + sum(map(len, more)) > MOST_BYTES:
        raise Invalid("Запечатанных записей этой учётной записи слишком много")
