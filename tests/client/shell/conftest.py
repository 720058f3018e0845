"""Two desks at one server that disagree, and a third that has typed nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk, Screen
from tests.demo_world import World

TypeText = Callable[[QWidget, str], None]
NUMBERS = itertools.count(1)
"""Every desk is a computer of its own, and every test works on an applicant of its own."""


@pytest.fixture(scope="module")
def centre(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """What the server itself would tell to somebody who has typed nothing."""
    made = Desk(tmp_path_factory.mktemp("reader") / "desk", region)
    yield made
    made.close()


@pytest.fixture(scope="module")
def desks(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """Signed in once for all tests: each works on an applicant of its own."""
    logins = ("sekretar", "priem1")
    made = tuple(Desk(tmp_path_factory.mktemp("desk") / "d", region, login) for login in logins)
    yield made[0], made[1]
    for desk in made:
        desk.close()


@pytest.fixture
def here(desks: tuple[Desk, Desk]) -> Iterator[Desk]:
    yield desks[0]
    for trouble in desks[0].store.troubles():  # what a failed test has left
        if not desks[0].store.journal.entry(trouble.entry.op.uuid.hex).closed:
            desks[0].store.give_up(trouble.entry.op.uuid, "осталось от проверки")


@pytest.fixture
def there(desks: tuple[Desk, Desk]) -> Desk:
    return desks[1]


@pytest.fixture
def screen(here: Desk, qtbot: QtBot, dress: Dress, type_text: TypeText) -> Screen:
    return Screen(here, qtbot, type_text)


@pytest.fixture
def applicant(here: Desk) -> dict[str, Any]:
    everybody = sorted(here.store.all("applicant").items())
    _, found = everybody[next(NUMBERS) % len(everybody)]
    return found


@pytest.fixture
def person(applicant: dict[str, Any]) -> str:
    return str(applicant["person_id"].hex)


@pytest.fixture
def whose(here: Desk, person: str) -> str:
    found = here.store.get("person", person)
    assert found is not None
    return f"{found['last_name']} {found['first_name']} {found['middle_name']}"
