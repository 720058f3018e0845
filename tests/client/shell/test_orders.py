"""The order of a list is one value: merges of priorities, each decided with the keyboard."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.client.shell.quarrel import Desk, Screen, everywhere, owner_of, quarrel

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier
NUMBERS = itertools.count(1)
"""Every desk is a computer of its own, and every test works on an applicant of its own."""

TypeText = Callable[[QWidget, str], None]


def choices_of(desk: Desk, applicant: str) -> list[str]:
    """The ids of the choices by their priorities."""
    rows = desk.store.where("application", "applicant_id", applicant)
    return sorted(rows, key=lambda id: (rows[id]["priority"], id))


def three_choices(here: Desk, there: Desk, applicant: str) -> list[str]:
    """As a form records them: each new row with its place, then the order of them all."""
    taken = {
        row["competitive_group_id"]
        for row in here.store.where("application", "applicant_id", applicant).values()
    }
    groups = [UUID(id) for id in here.store.all("competitive_group") if UUID(id) not in taken]
    while len(choices_of(here, applicant)) < 3:
        add_choice(here, applicant, groups.pop())
    for desk in (here, there):
        desk.sync()
    return choices_of(here, applicant)


def add_choice(desk: Desk, applicant: str, group: UUID) -> str:
    before = choices_of(desk, applicant)
    id = desk.create(
        "application",
        applicant_id=UUID(applicant),
        competitive_group_id=group,
        priority=len(before) + 1,
        filed_on=dt.date(2026, 7, 2),
    )
    desk.reorder("applicant", applicant, "application", [*before, id], [*before, id])
    return id


def titles(desk: Desk, choices: list[str]) -> str:
    groups = desk.store.all("competitive_group")
    found = desk.store.many("application", choices)
    names = [groups[found[id]["competitive_group_id"].hex]["name"] for id in choices]
    return "; ".join(f"{place}. {name}" for place, name in enumerate(names, 1))


def same_order(desks: tuple[Desk, ...], applicant: str) -> list[str]:
    assert everywhere(desks, "applicant", applicant)
    orders = [choices_of(desk, applicant) for desk in desks]
    assert all(order == orders[0] for order in orders)
    for desk in desks:
        rows = desk.store.many("application", orders[0])
        assert [rows[id]["priority"] for id in orders[0]] == [*range(1, len(rows) + 1)]
    return orders[0]


def test_priorities_reordered_twice_are_one_question(
    here: Desk, there: Desk, centre: Desk, screen: Screen, applicant: dict[str, Any], whose: str
) -> None:
    id = owner_of(here, applicant)
    a, b, c = three_choices(here, there, id)
    there.reorder("applicant", id, "application", [a, b, c], [c, a, b])
    here.reorder("applicant", id, "application", [a, b, c], [b, a, c])
    assert choices_of(here, id) == [b, a, c]
    quarrel(here, there)
    assert [row[:2] for row in screen.open()] == [
        (f"{whose} — поступающий {applicant['reg_no']}", "Конфликт")
    ]
    screen.enter()
    assert [row[0] for row in screen.rows()] == ["Порядок: заявления"]
    assert screen.rows()[0][1:4] == (
        titles(here, [a, b, c]),
        f"○ {titles(here, [b, a, c])}",
        f"○ {titles(here, [c, a, b])}",
    )
    assert screen.page.call.text().startswith("Значение сервера записали: Кузьмина Ольга Павловна")
    screen.key(Qt.Key.Key_F2)
    assert "Порядок выбирают целиком" in screen.page.reason.text()
    screen.key(Qt.Key.Key_Left)
    screen.accept()
    assert same_order((here, there, centre), id) == [b, a, c]


def test_a_choice_added_on_each_desk_asks_which_comes_first(
    here: Desk, there: Desk, centre: Desk, screen: Screen, applicant: dict[str, Any]
) -> None:
    id = owner_of(here, applicant)
    a, b, c = three_choices(here, there, id)
    taken = here.store.many("application", [a, b, c]).values()
    free = {UUID(i) for i in here.store.all("competitive_group")}
    first, second = sorted(free - {row["competitive_group_id"] for row in taken})[:2]
    theirs = add_choice(there, id, first)
    mine = add_choice(here, id, second)
    quarrel(here, there)
    assert len(screen.open()) == 1
    screen.enter()
    screen.key(Qt.Key.Key_Left)
    screen.accept()
    assert same_order((here, there, centre), id) == [a, b, c, mine, theirs]


def test_an_order_is_the_servers_by_alt_2(
    here: Desk, there: Desk, centre: Desk, screen: Screen, applicant: dict[str, Any]
) -> None:
    id = owner_of(here, applicant)
    a, b, c = three_choices(here, there, id)
    there.reorder("applicant", id, "application", [a, b, c], [c, b, a])
    here.reorder("applicant", id, "application", [a, b, c], [a, c, b])
    quarrel(here, there)
    screen.open()
    screen.enter()
    screen.key(Qt.Key.Key_2, ALT)
    screen.accept()
    assert same_order((here, there, centre), id) == [c, b, a]
