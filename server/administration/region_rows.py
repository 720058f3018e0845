"""What officials of the region read of colleges' records: the classes that their roles open, one college and one page at a time, and the journals of visits of both have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccessKind
from common.kit.access import opens
from common.kit.entity import entity_named, spec_of
from common.kit.errors import Invalid, NotFound
from common.kit.ids import REGION
from common.kit.rights import Action
from common.kit.spec import EntitySpec
from common.kit.wire import pack
from server.administration.service import college_id
from server.kit.auth import Caller
from server.kit.database import reader
from server.kit.events import EVENT, event
from server.kit.noting import note_denied
from server.kit.session import Clock, CollegeSession, say_college

MOST = 200
"""Rows of one answer."""
NO_SUCH = "Таких записей организаций регион не читает"


@dataclass(frozen=True, slots=True)
class RegionRows:
    """One page; asked again after the last id of it, the next one."""

    college: str
    title: str
    labels: dict[str, str]
    """Of the fields that are shown, and no others are there."""
    rows: list[dict[str, Any]]
    more: bool


def rows_of(
    engine: sa.Engine, caller: Caller, entity: str, college: str, after: str, *, now: Clock
) -> RegionRows:
    """The live rows of that college, oldest first; NotFound alike for what there is not and for what his role opens no class of."""
    spec = _opened(engine, caller, entity, now)
    names = [f.name for f in spec.fields if opens(caller.region, spec, Action.READ, f.field.pd)]
    id = college_id(engine, college, now)
    with CollegeSession(reader(engine), id, now=now) as db:
        found = db.execute(_page(spec, names, _place(after))).all()
    rows = [{"id": row.id.hex} | {n: pack(getattr(row, n)) for n in names} for row in found[:MOST]]
    note_reading(engine, caller, spec.name, len(rows), now=now, college=(id, college))
    labels = {name: spec[name].label for name in names}
    return RegionRows(college, spec.title, labels, rows, more=len(found) > MOST)


def _opened(engine: sa.Engine, caller: Caller, entity: str, now: Clock) -> EntitySpec:
    """That of records which colleges keep and of which he may read something."""
    try:
        spec = spec_of(entity)
    except KeyError:
        raise NotFound(NO_SUCH) from None
    if not spec.regional and any(
        opens(caller.region, spec, Action.READ, pd) for pd in spec.classes
    ):
        return spec
    note_denied(engine, caller, now=now, entity=spec.name)
    raise NotFound(NO_SUCH)


def _page(spec: EntitySpec, names: list[str], after: UUID | None) -> Any:
    entity: Any = entity_named(spec.name)
    columns = [getattr(entity, name) for name in names]
    query = sa.select(entity.id, *columns).where(entity.deleted_at.is_(None))
    if after is not None:
        query = query.where(entity.id > after)
    return query.order_by(entity.id).limit(MOST + 1)


def _place(after: str) -> UUID | None:
    try:
        return UUID(after) if after else None
    except ValueError:
        raise Invalid("Продолжение списка названо неверно: повторите с последним id") from None


def note_reading(
    engine: sa.Engine,
    caller: Caller,
    entity: str,
    rows: int,
    *,
    now: Clock,
    college: tuple[UUID, str] | None = None,
) -> None:
    """Before anything is shown: in the region's journal by whom, and in that of the college whose rows were read."""
    with CollegeSession(reader(engine), REGION, now=now) as db:
        login = db.scalar(sa.select(Account.login).where(Account.id == caller.account_id)) or ""
    told = {"entity": entity, "rows": rows, "login": login, "request_id": caller.request_id}
    who = {"account_id": caller.account_id, "device": caller.device}
    homes = [(REGION, who | {"computer": college[1] if college else ""})]
    if college:
        homes.append((college[0], {"computer": "регион"}))
    with engine.begin() as connection:
        for home, facts in homes:
            say_college(connection, home)
            row = event(AccessKind.EXPORT, now(), home, **told, **facts)
            connection.execute(EVENT, row)
