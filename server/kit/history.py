"""The history of records out of the journal of changes, by the rights and classes of whoever reads it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.entity import spec_of
from common.kit.history import HIDDEN, History, Step, Turned
from common.kit.kinds import PersonalData
from common.kit.rights import Action
from server.kit import scope, writers
from server.kit.auth import Caller
from server.kit.session import CollegeSession
from server.kit.tables import audit, audit_row

LINES = 200
"""Lines of the journal that are read at once."""
MOST_READS = 50
"""So many times at most it is read on where nothing of it may be told: that there was more is not told either."""


def history(db: CollegeSession, caller: Caller, rows: Sequence[UUID], before: int = 0) -> History:
    """What was done to these records, the newest first; of a class that the caller may not read nothing is told."""
    wanted = {id.hex for id in rows}

    @functools.cache
    def opens(entity: str, id: str, pd: PersonalData) -> bool:
        reads = Action.READ
        return scope.opens(db, caller.permissions, caller.own, entity, UUID(id), reads, pd)

    told: list[tuple[Any, Any, list[Turned]]] = []
    for _ in range(MOST_READS):
        lines = db.execute(_lines(db, rows, before)).all()
        before = lines[-1].seq if len(lines) == LINES else 0
        found = [
            (line, change, _fields(change, opens))
            for line in lines
            for change in line.changes
            if change["id"] in wanted and change["kind"] != "read" and _is_known(change["entity"])
        ]
        told = [each for each in found if each[2] or _may_know(each[1], opens)]
        if told or not before:
            break
    hands = writers.told(db, {str(n): _hand(line) for n, (line, _, _) in enumerate(told)})
    steps = [
        Step(
            seq=line.seq,
            entity=change["entity"],
            row=change["id"],
            kind=change["kind"],
            who=hands[str(n)],
            fields=fields,
        )
        for n, (line, change, fields) in enumerate(told)
    ]
    return History(steps, before if told else 0)


def _lines(db: CollegeSession, rows: Sequence[UUID], before: int) -> Any:
    of_rows = sa.select(audit_row.c.seq).where(
        audit_row.c.college_id == db.college_id, audit_row.c.row_id.in_(rows)
    )
    query = sa.select(audit.c.seq, audit.c.at, audit.c.account_id, audit.c.action, audit.c.changes)
    query = query.where(audit.c.college_id == db.college_id, audit.c.seq.in_(of_rows))
    if before:
        query = query.where(audit.c.seq < before)
    return query.order_by(audit.c.seq.desc()).limit(LINES)


def _is_known(entity: str) -> bool:
    try:
        spec_of(entity)
    except KeyError:
        return False
    return True


def _fields(change: Mapping[str, Any], opens: Any) -> list[Turned]:
    """Those of the classes that are open, in the order of the declaration."""
    spec, said = spec_of(change["entity"]), change["set"]
    return [
        Turned(f.name, *((HIDDEN, HIDDEN) if said[f.name] == HIDDEN else said[f.name]))
        for f in spec.fields
        if f.name in said and opens(spec.name, change["id"], f.field.pd)
    ]


def _may_know(change: Mapping[str, Any], opens: Any) -> bool:
    """That a record was deleted is told to whoever reads any class of it."""
    spec = spec_of(change["entity"])
    return change["kind"] == "delete" and any(
        opens(spec.name, change["id"], pd) for pd in spec.classes
    )


def _hand(line: Any) -> list[Any]:
    account = line.account_id.hex if line.account_id else ""
    return [account, int(line.at.timestamp() * 1000), line.action]


def ids_in(text: str) -> Iterable[UUID]:
    """The ids of a question; what is none is passed by, as a record that does not exist."""
    for word in text.split(","):
        try:
            yield UUID(word)
        except ValueError:
            continue
