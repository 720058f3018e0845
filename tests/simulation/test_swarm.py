"""A bounded part of `poe simulate`: seeds without a bug hold, and planted bugs fall."""

from __future__ import annotations

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.histories import DIRECTED, Directed, play_directed
from tests.simulation.history import draw
from tests.simulation.swarm import STEPS, fall, opened, play, shrink

SEEDS = range(8)
QUICK = (
    "no_dedupe",
    "drop_on_send",
    "drop_rejected",
    "no_revoke",
    "lww",
    "partial_commit",
    "number_max",
    "no_overlay",
    "lose_class",
    "merge_atom",
    "counter_early",
    "push_image",
)
"""Bugs that fall within the first runs; `poe simulate --bugs` plants them all."""
RARE = {"order_number_again": 11}
"""Others, and the seed from which on they soon fall."""


@pytest.mark.parametrize("seed", SEEDS)
def test_every_invariant_holds(seed: int) -> None:
    played = play(draw(seed, STEPS))
    assert played.fault == "", "\n".join(played.words)


@pytest.mark.parametrize("history", dict.fromkeys(DIRECTED.values()), ids=lambda h: h.__name__)
def test_a_directed_history_holds_without_its_bug(history: Directed) -> None:
    with opened() as simulation:
        assert play_directed(simulation, history) == ""


@pytest.mark.parametrize("name", [*DIRECTED, *QUICK])
def test_a_planted_bug_falls(name: str) -> None:
    assert fall(BUGS[name], runs=12).fault


@pytest.mark.parametrize(("name", "first"), RARE.items())
def test_a_rare_planted_bug_falls(name: str, first: int) -> None:
    assert fall(BUGS[name], runs=40, first=first).fault


def test_a_fault_shrinks_to_a_few_steps_in_words() -> None:
    with BUGS["lww"].planted():
        found = fall(BUGS["lww"], runs=12)
        steps = shrink(draw(found.seed, STEPS, BUGS["lww"].favoured))
        played = play(steps)
    assert played.fault.startswith("I4")
    assert len(steps) < 12
    assert played.words
