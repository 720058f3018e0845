"""What a desk tells of itself: who was shown a card, what was locked, printed or taken out. It has happened, whatever the rights are by now.

Each function returns why it is refused, or an empty text.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from common.administration.kinds import TOLD_BY_DESKS, AccessKind
from common.kit.entity import spec_of
from common.kit.sync import Command, Operation, Save
from common.kit.wire import pack
from server.kit import events
from server.kit.session import CollegeSession

if TYPE_CHECKING:
    from server.kit.judge import Bench


def subject_of(op: Operation) -> tuple[str, UUID | None]:
    body = op.body
    return ("", None) if isinstance(body, Command) else (body.entity, body.id)


def ids_of(op: Operation) -> list[UUID]:
    """The record that it is about, and the parts that it names."""
    body = op.body
    if isinstance(body, Command):
        return []
    return [body.id, *(() if isinstance(body, Save) else (part.id for part in body.parts))]


def read(bench: Bench, body: Command) -> str:
    """It has happened, whatever the rights are by now: the audit has it with the moment and the person."""
    try:
        spec, id = spec_of(str(body.args["entity"])), UUID(str(body.args["id"]))
        by = UUID(str(body.args["by"])) if "by" in body.args else bench.db.author.account_id
    except (KeyError, ValueError):
        return "Не сказано, какую запись показали"
    if by != bench.db.author.account_id and not bench.brings:
        return "Просмотр записывают только от своего имени"
    line = {"entity": spec.name, "id": bench.own_id(spec.name, id).hex, "kind": "read", "set": {}}
    bench.db.readings.append(line | {"at": pack(bench.db.at), "by": pack(by)})
    shown = {"entity": spec.name, "row_id": bench.own_id(spec.name, id), "account_id": by}
    events.note(bench.db, AccessKind.P3_READ, at=bench.db.at, **shown)
    return ""


def denied(db: CollegeSession, op: Operation, *, elsewhere: bool = False) -> None:
    """An operation was stopped for want of a right: the journal of visits has it, with the moment of the fact."""
    entity, id = subject_of(op)
    at = dt.datetime.fromtimestamp(op.at / 1000, dt.UTC)
    events.note(db, AccessKind.DENIED, entity=entity[:60], row_id=id, at=at, elsewhere=elsewhere)


def note(bench: Bench, body: Command) -> str:
    """What a desk tells of itself: locked, printed, taken out; with the moment of the fact."""
    try:
        kind, entity = AccessKind.of(str(body.args["kind"])), str(body.args.get("entity", ""))
        id = UUID(str(body.args["id"])) if "id" in body.args else None
        spec_of(entity) if entity else None
        rows = int(body.args.get("rows", 0))
    except (KeyError, ValueError):
        return "Не сказано, что произошло на рабочем месте"
    if kind not in TOLD_BY_DESKS:
        return f"О событии «{kind.label}» знает сам сервер"
    where = bench.own_id(entity, id) if entity and id else id
    by = body.args["by"] if bench.brings and "by" in body.args else None
    who = UUID(str(by)) if by else bench.db.author.account_id
    facts = {
        "entity": entity,
        "row_id": where,
        "account_id": who,
        "rows": min(max(rows, 0), 2**31 - 1),
    }
    events.note(bench.db, kind, at=bench.db.at, **facts)
    return ""
