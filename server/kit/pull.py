"""Pull (SYNC 4): a page is one read transaction that reads the clock first and never tells beyond it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.buckets import sections_of
from common.kit.entity import describe, entities, entity_named
from common.kit.ids import REGION
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permissions
from common.kit.spec import facet_name
from common.kit.sync import (
    END,
    MAX_ROWS,
    START,
    Bucket,
    Cursor,
    Digest,
    FacetRows,
    Page,
    Position,
    PullAnswer,
    PullRequest,
)
from common.kit.wire import pack
from server.kit.auth import Caller
from server.kit.database import reader
from server.kit.feed import chunks
from server.kit.gate import must_reload, read_clock, read_epoch
from server.kit.session import Clock, CollegeSession
from server.kit.tables import sync_bucket, sync_entry

SHAPES: dict[str, int] = {}
"""Facets whose columns changed since the first release, with their number (1 where absent)."""


def buckets_of(permissions: Permissions, college_id: UUID) -> list[Bucket]:
    """The user's buckets, from his permissions of this moment; nothing is stored."""
    held = {(p.section, p.pd) for p in permissions if p.action is Action.READ}
    found: dict[Bucket, None] = {}
    for entity in entities():
        spec = describe(entity)
        owner = REGION if spec.regional else college_id
        for section in sections_of(spec.name):
            for pd in spec.classes:
                if (section, pd) in held:
                    found[Bucket(owner.hex, section.value, pd.value, 0)] = None
    return list(found)


def shapes() -> dict[str, int]:
    return {
        facet_name(spec.name, pd): SHAPES.get(facet_name(spec.name, pd), 1)
        for spec in map(describe, entities())
        for pd in spec.classes
    }


def pull(engine: sa.Engine, caller: Caller, request: PullRequest, *, now: Clock) -> PullAnswer:
    """One page for every bucket that has something to tell, in one snapshot."""
    with CollegeSession(reader(engine), caller.college_id, now=now) as db:
        clock = read_clock(db)
        epoch = read_epoch(db)
        answer = PullAnswer(
            epoch=epoch,
            clock=clock.clock,
            mark=clock.mark,
            ticket=request.ticket,
            time=int(now().timestamp() * 1000),
        )
        if must_reload(db, request, epoch):
            answer.was = request.epoch
            return answer
        answer.witnessed = request.witnesses
        answer.buckets = buckets_of(caller.permissions, caller.college_id)
        answer.shapes = shapes()
        tops = {caller.college_id.hex: clock.clock, REGION.hex: read_clock(db, REGION).clock}
        _pages(db, request, answer, tops)
    return answer


def _pages(
    db: CollegeSession, request: PullRequest, answer: PullAnswer, tops: dict[str, int]
) -> None:
    left = max(1, min(request.limit, MAX_ROWS))
    cursors = {cursor.bucket: cursor for cursor in request.cursors}
    numbers = _numbers(db, answer.buckets)
    for bucket in answer.buckets:
        cursor = cursors.get(bucket, Cursor(bucket))
        if left <= 0:
            answer.more = True
            return
        page = _page(db, cursor, numbers.get(bucket), tops[bucket.scope], left)
        if page is None:
            continue
        left -= sum(len(f.rows) for f in page.rows) + len(page.gone)
        answer.more |= page.more
        answer.pages.append(page)


Numbered = tuple[int, Digest]


def _numbers(db: CollegeSession, buckets: list[Bucket]) -> dict[Bucket, Numbered]:
    owners = {UUID(bucket.scope) for bucket in buckets}
    query = sa.select(sync_bucket).where(sync_bucket.c.college_id.in_(owners))
    return {
        Bucket(row.college_id.hex, row.section, row.pd, row.year): (
            row.number,
            Digest(row.rows, row.low, row.high),
        )
        for row in db.execute(query)
    }


def _page(
    db: CollegeSession, cursor: Cursor, numbered: Numbered | None, top: int, limit: int
) -> Page | None:
    done = Position(top, END, END)
    if cursor.pos >= done and not cursor.facets:
        return None
    if numbered is None:
        return Page(
            cursor.bucket, cursor.pos, done, more=False, rows=[], gone=[], digest=Digest(0, 0, 0)
        )
    number, digest = numbered
    entries = _entries(db, cursor, number, limit + 1)
    more = len(entries) > limit
    entries = entries[:limit]
    to = Position(entries[-1].seq, entries[-1].facet, entries[-1].row_id.hex) if more else done
    rows = _rows(db, [e for e in entries if not e.gone])
    gone = [Position(e.seq, e.facet, e.row_id.hex) for e in entries if e.gone]
    return Page(cursor.bucket, cursor.pos, to, more, rows, gone, None if more else digest)


def _entries(db: CollegeSession, cursor: Cursor, number: int, limit: int) -> list[Any]:
    c = sync_entry.c
    place = sa.tuple_(c.seq, c.facet, c.row_id)
    query = sa.select(c.seq, c.facet, c.row_id, c.gone).where(
        c.college_id == UUID(cursor.bucket.scope), c.bucket == number
    )
    if cursor.pos != START:
        query = query.where(place > _at(cursor.pos))
    if cursor.facets:
        query = query.where(sa.or_(c.facet.in_(cursor.facets), place > _at(cursor.until)))
    query = query.order_by(c.seq, c.facet, c.row_id).limit(limit)
    return list(db.execute(query).all())


def _at(position: Position) -> Any:
    last = position.id == END
    id = UUID(int=2**128 - 1) if last else UUID(position.id) if position.id else UUID(int=0)
    return sa.tuple_(
        sa.literal(position.seq, sa.BigInteger), sa.literal(position.facet), sa.literal(id, sa.Uuid)
    )


PLAIN = (sa.Enum, sa.Uuid, sa.Date)


def _plain(column: Any) -> Any:
    """Read as the driver gives it: what it keeps as text travels as that text."""
    return sa.type_coerce(column, sa.String) if isinstance(column.type, PLAIN) else column


def _rows(db: CollegeSession, entries: list[Any]) -> list[FacetRows]:
    by_facet: dict[str, dict[UUID, int]] = defaultdict(dict)
    for entry in entries:
        by_facet[entry.facet][entry.row_id] = entry.seq
    found = []
    for facet, seqs in by_facet.items():
        name, _, pd = facet.partition(".")
        entity: Any = entity_named(name)
        fields = describe(entity).facet(PersonalData.of(pd))
        columns = [_plain(getattr(entity, f.name)) for f in fields]
        rows: list[list[Any]] = []
        for chunk in chunks(seqs):
            query = sa.select(entity.id, *columns).where(entity.id.in_(chunk))
            for id, *values in db.execute(query):
                rows.append([id.hex, seqs[id], *map(pack, values)])
        found.append(FacetRows(facet, [f.name for f in fields], rows))
    return found
