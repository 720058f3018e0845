"""What a room refuses beyond a declaration: rules that look at other records, registered by entity, asked by push and import alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from common.colleges.entities import College
from common.kit.dates import REGION_ZONE
from common.kit.entity import Entity
from common.kit.ids import REGION
from server.kit.session import CollegeSession, find


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked for: the whole record as it would be, before anything of it is stored."""

    values: Mapping[str, Any]
    touched: frozenset[str]
    on: dt.date
    """Day of the fact in the college's zone: when it was typed, not when it arrived."""
    created: bool = False
    deleted: bool = False


Rule = Callable[[CollegeSession, Proposal], str | None]
"""Reads other records by `find` and `live`, which see this transaction's own; writes nothing. A sentence refuses."""

RULES: dict[type[Entity], Rule] = {}
"""One rule an entity; a room registers its own where the application is put together."""


def refuse(db: CollegeSession, entity: type[Entity], proposal: Proposal) -> str | None:
    """The sentence of the entity's rule, or None where it has none or nothing against it."""
    rule = RULES.get(entity)
    return rule(db, proposal) if rule else None


def day_of(db: CollegeSession, at: dt.datetime) -> dt.date:
    """The day that this moment has in the college, or at the region's operator."""
    return at.astimezone(zone_of(db)).date()


def zone_of(db: CollegeSession) -> ZoneInfo:
    """That of the college's clocks, or of the region's."""
    if db.college_id == REGION:
        return ZoneInfo(REGION_ZONE)
    college = find(db, College, db.college_id)
    if college is None:
        raise RuntimeError("a session of no college has no zone")
    return ZoneInfo(college.zone)


def day_in(zone: str, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(zone)).date()
