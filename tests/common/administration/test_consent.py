"""No access without a consent that holds on that day: any of a person's papers suffices."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import pytest

from common.administration.consent import refuse_access, refuse_withdrawal

JUNE, JULY, AUGUST = dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 8, 1)


class Paper(NamedTuple):
    signed_on: dt.date | None
    withdrawn_on: dt.date | None


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ([], "нет согласия"),
        ([Paper(None, None)], "нет согласия"),
        ([Paper(JUNE, None)], None),
        ([Paper(JULY, None)], None),
        ([Paper(AUGUST, None)], "01.08.2026"),
        ([Paper(JUNE, JULY)], "отозвано 01.07.2026"),
        ([Paper(JUNE, AUGUST)], None),
        ([Paper(JULY, JUNE)], None),
        ([Paper(None, None), Paper(JUNE, None)], None),
        ([Paper(JUNE, JULY), Paper(None, None)], "отозвано 01.07.2026"),
    ],
    ids=[
        "nothing", "an empty card", "signed", "signed today", "signed tomorrow", "withdrawn today",
        "withdrawn later", "given anew", "of the person", "withdrawn beside an empty card",
    ],
)  # fmt: skip
def test_access_stands_on_a_consent_that_holds(papers: list[Paper], said: str | None) -> None:
    refused = refuse_access(papers, JULY)
    assert (refused is None) if said is None else said in str(refused)


def test_a_withdrawal_is_no_plan() -> None:
    assert refuse_withdrawal(JULY, "Отозвано", JULY) is None
    assert "ещё не наступил" in str(refuse_withdrawal(AUGUST, "Отозвано", JULY))
