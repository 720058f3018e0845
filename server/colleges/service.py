"""What belongs to the tenant: opening a college, leasing numbers to its desks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from common.colleges.entities import Desk
from common.kit.errors import Invalid
from common.kit.sync import Command
from server.kit.session import CollegeSession
from server.kit.tables import device, number_lease

BLOCK = 100
"""Numbers a desk gets at once; it renews below half."""


def lease_numbers(db: CollegeSession, command: Command) -> dict[str, Any]:
    """The next block of the desk's own series in a book: {"series", "book", "first", "last"}."""
    book = str(command.args.get("book", ""))[:60]
    if not book:
        raise Invalid("Не сказано, для какого журнала нужны номера")
    series = _series(db)
    key = {"college_id": db.college_id, "series": series, "book": book}
    where = [number_lease.c[name] == value for name, value in key.items()]
    query = sa.select(number_lease.c.top).where(*where).with_for_update()
    top = db.execute(query).scalars().first()
    last = (top or 0) + BLOCK
    if top is None:
        db.execute(sa.insert(number_lease).values(**key, top=last))
    else:
        db.execute(sa.update(number_lease).where(*where).values(top=last))
    return {"series": series, "book": book, "first": last - BLOCK + 1, "last": last}


def _series(db: CollegeSession) -> str:
    desk_id = db.execute(
        sa.select(device.c.desk_id).where(
            device.c.college_id == db.college_id, device.c.device == db.author.device
        )
    ).scalar_one()
    return db.scalars(sa.select(Desk.series).where(Desk.id == desk_id)).one()
