"""What an operator asks after a restore or a power cut: does the database agree with itself? Reads, and never mends."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from common.colleges.entities import College
from common.kit.attached import FileState, attached
from common.kit.entity import describe, entities, entity_named
from common.kit.ids import REGION
from common.kit.spec import EntitySpec, FieldSpec, facet_name
from common.kit.sync import Bucket
from server.kit import person_keys, schema
from server.kit.audit import first_fault
from server.kit.database import reader
from server.kit.feed import hash64
from server.kit.files import vanished
from server.kit.heads import anchors
from server.kit.outside import outside_of
from server.kit.places import chunks, holders
from server.kit.session import Clock, CollegeSession
from server.kit.tables import sync_bucket, sync_entry

LATE = dt.timedelta(days=3)
"""A file that has not come by then is lost, or lies on a computer that nobody switches on."""
WRONG_KEYS = "Людей, которых нельзя узнать по СНИЛС в других организациях: {count}; выполните epo-server transfer keys"
STRAY_KEYS = (
    "Ключей СНИЛС, которые остались без человека: {count}; выполните epo-server transfer keys"
)
ENTRIES = 5_000
"""Lines of the feed that are in memory at once."""


class Finding(msgspec.Struct, frozen=True):
    """Something that ought not to be: never a person's data, only places and numbers."""

    college: str
    kind: str
    message: str


def findings(engine: sa.Engine, *, now: Clock) -> list[Finding]:
    """All that is wrong; empty where the database is whole."""
    present, wanted = schema.current(engine), schema.head()
    if present != wanted:
        said = f"Версия базы {present}, а программе нужна {wanted}: выполните epo-server migrate"
        return [Finding("", "schema", said)]
    with CollegeSession(reader(engine), REGION, now=now) as db:
        places: dict[UUID, str] = dict(db.execute(sa.select(College.id, College.code)).all())
    found: list[Finding] = []
    for id, code in ({REGION: "region"} | places).items():
        with CollegeSession(reader(engine), id, now=now) as db:
            for kind, check in CHECKS.items():
                found += [Finding(code, kind, said) for said in check(db)]
    return found


# ---- the journal of changes


def _chain(db: CollegeSession) -> Iterator[str]:
    if fault := first_fault(db, anchors(outside_of(db))):
        yield fault.message


# ---- the change feed


def _sums(db: CollegeSession) -> Iterator[str]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    c = sync_entry.c
    query = sa.select(c.bucket, c.facet, c.row_id, c.seq).where(
        c.college_id == db.college_id, c.gone.is_(False)
    )
    for bucket, facet, id, seq in db.execute(query.execution_options(yield_per=ENTRIES)):
        low, high = hash64(facet, id.hex, seq)
        held = sums[bucket]
        held[0], held[1], held[2] = held[0] + 1, held[1] + low, held[2] + high
    stored = sa.select(sync_bucket).where(sync_bucket.c.college_id == db.college_id)
    for row in db.execute(stored):
        if [row.rows, row.low, row.high] != sums[row.number]:
            yield f"Сумма ленты {row.section}.{row.pd}: записано {row.rows} строк, есть {sums[row.number][0]}"


def _entries(db: CollegeSession) -> Iterator[str]:
    """Every live row has its entries in the buckets of its holders, and every live entry its row."""
    buckets = {
        Bucket(row.scope, row.section, row.pd, row.year): row.number
        for row in db.execute(
            sa.select(sync_bucket).where(sync_bucket.c.college_id == db.college_id)
        )
    }
    for spec in map(describe, entities()):
        if spec.regional != (db.college_id == REGION):
            continue
        wanted = _wanted(db, spec, buckets)
        present = _present(db, spec)
        if bare := len(wanted - present):
            yield f"{spec.title}: нет в ленте, рабочие места их не увидят: {bare}"
        if stray := len(present - wanted):
            yield f"{spec.title}: есть в ленте, а записи нет или её не должно быть видно: {stray}"


Place = tuple[int | None, str, UUID]


def _wanted(db: CollegeSession, spec: EntitySpec, buckets: dict[Bucket, int]) -> set[Place]:
    entity: Any = entity_named(spec.name)
    ids = db.scalars(sa.select(entity.id).where(entity.deleted_at.is_(None))).all()
    return {
        (
            buckets.get(Bucket(place.scope, place.section, pd.value, place.year)),
            facet_name(spec.name, pd),
            id,
        )
        for chunk in chunks(ids)
        for id, held in holders(db, spec.name, chunk).items()
        for place in held
        for pd in spec.classes
    }


def _present(db: CollegeSession, spec: EntitySpec) -> set[Place]:
    c = sync_entry.c
    facets = [facet_name(spec.name, pd) for pd in spec.classes]
    query = sa.select(c.bucket, c.facet, c.row_id).where(
        c.college_id == db.college_id, c.gone.is_(False), c.facet.in_(facets)
    )
    return {(bucket, facet, id) for bucket, facet, id in db.execute(query)}


# ---- references


def _references(db: CollegeSession) -> Iterator[str]:
    for spec in map(describe, entities()):
        if spec.regional != (db.college_id == REGION):
            continue
        for f in spec.fields:
            if f.target is not None and (count := _dangling(db, spec, f)):
                yield f"{spec.title}, «{f.label}»: ссылок в никуда {count}"


def _dangling(db: CollegeSession, spec: EntitySpec, f: FieldSpec) -> int:
    """References to what is not there; those of a live part to an owner in the basket count too."""
    entity: Any = entity_named(spec.name)
    target: Any = aliased(entity_named(f.target or ""))
    column = getattr(entity, f.name)
    gone = target.id.is_(None)
    if f.name == spec.part_of:
        gone = sa.or_(gone, target.deleted_at.is_not(None))
    query = (
        sa.select(sa.func.count())
        .select_from(entity)
        .outerjoin(target, target.id == column)
        .where(column.is_not(None), entity.deleted_at.is_(None), gone)
    )
    return db.scalar(query) or 0


# ---- the same human being in several colleges


def _person_keys(db: CollegeSession) -> Iterator[str]:
    wrong, stray = person_keys.faults(db)
    for count, said in ((wrong, WRONG_KEYS), (stray, STRAY_KEYS)):
        if count:
            yield said.format(count=count)


# ---- files


def _files(db: CollegeSession) -> Iterator[str]:
    for entity in attached():
        columns: Any = entity
        overdue = sa.select(sa.func.count()).where(
            columns.state == FileState.AWAITED,
            columns.deleted_at.is_(None),
            columns.created_at < db.now() - LATE,
        )
        if count := db.scalar(overdue):
            said = f"файлов, которых ждут больше {LATE.days} дней: {count}"
            yield f"{entity.__title__}: {said}"
    if gone := len(vanished(db)):
        yield f"Файлов на полке нет или они не той длины: {gone}"


CHECKS = {
    "audit": _chain,
    "sums": _sums,
    "feed": _entries,
    "reference": _references,
    "person_key": _person_keys,
    "file": _files,
}
