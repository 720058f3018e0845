"""Release of files (SYNC 9, 10): the sealed pieces of an unsent content are put together and laid on the shelf."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa

from common.kit.errors import EpoError, NotFound
from common.kit.sealing import SealedPiece
from server.kit import files
from server.kit.auth import Caller, last_permissions
from server.kit.commit import commit
from server.kit.recorded import BROUGHT
from server.kit.scope import Own
from server.kit.session import Clock, CollegeSession
from server.kit.tables import sealed

NO_RECORD = "Записи, к которой прикреплён этот файл, на сервере нет: сначала примите её"
PARTLY = "Это часть файла: примите и остальные его части"


class Released(msgspec.Struct, frozen=True):
    """What became of one of them."""

    uuid: UUID
    applied: bool
    said: str = ""


def release_content(
    engine: sa.Engine, caller: Caller, account: UUID, pieces: Sequence[SealedPiece], *, now: Clock
) -> list[Released]:
    """By the rights that its author had at his last contact; the pieces stay sealed until the whole lies on the shelf."""
    with CollegeSession(engine, caller.college_id, now=now) as db:
        rights = last_permissions(db, account)
    own = Own(rights.own, account)
    author = dataclasses.replace(caller, permissions=rights.everywhere, own=own, device=BROUGHT)
    try:
        said = "" if _receive(engine, author, pieces, now) else PARTLY
    except NotFound:
        said = NO_RECORD
    except EpoError as fault:
        said = fault.message
    if not said:
        _drop(engine, caller, [piece.uuid for piece in pieces], "release.file", now)
    return [Released(piece.uuid, applied=not said, said=said) for piece in pieces]


def _receive(engine: sa.Engine, author: Caller, pieces: Sequence[SealedPiece], now: Clock) -> bool:
    """Is it whole now? What had come before is gone on from."""
    whole = False
    for piece in sorted(pieces, key=lambda each: each.at):
        brought = files.Piece(piece.digest, piece.size, piece.at, piece.body)
        whole = files.receive(engine, author, brought, now=now).whole
    return whole


def give_up_blob(engine: sa.Engine, caller: Caller, uuid: UUID, reason: str, *, now: Clock) -> None:
    """A piece, or what is no operation of its sender's, is erased; the audit keeps who did it and why."""
    _drop(engine, caller, [uuid], "release.close_file", now, reason)


def _drop(
    engine: sa.Engine,
    caller: Caller,
    uuids: Sequence[UUID],
    action: str,
    now: Clock,
    reason: str = "",
) -> None:
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        where = sealed.c.uuid.in_(uuids)
        db.execute(sa.delete(sealed).where(sealed.c.college_id == db.college_id, where))
        db.readings += [
            {"entity": "sealed", "id": uuid.hex, "kind": "close", "set": {"reason": reason}}
            for uuid in uuids
            if reason
        ]
        commit(db, action)
