"""The matrix can fail: it says of a planted hole what the hole is. `poe holes` plants them all."""

from __future__ import annotations

import pytest

from tests.access.plant import ALL, HOLES, TEN, Hole, findings


def test_every_patch_is_a_hole_that_is_looked_for() -> None:
    assert {hole.patch.name for hole in ALL} == {file.name for file in HOLES.iterdir()}
    assert len(TEN) == 10


@pytest.mark.parametrize(
    "hole",
    [hole for hole in TEN if hole.name == "stale_role"],
    ids=lambda hole: hole.name,
)
def test_a_planted_hole_is_named(hole: Hole) -> None:
    assert hole.finding in findings(hole)
