"""An id belongs to one college for ever: a new record under an id of another college is refused without a word of why (SYNC 9)."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.colleges.entities import College
from common.kit.entity import entity_named
from server.kit.feed import chunks
from server.kit.session import CollegeSession

REFUSED = "Запись под этим номером не принимается: введите её заново"


def foreign(db: CollegeSession, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Those of these ids that another college has; asked by key in each of them, since no index leads by the id alone."""
    table: Any = entity_named(name).__table__
    if "college_id" not in table.c or not ids:
        return set()
    found: set[UUID] = set()
    for chunk in chunks(sorted(ids)):
        found.update(db.scalars(_foreign(table), {"ids": chunk, "own": db.college_id}))
    return found


@functools.cache
def _foreign(table: sa.Table) -> Any:
    """Columns of the table, not the mapped class: the session would narrow that to its own college."""
    others = sa.select(College.__table__.c.id).where(College.__table__.c.id != sa.bindparam("own"))
    return sa.select(table.c.id).where(
        table.c.college_id.in_(others), table.c.id.in_(sa.bindparam("ids", expanding=True))
    )
