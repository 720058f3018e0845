"""The simulation's own section and commands, for as long as its tests run."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.simulation.world import dean_too


@pytest.fixture(autouse=True)
def simulated() -> Iterator[None]:
    logging.disable(logging.CRITICAL)  # faults are what a history is made of
    with dean_too():
        yield
    logging.disable(logging.NOTSET)
