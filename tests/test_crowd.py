"""The crowd's own judgement of numbers, and, in the long form, a small crowd."""

from __future__ import annotations

import pytest

from tests.crowd import gaps, main
from tests.scale import Scale


def test_a_hole_in_a_series_is_named() -> None:
    whole = [("101", "applicant:2026", n) for n in (2, 1, 3)]
    assert gaps(whole) == []
    assert gaps([*whole, ("102", "applicant:2026", 2)]) == [
        "series 102 of applicant:2026: 1 numbers up to 2"
    ]


def test_a_small_crowd_meets_no_error(scale: Scale) -> None:
    if not scale.long:
        pytest.skip("a crowd takes its time: poe faults, poe crowd")
    assert main(["--desks", "4", "--processes", "2", "--minutes", "0.2", "--pause", "0.2"]) == 0
