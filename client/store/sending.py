"""Sending (SYNC 5, 8): the offer of a new device id first, then what waits, and what the answers mean."""

from __future__ import annotations

import msgspec

from client.kit.records import Touched
from client.net.link import Transport
from client.store import answers
from client.store.entry import Entry
from client.store.store import Store
from common.kit.errors import Unavailable
from common.kit.sync import (
    MAX_OFFER,
    MAX_OPERATIONS,
    Answer,
    OfferAnswer,
    OfferRequest,
    Operation,
    PushAnswer,
    PushRequest,
)

BATCH_BYTES = 800_000

BUSY = "Сервер не принял ни одной записи; попробуем позже"
FOREIGN = "Ответ относится к другой истории данных; попробуем ещё раз"


# ---- requests


def offer_request(store: Store) -> OfferRequest | None:
    """None where this device id is known to the centre."""
    with store.lock:
        return answers.offer_of(store.journal)


def push_request(store: Store) -> PushRequest | None:
    """What waits, as much as fits; None where nothing waits or an offer must be answered first."""
    with store.lock:
        journal = store.journal
        if journal.fact("offer", "") or journal.fact("epoch") is None:
            return None
        batch = _batch(journal.pending(MAX_OPERATIONS))
        if not batch:
            return None
        return PushRequest(
            device=journal.device,
            epoch=journal.fact("epoch"),
            witnesses=journal.witnesses(),
            settled_to=journal.settled_to(),
            operations=batch,
        )


def _batch(waiting: list[Operation]) -> list[Operation]:
    size = 0
    batch: list[Operation] = []
    for op in waiting:
        size += len(msgspec.msgpack.encode(op))
        if batch and size > BATCH_BYTES:
            break
        batch.append(op)
    return batch


# ---- answers


def take_offer(store: Store, answer: OfferAnswer, sent: str | None) -> bool:
    """Obey an answer to an offer; False where it speaks of another history."""
    if answer.was is not None:
        change_history(store, answer, sent)
        return False
    with store.lock:
        entries = answers.take_offer(store.journal, answer)
        touched = subjects(entries)
        store.refresh(touched)
    store.tell(touched)
    return True


def take_push(store: Store, request: PushRequest, answer: PushAnswer) -> int:
    """Obey an answer to a push, late or doubled ones too; how many of our operations it settled or moved."""
    if answer.was is not None:
        change_history(store, answer, request.epoch)
        return 1
    with store.lock:
        journal = store.journal
        if answer.epoch != journal.fact("epoch"):
            return 0
        entries = answers.settle(journal, answer)
        moved = _move(store, request, answer)
        touched = subjects(entries)
        store.refresh(touched)
    store.tell(touched)
    return len(entries) + moved


def _move(store: Store, request: PushRequest, answer: PushAnswer) -> int:
    """Take another device id or other numbers, where the centre says that it must be."""
    journal = store.journal
    if request.device != journal.device:
        return 0
    if answer.forked is not None:
        if answers.is_fork(journal, *answer.forked):
            answers.fork(journal)
            return 1
    elif answer.last is not None and request.operations[0].no != answer.last + 1:
        answers.renumber(journal, answer.last)
        return 1
    return 0


def change_history(store: Store, answer: Answer, sent: str | None) -> None:
    """The centre was restored: obeyed only if it speaks of the history that is ours (SYNC 8)."""
    if answer.was != sent:
        raise Unavailable(FOREIGN)
    with store.lock:
        known = store.journal.fact("epoch")
        if answer.was == known and answer.epoch != known:
            answers.change_history(store.journal, answer)


def subjects(entries: list[Entry]) -> Touched:
    touched: Touched = {}
    for entry in entries:
        for entity, id in entry.rows:
            touched.setdefault(entity, set()).add(id)
    return touched


# ---- until nothing waits


def offer(store: Store, link: Transport) -> None:
    """Ask about everything that is kept, piece by piece, until this device id may push."""
    while (request := offer_request(store)) is not None:
        whole: OfferAnswer | None = None
        for start in range(0, max(len(request.uuids), 1), MAX_OFFER):
            piece = msgspec.structs.replace(request, uuids=request.uuids[start : start + MAX_OFFER])
            answer = link.offer(piece)
            if whole is None or answer.was is not None:
                whole = answer
            else:
                whole.outcomes += answer.outcomes
                whole.sealed += answer.sealed
            if answer.was is not None:
                break
        assert whole is not None  # noqa: S101  at least one piece is asked
        take_offer(store, whole, request.epoch)
        after = offer_request(store)
        if after is not None and (after.device, after.epoch) == (request.device, request.epoch):
            raise Unavailable(FOREIGN)


def push(store: Store, link: Transport) -> int:
    """Send until nothing waits; how many were answered. Unavailable where the centre takes nothing."""
    pushed = 0
    while True:
        offer(store, link)
        request = push_request(store)
        if request is None:
            return pushed
        answer = link.push(request)
        taken = take_push(store, request, answer)
        if not taken:
            raise Unavailable(BUSY)
        pushed += len(answer.outcomes)
