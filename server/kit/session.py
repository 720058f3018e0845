"""A session that sees and writes one college's rows: the single place where tenancy is enforced, and the only commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from common.kit.entity import CollegeOwned, Entity, Regional, describe
from common.kit.errors import NotFound
from common.kit.ids import REGION

T = TypeVar("T", bound=Entity)
Clock = Callable[[], dt.datetime]


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
        self.fact_at: dt.datetime | None = None
        """When the author did what is being executed; rules take this, never the present moment."""

        self.chain: UUID | None = None
        """The operation being executed, or the first of those it was sent again for: what a number belongs to."""

    @property
    def at(self) -> dt.datetime:
        return self.fact_at or self.now()


def load(db: CollegeSession, entity: type[T], id: UUID, *, lock: bool = False) -> T:
    """The live row of this college; NotFound equally for another college's and for none."""
    query = sa.select(entity).where(entity.id == id, entity.deleted_at.is_(None))  # type: ignore[attr-defined]  # id is on both bases
    row = db.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"«{entity.__one__}»: такой записи нет")
    return row


def _narrow(state: ORMExecuteState) -> None:
    db = state.session
    if not isinstance(db, CollegeSession):
        return
    if state.is_insert:
        _check_insert(db, state)
        return
    college_id = db.college_id
    state.statement = state.statement.options(
        with_loader_criteria(
            CollegeOwned, lambda cls: cls.college_id == college_id, include_aliases=True
        )
    )


def _check_insert(db: CollegeSession, state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, CollegeOwned):
        return
    given: Any = state.parameters or {}
    rows = given if isinstance(given, list) else [given]
    if any(row.get("college_id") != db.college_id for row in rows):
        raise TenancyBroken(f"insert into {mapper.class_.__name__} outside the session's college")


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
    key = (type(row), row.id)  # type: ignore[attr-defined]  # id is on both bases
    known = db.changes.setdefault(key, change)
    if known is not change:
        known.before = change.before | known.before
    known.deleted = row.deleted_at is not None


def _forget(db: Session, *_: Any) -> None:
    if isinstance(db, CollegeSession):
        db.changes.clear()


event.listen(CollegeSession, "do_orm_execute", _narrow)
event.listen(CollegeSession, "before_flush", _own)
event.listen(CollegeSession, "after_rollback", _forget)
