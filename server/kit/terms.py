"""How long something is kept: numbers of dated rows, never of the code."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from common.kit.dated import as_of
from common.kit.years import first_year
from common.reference.entities import RetentionTerm
from server.kit.refusals import day_of
from server.kit.session import CollegeSession

DESK_YEARS = "desk_years"


def months_of(db: CollegeSession, code: str, on: dt.date) -> list[int]:
    """Of the rows of that day; usually one, none where nobody has said it."""
    query = sa.select(RetentionTerm).where(
        RetentionTerm.code == code, RetentionTerm.deleted_at.is_(None)
    )
    return [row.months for row in as_of(db.scalars(query).all(), on)]


def first_held(db: CollegeSession) -> int:
    """The earliest year that this college's desks hold; 0, and so every year, where no row says it."""
    on = day_of(db, db.now())
    months = months_of(db, DESK_YEARS, on)
    return first_year(max(months), on) if months else 0
