"""Pull (SYNC 4): a page is one read transaction that reads the clock first and never tells beyond it."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.entity import describe, entities, entity_named, spec_of
from common.kit.ids import REGION
from common.kit.kinds import PersonalData
from common.kit.spec import FieldSpec, facet_name
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
    Raised,
)
from common.kit.wire import pack
from server.kit.auth import Caller
from server.kit.database import travelling
from server.kit.gate import must_reload, read_clocks, read_history
from server.kit.scope import Stored, buckets_of, only_own
from server.kit.session import CollegeSession
from server.kit.tables import sync_entry
from server.kit.terms import first_held

SHAPES: dict[str, int] = {"account.P0": 2, "college.P0": 2, "role.P0": 2, "role_grant.P0": 2}
"""Facets whose columns changed since the first release, with their number (1 where absent)."""


def shapes() -> dict[str, int]:
    return {
        facet_name(spec.name, pd): SHAPES.get(facet_name(spec.name, pd), 1)
        for spec in map(describe, entities())
        for pd in spec.classes
    }


def pull(db: CollegeSession, caller: Caller, request: PullRequest, *, year: int = 0) -> PullAnswer:
    """One page for every bucket that has something to tell, in the snapshot of this session: those a desk holds, or of one `year`."""
    clocks = read_clocks(db, REGION)
    clock = clocks[db.college_id]
    epoch, recovering = read_history(db)
    answer = PullAnswer(
        epoch=epoch,
        clock=clock.clock,
        mark=clock.mark,
        ticket=request.ticket,
        recovering=recovering,
        time=int(db.now().timestamp() * 1000),
    )
    if must_reload(db, request, answer):
        return answer
    answer.since = first_held(db)
    stored = buckets_of(db, caller.permissions, caller.own, since=answer.since, only=year)
    answer.buckets = [*stored]
    answer.own = only_own(caller.permissions, caller.own)
    answer.shapes = shapes()
    tops = {db.college_id.hex: clock.clock, REGION.hex: clocks[REGION].clock}
    _pages(db, request, answer, tops, stored)
    return answer


def _pages(
    db: CollegeSession,
    request: PullRequest,
    answer: PullAnswer,
    tops: Mapping[str, int],
    stored: Mapping[Bucket, Stored | None],
) -> None:
    left = max(1, min(request.limit, MAX_ROWS))
    cursors = request.places()
    calm: dict[Place, int] = {}
    stirred: dict[Place, list[Bucket]] = defaultdict(list)
    for bucket, kept in stored.items():
        cursor = cursors.get(bucket) or Cursor(bucket)
        top = tops.get(bucket.scope, answer.clock)
        place = (bucket.scope == REGION.hex, cursor.pos.seq)
        if cursor.stands and (kept is None or kept.newest <= cursor.pos.seq):
            calm[place] = top
            if request.prove:
                answer.sums.append((bucket, kept.digest if kept else NOTHING))
            continue
        if cursor.stands:
            stirred[place].append(bucket)
        if left <= 0:
            answer.more = True
            continue
        page = _page(db, cursor, kept, top, left)
        if page is None:
            continue
        left -= sum(len(f.rows) for f in page.rows) + len(page.gone)
        answer.more |= page.more
        answer.pages.append(page)
    answer.raised = [
        Raised(regional, frm, top, stirred[(regional, frm)])
        for (regional, frm), top in calm.items()
        if frm < top
    ]


Place = tuple[bool, int]
"""Of the region's clock or the college's, and the moment to whose end a bucket is read."""
NOTHING = Digest(0, 0, 0)


def _page(
    db: CollegeSession, cursor: Cursor, kept: Stored | None, top: int, limit: int
) -> Page | None:
    done = Position(top, END, END)
    if cursor.pos >= done and not cursor.facets:
        return None
    if kept is None:
        return Page(cursor.bucket, cursor.pos, done, more=False, rows=[], gone=[], digest=NOTHING)
    place = Reading(cursor, kept.number, db.college_id)
    entries = place.entries(db, limit + 1)
    more = len(entries) > limit
    entries = entries[:limit]
    to = Position(*entries[-1][:3]) if more else done
    gone = [Position(*entry[:3]) for entry in entries if entry[3]]
    facets = dict.fromkeys(facet for _, facet, _, gone in entries if not gone)
    rows = [place.rows(db, facet, to if more else None) for facet in facets]
    return Page(cursor.bucket, cursor.pos, to, more, rows, gone, None if more else kept.digest)


Entry = tuple[int, str, str, bool]
"""Sequence number, facet, the row's id as it travels, gone."""


class Reading:
    """What of one bucket lies beyond a cursor; the statements are made once, as statements cost more than their rows."""

    def __init__(self, cursor: Cursor, number: int, college: UUID) -> None:
        self.shape = (cursor.pos != START, bool(cursor.facets))
        owner = REGION if cursor.bucket.scope == REGION.hex else college
        self.values = {"college": owner, "bucket": number}
        if cursor.pos != START:
            self.values |= _position("pos", cursor.pos)
        if cursor.facets:
            self.values |= {"facets": cursor.facets, **_position("until", cursor.until)}

    def entries(self, db: CollegeSession, limit: int) -> list[Entry]:
        query = _entries(db.get_bind().dialect.name, *self.shape)
        return [*map(tuple, db.execute(query, {**self.values, "limit": limit}).all())]

    def rows(self, db: CollegeSession, facet: str, to: Position | None) -> FacetRows:
        """The rows of one facet in the order of their entries: one query, and no work a row where none is due."""
        fields = _fields(facet)
        query = _rows(facet, db.get_bind().dialect.name, *self.shape, to is not None)
        values = {**self.values, **(_position("to", to) if to else {}), "facet": facet}
        rows: list[tuple[Any, ...]] = [*map(tuple, db.execute(query, values).all())]
        moments = [i for i, f in enumerate(fields, 2) if f.type is dt.datetime]
        if moments:
            rows = [(*row[:2], *map(pack, row[2:])) for row in rows]
        return FacetRows(facet, [f.name for f in fields], rows)


def _position(name: str, position: Position) -> dict[str, Any]:
    last = position.id == END
    id = UUID(int=2**128 - 1) if last else UUID(position.id) if position.id else UUID(int=0)
    return {f"{name}_seq": position.seq, f"{name}_facet": position.facet, f"{name}_id": id}


def _at(name: str) -> Any:
    return sa.tuple_(
        sa.bindparam(f"{name}_seq", type_=sa.BigInteger),
        sa.bindparam(f"{name}_facet", type_=sa.String),
        sa.bindparam(f"{name}_id", type_=sa.Uuid),
    )


def _beyond(begun: bool, again: bool) -> Any:  # noqa: FBT001  the shape of a cursor, never written by hand
    """The entries beyond a cursor that has begun, or reads some facets again."""
    c = sync_entry.c
    found = [c.college_id == sa.bindparam("college"), c.bucket == sa.bindparam("bucket")]
    if begun:
        found.append(_at("pos") < PLACE)
    if again:
        told_again = c.facet.in_(sa.bindparam("facets", expanding=True))
        found.append(sa.or_(told_again, _at("until") < PLACE))
    return sa.and_(*found)


PLACE = sa.tuple_(sync_entry.c.seq, sync_entry.c.facet, sync_entry.c.row_id)


@functools.cache
def _entries(dialect: str, begun: bool, again: bool) -> Any:  # noqa: FBT001  as above
    c = sync_entry.c
    query = sa.select(c.seq, c.facet, travelling(dialect, c.row_id), c.gone)
    query = query.where(_beyond(begun, again)).order_by(c.seq, c.facet, c.row_id)
    return query.limit(sa.bindparam("limit", type_=sa.Integer))


@functools.cache
def _rows(facet: str, dialect: str, begun: bool, again: bool, cut: bool) -> Any:  # noqa: FBT001  as above
    entity: Any = entity_named(facet.partition(".")[0])
    columns = [getattr(entity, f.name) for f in _fields(facet)]
    c = sync_entry.c
    told = [travelling(dialect, entity.id), c.seq, *(travelling(dialect, each) for each in columns)]
    query = (
        sa.select(*told)
        .join_from(sync_entry, entity, entity.id == c.row_id)
        .where(_beyond(begun, again), c.facet == sa.bindparam("facet"), c.gone.is_(False))
        .order_by(c.seq, c.row_id)
    )
    return query.where(_at("to") >= PLACE) if cut else query


def _fields(facet: str) -> tuple[FieldSpec, ...]:
    name, _, pd = facet.partition(".")
    return spec_of(name).facet(PersonalData.of(pd))
