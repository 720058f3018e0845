"""A session that sees and writes one college's rows: the single place where tenancy is enforced, and the only commit."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from common.kit.entity import CollegeOwned, Entity, Regional, describe
from common.kit.errors import NotFound
from common.kit.ids import REGION

T = TypeVar("T", bound=Entity)
Clock = Callable[[], dt.datetime]

SETTING = "epo.college"
"""Of one transaction of PostgreSQL: its college."""
SAY = f"SELECT set_config('{SETTING}', %(college)s, true)"


@dataclass(slots=True)
class Change:
    """What one transaction did to one row: old values of the fields it touched."""

    row: Entity
    created: bool
    before: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """On whose behalf a transaction writes."""

    account_id: UUID | None = None
    device: str = ""
    request_id: str = ""


class TenancyBroken(Exception):
    """Code tried to read or write outside its college."""


class CollegeSession(Session):
    """Every select, get, update and delete of a college's entities is narrowed to one college.

    What goes round the mapped classes goes round this too: only server.kit may do that. A session of
    the region (college REGION) writes regional rows and no college's.
    """

    def __init__(
        self, engine: sa.Engine, college_id: UUID, *, now: Clock, author: Author | None = None
    ) -> None:
        super().__init__(engine, autoflush=False, expire_on_commit=False)
        self.college_id = college_id
        self.now = now
        self.author = author or Author()
        self.changes: dict[tuple[type[Entity], UUID], Change] = {}
        self.displaced: dict[str, set[UUID]] = {}
        """Roots by entity that may lie in buckets where they do not belong any more."""
        self.readings: list[dict[str, Any]] = []
        """Who was shown what restricted data, for the audit of this transaction."""
        self.found: dict[tuple[type[Entity], UUID], Entity] = {}
        """What `find` has met: held, so that it is read once a transaction."""
        self.fact_at: dt.datetime | None = None
        """When the author did what is being executed; rules take this, never the present moment."""
        self.chain: UUID | None = None
        """The operation being executed, or the first of those it was sent again for: what a number belongs to."""

    def bulk_save_objects(self, *_: Any, **__: Any) -> None:
        """These three pass no event: nothing would narrow or note what they write."""
        raise TenancyBroken("rows are added, or written by a statement")

    bulk_insert_mappings = bulk_save_objects
    bulk_update_mappings = bulk_save_objects

    @property
    def at(self) -> dt.datetime:
        return self.fact_at or self.now()


def load(db: CollegeSession, entity: type[T], id: UUID, *, lock: bool = False) -> T:
    """The live row of this college; NotFound equally for another college's and for none."""
    query = sa.select(entity).where(entity.id == id, entity.deleted_at.is_(None))
    row = db.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"«{entity.__one__}»: такой записи нет")
    return row


def find(db: CollegeSession, entity: type[T], id: UUID) -> T | None:
    """The live row, be it stored or only in this transaction; None for another college's and for none."""
    key = (entity, id)
    if key not in db.found:
        rows = live(db, entity, id=id)
        if not rows:
            return None
        db.found[key] = rows[0]
    row: Any = db.found[key]
    return None if row.deleted_at is not None else row


def live(db: CollegeSession, entity: type[T], **equal: Any) -> list[T]:
    """The live rows with these values, those of this transaction included."""
    columns: Any = entity
    query = sa.select(entity).where(*(getattr(columns, n) == v for n, v in equal.items()))
    rows = [*db.scalars(query), *(row for row in db.new if isinstance(row, entity))]
    return [
        row
        for row in rows
        if row.deleted_at is None and all(getattr(row, n) == v for n, v in equal.items())
    ]


def _narrow(state: ORMExecuteState) -> None:
    db = state.session
    if not isinstance(db, CollegeSession):
        return
    if state.is_insert or state.is_update or state.is_delete:
        _check_written(db, state)
    if state.is_orm_statement and not state.is_insert:
        state.statement = state.statement.options(_of_college(db.college_id))


@functools.cache
def _of_college(college_id: UUID) -> ORMOption:
    """Made once: analysing it costs more than most statements take."""
    return with_loader_criteria(
        CollegeOwned, lambda cls: cls.college_id == college_id, include_aliases=True
    )


def _check_written(db: CollegeSession, state: ORMExecuteState) -> None:
    """Statements are held to what a flush is held to; rows given by key never pass the criteria of `_narrow`."""
    mapper = state.bind_mapper
    if mapper is None:
        return
    if issubclass(mapper.class_, Regional):
        if db.college_id != REGION:
            raise TenancyBroken(f"{mapper.class_.__name__} is written by the region only")
        return
    given: Any = state.parameters or {}
    rows = given if isinstance(given, list) else [given]
    statement: Any = state.statement
    keyed = state.is_insert or (state.is_update and isinstance(given, list))
    if keyed and any(row.get("college_id") != db.college_id for row in rows):
        raise TenancyBroken(f"{mapper.class_.__name__} outside the session's college")
    if state.is_update and not keyed and "college_id" in statement.compile().params:
        raise TenancyBroken(f"{mapper.class_.__name__} cannot be moved to another college")


def _own(db: Session, *_: Any) -> None:
    """Give new rows their college, refuse rows of another, and note what changes."""
    if not isinstance(db, CollegeSession):
        return
    for row in db.deleted:
        raise TenancyBroken(f"{type(row).__name__} is deleted softly or not at all")
    for row in db.new:
        if isinstance(row, Entity):
            _claim(db, row)
            row.created_at, row.created_by = db.now(), db.author.account_id
            _note(db, row, Change(row, created=True))
    for row in db.dirty:
        if isinstance(row, Entity) and db.is_modified(row):
            _claim(db, row)
            _note(db, row, Change(row, created=False, before=_before(row)))


def _claim(db: CollegeSession, row: Entity) -> None:
    if isinstance(row, Regional):
        if db.college_id != REGION:
            raise TenancyBroken(f"{type(row).__name__} is written by the region only")
        return
    assert isinstance(row, CollegeOwned)  # noqa: S101  the only other base
    if sa.inspect(row).dict.get("college_id") is None:
        row.college_id = db.college_id
    if row.college_id != db.college_id:
        raise TenancyBroken(f"{type(row).__name__} of another college")


def _before(row: Entity) -> dict[str, Any]:
    state = sa.inspect(row)
    names = [f.name for f in describe(type(row)).fields] + ["deleted_at"]
    found = {}
    for name in names:
        history = state.attrs[name].history
        if history.has_changes():
            found[name] = history.deleted[0] if history.deleted else None
    return found


def _note(db: CollegeSession, row: Entity, change: Change) -> None:
    row.changed_at, row.changed_by = db.now(), db.author.account_id
    key = (type(row), row.id)
    known = db.changes.setdefault(key, change)
    if known is not change:
        known.before = change.before | known.before
    known.deleted = row.deleted_at is not None


def _forget(db: Session, *_: Any) -> None:
    if isinstance(db, CollegeSession):
        db.changes.clear()
        db.readings.clear()
        db.found.clear()


def _say_college(db: Session, _: Any, connection: sa.Connection) -> None:
    if isinstance(db, CollegeSession):
        say_college(connection, db.college_id)


def say_college(connection: sa.Connection, college_id: UUID) -> None:
    """Tell PostgreSQL whose rows this transaction may touch (server.kit.walls)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(SAY, {"college": college_id.hex})


event.listen(CollegeSession, "after_begin", _say_college)
event.listen(CollegeSession, "do_orm_execute", _narrow)
event.listen(CollegeSession, "before_flush", _own)
event.listen(CollegeSession, "after_rollback", _forget)
