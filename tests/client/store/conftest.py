"""A desk with two encrypted files and a centre in the same process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import common.all  # noqa: F401  the declarations
from client.store.store import Store
from client.store.syncing import sign_in
from common.kit.lists import ListSpec, column
from common.people.entities import Person
from tests.client.store.centre import Centre

KEY = bytes(range(32))

PEOPLE_LIST = ListSpec(
    "people",
    "Физические лица",
    Person,
    (
        column(Person.last_name),
        column(Person.first_name),
        column(Person.birth_date),
        column(Person.snils),
    ),
    (("last_name", False),),
)

OpenStore = Callable[[], Store]


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the profile; each opening stands for a start of the program."""
    opened: list[Store] = []

    def make() -> Store:
        opened.append(Store(tmp_path / "profile", KEY, (PEOPLE_LIST,)))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore, centre: Centre) -> Store:
    """A desk whose user has signed in."""
    made = open_store()
    sign_in(made, centre, "priem1", "password", "ПК-1")
    return made
