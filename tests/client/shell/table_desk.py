"""A desk with a list of people and everything that tables can do, for the tests of tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.kit.list_screen import ListScreen
from client.shell.exporting import ExportDialog
from client.shell.frame import MainFrame
from client.shell.import_wizard import ImportWizard
from client.shell.tables import Tables
from client.store.exporting import Reach
from client.store.store import Store
from common.administration.roles import shipped
from common.kit.entity import spec_of
from common.kit.ids import new_id
from common.kit.lists import plain_list
from common.kit.sync import NOTE, Command, Save
from common.kit.wire import pack
from common.people.entities import Person

PEOPLE = plain_list(Person)
SECRETARY, CLERK = shipped("admission_secretary"), shipped("admission_clerk")
PATIENCE = 60_000


class Desk:
    """A list of people with everything that tables can do."""

    def __init__(self, place: Path, qtbot: QtBot, role: Any) -> None:
        self.qtbot = qtbot
        self.store = Store(place, bytes(32), (PEOPLE,))
        self.store.journal.set_facts(
            permissions=[str(p) for p in role.permissions], device="desk", name="Кузьмина О. П.",
            college=UUID(int=2).hex, account=UUID(int=1).hex,
        )  # fmt: skip
        self.frame = MainFrame()
        qtbot.addWidget(self.frame)
        self.tables = Tables(self.store, self.frame, {})

    def put(self, people: list[dict[str, Any]]) -> None:
        blank = {f.name: f.default for f in spec_of("person").fields}
        saves = [
            Save("person", new_id(), create=True, set={
                n: (None, pack(v)) for n, v in (blank | person).items() if v is not None
            })
            for person in people
        ]  # fmt: skip
        self.store.record(lambda _: saves)

    def show(self) -> ListScreen:
        self.screen = ListScreen(self.store, PEOPLE)
        self.tables.equip(self.screen, writes=True)
        self.frame.open_tab("people", "Люди", self.screen)
        self.frame.resize(1200, 800)
        self.frame.show()
        self.settle()
        return self.screen

    def repeat(self, times: int) -> None:
        """As if the list had so many times its rows."""
        found = self.screen.found
        assert found is not None
        self.screen.found = replace(found, numbers=found.numbers * times)

    def settle(self) -> None:
        self.screen.background.wait()
        self.tables.background.wait()
        QApplication.processEvents()

    def dialog(self) -> ExportDialog:
        made = self.tables.save(self.screen)
        self.qtbot.addWidget(made)
        return made

    def write(self, reach: Reach, path: Path) -> str:
        """What the window says when it is done."""
        dialog = self.dialog()
        said: list[str] = []
        dialog.saved.connect(said.append)
        dialog.write(reach, path)
        self.qtbot.waitUntil(lambda: not dialog.work.busy, timeout=PATIENCE)
        return said[0] if said else dialog.trouble.text()

    def wizard(self) -> ImportWizard:
        self.tables.background.wait()
        self.qtbot.waitUntil(lambda: hasattr(self.tables, "wizard"), timeout=PATIENCE)
        self.rest(self.tables.wizard)
        return self.tables.wizard

    def rest(self, wizard: ImportWizard) -> None:
        self.qtbot.waitUntil(lambda: not wizard.work.busy, timeout=PATIENCE)

    def page(self, wizard: ImportWizard) -> QWidget:
        """The one that is shown when its work is done."""
        self.rest(wizard)
        return wizard.page

    def front(self, widget: QWidget) -> None:
        window = widget.window()
        window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        widget.setFocus()

    def notes(self) -> list[dict[str, Any]]:
        bodies = [entry.op.body for entry in self.store.journal.entries("entity = ''")]
        return [b.args for b in bodies if isinstance(b, Command) and b.name == NOTE]


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, held))


def people(count: int) -> list[dict[str, Any]]:
    return [
        {
            "last_name": f"Ёлкина{'а' * (n % 3)}", "first_name": "Анна", "birth_date": dt.date(2010, 4, 1 + n % 28),
            "snils": snils(n), "inn": None,
        }
        for n in range(count)
    ]  # fmt: skip


def snils(n: int) -> str:
    """The nth that is right."""
    digits = f"{1_234_567 + n:09d}"
    total = sum(int(d) * w for d, w in zip(digits, range(9, 0, -1), strict=True)) % 101 % 100
    return f"{digits}{total:02d}"


def clip(text: str) -> None:
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)
