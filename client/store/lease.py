"""How long this computer may be worked at without a link (DESIGN 4, TRUST D-43); its time only goes forward."""

from __future__ import annotations

import datetime as dt

from client.store.store import Store
from common.kit.errors import EpoError

SLACK = 5 * 60 * 1000
"""A time service sets a clock back by less than this, ms: it gains nothing and costs nothing."""
EVERY = 60 * 1000
"""The latest moment is written down this often, ms."""


class LeaseEnded(EpoError):
    """The time without a link is over: the records open again after a sign-in with the server."""


def refuse_ended_lease(store: Store) -> None:
    """LeaseEnded, with its date; the moment of the question is kept, so that no later one counts as earlier."""
    with store.lock:
        until = int(store.journal.fact("lease_to", 0))
        now = _moment(store)
    if now >= until:
        raise LeaseEnded(
            f"Срок работы без связи истёк {_when(until)}. Войдите, когда сервер будет доступен: "
            "записи на этом компьютере целы"
        )


def _moment(store: Store) -> int:
    """Never before any moment that this profile has seen; between two questions the computer's own ticks count too."""
    journal = store.journal
    now, ticks = journal.now(), journal.ticks()
    seen = max(int(journal.fact("contact", 0)), int(journal.fact("latest", 0)))
    if now + SLACK < seen:
        raise LeaseEnded(
            f"Часы компьютера показывают время раньше, чем здесь уже было ({_when(seen)}). "
            "Поставьте верное время или войдите со связью"
        )
    base, then = journal.mark or (max(now, seen), ticks)
    moment = max(now, base + ticks - then)
    journal.mark = moment, ticks
    if moment - seen > EVERY:
        journal.set_facts(latest=moment)
    return moment


def _when(ms: int) -> str:
    moment = dt.datetime.fromtimestamp(ms / 1000, dt.UTC).astimezone()
    return moment.strftime("%d.%m.%Y в %H:%M")
