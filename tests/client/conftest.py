"""A look put on for a test, and taken off after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.kit.theme import Theme, apply_theme

Dress = Callable[..., Theme]


@pytest.fixture
def dress(qtbot: QtBot, qapp: QApplication) -> Iterator[Dress]:
    """`dress(dark=True, scale=1.5)`; the light one at scale 1 is on from the start."""

    def put_on(*, dark: bool = False, scale: float = 1.0) -> Theme:
        return apply_theme(qapp, dark=dark, scale=scale)

    # pytest-qt asks for deletion, but there is no event loop that would do it
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    put_on()
    yield put_on
    put_on()
