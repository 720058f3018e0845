"""The card beside a list follows the chosen row, hides restricted data until it is asked for, and is remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from client.admissions.paper import ADMISSION
from client.kit.list_screen import ListScreen
from client.kit.side_card import CHOOSE, SideCard
from client.store.store import Store
from common.admissions.lists import APPLICANTS
from common.kit.sync import READ, Command
from tests.client.admissions.conftest import CLERK, SECRETARY, fill, open_store, put
from tests.client.conftest import Dress
from tests.widget_checks import everything_wrong

NAMES = ("Абрамов", "Елисеев", "Ёлкин")
HEALTH = "Нужен пандус"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A secretary's desk with three applicants, each with restricted words in the card."""
    made = open_store(tmp_path / "profile", SECRETARY)
    fill(made)
    for number, name in enumerate(NAMES):
        put(
            made,
            "applicant",
            person_id=put(made, "person", last_name=name, first_name="Анна"),
            campaign_id=UUID(next(iter(made.all("admission_campaign")))),
            reg_no=f"01-00{number}",
            registered_at=dt.datetime(2026, 7, 1, 5, tzinfo=dt.UTC),
            special_conditions=HEALTH,
        )
    yield made
    made.close()


@pytest.fixture
def screen(store: Store, qtbot: QtBot, dress: Dress) -> ListScreen:
    made = ListScreen(store, APPLICANTS)
    made.show_beside(ADMISSION)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitActive(made):
        made.show()
    qtbot.waitUntil(lambda: made.total == len(NAMES))
    return made


def card_of(screen: ListScreen) -> SideCard:
    assert screen.beside is not None
    return screen.beside.card


def shows(screen: ListScreen, text: str) -> bool:
    return text in {label.text() for label in card_of(screen).area.findChildren(QLabel)}


def choose(screen: ListScreen, row: int) -> None:
    id = screen.source.id_at(row)
    screen.table.select_keys([id], id)


def readings(store: Store) -> int:
    bodies = [entry.op.body for entry in store.journal.entries("entity = ''")]
    return sum(isinstance(b, Command) and b.name == READ for b in bodies)


def test_the_card_follows_the_row_folds_away_and_is_remembered(
    screen: ListScreen, store: Store, qtbot: QtBot
) -> None:
    assert screen.beside is not None
    screen.beside.turn()
    qtbot.waitUntil(partial(shows, screen, CHOOSE))
    for row, name in enumerate(NAMES):
        choose(screen, row)
        qtbot.waitUntil(partial(shows, screen, name))
        assert card_of(screen).title.text() == f"{name} Анна"
    assert card_of(screen).state.text() == "Ждёт отправки"
    assert everything_wrong(screen) == {}
    qtbot.waitUntil(lambda: store.kept("side_card") == {"on": True})
    screen.resize(900, 600)
    assert card_of(screen).isHidden()
    screen.beside.turn()
    assert "расширьте окно" in screen.filter.bar.said.text()
    screen.resize(1200, 700)
    again = ListScreen(store, APPLICANTS)
    qtbot.addWidget(again)
    again.resize(1200, 700)
    again.show_beside(ADMISSION)
    assert not card_of(again).isHidden()


def test_restricted_data_is_noted_when_it_is_asked_for_and_not_before(
    screen: ListScreen, store: Store, qtbot: QtBot
) -> None:
    assert screen.beside is not None
    screen.beside.turn()
    choose(screen, 0)
    qtbot.waitUntil(card_of(screen).more.isVisible)
    assert (shows(screen, HEALTH), readings(store)) == (False, 0)
    card_of(screen).show_restricted()
    qtbot.waitUntil(partial(shows, screen, HEALTH))
    assert readings(store) == 1
    choose(screen, 1)
    qtbot.waitUntil(partial(shows, screen, NAMES[1]))
    assert (shows(screen, HEALTH), readings(store)) == (False, 1)


def test_a_role_without_the_right_is_offered_nothing_restricted(
    screen: ListScreen, store: Store, qtbot: QtBot
) -> None:
    store.journal.set_facts(permissions=[str(p) for p in CLERK.permissions if p.pd.value != "P3"])
    assert screen.beside is not None
    screen.beside.turn()
    choose(screen, 2)
    qtbot.waitUntil(partial(shows, screen, NAMES[2]))
    card_of(screen).show_restricted()
    card_of(screen).background.wait()
    assert (card_of(screen).more.isVisible(), shows(screen, HEALTH), readings(store)) == (
        False,
        False,
        0,
    )
