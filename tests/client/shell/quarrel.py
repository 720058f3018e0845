"""Desks that quarrel over a record, and the hands that decide about it on the screen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from client.kit.records import Body
from client.net.link import Link
from client.shell.asking import EditValues
from client.shell.differences import DifferencesScreen
from client.shell.frame import MainFrame
from client.shell.inbox import Inbox
from client.shell.lists import LISTS
from client.shell.resolution import ResolutionPage
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.kit.entity import spec_of
from common.kit.ids import new_id
from common.kit.sync import Save
from common.kit.wire import pack
from tests.client.conftest import KEY
from tests.demo_world import PASSWORD, World
from tests.widget_checks import settle

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier
NUMBERS = itertools.count(1)
"""Every desk is a computer of its own, and every test works on an applicant of its own."""

TypeText = Callable[[QWidget, str], None]


class Desk:
    """A real store that exchanges with the real server when asked."""

    def __init__(self, place: Path, region: World, login: str = "sekretar") -> None:
        self.store = Store(place, KEY, LISTS)
        self.link = Link(region.address)
        sign_in(self.store, self.link, login, PASSWORD, f"ПК-Спор-{next(NUMBERS)}")
        self.sync()

    def sync(self) -> None:
        assert run(self.store, self.link).online

    def record(self, *bodies: Body) -> None:
        self.store.record(lambda _number: bodies)

    def change(self, entity: str, id: str, **values: Any) -> None:
        """As a form would: whole atoms, each value beside the one that was seen."""
        seen = self.store.get(entity, id)
        assert seen is not None
        spec = spec_of(entity)
        whole = {mate for name in values for mate in spec.atom_of(name)}
        pairs = {n: (pack(seen[n]), pack(values.get(n, seen[n]))) for n in sorted(whole)}
        self.record(Save(entity, UUID(id), create=False, set=pairs))

    def create(self, entity: str, **values: Any) -> str:
        id = new_id()
        pairs = {name: (None, pack(value)) for name, value in values.items()}
        self.record(Save(entity, id, create=True, set=pairs))
        return id.hex

    def reorder(
        self, entity: str, id: str, rows: str, seen: Sequence[str], new: Sequence[str]
    ) -> None:
        """As a form would: the whole order of a list, beside the one that was seen."""
        pair = (list(seen), list(new))
        self.record(Save(entity, UUID(id), create=False, set={rows: pair}))

    def close(self) -> None:
        self.link.close()
        self.store.close()


class Screen:
    """«Расхождения» of one desk in a shown window, driven by key events."""

    def __init__(self, desk: Desk, qtbot: QtBot, type_text: TypeText) -> None:
        self.desk, self.qtbot, self.type_text = desk, qtbot, type_text
        self.frame = MainFrame(college="Техникум")
        self.inbox = Inbox(desk.store, self.frame)
        qtbot.addWidget(self.frame)
        self.frame.show()
        self.frame.activateWindow()
        qtbot.waitActive(self.frame)

    @property
    def listed(self) -> DifferencesScreen:
        found = self.frame.tab("differences")
        assert isinstance(found, DifferencesScreen)
        return found

    @property
    def page(self) -> ResolutionPage:
        found = self.frame.tab("resolution")
        assert isinstance(found, ResolutionPage)
        return found

    def open(self) -> list[tuple[str, ...]]:
        """The list; what it shows, but for the times."""
        self.inbox.open()
        self.wait()
        source = self.listed.table.model.source
        return [(row[0], row[1], row[3]) for row in source.rows(0, source.count())]

    def wait(self) -> None:
        """Until the store was asked and what it answered is shown; an answer may lead to a question."""
        for _ in range(3):
            self.inbox.background.wait()
            settle()

    def enter(self) -> None:
        """Enter on the first line."""
        self.listed.table.view.setFocus()
        self.press(self.listed.table.view, Qt.Key.Key_Return)

    def press(self, widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyPress(widget, key, held)
        if key == Qt.Key.Key_Space:  # a button is pressed when the key is let go
            QTest.keyRelease(widget, key, held)
        self.wait()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        self.press(self.page.view, key, held)

    def go_to(self, field: str) -> None:
        self.key(Qt.Key.Key_Home, CTRL)
        for _ in range(self.page.model.rowCount()):
            if self.page.model.text(self.page.view.currentIndex().row(), 0) == field:
                return
            self.key(Qt.Key.Key_Down)
        raise AssertionError(field)

    def rows(self) -> list[tuple[str, ...]]:
        source = self.page.model.source
        return list(source.rows(0, source.count()))

    def row(self, field: str) -> tuple[str, ...]:
        return next(row for row in self.rows() if row[0] == field)

    def type_result(self, field: str, name: str, text: str) -> None:
        """F2, another text, Ctrl+Enter."""
        self.go_to(field)
        self.key(Qt.Key.Key_F2)
        window = self.page.findChildren(EditValues)[-1]
        self.type_over(window, name, text)

    def type_over(self, window: EditValues, name: str, text: str) -> None:
        line = window.editors[name].focusProxy()
        assert isinstance(line, QLineEdit)
        line.selectAll()
        self.type_text(line, text)
        self.press(line, Qt.Key.Key_Return, CTRL)

    def accept(self) -> None:
        self.qtbot.waitActive(self.frame)
        self.key(Qt.Key.Key_Return, CTRL)


def first_of(desk: Desk, entity: str, person: str) -> str:
    return next(iter(desk.store.where(entity, "person_id", person)))


def quarrel(here: Desk, there: Desk) -> None:
    """The other desk is first at the server; this one comes second and hears what became of it."""
    there.sync()
    here.sync()
    here.sync()


def everywhere(
    desks: Sequence[Desk], entity: str, id: str, *names: str
) -> list[dict[str, Any] | None]:
    """Those fields at the server and at both desks, after everybody has exchanged."""
    for desk in (*desks, *desks):
        desk.sync()
    found = [desk.store.get(entity, id) for desk in desks]
    assert all(each == found[0] for each in found)
    assert all(desk.store.counts().waiting == 0 for desk in desks)
    assert all(desk.store.counts().troubled == 0 for desk in desks)
    return [record and {name: record[name] for name in names} for record in found[:1]]


def owner_of(desk: Desk, applicant: dict[str, Any]) -> str:
    return next(iter(desk.store.where("applicant", "person_id", applicant["person_id"])))
