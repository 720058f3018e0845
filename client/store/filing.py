"""Files on records: attached and seen without a network, waiting until their bytes are at the centre (SYNC 10)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from client.kit.records import Attachment, FilePlace
from client.store import contents
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit.attached import FileState, attached
from common.kit.buckets import sections_of
from common.kit.contents import HEAD, digest_of, kind_of, refuse_content, shown_name
from common.kit.entity import describe, spec_of
from common.kit.errors import Invalid, NotAllowed, RuleBroken
from common.kit.ids import new_id
from common.kit.rights import Action, may
from common.kit.spec import EntitySpec
from common.kit.sync import Delete, Operation, Restore, Save
from common.kit.wire import pack_record


def owner_of(spec: EntitySpec) -> str:
    """The reference of an entity of files to the record it hangs on."""
    assert spec.part_of is not None  # noqa: S101  a file hangs on something
    return spec.part_of


def allows(store: Store, entity: str, action: Action) -> bool:
    """May this person see, or attach, files of this entity?"""
    spec, held = spec_of(entity), store.permissions()
    return any(
        all(may(held, section, action, pd) for pd in spec.classes)
        for section in sections_of(entity)
    )


def attach(store: Store, entity: str, owner: UUID, name: str, content: bytes) -> Operation:
    """Keep the content, then record the words about it: Invalid, RuleBroken, NotAllowed say why not."""
    spec = spec_of(entity)
    if refused := refuse_content(name, content[:HEAD], len(content)):
        raise Invalid(refused)
    if not allows(store, entity, Action.WRITE):
        store.note(AccessKind.DENIED, entity, owner)
        raise NotAllowed(f"Нет права прикреплять: «{spec.title}». Обратитесь к администратору")
    kind = kind_of(content[:HEAD])
    assert kind is not None  # noqa: S101  refused above
    digest = digest_of(content)
    if any(f.digest == digest for f in attached_to(store, entity, owner)):
        raise RuleBroken(f"«{name}»: этот файл здесь уже прикреплён")
    values = {
        owner_of(spec): owner,
        "name": shown_name(name, kind),
        "content": digest,
        "kind": kind,
        "size": len(content),
        "state": FileState.AWAITED,
    }
    pairs = {n: (None, v) for n, v in pack_record(values).items()}
    with store.box.held(content):
        (made,) = store.record(lambda _: [Save(entity, new_id(), create=True, set=pairs)])
    tidy(store)
    return made


def remove(store: Store, entity: str, id: UUID) -> Operation:
    """Into the basket; `put_back` takes it out again."""
    with store.lock:
        record = store.overlay.records(entity, [id.hex])[id.hex]
        (made,) = store.record(lambda _: [Delete(entity, id, record, ())])
    return made


def put_back(store: Store, removed: Operation) -> None:
    body = removed.body
    assert isinstance(body, Delete)  # noqa: S101  what `remove` returned
    store.record(lambda _: [Restore(body.entity, body.id, body.seen)])


def attached_to(store: Store, entity: str, owner: UUID) -> list[Attachment]:
    """The files on that record, oldest first."""
    found = store.where(entity, owner_of(spec_of(entity)), owner)
    here = store.box.whole() if found else set()
    return [_attachment(entity, id, record, here) for id, record in found.items()]


def attachment(store: Store, entity: str, id: UUID) -> Attachment | None:
    record = store.get(entity, id)
    return _attachment(entity, id.hex, record, store.box.whole()) if record else None


def _attachment(entity: str, id: str, record: dict[str, Any], here: set[str]) -> Attachment:
    if record["state"] is FileState.RECEIVED:
        place = FilePlace.SENT
    else:
        place = FilePlace.WAITS if record["content"] in here else FilePlace.ELSEWHERE
    return Attachment(
        entity, id, record["name"], record["kind"], record["size"], record["content"], place
    )


# ---- what waits, and what must stay


def sendable(store: Store) -> list[str]:
    """Contents that wait and whose record the centre has taken, in the order of the records."""
    if not (here := store.box.whole()):
        return []
    with store.lock:
        files = {spec.name for spec in map(describe, attached())}
        unsettled = {id for name, id, _ in store.journal.open_states() if name in files}
        taken = sorted(
            (id, c) for _, id, c in contents.awaited(store.overlay) if id not in unsettled
        )
    return [content for content in dict.fromkeys(c for _, c in taken) if content in here]


def tidy(store: Store) -> None:
    """Let go of the oldest copies of what is on the server."""
    with store.lock:
        precious = {content for _, _, content in contents.awaited(store.overlay)}
        store.box.shrink(precious | contents.sent_from_here(store.journal))
