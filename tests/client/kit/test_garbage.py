"""Garbage with Qt objects in it waits for the GUI thread."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from client.kit.garbage import Collector


class Cycle(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.me = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    owner = QObject()
    yield Collector(owner)
    gc.enable()


def allocate() -> None:
    """More than the automatic collection would let pass."""
    kept = [[number] for number in range(50_000)]
    assert len(kept) == 50_000


def test_a_worker_that_allocates_collects_nothing(collector: Collector) -> None:
    died_on: list[int] = []
    weakref.finalize(Cycle(), lambda: died_on.append(threading.get_ident()))
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert died_on == []
    allocate()
    collector.look()
    gc.collect()
    assert died_on == [threading.get_ident()]
