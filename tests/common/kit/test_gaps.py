"""Numbers that were passed by, and those that nobody has come to, in words."""

from __future__ import annotations

import pytest

from common.kit.gaps import gaps, ranges


@pytest.mark.parametrize(
    ("free", "top", "missing", "rest"),
    [
        ([], 3, [], []),
        ([2, 4, 5], 5, [2], [4, 5]),
        ([1, 2, 3], 3, [], [1, 2, 3]),
        ([1, 3], 4, [1, 3], []),
    ],
)
def test_a_gap_is_a_number_that_was_passed_by(
    free: list[int], top: int, missing: list[int], rest: list[int]
) -> None:
    assert gaps(free, top) == (missing, rest)


def test_neighbours_are_told_together() -> None:
    assert ranges([2, 4, 5, 6, 9]) == "2, 4–6, 9"
    assert ranges([]) == ""
