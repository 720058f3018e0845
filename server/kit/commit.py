"""The only commit of the server (SYNC 3): flush, then the clock as the last lock, then set-based writes, then COMMIT."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from common.kit.entity import describe
from common.kit.kinds import P3
from common.kit.sync import Witness
from common.kit.wire import pack
from server.kit import consequences, person_keys
from server.kit.feed import Feed
from server.kit.session import Change, CollegeSession
from server.kit.tables import audit, audit_row, clock, clock_mark, operation, sealed

MARK_BITS = 62

TICK = (
    sa.update(clock)
    .where(clock.c.college_id == sa.bindparam("college"))
    .values(counter=clock.c.counter + 1)
    .returning(clock.c.counter, clock.c.audit_head)
)
HEAD = (
    sa.update(clock)
    .where(clock.c.college_id == sa.bindparam("college"))
    .values(audit_head=sa.bindparam("digest"))
)
MARK, LINE, PLACE = sa.insert(clock_mark), sa.insert(audit), sa.insert(audit_row)
RECORD, SEALED = sa.insert(operation), sa.insert(sealed)


def commit(
    db: CollegeSession,
    action: str,
    *,
    recorded: Collection[Mapping[str, Any]] = (),
    sealed_up: Collection[Mapping[str, Any]] = (),
) -> Witness:
    """End the transaction; returns its (clock, mark).

    `recorded` are rows of `operation`, `sealed_up` of `sealed`, to be written with this transaction's
    sequence number.
    """
    db.flush()
    consequences.follow(db)
    if db.new or db.dirty or db.deleted:
        raise RuntimeError("the session is not clean after its flush")
    changes = list(db.changes.values())
    person_keys.keep(db, changes)
    seq, head = _tick(db)
    mark = secrets.randbits(MARK_BITS)
    db.execute(MARK, {"college_id": db.college_id, "seq": seq, "mark": mark})
    Feed(db, seq).write(changes)
    for statement, rows in ((RECORD, recorded), (SEALED, sealed_up)):
        if rows:
            db.execute(statement, [{**row, "seq": seq} for row in rows])
    consequences.tell(db, changes)
    _audit(db, seq, head, action, changes)
    db.commit()
    db.changes.clear()
    db.readings.clear()
    return Witness(seq, mark)


def _tick(db: CollegeSession) -> tuple[int, str]:
    row = db.execute(TICK, {"college": db.college_id}).one_or_none()
    if row is None:
        raise RuntimeError("this college has no clock: it was not opened by open_college")
    return row.counter, row.audit_head


def open_clock(db: CollegeSession) -> None:
    """Give a new college its clock; its zeroth mark lets a first witness be checked."""
    db.execute(sa.insert(clock).values(college_id=db.college_id, counter=0, audit_head="0" * 64))
    db.execute(
        sa.insert(clock_mark).values(
            college_id=db.college_id, seq=0, mark=secrets.randbits(MARK_BITS)
        )
    )


def _audit(db: CollegeSession, seq: int, head: str, action: str, changes: list[Change]) -> None:
    body = [*map(_line, changes), *db.readings]
    line = {
        "college_id": db.college_id,
        "seq": seq,
        "at": db.now(),
        "account_id": db.author.account_id,
        "device": db.author.device,
        "request_id": db.author.request_id,
        "action": action,
        "changes": body,
    }
    digest = chain(head, line)
    db.execute(LINE, {**line, "hash": digest})
    if changes:
        db.execute(PLACE, [_place(db, seq, change) for change in changes])
    db.execute(HEAD, {"college": db.college_id, "digest": digest})


def chain(head: str, line: Mapping[str, Any]) -> str:
    """The hash that binds an audit line to all before it."""
    body = {name: pack(v) if name != "changes" else v for name, v in line.items()}
    return hashlib.sha256(head.encode() + msgspec.json.encode(body, order="sorted")).hexdigest()


def _place(db: CollegeSession, seq: int, change: Change) -> dict[str, Any]:
    return {"college_id": db.college_id, "row_id": change.row.id, "seq": seq}


def _line(change: Change) -> dict[str, Any]:
    """Before and after of one row; restricted values are named, not told."""
    spec = describe(type(change.row))
    names = [f.name for f in spec.fields if change.created or f.name in change.before]
    said: dict[str, Any] = {}
    for name in names:
        after = getattr(change.row, name)
        if change.created and after is None:
            continue
        if spec[name].field.pd is P3:
            said[name] = "***"
        else:
            said[name] = [pack(change.before.get(name)), pack(after)]
    kind = "create" if change.created else "delete" if change.deleted else "change"
    return {"entity": spec.name, "id": change.row.id.hex, "kind": kind, "set": said}
