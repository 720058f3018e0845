"""The line under the rows tells of what is chosen, as a spreadsheet does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.store.store import Store
from common.admissions.lists import CAMPAIGNS, GROUPS
from common.kit.lists import ListSpec
from tests.client.admissions.conftest import SECRETARY, fill, open_store, put
from tests.client.conftest import Dress
from tests.widget_checks import everything_wrong, settle


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "profile", SECRETARY)
    fill(made)
    yield made
    made.close()


def opened(store: Store, spec: ListSpec, qtbot: QtBot, width: int = 900) -> ListScreen:
    made = ListScreen(store, spec)
    qtbot.addWidget(made)
    made.resize(width, 500)
    made.show()
    told(made)
    return made


def told(screen: ListScreen) -> str:
    for _ in range(2):
        screen.background.wait()
        settle()
        screen.sums.ask()
    screen.background.wait()
    settle()
    return screen.totals.text()


def choose(screen: ListScreen, *rows: int) -> None:
    screen.table.select_keys([screen.source.key_at(row) for row in rows])


def places(screen: ListScreen, *rows: int) -> int:
    return sum(int(screen.source.rows(row, row + 1)[0][2] or 0) for row in rows)


def test_chosen_rows_are_counted_and_added_up(store: Store, qtbot: QtBot, dress: Dress) -> None:
    screen = opened(store, GROUPS, qtbot)
    whole = screen.totals.text()
    assert whole == f"Мест: всего {places(screen, 0, 1, 2, 3)}"
    choose(screen, 0, 2)
    assert told(screen) == f"Выбрано 2 · Мест: сумма {places(screen, 0, 2)}"
    screen.group_by("funding")
    told(screen)
    screen.table.view.selectAll()
    assert told(screen) == whole.replace("Мест: всего", "Выбрано 4 · Мест: сумма")
    choose(screen, 1)
    assert told(screen) == whole
    choose(screen, 1, 2)
    told(screen)
    screen.filter.type("нет таких")
    assert told(screen) == ""
    assert screen.totals.isHidden()
    assert everything_wrong(screen) == {}


def test_the_column_of_the_frame_is_added_up_too(store: Store, qtbot: QtBot, dress: Dress) -> None:
    put(store, "admission_campaign", year=2020, name="Приём 2020")
    put(store, "admission_campaign", year=2022, name="Приём 2022")
    screen = opened(store, CAMPAIGNS, qtbot)
    keys = [screen.source.key_at(row) for row in (1, 2)]
    screen.table.select_keys(keys, keys[0], column=1)
    assert told(screen) == ""
    screen.table.select_keys(keys, keys[0], column=0)
    assert told(screen) == "Выбрано 2 · Год: сумма 4042, среднее 2021"
