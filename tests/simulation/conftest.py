"""No log for as long as the simulation's tests run."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    logging.disable(logging.CRITICAL)  # faults are what a history is made of
    yield
    logging.disable(logging.NOTSET)
