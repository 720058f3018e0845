"""What belongs to the tenant: opening a college, leasing numbers to its desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from common.colleges.entities import Desk
from common.kit.errors import Invalid
from common.kit.sync import Command
from server.kit.gate import is_recovering
from server.kit.outside import Given, outside_of
from server.kit.session import CollegeSession
from server.kit.tables import device, number_lease

BLOCK = 100
"""Numbers a desk gets at once; it renews below half."""
LEASES = "lease:"
"""In the anchor: whose block ends with this number."""


def lease_numbers(db: CollegeSession, command: Command) -> dict[str, Any]:
    """The next block of the desk's own series in a book: {"series", "book", "first", "last"}.

    The same operation gets the same block in every history. A new block is not given while the server
    is in recovery: the desk asks again when it needs one.
    """
    book, outside = _book(command), outside_of(db)
    known = outside.given_to(db.college_id, db.chain, LEASES + book)
    if known is not None:
        top = max(known.number, _lock_top(db, known.series, book) or 0)
        return _lease(db, known.series, book, known.number - BLOCK + 1, top)
    if is_recovering(db):
        return {}
    series = _series(db)
    top = max(_lock_top(db, series, book) or 0, outside.top(db.college_id, series, book))
    outside.keep([Given(db.college_id, series, LEASES + book, top + BLOCK, db.chain)])
    return _lease(db, series, book, top + 1, top + BLOCK)


def lease_again(db: CollegeSession, command: Command, given: Mapping[str, Any]) -> dict[str, Any]:
    """After a restore: the block that the desk holds stays its own."""
    if not given:
        return {}
    series, book, first, last = (given[n] for n in ("series", "book", "first", "last"))
    _lease(db, series, book, first, max(last, _lock_top(db, series, book) or 0))
    return dict(given)


def _book(command: Command) -> str:
    book = str(command.args.get("book", ""))[:60]
    if not book:
        raise Invalid("Не сказано, для какого журнала нужны номера")
    return book


def _lock_top(db: CollegeSession, series: str, book: str) -> int | None:
    c = number_lease.c
    query = sa.select(c.top).where(
        c.college_id == db.college_id, c.series == series, c.book == book
    )
    return db.execute(query.with_for_update()).scalar_one_or_none()


def _lease(db: CollegeSession, series: str, book: str, first: int, last: int) -> dict[str, Any]:
    """Raise the top of this book to `last`, outside the database first."""
    outside_of(db).keep([Given(db.college_id, series, book, last)])
    key = {"college_id": db.college_id, "series": series, "book": book}
    where = [number_lease.c[name] == value for name, value in key.items()]
    done: Any = db.execute(sa.update(number_lease).where(*where).values(top=last))
    if done.rowcount == 0:
        db.execute(sa.insert(number_lease).values(**key, top=last))
    return {"series": series, "book": book, "first": first, "last": first + BLOCK - 1}


def _series(db: CollegeSession) -> str:
    desk_id = db.execute(
        sa.select(device.c.desk_id).where(
            device.c.college_id == db.college_id, device.c.device == db.author.device
        )
    ).scalar_one()
    return db.scalars(sa.select(Desk.series).where(Desk.id == desk_id)).one()
