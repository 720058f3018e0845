"""The demo's desk is full before its window is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from client.shell.demo import Opening, first_desk
from client.shell.entrance import Entrance
from client.store.keys import GivenKey
from common.admissions.lists import LISTS
from common.kit.errors import EpoError
from tests.client.conftest import Dress
from tests.demo_world import PASSWORD, World
from tests.ports import free_port
from tests.widget_checks import everything_wrong


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    return Entrance(tmp_path / "desk", LISTS, computer="ПК-1", given=GivenKey(b"secret"))


def test_the_store_comes_back_filled(qapp: QApplication, region: World, entrance: Entrance) -> None:
    store = first_desk(entrance, region.address, PASSWORD)
    assert len(store.list_ids("applicants", "", (("name", False),), ["name"])) == 40
    assert store.counts().waiting == 0
    store.close()


def test_a_server_that_does_not_come_up_is_said(qapp: QApplication, entrance: Entrance) -> None:
    with pytest.raises(EpoError, match="Учебный сервер не запустился"):
        first_desk(entrance, f"http://127.0.0.1:{free_port()}", PASSWORD, patience=0)
    assert not entrance.used


@pytest.mark.parametrize("dark", [False, True])
def test_the_small_window_is_well_made(dress: Dress, *, dark: bool) -> None:
    dress(dark=dark)
    window = Opening("Готовим учебный колледж…")
    window.show()
    assert everything_wrong(window) == {}
    window.close()
