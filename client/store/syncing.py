"""One round of sync: send what waits, take what changed, never lose an answer's meaning."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import msgspec

from client.kit.records import Touched, now_ms
from client.net.link import Offline, TooLarge, Transport
from client.store.cache import Cache
from client.store.connection import Damaged, DatabaseError, OperationalError
from client.store.journal import Entry
from client.store.store import REBUILT, Store, erase
from common.kit.errors import EpoError, NotSignedIn, Unavailable
from common.kit.sync import (
    MAX_OPERATIONS,
    MAX_ROWS,
    Answer,
    Cursor,
    Operation,
    Outcome,
    PullAnswer,
    PullRequest,
    PushRequest,
    SignedIn,
    SignIn,
)

BATCH_BYTES = 800_000
LEAST_ROWS = 50
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0

BUSY = "Сервер не принял ни одной записи; попробуем позже"
FOREIGN = "Ответ относится к другой истории данных; попробуем ещё раз"


@dataclass(slots=True)
class Round:
    """What one round did."""

    pushed: int = 0
    pulled: int = 0
    online: bool = False
    why: str = ""
    ended: bool = False
    """A person must sign in anew."""
    stuck: bool = False
    """The centre answers and the queue does not move; `why` says what a person can do."""
    retry_after: int = 0
    """Seconds that the centre asks to wait."""


_CHANCE = secrets.SystemRandom()


def pause(failures: int, least: float = 0, chance: Callable[[], float] | None = None) -> float:
    """Seconds to wait after so many failed rounds in a row: full jitter under a doubling ceiling."""
    ceiling: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures, 10))
    roll: float = chance() if chance else _CHANCE.random()
    return max(least, roll * ceiling)


def sign_in(store: Store, link: Transport, login: str, password: str, computer: str) -> SignedIn:
    """Sign in online and remember who works here; EpoError says why not."""
    device = store.journal.fact("device") or None
    answer = link.sign_in(SignIn(login=login, password=password, computer=computer, device=device))
    known = store.journal.fact("account")
    if known and known != answer.account.hex:
        raise EpoError("На этом профиле работает другой пользователь; откройте свой профиль")
    link.token = answer.token
    with store.lock:
        if device != answer.device:
            store.journal.change_device(answer.device)
        store.journal.set_facts(
            server=link.server,
            token=answer.token,
            account=answer.account.hex,
            login=answer.login,
            name=answer.name,
            post=answer.post,
            college=answer.college.hex,
            college_code=answer.college_code,
            college_name=answer.college_name,
            zone=answer.zone,
            series=answer.series,
            permissions=answer.permissions,
            offset=answer.time - now_ms(),
            contact=now_ms(),
            lease_to=now_ms() + answer.lease_hours * 3_600_000,
            lease_hours=answer.lease_hours,
        )
    return answer


def run(store: Store, link: Transport) -> Round:
    """Push until nothing waits, pull until nothing is left; being offline is an answer, not an error."""
    done = Round()
    try:
        _push_or_say(store, link, done)
        _pull(store, link, done)
        done.online = True
        _contact(store)
    except NotSignedIn as fault:
        done.online, done.ended, done.why = True, True, fault.message
    except (Offline, Unavailable) as fault:
        done.why, done.retry_after = fault.message, fault.retry_after
        done.stuck = isinstance(fault, Unavailable)
    except OperationalError:
        raise
    except DatabaseError:
        if not store.mend_cache():
            raise
        done.why = REBUILT
    return done


def _push_or_say(store: Store, link: Transport, done: Round) -> None:
    """What the centre refuses as a whole waits; the pull goes on without it."""
    try:
        _push(store, link, done)
    except (NotSignedIn, Offline, Unavailable):
        raise
    except EpoError as fault:
        done.stuck, done.why = True, fault.message


def _contact(store: Store) -> None:
    hours = store.journal.fact("lease_hours", 72)
    with store.lock:
        store.journal.set_facts(contact=now_ms(), lease_to=now_ms() + hours * 3_600_000)


# ---- push


def _push(store: Store, link: Transport, done: Round) -> None:
    while batch := _batch(store):
        if store.journal.fact("epoch") is None or store.journal.fact("reload"):
            _pull(store, link, done)  # nothing is sent before the present history is known
            continue
        with store.lock:
            request = PushRequest(
                device=store.journal.device,
                epoch=store.journal.fact("epoch"),
                witnesses=store.journal.witnesses(),
                settled_to=store.journal.settled_to(),
                operations=batch,
            )
        answer = link.push(request)
        if answer.was is not None:
            _change_history(store, answer, request.epoch)
            continue
        settled = _settle(store, answer.outcomes)
        done.pushed += settled
        with store.lock:
            store.journal.heard(answer.clock, answer.mark, answer.witnessed)
            moved = answer.last is not None and batch[0].no != answer.last + 1
            if answer.last is not None:
                store.journal.renumber(answer.last)
        if answer.forked is not None:
            raise NotSignedIn(
                "Профиль этого компьютера скопирован или восстановлен из копии. Войдите снова, "
                "чтобы получить свой номер рабочего места"
            )
        if not settled and not moved:
            raise Unavailable(BUSY)


def _batch(store: Store) -> list[Operation]:
    with store.lock:
        waiting = store.journal.pending(MAX_OPERATIONS)
    size = 0
    batch: list[Operation] = []
    for op in waiting:
        size += len(msgspec.msgpack.encode(op))
        if batch and size > BATCH_BYTES:
            break
        batch.append(op)
    return batch


def _settle(store: Store, outcomes: list[Outcome]) -> int:
    """How many of our waiting operations were answered."""
    with store.lock:
        entries = store.journal.settle(outcomes)
        touched = _subjects(entries)
        store.refresh(touched)
    store.tell(touched)
    return len(entries)


def _subjects(entries: list[Entry]) -> Touched:
    touched: Touched = {}
    for entry in entries:
        entity, id = entry.subject
        if id:
            touched.setdefault(entity, set()).add(id)
    return touched


# ---- pull


def _pull(store: Store, link: Transport, done: Round) -> None:
    if not store.journal.fact("reload"):
        late: Touched = {}
        try:
            whole = _pages(store, link, done, store.cache, late)
        finally:
            store.refresh_lists(late)
            store.tell(late)
        if whole:
            return
    _reload(store, link, done)


def _pages(store: Store, link: Transport, done: Round, cache: Cache, late: Touched) -> bool:
    """Load this file until the centre has no more; False where it is of another history.

    While an answer is stored, the next one is already asked for; it is taken only if it fits.
    """
    with ThreadPoolExecutor(1, "ahead") as ahead:
        request = _request(store, cache, MAX_ROWS)
        coming = ahead.submit(link.pull, request)
        while True:
            try:
                answer = coming.result()
            except TooLarge:
                if request.limit <= LEAST_ROWS:
                    raise
                request = _request(store, cache, max(LEAST_ROWS, request.limit // 4))
                coming = ahead.submit(link.pull, request)
                continue
            if answer.was is not None:
                _change_history(store, answer, request.epoch)
                return False
            guess = _following(request, answer)
            if answer.more:
                coming = ahead.submit(link.pull, guess)
            if _take(store, cache, answer, done, late) and not answer.more:
                return True
            request = _request(store, cache, request.limit)
            if not answer.more or _place(request) != _place(guess):
                coming = ahead.submit(link.pull, request)


def _request(store: Store, cache: Cache, limit: int) -> PullRequest:
    with store.lock:
        return PullRequest(
            device=store.journal.device,
            epoch=cache.epoch(),
            witnesses=store.journal.witnesses(),
            ticket=cache.ticket(),
            cursors=cache.cursors(),
            limit=limit,
        )


def _following(request: PullRequest, answer: PullAnswer) -> PullRequest:
    """What will be asked next, if this answer is stored whole."""
    cursors = {c.bucket: c for c in request.cursors}
    cursors |= {bucket: cursors.get(bucket, Cursor(bucket)) for bucket in answer.buckets}
    for page in answer.pages:
        before = cursors[page.bucket]
        cursors[page.bucket] = (
            Cursor(page.bucket, page.to, before.until, before.facets)
            if page.more
            else Cursor(page.bucket, page.to)
        )
    return msgspec.structs.replace(
        request, epoch=answer.epoch, ticket=answer.ticket + 1, cursors=list(cursors.values())
    )


def _place(request: PullRequest) -> tuple[str | None, int, frozenset[Cursor]]:
    """What makes two requests ask for the same."""
    return request.epoch, request.ticket, frozenset(request.cursors)


def _take(store: Store, cache: Cache, answer: PullAnswer, done: Round, late: Touched) -> bool:
    """Store one answer; False where it was for another state of the cache."""
    shown = cache is store.cache
    with store.lock:
        if store.journal.fact("epoch") != answer.epoch:
            store.journal.change_history(answer.epoch, reload=False)
        touched = cache.store(answer)
        if touched is None:
            return False
        store.journal.heard(answer.clock, answer.mark, answer.witnessed)
        store.journal.set_facts(offset=answer.time - now_ms())
        if shown:
            if cache.whole() and not answer.more:
                for entity, ids in _subjects(store.journal.mark_seen(answer.clock)).items():
                    touched.setdefault(entity, set()).update(ids)
            store.refresh_overlay(touched)
    for entity, ids in touched.items():
        late.setdefault(entity, set()).update(ids)
    done.pulled += sum(len(f.rows) for p in answer.pages for f in p.rows)
    return True


def _change_history(store: Store, answer: Answer, sent: str | None) -> None:
    """The centre was restored: obeyed only if it speaks of the history that was sent (SYNC 8)."""
    if answer.was != sent:
        raise Unavailable(FOREIGN)
    with store.lock:
        store.journal.change_history(answer.epoch, reload=True)


def _reload(store: Store, link: Transport, done: Round) -> None:
    """Another history: load a second file from its beginning and show it when it is whole."""
    path = store.profile / f"cache-{secrets.token_hex(4)}.db"
    try:
        fresh = Cache(path, store.key)
    except Damaged as fault:
        raise EpoError("На диске не удаётся создать копию данных; освободите место") from fault
    try:
        if not _pages(store, link, done, fresh, {}):
            raise Unavailable(FOREIGN)
    except (EpoError, DatabaseError):
        fresh.close()
        erase(path)
        raise
    store.swap_cache(fresh)
