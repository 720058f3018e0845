"""The windows of tables: what to save, and the three steps of what is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from client.kit.list_screen import ListScreen
from client.shell.desktop import Desktop
from client.shell.import_state import Loading
from client.shell.import_wizard import ImportWizard
from common.admissions.lists import APPLICANTS
from common.kit import limited, sheets

HEADERS = ("Фамилия", "Имя", "Отчество", "Дата рожд.", "Пол", "СНИЛС")
ROWS = (
    ("Ёлкина", "Анна", "Петровна", "11.04.2010", "ж", "112-233-445 95"),
    ("иванов", "иван", None, "31.02.2009", "муж", "1,12E+10"),
    ("Петров", "Пётр", None, "1.9.2009", "муж", None),
    ("Сидорова", "Ольга", "Ильинична", "06.05.2009", "женский", "087-654-303 00"),
    ("Ёлкина", "Анна", "Петровна", "11.04.2010", "ж", "112-233-445 95"),
)
SIZES = ((920, 640), (780, 560))


def shoot_tables(
    app: QApplication,
    desktop: Desktop,
    look: str,
    place: Path,
    home: Path,
    settle: Callable[..., None],
) -> None:
    desktop.work.open_section(APPLICANTS.name)
    screen = desktop.frame.tab(APPLICANTS.name)
    assert isinstance(screen, ListScreen)
    dialog = desktop.work.tables.save(screen)
    settle(app)
    dialog.grab().save(str(place / f"table_save_{look}.png"))
    dialog.reject()
    path = home / "Список из школы № 5.xlsx"
    sheets.write(path, "Поступающие", HEADERS, ROWS, ["Школа № 5"])
    loading = Loading(desktop.store, "person", limited.read_grid(path), path)
    wizard = ImportWizard(loading, desktop.frame)
    wizard.begin()
    for name in ("sheet", "columns", "check"):
        settle(app, lambda: not wizard.work.busy, 10)
        for width, height in SIZES:
            wizard.resize(width, height)
            settle(app, seconds=0.2)
            wizard.grab().save(str(place / f"table_{name}_{look}_{width}.png"))
        if name != "check":
            wizard.go_on()
    wizard.reject()
