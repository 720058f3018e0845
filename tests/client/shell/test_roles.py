"""UX check 35: for eight roles, the sections and buttons that are seen are those of the manual's table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.shell.desktop import Desktop
from client.store.store import Store
from common.administration.roles import shipped
from common.kit import resources
from tests.client.admissions.conftest import open_store
from tests.client.conftest import Dress

ROLES = (
    "org_admin", "director", "deputy_academic", "hr_officer",
    "admission_secretary", "admission_clerk", "accountant", "admission_reader",
)  # fmt: skip
LINE = re.compile(
    r"^\| (?P<role>[^|]+) \| (?P<section>[^|]+) \| (?P<buttons>[^|]+) \|$", re.MULTILINE
)
NOTHING = "—"

EVERYBODYS = {"Таблица", "Столбцы", "Снять выбор", "Весь список", "Открыть"}
"""What the list and the card beside it offer whoever sees them."""

Seen = dict[str, list[str]]


def in_the_manual(role: str) -> Seen:
    page = resources.path("manual", "roli.md").read_text(encoding="utf-8")
    rows = [m for m in LINE.finditer(page) if m["role"].strip() == role]
    return {
        m["section"].strip(): [b for b in m["buttons"].strip().split(", ") if b != NOTHING]
        for m in rows
        if m["section"].strip() != NOTHING
    }


def buttons(screen: ListScreen) -> list[str]:
    """Those of the list, and of the bar that appears with a selection; what cannot be pressed by this person is not there."""
    told = [b.text().strip() for b in screen.findChildren(QPushButton) if not b.isHidden()]
    return sorted({re.split(r" {2}", text)[0] for text in told if text} - EVERYBODYS)


def on_the_screen(desktop: Desktop) -> Seen:
    seen: Seen = {}
    for spec, _, _ in desktop.work.sections():
        desktop.work.open_section(spec.name)
        screen = desktop.frame.tab(spec.name)
        assert isinstance(screen, ListScreen)
        seen[spec.title] = buttons(screen)
    return seen | {title: [] for _, title, _ in desktop.administering.sections()}


@pytest.mark.parametrize("code", ROLES)
def test_ux_35_a_role_sees_the_sections_and_buttons_that_the_manual_names(
    code: str, tmp_path: Path, qtbot: QtBot, dress: Dress
) -> None:
    role = shipped(code)
    store: Store = open_store(tmp_path / "desk", role)
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    desktop = Desktop(store, "http://127.0.0.1:9", settings=settings, key=lambda _: bytes(32))
    qtbot.addWidget(desktop.frame)
    desktop.frame.show()
    seen = on_the_screen(desktop)
    desktop.stop()
    store.close()
    assert seen == in_the_manual(role.name)


def test_the_manual_names_each_of_the_roles() -> None:
    page = resources.path("manual", "roli.md").read_text(encoding="utf-8")
    named = {m["role"].strip() for m in LINE.finditer(page)} - {"Роль", "---"}
    assert named == {shipped(code).name for code in ROLES}
