"""Transfer (SYNC 9): an applicant's record goes to another college in two transactions, joined by a job that survives a fault between them.

What goes along is the person with all that belongs to him, and the applicant with his parts; choices of groups, scans and
the number belong to the college that he leaves. Both audits tell of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from common.admissions.entities import AdmissionCampaign, Applicant
from common.kit.attached import Attached
from common.kit.buckets import parts_of
from common.kit.entity import Entity, entity_named, spec_of
from common.kit.errors import EpoError, Invalid, NotAllowed, NotFound, Unavailable
from common.kit.ids import new_id
from common.kit.kinds import P0
from common.kit.rights import Action, Section, may
from common.kit.spec import EntitySpec
from common.kit.wire import pack_record, unpack_record
from common.people.entities import Person
from server.administration.service import caller_of, college_id
from server.kit import person_keys
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.session import Author, Clock, CollegeSession, load
from server.kit.tables import transfer

log = logging.getLogger(__name__)

OUT, IN = "transfer.out", "transfer.in"
NUMBER = "Б/Н-"
"""The college that takes him gives a number of its own."""


class Row(msgspec.Struct, frozen=True):
    """One record on its way, under the id that it will have; its references are the new ones."""

    entity: str
    id: UUID
    values: dict[str, Any]
    own: bool
    """Of the person himself, not of the applicant."""


class Luggage(msgspec.Struct, frozen=True):
    person: UUID
    applicant: UUID
    snils: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Order:
    """Who goes where, by whose word."""

    applicant: UUID
    to_college: str
    login: str


# ---- out of one college


def send(engine: sa.Engine, order: Order, *, now: Clock) -> UUID:
    """The first transaction: the applicant leaves, his record is kept in a job. NotFound, NotAllowed, Invalid."""
    caller = caller_of(engine, order.login, now=now)
    if not may(caller.permissions, Section.ADMISSIONS, Action.WRITE, P0):
        raise NotAllowed("Переводит тот, кто ведёт приёмную комиссию: нет права")
    target = college_id(engine, order.to_college, now)
    if target == caller.college_id:
        raise Invalid("Поступающий уже в этой организации: назовите другую")
    with CollegeSession(engine, caller.college_id, now=now) as db:
        applicant = load(db, Applicant, order.applicant)
        campaign = load(db, AdmissionCampaign, applicant.campaign_id)
    moved = {campaign.id: _campaign_there(engine, target, campaign.year, now)}
    return _send(engine, caller, order.applicant, target, moved, now)


def _send(
    engine: sa.Engine,
    caller: Caller,
    applicant_id: UUID,
    target: UUID,
    moved: dict[UUID, UUID],
    now: Clock,
) -> UUID:
    """`moved`: the campaign of this college and the one that takes its place."""
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        applicant = load(db, Applicant, applicant_id, lock=True)
        if applicant.campaign_id not in moved:
            raise Unavailable("Поступающего перенесли в другую кампанию; повторите", retry_after=1)
        person = load(db, Person, applicant.person_id)
        luggage = _pack(db, person, applicant, moved)
        for row in (applicant, *_parts(db, "applicant", applicant.id)):
            row.deleted_at = db.now()
        job = new_id()
        db.execute(
            sa.insert(transfer).values(
                id=job,
                from_college=db.college_id,
                to_college=target,
                row_id=applicant.id,
                account_id=caller.account_id,
                made_at=db.now(),
                luggage=msgspec.to_builtins(luggage),
            )
        )
        _tell(db, applicant.id, job)
        commit(db, OUT)
    return job


def _campaign_there(engine: sa.Engine, target: UUID, year: int, now: Clock) -> UUID:
    with CollegeSession(engine, target, now=now) as db:
        query = sa.select(AdmissionCampaign.id).where(
            AdmissionCampaign.year == year, AdmissionCampaign.deleted_at.is_(None)
        )
        found = db.scalars(query).first()
    if found is None:
        raise NotFound(f"В той организации нет приёмной кампании {year} года: сначала заведите её")
    return found


def _parts(db: CollegeSession, name: str, id: UUID) -> Iterator[Entity]:
    """The live parts of a record, each before its own parts."""
    for part, reference in parts_of(name):
        entity: Any = entity_named(part)
        query = sa.select(entity).where(
            getattr(entity, reference) == id, entity.deleted_at.is_(None)
        )
        for row in db.scalars(query.order_by(entity.id)):
            yield row
            yield from _parts(db, part, row.id)


def _pack(
    db: CollegeSession, person: Person, applicant: Applicant, moved: dict[UUID, UUID]
) -> Luggage:
    """Old ids become new ones: an id is of one college for ever."""
    rows = []
    for root, own in ((person, True), (applicant, False)):
        for row in (root, *_parts(db, root.__tablename__, root.id)):
            if isinstance(row, Attached):
                continue
            values = _values(row, moved)
            if values is not None:
                moved[row.id] = new_id()
                rows.append(Row(row.__tablename__, moved[row.id], values, own))
    return Luggage(moved[person.id], moved[applicant.id], person.snils or "", rows)


def _values(row: Entity, moved: Mapping[UUID, UUID]) -> dict[str, Any] | None:
    """None where it cannot be without a record that stays."""
    spec = spec_of(row.__tablename__)
    found = {field.name: getattr(row, field.name) for field in spec.fields}
    for field in spec.fields:
        value = found[field.name]
        if field.target is None or value is None or spec_of(field.target).regional:
            continue
        found[field.name] = moved.get(value)
        if found[field.name] is None and field.required:
            return None
    return pack_record(found)


# ---- into the other


def waiting(engine: sa.Engine) -> list[UUID]:
    """Jobs whose second transaction has not been, oldest first."""
    c = transfer.c
    with engine.connect() as connection:
        query = sa.select(c.id).where(c.done_at.is_(None)).order_by(c.id)
        return list(connection.scalars(query))


def finish(engine: sa.Engine, job: UUID, *, now: Clock) -> None:
    """The second transaction; said again it does nothing."""
    c = transfer.c
    with engine.connect() as connection:
        target = connection.scalar(sa.select(c.to_college).where(c.id == job))
    if target is None:
        raise NotFound(f"Перевода «{job}» нет")
    with CollegeSession(engine, target, now=now, author=Author(device="transfer")) as db:
        row = db.execute(sa.select(transfer).where(c.id == job).with_for_update()).one()
        if row.done_at is not None:
            return
        luggage = msgspec.convert(row.luggage, Luggage)
        _unpack(db, luggage)
        done = {"done_at": db.now(), "luggage": {}}
        db.execute(sa.update(transfer).where(c.id == job).values(done))
        _tell(db, luggage.applicant, job)
        commit(db, IN)


def finish_all(engine: sa.Engine, *, now: Clock) -> int:
    """What a fault had left between its two transactions; how many arrived. One that cannot is told and waits on."""
    done = 0
    for job in waiting(engine):
        try:
            finish(engine, job, now=now)
            done += 1
        except (EpoError, SQLAlchemyError) as fault:
            log.error("a transfer cannot be finished", exc_info=fault, extra={"job": job.hex})  # noqa: TRY400  the fault is of one job
    return done


def _unpack(db: CollegeSession, luggage: Luggage) -> None:
    """A human being whom the college knows already is not made once more."""
    known = person_keys.same_here(db, luggage.snils) if luggage.snils else None
    left = {row.id for row in luggage.rows if row.own} if known else set()
    for row in luggage.rows:
        if row.id in left:
            continue
        spec = spec_of(row.entity)
        values = _settled(spec, unpack_record(spec, row.values), left)
        if row.id == luggage.applicant:
            values |= {
                "person_id": known or luggage.person,
                "reg_no": NUMBER + row.id.hex[-8:].upper(),
                "registered_at": db.now(),
            }
        db.add(entity_named(row.entity)(id=row.id, **values))
        db.flush()


def _settled(spec: EntitySpec, values: dict[str, Any], left: set[UUID]) -> dict[str, Any]:
    """What points at a record that was left is without it."""
    return {
        name: None if spec[name].target is not None and value in left else value
        for name, value in values.items()
    }


def _tell(db: CollegeSession, id: UUID, job: UUID) -> None:
    """In the audit of either college, beside the rows themselves."""
    db.readings.append(
        {"entity": "applicant", "id": id.hex, "kind": "transfer", "set": {"job": job.hex}}
    )
