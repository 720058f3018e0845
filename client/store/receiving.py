"""Receiving (SYNC 4): pages into the cache, a second cache of another history, and what is seen with them."""

from __future__ import annotations

import secrets
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol, Self

import msgspec

from client.kit.records import Touched
from client.net.link import TooLarge, Transport
from client.store import answers, sealing
from client.store.cache import Cache
from client.store.connection import Damaged, DatabaseError
from client.store.journal import Journal
from client.store.meeting import Meeting
from client.store.profile import erase
from client.store.sending import change_history, subjects
from client.store.store import Store
from common.kit.errors import EpoError
from common.kit.ids import REGION
from common.kit.sync import (
    END,
    MAX_ROWS,
    Cursor,
    Position,
    PullAnswer,
    PullRequest,
    levelled,
)

LEAST_ROWS = 50
DAY = 24 * 3_600_000


def pull(store: Store, link: Transport) -> tuple[bool, int]:
    """Load until the centre has no more; False where it is of another history now. And how many rows came."""
    if store.journal.fact("reload"):
        return _reload(store, link)
    late: Touched = {}
    try:
        return pages(store, link, store.cache, late)
    finally:
        store.refresh_lists(late)
        store.tell(late)


class Pulls(Protocol):
    """All that loading asks of the way to the server."""

    def pull(self, request: PullRequest) -> PullAnswer: ...


def pages(store: Store, link: Pulls, cache: Cache, late: Touched) -> tuple[bool, int]:
    """Load this file until the centre has no more; False where it is of another history.

    While an answer is stored, the next one is already asked for; it is taken only if it fits.
    """
    pulled = 0
    request = pull_request(store, cache, MAX_ROWS)
    with Ahead(link) as ahead:
        while True:
            try:
                answer = ahead.pull(request)
            except TooLarge:
                if request.limit <= LEAST_ROWS:
                    raise
                request = pull_request(store, cache, max(LEAST_ROWS, request.limit // 4))
                continue
            if answer.was is not None:
                change_history(store, answer, request.epoch)
                return False, pulled
            if answer.more:
                ahead.ask(_following(request, answer))
            taken = take_pull(store, cache, answer, late)
            pulled += taken or 0
            if taken is not None and not answer.more:
                return True, pulled
            request = pull_request(store, cache, request.limit)


class Ahead:
    """Asks for the next page in a thread of its own; a load of one page makes none."""

    def __init__(self, link: Pulls) -> None:
        self.link = link
        self.pool: ThreadPoolExecutor | None = None
        self.coming: tuple[PullRequest, Future[PullAnswer]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown()

    def ask(self, request: PullRequest) -> None:
        self.pool = self.pool or ThreadPoolExecutor(1, "ahead")
        self.coming = request, self.pool.submit(self.link.pull, request)

    def pull(self, request: PullRequest) -> PullAnswer:
        """What was asked for ahead, if it is the same; the line is used by one request at a time."""
        coming, self.coming = self.coming, None
        if coming is not None:
            guess, future = coming
            if _place(guess) == _place(request):
                return future.result()
            wait((future,))
        return self.link.pull(request)


def pull_request(store: Store, cache: Cache, limit: int) -> PullRequest:
    with store.lock:
        levels, cursors = levelled(cache.cursors())
        return PullRequest(
            device=store.journal.device,
            epoch=cache.epoch() or store.journal.fact("epoch"),
            witnesses=store.journal.witnesses(),
            ticket=cache.ticket(),
            cursors=cursors,
            levels=levels,
            prove=cache.unproved(),
            limit=limit,
            handed=store.journal.waiting_for_answers(),
        )


def _following(request: PullRequest, answer: PullAnswer) -> PullRequest:
    """What will be asked next, if this answer is stored whole."""
    places = request.places()
    cursors = {bucket: places.get(bucket, Cursor(bucket)) for bucket in answer.buckets}
    for raised in answer.raised:
        but = set(raised.but)
        for bucket, cursor in cursors.items():
            standing = cursor.stands and cursor.pos.seq == raised.frm and bucket not in but
            if standing and (bucket.scope == REGION.hex) == raised.regional:
                cursors[bucket] = Cursor(bucket, Position(raised.to, END, END))
    for page in answer.pages:
        before = cursors[page.bucket]
        cursors[page.bucket] = (
            Cursor(page.bucket, page.to, before.until, before.facets)
            if page.more
            else Cursor(page.bucket, page.to)
        )
    levels, others = levelled(cursors.values())
    return msgspec.structs.replace(
        request,
        epoch=answer.epoch,
        ticket=answer.ticket + 1,
        cursors=others,
        levels=levels,
        prove=False,
    )


def _place(request: PullRequest) -> tuple[str | None, int, frozenset[Cursor]]:
    """What makes two requests ask for the same."""
    return request.epoch, request.ticket, frozenset(request.places().values())


def take_pull(store: Store, cache: Cache, answer: PullAnswer, late: Touched) -> int | None:
    """Store one answer, late or doubled ones too; the rows that came, None where it was for another state of the cache."""
    with store.lock:
        journal = store.journal
        if store.ended:
            return None  # a lagging copy has not heard of it, or the answer is late
        if journal.fact("epoch") is None:
            journal.set_facts(epoch=answer.epoch, reload=False)
        if journal.fact("epoch") != answer.epoch:
            return None
        journal.heard(answer)
        _prove_daily(store, cache)
        if not cache.fits(answer):
            return None
        _hear_scope(journal, answer)
        gone = sealing.lose_sight(journal, store.overlay, answer)
        meeting = Meeting(store, cache, answer)
        touched = cache.store(answer)
        if touched is None:
            return None
        _join(touched, gone)
        meeting.tell(touched)
        journal.heard_time(answer.time - store.now())
        if cache is store.cache:
            if not answer.more:
                answers.hear_recovery(journal, recovering=answer.recovering)
            if cache.whole() and not answer.more:
                seen = answers.mark_seen(journal, answer.epoch, answer.clock)
                _join(touched, subjects(seen))
                answers.let_go(journal, answer.epoch, answer.backed_up_to)
            store.refresh_overlay(touched)
    store.hear(answer.handed)
    _join(late, touched)
    return sum(len(f.rows) for p in answer.pages for f in p.rows)


def _hear_scope(journal: Journal, answer: PullAnswer) -> None:
    """What of it reaches only his own, and from which year on this desk holds it."""
    own = [list(each) for each in answer.own]
    if (journal.fact("own", []), journal.fact("since", 0)) != (own, answer.since):
        journal.set_facts(own=own, since=answer.since)


def _join(into: Touched, more: Touched) -> None:
    for entity, ids in more.items():
        into.setdefault(entity, set()).update(ids)


def _prove_daily(store: Store, cache: Cache) -> None:
    """Counts and sums are compared at every start, and once a day besides."""
    proved_at = store.journal.fact("proved_at", 0)
    if store.now() - proved_at > DAY:
        cache.proved.clear()
        store.journal.set_facts(proved_at=store.now())


def _reload(store: Store, link: Transport) -> tuple[bool, int]:
    """Another history: load a second file from its beginning and show it when it is whole."""
    path = store.profile / f"cache-{secrets.token_hex(4)}.db"
    try:
        fresh = Cache(path, store.key)
    except Damaged as fault:
        raise EpoError("На диске не удаётся создать копию данных; освободите место") from fault
    try:
        whole, pulled = pages(store, link, fresh, {})
    except (EpoError, DatabaseError):
        fresh.close()
        erase(path)
        raise
    if not whole:
        fresh.close()
        erase(path)
        return False, pulled
    store.swap_cache(fresh)
    return True, pulled
