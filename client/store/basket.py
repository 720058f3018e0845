"""Into the basket and out of it: a record goes with the parts it owns, with the values seen, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from client.store.entry import Entry
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit.access import opens_all
from common.kit.buckets import parts_of
from common.kit.entity import spec_of
from common.kit.errors import NotAllowed, RuleBroken
from common.kit.pointing import pointing_at, refuse_pointed
from common.kit.rights import Action, Permissions
from common.kit.sync import Delete, Operation, Restore, Status
from common.kit.wire import unpack

Row = tuple[str, str]
"""An entity's name and a record's id."""


def delete(store: Store, entity: str, ids: Iterable[str]) -> list[Operation]:
    """NotAllowed where a right is missing, RuleBroken where another record points here; then nothing is recorded.

    The delete of a part comes before that of its owner, which rests on it: if the centre refuses the part,
    the owner is held and stays.
    """
    with store.lock:
        wanted = [row for id in ids for row in _tree(store, entity, id)]
        try:
            _refuse_without_right(store.permissions(), {name for name, _ in wanted})
        except NotAllowed:
            whole, id = wanted[-1]
            store.note(AccessKind.DENIED, whole, UUID(id))
            raise
        _refuse_referred(store, wanted)
        bodies = [_delete(store, row) for row in wanted]
        return store.record(lambda _number: bodies)


def restore(store: Store, deletes: Sequence[Operation]) -> list[Operation]:
    """Take the deletes back, whether they were sent or not: each record by an operation of its own, owners first.

    A delete that waits is not torn out of the queue: it may be on its way, and its number is consumed.
    """
    bodies = [
        Restore(op.body.entity, op.body.id, op.body.seen)
        for op in reversed(deletes)
        if isinstance(op.body, Delete)
    ]
    return store.record(lambda _number: bodies)


def _tree(store: Store, entity: str, id: str) -> Iterator[Row]:
    """The parts, the deepest first, then the record."""
    for part, reference in parts_of(entity):
        for child in store.overlay.ids(part, reference, [id]):
            yield from _tree(store, part, child)
    yield entity, id


def _delete(store: Store, row: Row) -> Delete:
    entity, id = row
    children = [UUID(child) for _, child in _tree(store, entity, id) if child != id]
    return Delete(entity, UUID(id), store.overlay.records(entity, [id])[id], tuple(children))


def _refuse_without_right(held: Permissions, names: Iterable[str]) -> None:
    """The rule of the centre: to delete a record one must be able to write all of it."""
    for spec in map(spec_of, names):
        if not opens_all(held, spec, Action.WRITE, spec.classes):
            raise NotAllowed(
                f"Нет права удалять: «{spec.title}». Обратитесь к тому, кто ведёт этот раздел целиком"
            )


def _refuse_referred(store: Store, rows: Sequence[Row]) -> None:
    """A record that others point at stays; those that go with it do not count."""
    going = set(rows)
    for entity in dict.fromkeys(name for name, _ in rows):
        ids = [id for name, id in rows if name == entity]
        found: Counter[str] = Counter()
        for name, reference in pointing_at(entity):
            others = {(name, id) for id in store.overlay.ids(name, reference, ids)} - going
            found[spec_of(name).title] += len(others)
        if said := +found:
            raise RuleBroken(refuse_pointed(spec_of(entity), said))


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record in the basket of this desk, and the operations that put it there with its parts."""

    id: str
    at: int
    record: dict[str, Any]
    operations: tuple[Operation, ...]
    waits: bool
    """The centre has not heard of it yet."""
    refused: str = ""
    """Why the centre did not delete it: the record stayed, and its parts may be in the basket."""
    closes: UUID | None = None
    """The refused operation, which taking it back closes."""


def keep(store: Store, deleted: Deleted) -> list[Operation]:
    """Take it out of the basket: what was deleted comes back, a refused delete is given up."""
    made = restore(store, deleted.operations)
    if deleted.closes is not None:
        made += store.give_up(deleted.closes, KEPT)
    return made


def look(store: Store, entity: str) -> list[Deleted]:
    """What was deleted at this desk and did not come back, and what the centre would not delete; the newest first."""
    with store.lock:
        newest = {
            entry.op.body.id.hex: entry
            for entry in store.journal.entries_of(entity)
            if isinstance(entry.op.body, Delete) and (entry.status in GONE or _refused(entry))
        }
        back = store.overlay.records(entity, sorted(newest))
        return [
            _deleted(store, id, entry)
            for id, entry in reversed(newest.items())
            if id not in back or _refused(entry)
        ]


def _refused(entry: Entry) -> bool:
    return entry.status is Status.REFUSED and not entry.closed


def _deleted(store: Store, id: str, entry: Entry) -> Deleted:
    """The deletes of the parts stand before that of their owner, as they were recorded."""
    body = entry.op.body
    assert isinstance(body, Delete)  # noqa: S101  chosen so
    parts = [
        found
        for child in body.children
        if (found := store.journal.delete_of(child.hex)) is not None
    ]
    spec = spec_of(body.entity)
    record = {name: unpack(spec[name], value) for name, value in body.seen.items()}
    waits = entry.status is Status.PENDING
    refused = entry.said if _refused(entry) else ""
    closes = entry.op.uuid if refused else None
    return Deleted(id, entry.op.at, record, (*parts, entry.op), waits, refused, closes)


KEPT = "Запись оставлена: центр её не удалил"
GONE = {Status.PENDING, Status.APPLIED, Status.FORGOTTEN}
