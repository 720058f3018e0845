"""The change feed (SYNC 1 and 3): who holds which facet of which row, kept in the transaction that changed it."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from common.kit.buckets import brought_by, parts_of, root_of, sections_of
from common.kit.entity import describe, entity_named, spec_of
from common.kit.kinds import PersonalData
from common.kit.rights import Section
from common.kit.spec import facet_name
from server.kit.session import Change, CollegeSession
from server.kit.tables import sync_bucket, sync_entry

CHUNK = 500

ENTRIES = sa.select(sync_entry).where(
    sync_entry.c.college_id == sa.bindparam("college"),
    sync_entry.c.row_id.in_(sa.bindparam("ids", expanding=True)),
)
BUCKETS = sa.select(sync_bucket.c.section, sync_bucket.c.pd, sync_bucket.c.number).where(
    sync_bucket.c.college_id == sa.bindparam("college")
)
SUMS = (
    sa.update(sync_bucket)
    .where(
        sync_bucket.c.college_id == sa.bindparam("college"),
        sync_bucket.c.number == sa.bindparam("bucket"),
    )
    .values(
        rows=sync_bucket.c.rows + sa.bindparam("more"),
        low=sync_bucket.c.low + sa.bindparam("more_low"),
        high=sync_bucket.c.high + sa.bindparam("more_high"),
    )
)

Row = tuple[str, UUID]
"""An entity's name and a row's id."""

Entry = tuple[int, str, UUID]
"""A bucket's number, a facet and a row's id."""


def hash64(facet: str, id: str, seq: int) -> tuple[int, int]:
    """The two 32-bit halves of the digest of one entry."""
    raw = hashlib.blake2b(f"{facet}|{id}|{seq}".encode(), digest_size=8).digest()
    return int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:], "big")


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


@functools.cache
def _live_with(name: str, column: str, *told: str) -> Any:
    """These columns of the live rows whose column is among `ids`."""
    entity: Any = entity_named(name)
    return sa.select(*(getattr(entity, each) for each in told)).where(
        getattr(entity, column).in_(sa.bindparam("ids", expanding=True)),
        entity.deleted_at.is_(None),
    )


@functools.cache
def _owners(name: str, reference: str) -> Any:
    """The owner of each row, deleted ones included."""
    entity: Any = entity_named(name)
    return sa.select(entity.id, getattr(entity, reference)).where(
        entity.id.in_(sa.bindparam("ids", expanding=True))
    )


class Feed:
    """Writes one transaction's entries; made after the flush, used once, under the clock."""

    def __init__(self, db: CollegeSession, seq: int) -> None:
        self.db = db
        self.seq = seq
        self.wanted: dict[Entry, bool] = {}
        """Entries to write, and whether they are gone."""
        self.numbers: dict[tuple[str, str], int] = {}

    def write(self, changes: Collection[Change]) -> None:
        """Stamp every touched facet in every bucket that holds its row; move what entered or left."""
        by_entity: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_entity[type(change.row).__tablename__].append(change)
        for name, group in by_entity.items():
            self._stamp(name, group)
        self._move(by_entity)
        self._store()

    def _stamp(self, name: str, group: list[Change]) -> None:
        holders = self.holders(name, [change.row.id for change in group])  # type: ignore[attr-defined]  # id is on both bases
        spec = spec_of(name)
        everywhere = frozenset(sections_of(name))
        for change in group:
            id = change.row.id  # type: ignore[attr-defined]  # id is on both bases
            whole = change.created or "deleted_at" in change.before
            touched = {spec[f].field.pd for f in change.before if f in spec.by_name}
            for pd in spec.classes:
                if whole or pd in touched:
                    # what is deleted leaves every bucket, also where its role left in the same moment
                    for section in everywhere if change.deleted else holders.get(id, ()):
                        self._want(section, pd, name, id, gone=change.deleted)

    def _want(self, section: Section, pd: PersonalData, name: str, id: UUID, *, gone: bool) -> None:
        self.wanted[(self._bucket(section, pd), facet_name(name, pd), id)] = gone

    def holders(self, name: str, ids: Collection[UUID]) -> dict[UUID, frozenset[Section]]:
        """The sections whose buckets hold each row: its root's own, or those of the live roles that bring it."""
        roots = self._roots(name, ids)
        root = root_of(name)
        bringers = brought_by(root)
        if not bringers:
            own = frozenset(sections_of(name))
            return dict.fromkeys(ids, own)
        held = self._bringing(bringers, set(roots.values()))
        return {id: frozenset(held[roots[id]]) for id in ids}

    def _roots(self, name: str, ids: Collection[UUID]) -> dict[UUID, UUID]:
        found = {id: id for id in ids}
        spec = spec_of(name)
        while spec.part_of:
            up: dict[UUID, UUID] = {}
            for chunk in chunks(set(found.values())):
                query = _owners(spec.name, spec.part_of)
                up.update(self.db.execute(query, {"ids": chunk}).all())
            found = {id: up[at] for id, at in found.items()}
            spec = spec_of(spec[spec.part_of].target or "")
        return found

    def _bringing(
        self, bringers: tuple[tuple[str, str], ...], roots: set[UUID]
    ) -> dict[UUID, set[Section]]:
        held: dict[UUID, set[Section]] = defaultdict(set)
        for name, reference in bringers:
            query = _live_with(name, reference, reference).distinct()
            for chunk in chunks(roots):
                for root in self.db.scalars(query, {"ids": chunk}):
                    held[root].update(sections_of(name))
        return held

    # ---- rows that enter or leave a section with the role that brings them

    def _move(self, by_entity: dict[str, list[Change]]) -> None:
        for name, group in by_entity.items():
            for reference in spec_of(name).brings:
                target = spec_of(name)[reference].target or ""
                moved = {
                    id
                    for change in group
                    if change.created or {reference, "deleted_at"} & change.before.keys()
                    for id in (getattr(change.row, reference), change.before.get(reference))
                    if id is not None
                }
                if moved:
                    self._move_trees(target, moved)

    def _move_trees(self, root: str, roots: set[UUID]) -> None:
        held = self._bringing(brought_by(root), roots)
        sections = frozenset(s for name, _ in brought_by(root) for s in sections_of(name))
        for name, ids in self._trees(root, roots).items():
            known = self._known([id for id, _ in ids])
            for id, top in ids:
                for pd in spec_of(name).classes:
                    for section in sections:
                        entry = (self._bucket(section, pd), facet_name(name, pd), id)
                        if section in held[top]:
                            if known.get(entry, (0, True))[1]:
                                self.wanted.setdefault(entry, False)
                        elif entry in known and not known[entry][1]:
                            self.wanted[entry] = True

    def _trees(self, root: str, roots: set[UUID]) -> dict[str, list[tuple[UUID, UUID]]]:
        """All live rows of these trees by entity: (id, id of the root); a deleted root may have live parts."""
        found = {root: [(id, id) for id in self._live(root, roots)]}
        level = {root: {id: id for id in roots}}
        while level:
            below: dict[str, dict[UUID, UUID]] = {}
            for owner, tops in level.items():
                for name, reference in parts_of(owner):
                    query = _live_with(name, reference, "id", reference)
                    rows: dict[UUID, UUID] = {}
                    for chunk in chunks(tops):
                        rows |= {id: tops[at] for id, at in self.db.execute(query, {"ids": chunk})}
                    if rows:
                        found.setdefault(name, []).extend(rows.items())
                        below[name] = rows
            level = below
        return found

    def _live(self, name: str, ids: Collection[UUID]) -> Iterator[UUID]:
        """A role may still point at a deleted root: that one enters nothing."""
        for chunk in chunks(ids):
            yield from self.db.scalars(_live_with(name, "id", "id"), {"ids": chunk})

    # ---- storing

    def _known(self, ids: Iterable[UUID]) -> dict[Entry, tuple[int, bool]]:
        found: dict[Entry, tuple[int, bool]] = {}
        for chunk in chunks(dict.fromkeys(ids)):
            for row in self.db.execute(ENTRIES, {"college": self.db.college_id, "ids": chunk}):
                found[(row.bucket, row.facet, row.row_id)] = (row.seq, row.gone)
        return found

    def _bucket(self, section: Section, pd: PersonalData) -> int:
        key = (section.value, pd.value)
        if key not in self.numbers:
            self.numbers = dict(self.buckets())
        if key not in self.numbers:
            number = max(self.numbers.values(), default=0) + 1
            self.db.execute(
                sa.insert(sync_bucket).values(
                    college_id=self.db.college_id,
                    number=number,
                    scope=self.db.college_id.hex,
                    section=section.value,
                    pd=pd.value,
                    year=0,
                    rows=0,
                    low=0,
                    high=0,
                )
            )
            self.numbers[key] = number
        return self.numbers[key]

    def buckets(self) -> Iterator[tuple[tuple[str, str], int]]:
        for section, pd, number in self.db.execute(BUCKETS, {"college": self.db.college_id}):
            yield (section, pd), number

    def _store(self) -> None:
        known = self._known(id for _, _, id in self.wanted)
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        rows = []
        for entry, gone in self.wanted.items():
            bucket, facet, id = entry
            if entry not in known and gone:
                continue  # nobody ever held it
            if entry in known and not known[entry][1]:
                _add(sums[bucket], facet, id, known[entry][0], -1)
            if not gone:
                _add(sums[bucket], facet, id, self.seq, 1)
            rows.append(
                {
                    "college_id": self.db.college_id,
                    "bucket": bucket,
                    "facet": facet,
                    "row_id": id,
                    "seq": self.seq,
                    "gone": gone,
                }
            )
        if rows:
            self.db.execute(_upsert(self.db.get_bind().dialect.name), rows)
        if sums:
            self._sum(sums)

    def _sum(self, sums: Mapping[int, Sequence[int]]) -> None:
        self.db.execute(
            SUMS,
            [
                {
                    "college": self.db.college_id,
                    "bucket": bucket,
                    "more": count,
                    "more_low": low,
                    "more_high": high,
                }
                for bucket, (count, low, high) in sums.items()
            ],
        )


def _add(sums: list[int], facet: str, id: UUID, seq: int, sign: int) -> None:
    low, high = hash64(facet, id.hex, seq)
    sums[0] += sign
    sums[1] += sign * low
    sums[2] += sign * high


@functools.cache
def _upsert(dialect: str) -> Any:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(sync_entry)
    return insert.on_conflict_do_update(
        index_elements=["college_id", "bucket", "facet", "row_id"],
        set_={"seq": insert.excluded.seq, "gone": insert.excluded.gone},
    )


def facets_of(name: str) -> tuple[str, ...]:
    return tuple(facet_name(name, pd) for pd in describe(entity_named(name)).classes)
