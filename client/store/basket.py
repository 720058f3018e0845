"""Into the basket and out of it: a record goes with the parts it owns, with the values seen, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from client.kit.owned import owned
from client.store.entry import Entry, touched_by
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit.access import opens_all
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

    Each record goes with its parts by one operation, which the centre does whole or not at all.
    """
    with store.lock:
        bodies = [_delete(store, entity, id) for id in ids]
        wanted = [row for body in bodies for row in touched_by(body)]
        try:
            _refuse_without_right(store.permissions(), {name for name, _ in wanted})
        except NotAllowed:
            store.note(AccessKind.DENIED, entity, bodies[-1].id)
            raise
        _refuse_referred(store, wanted)
        return store.record(lambda _number: bodies)


def restore(store: Store, deletes: Sequence[Operation]) -> list[Operation]:
    """Take the deletes back, whether they were sent or not: each record with its parts, the last deleted first.

    A delete that waits is not torn out of the queue: it may be on its way, and its number is consumed.
    """
    bodies = [
        Restore(op.body.entity, op.body.id, op.body.seen, op.body.parts)
        for op in reversed(deletes)
        if isinstance(op.body, Delete)
    ]
    return store.record(lambda _number: bodies)


def _delete(store: Store, entity: str, id: str) -> Delete:
    seen = store.overlay.records(entity, [id])[id]
    return Delete(entity, UUID(id), seen, owned(store, entity, UUID(id)))


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
    """Why the centre did not delete it: the record stayed, and its parts with it."""
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
    """An older program recorded deletes of the parts before that of their owner."""
    body = entry.op.body
    assert isinstance(body, Delete)  # noqa: S101  chosen so
    alone = [
        found
        for part in body.parts
        if not part.entity and (found := store.journal.delete_of(part.id.hex)) is not None
    ]
    spec = spec_of(body.entity)
    record = {name: unpack(spec[name], value) for name, value in body.seen.items()}
    waits = entry.status is Status.PENDING
    refused = entry.said if _refused(entry) else ""
    closes = entry.op.uuid if refused else None
    return Deleted(id, entry.op.at, record, (*alone, entry.op), waits, refused, closes)


KEPT = "Запись оставлена: центр её не удалил"
GONE = {Status.PENDING, Status.APPLIED, Status.FORGOTTEN}
