"""Into the basket and out of it (SYNC 6): a record goes with all its parts and comes back with them, or nothing is done."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.buckets import parts_of
from common.kit.entity import Entity, entity_named, spec_of
from common.kit.pointing import refuse_pointed
from common.kit.spec import EntitySpec
from common.kit.sync import WHOLE, Delete, Restore, Status
from server.kit import pointed
from server.kit.ordering import live_parts
from server.kit.session import CollegeSession
from server.kit.verdicts import APPLIED, NOT_OWN, RETURNING, Verdict

if TYPE_CHECKING:
    from server.kit.judge import Bench

CHANGED = "Запись изменена другим пользователем"
ADDED = "К записи добавили части, которых вы не видели"
PART_CHANGED = "Часть записи изменена другим пользователем: «{part}» — {labels}"
NOT_ALL = "Нет права {act} всё, что относится к этой записи: {where}"
NOWHERE = "Такой записи на сервере нет: восстанавливать нечего"
OWNER_FIRST = "Сначала верните из корзины запись, к которой эта относится"


def delete(bench: Bench, body: Delete) -> Verdict:
    """As its author saw it, or not at all: one value that he had not seen keeps the whole."""
    spec = _allowed(bench, body, "удалять")
    if isinstance(spec, Verdict):
        return spec
    row = bench.rows.get((spec.name, bench.own_id(spec.name, body.id)))
    if row is None and bench.recovering:
        return Verdict(Status.HELD, RETURNING)
    if row is None or row.deleted_at is not None:
        return Verdict(APPLIED)
    if differing := bench.differing(spec, row, body.seen):
        return bench.conflict(spec, row, CHANGED, differing)
    bench.db.flush()  # parts made in this very transaction are parts too
    parts = live(bench.db, spec.name, row.id)
    return (
        _refuse_parts(bench, parts, "удалять")
        or _differing(bench, body, parts)
        or _refuse_gone(bench, [row, *parts])
        or _put_away(bench, spec, [row, *parts])
    )


def restore(bench: Bench, body: Restore) -> Verdict:
    """The record and whatever went into the basket with it."""
    spec = _allowed(bench, body, "восстанавливать")
    if isinstance(spec, Verdict):
        return spec
    row = bench.rows.get((spec.name, bench.own_id(spec.name, body.id)))
    if row is None:
        return Verdict(Status.REFUSED, NOWHERE)
    parts = gone_with(bench.db, row) if row.deleted_at is not None else []
    if denied := _refuse_parts(bench, parts, "восстанавливать"):
        return denied
    coming = [row, *parts]
    if not _may_come_back(bench, coming):
        return Verdict(Status.REFUSED, OWNER_FIRST)
    for each in coming:
        each.deleted_at = None
        bench.rows[_key(each)] = each
    return Verdict(APPLIED)


def _allowed(bench: Bench, body: Delete | Restore, act: str) -> EntitySpec | Verdict:
    """What is known of the record's kind, or why this may not be done to it."""
    try:
        spec = spec_of(body.entity)
    except KeyError:
        return Verdict(Status.REFUSED, f"Сервер не знает записей вида «{body.entity}»")
    if not bench.may_write(spec, set(spec.classes)):
        return Verdict(Status.QUARANTINED, f"Нет права {act}: {spec.title}")
    if not bench.reaches(spec, bench.own_id(spec.name, body.id), spec.classes):
        return Verdict(Status.QUARANTINED, f"{NOT_OWN}: {spec.title}")
    return spec


def _refuse_parts(bench: Bench, parts: Sequence[Entity], act: str) -> Verdict | None:
    """Whoever does it to the whole must be able to do it to each of its parts."""
    for row in parts:
        spec = _spec_of(row)
        allowed = bench.may_write(spec, set(spec.classes))
        if not (allowed and bench.reaches(spec, row.id, spec.classes, there=True)):
            told = pointed.told(bench.permissions, spec)
            return Verdict(Status.QUARANTINED, NOT_ALL.format(act=act, where=told))
    return None


def _differing(bench: Bench, body: Delete, parts: Sequence[Entity]) -> Verdict | None:
    """Has a part come, or changed, since its author looked?"""
    seen = {bench.own_id(part.entity, part.id): part.seen for part in body.parts}
    for row in parts:
        spec = _spec_of(row)
        if row.id not in seen:
            return bench.conflict(spec, row, ADDED)
        if differing := bench.differing(spec, row, seen[row.id]):
            return _part_changed(bench, row, differing)
    return None


def _part_changed(bench: Bench, row: Entity, differing: dict[str, str]) -> Verdict:
    """The fields of a part are none of its owner's: they are named in words, and whoever wrote last is whom to call."""
    spec = _spec_of(row)
    labels = ", ".join(f"«{spec[name].label}»" for name in differing)
    verdict = bench.conflict(spec, row, "", differing)
    who = max(verdict.writers.values(), key=lambda line: int(line[1]), default=None)
    return Verdict(
        Status.CONFLICT,
        PART_CHANGED.format(part=spec.one, labels=labels),
        writers={WHOLE: who} if who else {},
    )


def _refuse_gone(bench: Bench, doomed: Sequence[Entity]) -> Verdict | None:
    for row in doomed:
        spec = _spec_of(row)
        if said := bench.refuse(spec, _values(row), frozenset(), deleted=True):
            return Verdict(Status.REFUSED, said)
    return None


def _put_away(bench: Bench, spec: EntitySpec, doomed: Sequence[Entity]) -> Verdict:
    if found := pointed.by_those_that_stay(bench.db, bench.permissions, doomed):
        return Verdict(Status.REFUSED, refuse_pointed(spec, found))
    moment = _moment(bench.db, doomed)
    for row in doomed:
        row.deleted_at = moment
        bench.rows[_key(row)] = row
    return Verdict(APPLIED)


def _moment(db: CollegeSession, doomed: Sequence[Entity]) -> dt.datetime:
    """One for all: by it they come back together, and nothing with them that had gone before, however the clock stands."""
    owners: dict[str, list[UUID]] = defaultdict(list)
    for row in doomed:
        owners[row.__tablename__].append(row.id)
    before: list[dt.datetime] = [
        last + dt.timedelta(microseconds=1)
        for name, ids in owners.items()
        for part, reference in parts_of(name)
        if (last := db.scalar(_last_gone(part, reference), {"ids": ids})) is not None
    ]
    return max([db.now(), *before])


def _may_come_back(bench: Bench, coming: Sequence[Entity]) -> bool:
    together = {_key(row) for row in coming}
    return all(bench.targets_live(_spec_of(row), _values(row), together) for row in coming)


def _spec_of(row: Entity) -> EntitySpec:
    return spec_of(row.__tablename__)


def _values(row: Entity) -> dict[str, Any]:
    return {f.name: getattr(row, f.name) for f in _spec_of(row).fields}


def _key(row: Entity) -> tuple[str, UUID]:
    return row.__tablename__, row.id


# ---- the parts


def live(db: CollegeSession, name: str, id: UUID) -> list[Entity]:
    """Owners before their own parts; found late, so nobody waits for their rows."""
    return _tree(db, name, [id], live_parts, {})


def gone_with(db: CollegeSession, row: Entity) -> list[Entity]:
    """What the delete of this record took along, by its moment; a part that had gone before it is not of them."""
    if parts_of(row.__tablename__):
        db.flush()  # it may be this very transaction that deleted them
    return _tree(db, row.__tablename__, [row.id], _gone_parts, {"moment": row.deleted_at})


def _tree(
    db: CollegeSession,
    name: str,
    ids: list[UUID],
    query: Callable[[str, str], Any],
    asked: dict[str, Any],
) -> list[Entity]:
    found: list[Entity] = []
    for part, reference in parts_of(name):
        rows = list(db.scalars(query(part, reference), {"ids": ids, **asked}))
        found += rows
        if rows:
            found += _tree(db, part, [row.id for row in rows], query, asked)
    return found


@functools.cache
def _last_gone(name: str, reference: str) -> Any:
    entity: Any = entity_named(name)
    owned = getattr(entity, reference).in_(sa.bindparam("ids", expanding=True))
    return sa.select(sa.func.max(entity.deleted_at)).where(owned)


@functools.cache
def _gone_parts(name: str, reference: str) -> Any:
    entity: Any = entity_named(name)
    owned = getattr(entity, reference).in_(sa.bindparam("ids", expanding=True))
    moment = entity.deleted_at == sa.bindparam("moment", type_=entity.deleted_at.type)
    query = sa.select(entity).where(owned, moment)
    return query.order_by(entity.id).with_for_update(nowait=True)
