"""An id belongs to one college for ever: a new record under an id of another college is refused without a word of why (SYNC 9)."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from common.colleges.entities import College
from common.kit.entity import entity_named
from server.kit.places import chunks
from server.kit.session import CollegeSession

REFUSED = "Запись под этим номером не принимается: введите её заново"


def foreign(db: CollegeSession, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Those of these ids that another college has; asked by key in each of them, since no index leads by the id alone."""
    table: Any = entity_named(name).__table__
    if "college_id" not in table.c or not ids:
        return set()
    found: set[UUID] = set()
    walled = db.get_bind().dialect.name == "postgresql"
    for chunk in chunks(sorted(ids)):
        asked = {"ids": [*chunk], "own": db.college_id}
        query = _over_the_walls(table.name) if walled else _foreign(table)
        found.update(db.scalars(query, asked))
    return found


@functools.cache
def _foreign(table: sa.Table) -> Any:
    """Columns of the table, not the mapped class: the session would narrow that to its own college."""
    others = sa.select(College.__table__.c.id).where(College.__table__.c.id != sa.bindparam("own"))
    return sa.select(table.c.id).where(
        table.c.college_id.in_(others), table.c.id.in_(sa.bindparam("ids", expanding=True))
    )


@functools.cache
def _over_the_walls(name: str) -> Any:
    """The server's role sees one college; a function of the owner's tells it of ids, and of nothing else."""
    ids = sa.bindparam("ids", type_=ARRAY(sa.Uuid))
    own = sa.bindparam("own", type_=sa.Uuid)
    return sa.select(sa.func.epo_elsewhere(name, ids, own, type_=sa.Uuid))
