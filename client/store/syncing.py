"""One round of sync: send what waits, take what changed, never lose an answer's meaning."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from client.net.link import Offline, Transport
from client.store import answers, sealing
from client.store.connection import DatabaseError, OperationalError
from client.store.receiving import pull, pull_request
from client.store.sending import FOREIGN, push
from client.store.store import REBUILT, Store
from common.kit.errors import AccessEnded, EpoError, NotSignedIn, Unavailable
from common.kit.sync import SignedIn, SignIn

HISTORIES = 5
"""More changes of history than this in one round are a fault of the centre."""
BACK = "Доступ возвращён: войдите снова"
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0


@dataclass(slots=True)
class Round:
    """What one round did."""

    pushed: int = 0
    pulled: int = 0
    online: bool = False
    why: str = ""
    ended: bool = False
    """A person must sign in anew."""
    closed: bool = False
    """The access has ended: what this desk knew of others is gone, its work goes to the administrator."""
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


def sign_in(
    store: Store,
    link: Transport,
    login: str,
    password: str,
    computer: str,
    *,
    new_password: str = "",
    second: str = "",
) -> SignedIn:
    """Sign in online and remember who works here; EpoError says why not."""
    device = store.journal.fact("device") or None
    answer = link.sign_in(
        SignIn(
            login=login,
            password=password,
            computer=computer,
            device=device,
            new_password=new_password,
            second=second,
        )
    )
    known = store.journal.fact("account")
    if known and known != answer.account.hex:
        raise EpoError(_another(store))
    link.token = answer.token
    with store.lock:
        answers.take_device(store.journal, answer.device)
        store.journal.heard_time(answer.time - store.now())
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
            contact=store.now(),
            lease_to=store.now() + answer.lease_hours * 3_600_000,
            lease_hours=answer.lease_hours,
            ending=answer.ending,
            ended="",
        )
    return answer


def _another(store: Store) -> str:
    """What is said to one who signs in where somebody else works."""
    with store.lock:
        waiting = store.counts().waiting + sealing.kept(store.journal)[0]
    if not waiting:
        return "На этом профиле работает другой пользователь; откройте свой профиль"
    return (
        f"На этом компьютере ждут записи другого пользователя: {waiting}. Пусть он войдёт и отправит их; "
        "для своей работы откройте свой профиль"
    )


def run(store: Store, link: Transport) -> Round:
    """Offer and push until nothing waits, pull until nothing is left; being offline is an answer, not an error."""
    done = Round()
    try:
        if store.ended:
            _knock(store, link, done)
        else:
            _exchange(store, link, done)
            _contact(store)
        sealing.deliver(store, link)
        done.online = True
    except AccessEnded as fault:
        _end(store, link, fault, done)
    except NotSignedIn as fault:
        if _is_renewed(store, link):
            return run(store, link)
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


class Door(Protocol):
    """What is asked of the way to the server while the files are shut."""

    def ask_whether_let_in(self) -> None: ...


def why_ended(link: Door, ending: str) -> str:
    """Without any key, by the desk's token alone: why the access has ended; empty where it lasts or nothing proves it.

    `ending`: what the journal had of the last sign-in.
    """
    try:
        link.ask_whether_let_in()
    except AccessEnded as fault:
        return fault.message if sealing.is_proven(ending, fault) else ""
    except EpoError:
        return ""
    return ""


def _is_renewed(store: Store, link: Transport) -> bool:
    """Was the password changed while this round was under way? Then its token has another in its place."""
    with store.journal.renewing, store.lock:
        token = str(store.journal.fact("token", ""))
    before, link.token = link.token, token
    return token != before


def _knock(store: Store, link: Transport, done: Round) -> None:
    """Has an ended access come back? Then a person signs in; nothing is loaded before that."""
    link.pull(pull_request(store, store.cache, 1))
    done.ended, done.why = True, BACK


def _end(store: Store, link: Transport, fault: AccessEnded, done: Round) -> None:
    """Seal and wipe, and hand over in the same contact what can be."""
    done.online, done.ended, done.why = True, True, fault.message
    with store.lock:
        done.closed = sealing.is_proven(str(store.journal.fact("ending", "")), fault)
    if not done.closed:
        return
    sealing.end_access(store, fault)
    try:
        sealing.deliver(store, link)
    except EpoError as trouble:  # it stays sealed, and is offered at the next contact
        done.retry_after = trouble.retry_after
    done.why = sealing.words(store.journal)


def _exchange(store: Store, link: Transport, done: Round) -> None:
    for _ in range(HISTORIES):
        first = store.journal.fact("epoch") is None
        whole = _pull(store, link, done) if first else False
        before = done.pushed
        _push_or_say(store, link, done)  # nothing is sent before the present history is known
        if not whole or done.pushed > before:
            whole = _pull(store, link, done)
        if whole:
            return
    raise Unavailable(FOREIGN)


def _pull(store: Store, link: Transport, done: Round) -> bool:
    whole, pulled = pull(store, link)
    done.pulled += pulled
    return whole


def _push_or_say(store: Store, link: Transport, done: Round) -> None:
    """What the centre refuses as a whole waits; the pull goes on without it."""
    try:
        done.pushed += push(store, link)
    except (NotSignedIn, Offline, Unavailable):
        raise
    except EpoError as fault:
        done.stuck, done.why = True, fault.message


def _contact(store: Store) -> None:
    hours = store.journal.fact("lease_hours", 72)
    with store.lock:
        store.journal.set_facts(contact=store.now(), lease_to=store.now() + hours * 3_600_000)
