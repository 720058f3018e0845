"""A look put on for a test, and taken off after it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.kit.theme import Theme, apply_theme
from client.net.link import Link
from client.shell.desktop import Desktop
from client.shell.lists import LISTS
from client.store.password import remember
from client.store.store import Store
from client.store.syncing import run, sign_in
from tests.demo_world import PASSWORD, World, world

Dress = Callable[..., Theme]
OpenDesktop = Callable[..., Desktop]

KEY = bytes(range(32))


@pytest.fixture
def dress(qtbot: QtBot, qapp: QApplication) -> Iterator[Dress]:
    """`dress(dark=True, scale=1.5)`; the light one at scale 1 is on from the start."""

    def put_on(*, dark: bool = False, scale: float = 1.0, contrast: bool = False) -> Theme:
        return apply_theme(qapp, dark=dark, scale=scale, contrast=contrast)

    def clear() -> None:
        """pytest-qt asks for deletion, but there is no event loop that would do it; dressing the dead takes seconds."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    clear()
    put_on()
    yield put_on
    clear()
    put_on()


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A running server with a generated region; whoever stops it starts it again."""
    with world(tmp_path_factory.mktemp("region"), applicants=40) as running:
        yield running


@pytest.fixture
def silent_server() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def filled_store(region: World, tmp_path: Path) -> Iterator[Store]:
    """The desk of the responsible secretary after its first exchange."""
    store, link = Store(tmp_path / "profile", KEY, LISTS), Link(region.address)
    sign_in(store, link, "sekretar", PASSWORD, "ПК-Приёмная-1")
    remember(store, PASSWORD)
    assert run(store, link).online
    link.close()
    yield store
    store.close()


@pytest.fixture
def open_desktop(
    filled_store: Store, region: World, tmp_path: Path, dress: Dress
) -> Iterator[OpenDesktop]:
    """`open_desktop(server=…)`: the real desktop over the filled store; it syncs when asked only."""
    made: list[Desktop] = []

    def build(*, server: str = "") -> Desktop:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        made.append(
            Desktop(filled_store, server or region.address, settings=settings, key=lambda _: KEY)
        )
        made[-1].sync.paused = True
        return made[-1]

    yield build
    for desktop in made:
        desktop.stop()
        desktop.frame.deleteLater()
