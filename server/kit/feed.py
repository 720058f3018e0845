"""The change feed (SYNC 1 and 3): who holds which facet of which row, kept in the transaction that changed it."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from common.kit.entity import describe, entities, entity_named, spec_of
from common.kit.kinds import PersonalData
from common.kit.spec import facet_name
from common.kit.sync import Bucket
from server.kit import places
from server.kit.places import Place, chunks
from server.kit.session import Change, CollegeSession
from server.kit.tables import sync_bucket, sync_entry

ENTRIES = sa.select(*(sync_entry.c[n] for n in ("bucket", "facet", "row_id", "seq", "gone"))).where(
    sync_entry.c.college_id == sa.bindparam("college"),
    sync_entry.c.row_id.in_(sa.bindparam("ids", expanding=True)),
)
BUCKETS = sa.select(*(sync_bucket.c[n] for n in ("number", *Bucket._fields))).where(
    sync_bucket.c.college_id == sa.bindparam("college"),
    sync_bucket.c.scope.in_(sa.bindparam("scopes", expanding=True)),
)
LAST = sa.select(sa.func.max(sync_bucket.c.number)).where(
    sync_bucket.c.college_id == sa.bindparam("college")
)
OPEN = sa.insert(sync_bucket)
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


def numbers_of(db: CollegeSession, scopes: Iterable[str]) -> dict[Bucket, int]:
    """The buckets of these scopes that have ever held something."""
    return {
        Bucket(*key): number
        for chunk in chunks(scopes)
        for number, *key in db.execute(BUCKETS, {"college": db.college_id, "scopes": chunk})
    }


class Feed:
    """Writes one transaction's entries; made after the flush, used once, under the clock."""

    def __init__(self, db: CollegeSession, seq: int) -> None:
        self.db = db
        self.seq = seq
        self.wanted: dict[Entry, bool] = {}
        """Entries to write, and whether they are gone."""
        self.numbers: dict[Bucket, int] = {}
        self.fresh: dict[Bucket, int] = {}
        self.met: set[str] = set()
        """The scopes whose buckets are known."""
        self.held: dict[str, dict[UUID, places.Places]] = defaultdict(dict)
        """Where rows belong, which nothing changes after the flush."""
        self.made: set[Row] = set()
        """Rows of this very transaction: nobody has held them before."""
        self.next = 0

    def write(self, changes: Collection[Change]) -> None:
        """Stamp every touched facet in every bucket that holds its row; move what entered or left."""
        by_entity: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_entity[type(change.row).__tablename__].append(change)
            if change.created:
                self.made.add((change.row.__tablename__, change.row.id))
        for name, group in by_entity.items():
            self._stamp(name, group)
        self._move(by_entity)
        for name, ids in self.db.displaced.items():
            self._displace(name, ids)
        self._store()

    def _stamp(self, name: str, group: list[Change]) -> None:
        held = self._held(name, [change.row.id for change in group])
        gone = _standing(self._known((name, c.row.id) for c in group if c.deleted))
        spec = spec_of(name)
        for change in group:
            id = change.row.id
            if change.deleted:
                # what is deleted leaves every bucket, also where its role left in the same moment
                self.wanted |= dict.fromkeys(gone.get((name, id), ()), True)
                continue
            whole = change.created or "deleted_at" in change.before
            touched = {spec[f].field.pd for f in change.before if f in spec.by_name}
            for pd in spec.classes:
                if whole or pd in touched:
                    for place in held[id]:
                        self._want(place, pd, name, id)

    def _want(self, place: Place, pd: PersonalData, name: str, id: UUID) -> None:
        self.wanted[(self._bucket(place, pd), facet_name(name, pd), id)] = False

    # ---- rows that enter or leave a bucket with what they belong to

    def _move(self, by_entity: dict[str, list[Change]]) -> None:
        for name, group in by_entity.items():
            spec = spec_of(name)
            for reference in spec.brings:
                if moved := _pointed_at(group, reference):
                    self.move_trees(spec[reference].target or "", moved)
            if spec.yearly and (moved := {c.row.id for c in group if spec.yearly in c.before}):
                self._displace(name, moved)
            if others := {c.row.id for c in group if "year" in c.before and not c.created}:
                for root, reference in _kept_by(name):
                    rows = self.db.scalars(places.live_with(root, reference, "id"), {"ids": others})
                    self._displace(root, set(rows))

    def _displace(self, root: str, ids: set[UUID]) -> None:
        """Its own tree, and the trees of what it brings."""
        self.move_trees(root, ids)
        spec = spec_of(root)
        for reference in spec.brings:
            for chunk in places.chunks(ids):
                query = places.live_with(root, "id", reference)
                brought = {id for id in self.db.scalars(query, {"ids": chunk}) if id is not None}
                self.move_trees(spec[reference].target or "", brought)

    def move_trees(self, root: str, roots: set[UUID]) -> None:
        """Put every live row under these roots where it belongs, and take it out of where it does not."""
        held = self._held(root, roots)
        for name, ids in places.tree(self.db, root, roots).items():
            known = self._known((name, id) for id, _ in ids)
            standing = _standing(known)
            for id, top in ids:
                right = {
                    (self._bucket(place, pd), facet_name(name, pd), id)
                    for place in held[top]
                    for pd in spec_of(name).classes
                }
                for entry in right:
                    if known.get(entry, (0, True))[1]:
                        self.wanted.setdefault(entry, False)
                self.wanted |= dict.fromkeys(standing.get((name, id), set()) - right, True)

    def _held(self, name: str, ids: Collection[UUID]) -> dict[UUID, places.Places]:
        known = self.held[name]
        if unknown := [id for id in ids if id not in known]:
            found = places.holders(self.db, name, unknown)
            self._meet(found.values())
            known |= found
        return known

    # ---- storing

    def _known(self, rows: Iterable[Row]) -> dict[Entry, tuple[int, bool]]:
        found: dict[Entry, tuple[int, bool]] = {}
        for chunk in chunks(dict.fromkeys(row[1] for row in rows if row not in self.made)):
            asked = {"college": self.db.college_id, "ids": chunk}
            for bucket, facet, id, seq, gone in self.db.execute(ENTRIES, asked):
                found[(bucket, facet, id)] = (seq, gone)
        return found

    def _meet(self, held: Iterable[places.Places]) -> None:
        """Learn the numbers of all buckets of these scopes at once: a transaction may touch a thousand roots."""
        scopes = {place.scope for each in held for place in each} - self.met
        self.numbers |= numbers_of(self.db, scopes)
        self.met |= scopes

    def _bucket(self, place: Place, pd: PersonalData) -> int:
        key = Bucket(place.scope, place.section, pd.value, place.year)
        if key not in self.numbers:
            if not self.next:
                self.next = 1 + (self.db.scalar(LAST, {"college": self.db.college_id}) or 0)
            self.numbers[key] = self.next
            self.fresh[key] = self.next
            self.next += 1
        return self.numbers[key]

    def _store(self) -> None:
        known = self._known((facet.partition(".")[0], id) for _, facet, id in self.wanted)
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
        self._sum(sums)

    def _sum(self, sums: Mapping[int, Sequence[int]]) -> None:
        """New buckets that something is put into are written with their sums; to the others these are added."""
        college = self.db.college_id
        fresh = {number: key for key, number in self.fresh.items()}
        opened, added = [], []
        for number, (count, low, high) in sums.items():
            if number in fresh:
                told = {"rows": count, "low": low, "high": high}
                key = fresh[number]._asdict()
                opened.append({"college_id": college, "number": number, **key, **told})
            else:
                told = {"more": count, "more_low": low, "more_high": high}
                added.append({"college": college, "bucket": number, **told})
        for statement, rows in ((OPEN, opened), (SUMS, added)):
            if rows:
                self.db.execute(statement, rows)


def _add(sums: list[int], facet: str, id: UUID, seq: int, sign: int) -> None:
    low, high = hash64(facet, id.hex, seq)
    sums[0] += sign
    sums[1] += sign * low
    sums[2] += sign * high


def _standing(known: Mapping[Entry, tuple[int, bool]]) -> dict[tuple[str, UUID], set[Entry]]:
    """The entries that rows have now, by entity and id."""
    found: dict[tuple[str, UUID], set[Entry]] = defaultdict(set)
    for entry, (_, gone) in known.items():
        if not gone:
            found[(entry[1].partition(".")[0], entry[2])].add(entry)
    return found


def _pointed_at(group: Collection[Change], reference: str) -> set[UUID]:
    """What these rows point at, or pointed at, and begin or end to bring."""
    return {
        id
        for change in group
        if change.created or {reference, "deleted_at"} & change.before.keys()
        for id in (getattr(change.row, reference), change.before.get(reference))
        if id is not None
    }


@functools.cache
def _kept_by(name: str) -> tuple[tuple[str, str], ...]:
    """The roots whose year is that of this entity, and their references to it."""
    specs = [spec for spec in map(describe, entities()) if spec.yearly]
    return tuple((s.name, s.yearly) for s in specs if s[s.yearly].target == name)


@functools.cache
def _upsert(dialect: str) -> Any:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(sync_entry)
    return insert.on_conflict_do_update(
        index_elements=["college_id", "bucket", "facet", "row_id"],
        set_={"seq": insert.excluded.seq, "gone": insert.excluded.gone},
    )


def facets_of(name: str) -> tuple[str, ...]:
    return tuple(facet_name(name, pd) for pd in describe(entity_named(name)).classes)
