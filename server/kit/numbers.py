"""Legal numbers of desks at the centre (SYNC 7): consumed whatever became of the operation, owned by one chain for ever."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from common.kit.sync import Operation
from server.kit.outside import Given, outside_of
from server.kit.session import CollegeSession
from server.kit.tables import number_cancelled, number_lease, number_used

SERIES = (
    sa.select(number_lease.c.top)
    .where(
        number_lease.c.college_id == sa.bindparam("college"),
        number_lease.c.series == sa.bindparam("series"),
        number_lease.c.book == sa.bindparam("book"),
    )
    .with_for_update()
)
OWNER = sa.select(number_used.c.uuid).where(
    *(
        number_used.c[name] == sa.bindparam(name)
        for name in ("college_id", "series", "book", "number")
    )
)
USE = sa.insert(number_used)
COMES = sa.delete(number_cancelled).where(
    *(
        number_cancelled.c[name] == sa.bindparam(name)
        for name in ("college_id", "series", "book", "number")
    )
)

TAKEN = "taken"
SAID = "Номер {number} серии {series} уже занят другой записью: выдайте этой записи новый номер"


def lock_series(db: CollegeSession, operations: Sequence[Operation]) -> None:
    """All series of a batch in one order, before any record."""
    wanted = sorted({op.number[:2] for op in operations if op.number is not None})
    for series, book in wanted:
        db.execute(SERIES, {"college": db.college_id, "series": series, "book": book})


def chain_of(op: Operation) -> UUID:
    """What a number belongs to: the first of the operations that decisions link."""
    return op.chain or op.uuid


def consume(db: CollegeSession, op: Operation) -> Given | None:
    """What the anchor must know before the commit; None where another chain has this number already."""
    assert op.number is not None  # noqa: S101  the caller's condition
    series, book, number = op.number
    key = {"college_id": db.college_id, "series": series, "book": book, "number": number}
    known = db.execute(OWNER, key).scalar_one_or_none()
    owner = known or outside_of(db).owner(db.college_id, series, book, number)
    if owner is not None and owner != chain_of(op):
        return None
    if known is None:
        db.execute(USE, {**key, "uuid": chain_of(op)})
        db.execute(COMES, key)  # a late one replaces its line
    return Given(db.college_id, series, book, number, chain_of(op))
