"""One round of sync: send what waits, take what changed, never lose an answer's meaning."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec

from client.kit.records import Touched, now_ms
from client.net.link import Link, Offline
from client.store.cache import Cache
from client.store.connection import Damaged
from client.store.store import LEASE_COMMAND, Store
from common.kit.errors import EpoError, NotSignedIn, Unavailable
from common.kit.sync import (
    MAX_OPERATION,
    MAX_OPERATIONS,
    MAX_ROWS,
    Command,
    Operation,
    Outcome,
    PullAnswer,
    PullRequest,
    PushRequest,
    SignedIn,
    SignIn,
    Status,
)

BATCH_BYTES = 800_000


@dataclass(slots=True)
class Round:
    """What one round did."""

    pushed: int = 0
    pulled: int = 0
    online: bool = False
    why: str = ""
    ended: bool = False


def sign_in(store: Store, link: Link, login: str, password: str, computer: str) -> SignedIn:
    """Sign in online and remember who works here; EpoError says why not."""
    device = store.journal.fact("device") or None
    answer = link.sign_in(SignIn(login=login, password=password, computer=computer, device=device))
    known = store.journal.fact("account")
    if known and known != answer.account.hex:
        raise EpoError("На этом профиле работает другой пользователь; откройте свой профиль")
    link.token = answer.token
    with store.lock:
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
            device=answer.device,
            series=answer.series,
            permissions=answer.permissions,
            offset=answer.time - now_ms(),
            contact=now_ms(),
            lease_to=now_ms() + answer.lease_hours * 3_600_000,
            lease_hours=answer.lease_hours,
        )
    return answer


def run(store: Store, link: Link) -> Round:
    """Push until nothing waits, pull until nothing is left; being offline is an answer, not an error."""
    done = Round()
    try:
        _push(store, link, done)
        _pull(store, link, done)
        done.online = True
        _contact(store)
    except NotSignedIn as fault:
        done.online, done.ended, done.why = True, True, fault.message
    except (Offline, Unavailable) as fault:
        done.why = fault.message
    return done


def _contact(store: Store) -> None:
    hours = store.journal.fact("lease_hours", 72)
    with store.lock:
        store.journal.set_facts(contact=now_ms(), lease_to=now_ms() + hours * 3_600_000)


# ---- push


def _push(store: Store, link: Link, done: Round) -> None:
    while batch := _batch(store):
        with store.lock:
            request = PushRequest(
                device=store.journal.device,
                epoch=store.journal.fact("epoch"),
                witnesses=store.journal.witnesses(),
                settled_to=store.journal.settled_to(),
                operations=batch,
            )
        if request.epoch is None:
            _pull(store, link, done)  # the first contact learns the epoch before anything is sent
            continue
        answer = link.push(request)
        if answer.was is not None:
            _reload(store, link, answer.epoch, done)
            continue
        _settle(store, answer.outcomes)
        done.pushed += len(answer.outcomes)
        with store.lock:
            store.journal.heard(answer.clock, answer.mark, answer.witnessed)
            if answer.last is not None:
                store.journal.renumber(answer.last)
        if answer.forked is not None:
            raise NotSignedIn(
                "Профиль этого компьютера скопирован или восстановлен из копии. Войдите снова, "
                "чтобы получить свой номер рабочего места"
            )
        if not answer.outcomes and answer.last is None:
            raise Unavailable("Сервер не принял ни одной записи; попробуем позже")


def _batch(store: Store) -> list[Operation]:
    with store.lock:
        waiting = store.journal.pending(MAX_OPERATIONS)
    size = 0
    batch: list[Operation] = []
    for op in waiting:
        length = len(msgspec.msgpack.encode(op))
        if length > MAX_OPERATION:
            raise EpoError("Запись больше допустимого размера: сократите длинный текст")
        size += length
        if batch and size > BATCH_BYTES:
            break
        batch.append(op)
    return batch


def _settle(store: Store, outcomes: list[Outcome]) -> None:
    with store.lock:
        entries = store.journal.settle(outcomes)
        touched: Touched = {}
        for entry in entries:
            body = entry.op.body
            if isinstance(body, Command):
                if body.name == LEASE_COMMAND and entry.status is Status.APPLIED:
                    r = entry.result
                    store.journal.take_lease(r["series"], r["book"], r["first"], r["last"])
            else:
                touched.setdefault(body.entity, set()).add(body.id.hex)
        store.refresh(touched)
    store.tell(touched)


# ---- pull


def _pull(store: Store, link: Link, done: Round, target: Cache | None = None) -> None:
    while True:
        cache = target or store.cache
        with store.lock:
            request = PullRequest(
                device=store.journal.device,
                epoch=store.journal.fact("epoch"),
                witnesses=store.journal.witnesses(),
                ticket=cache.ticket(),
                cursors=cache.cursors(),
                limit=MAX_ROWS,
            )
        answer = link.pull(request)
        if answer.was is not None:
            _reload(store, link, answer.epoch, done)
            return
        if not _take(store, cache, answer, done, shown=target is None):
            continue
        if not answer.more:
            return


def _take(store: Store, cache: Cache, answer: PullAnswer, done: Round, *, shown: bool) -> bool:
    """Store one answer; False where it was for another state of the cache."""
    with store.lock:
        if store.journal.fact("epoch") is None:
            store.journal.set_facts(epoch=answer.epoch)
        store.journal.heard(answer.clock, answer.mark, answer.witnessed)
        store.journal.set_facts(offset=answer.time - now_ms())
        touched = cache.store(answer)
        if touched is None:
            return False
        if shown:
            store.refresh(touched)
            if cache.whole() and not answer.more:
                seen: Touched = {}
                for entry in store.journal.mark_seen(answer.clock):
                    entity, id = entry.subject
                    if id:
                        seen.setdefault(entity, set()).add(id)
                store.refresh(seen)
                touched |= {e: touched.get(e, set()) | ids for e, ids in seen.items()}
    done.pulled += sum(len(f.rows) for p in answer.pages for f in p.rows)
    if shown:
        store.tell(touched)
    return True


def _reload(store: Store, link: Link, epoch: str, done: Round) -> None:
    """Another history: load a second file from its beginning and show it when it is whole."""
    path = store.profile / f"cache-{secrets.token_hex(4)}.db"
    with store.lock:
        store.journal.forget_history(epoch)
    try:
        fresh = Cache(path, store.key)
    except Damaged as fault:
        raise EpoError("На диске не удаётся создать копию данных; освободите место") from fault
    _pull(store, link, done, fresh)
    store.swap_cache(fresh)
