"""No access before its owner's consent to the processing of personal data, and none after its withdrawal (152-ФЗ, domain 0.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol

NONE = "нет согласия на обработку персональных данных: получите его под подпись и внесите дату в карточку"
WITHDRAWN = "согласие на обработку персональных данных отозвано {:%d.%m.%Y}: без нового согласия доступа нет"
EARLY = "согласие на обработку персональных данных подписано {:%d.%m.%Y}, а этот день ещё не наступил: проверьте дату"
FUTURE = "«{}»: этот день ещё не наступил; поправьте дату"


class Consented(Protocol):
    """A consent as it is recorded: on an account's card or on a person's."""

    @property
    def signed_on(self) -> dt.date | None: ...
    @property
    def withdrawn_on(self) -> dt.date | None: ...


def holds(paper: Consented, on: dt.date) -> bool:
    """Signed by that day, and not withdrawn since."""
    if paper.signed_on is None or paper.signed_on > on:
        return False
    gone = paper.withdrawn_on
    return gone is None or gone < paper.signed_on or gone > on


def refuse_access(papers: Collection[Consented], on: dt.date) -> str | None:
    """Why a person may be given no access on that day; any consent that holds suffices."""
    if any(holds(paper, on) for paper in papers):
        return None
    if gone := [p.withdrawn_on for p in papers if p.withdrawn_on and p.withdrawn_on <= on]:
        return WITHDRAWN.format(max(gone))
    if coming := [p.signed_on for p in papers if p.signed_on and p.signed_on > on]:
        return EARLY.format(min(coming))
    return NONE


def refuse_withdrawal(withdrawn_on: dt.date | None, label: str, on: dt.date) -> str | None:
    """A withdrawal is an event that has happened: its day is past or today."""
    if withdrawn_on is not None and withdrawn_on > on:
        return FUTURE.format(label)
    return None
