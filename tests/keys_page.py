"""`python -m tests.keys_page` writes the manual's page of keys anew, from the registry of a desktop."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

import common.all  # noqa: F401  the declarations
from client.kit.theme import apply_theme
from client.shell.desktop import Desktop
from client.shell.keys import manual_page
from client.shell.lists import LISTS
from client.store.store import Store
from common.administration.roles import shipped
from common.kit import resources

PAGE = resources.path("manual", "klavishi.md")
ROLES = ("admission_secretary", "org_admin")


@contextmanager
def desktop_at(place: Path) -> Iterator[Desktop]:
    """One who may do most of what there is, at a desk without a network."""
    store = Store(place / "desk", bytes(32), LISTS)
    held = sorted({str(p) for role in ROLES for p in shipped(role).permissions})
    store.journal.set_facts(
        permissions=held, device="desk", account=UUID(int=1).hex, college=UUID(int=2).hex
    )
    settings = QSettings(str(place / "settings.ini"), QSettings.Format.IniFormat)
    desktop = Desktop(store, "http://127.0.0.1:9", settings=settings, key=lambda _: bytes(32))
    desktop.sync.paused = True
    yield desktop
    desktop.stop()
    desktop.frame.hide()
    desktop.frame.deleteLater()
    store.close()


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, dark=False)
    with tempfile.TemporaryDirectory() as home, desktop_at(Path(home)) as desktop:
        PAGE.write_text(manual_page(desktop.frame.actions_of_window), encoding="utf-8")


if __name__ == "__main__":
    main()
