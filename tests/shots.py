"""`poe shots`: every screen from generated data, light and dark, wide and narrow, into build/shots and the README's pictures."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

import common.all  # noqa: F401  the declarations
from client.admissions import printing
from client.admissions.lists import LISTS
from client.admissions.screens import AdmissionPage
from client.kit.list_screen import ListScreen
from client.kit.preview import PaperPreview
from client.kit.theme import apply_theme
from client.net.link import Link
from client.shell.desktop import Desktop
from client.shell.sign_in import SignIn
from client.store.store import Store
from client.store.syncing import run, sign_in
from tests.demo_world import PASSWORD, ROOT, world

SIZES = ((1440, 900), (800, 600))


def settle(app: QApplication, until: Callable[[], bool] = lambda: False, seconds: float = 0.5) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        app.processEvents()


def shoot(app: QApplication, window: QWidget, name: str, place: Path) -> None:
    for size in SIZES:
        window.resize(*size)
        settle(app, seconds=0.25)
        window.grab().save(str(place / f"{name}_{size[0]}.png"))


def shots(place: Path) -> None:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, world(Path(home), applicants=300) as centre:
        store = Store(Path(home) / "desk", bytes(32), LISTS)
        link = Link(centre.address)
        sign_in(store, link, "sekretar", PASSWORD, "ПК-Приёмная-1")
        run(store, link)
        for dark in (False, True):
            look = "dark" if dark else "light"
            apply_theme(app, dark=dark)
            desktop = Desktop(store, centre.address, settings=QSettings(str(Path(home) / "s.ini"), QSettings.Format.IniFormat))
            desktop.frame.show()
            desktop.open_section("applicants")
            screen = desktop.frame.tab("applicants")
            assert isinstance(screen, ListScreen)
            settle(app, lambda: screen.total > 0, 5)
            desktop._rounded(run(store, link))
            shoot(app, desktop.frame, f"list_{look}", place)
            id = screen.source.id_at(3)
            desktop.open_applicant(__import__("uuid").UUID(id))
            shoot(app, desktop.frame, f"form_{look}", place)
            desktop.open_applicant(None)
            page = desktop.frame.tab(desktop.frame.current_tab())
            assert isinstance(page, AdmissionPage)
            shoot(app, desktop.frame, f"new_{look}", place)
            desktop.open_section("groups")
            shoot(app, desktop.frame, f"groups_{look}", place)
            desktop.open_outbox()
            shoot(app, desktop.frame, f"outbox_{look}", place)
            preview = PaperPreview(printing.package(store, __import__("uuid").UUID(id)), "Заявление, расписка и опись")
            preview.show()
            settle(app)
            preview.grab().save(str(place / f"paper_{look}.png"))
            preview.close()
            window = SignIn(centre.address, "sekretar")
            window.show()
            settle(app)
            window.grab().save(str(place / f"sign_in_{look}.png"))
            window.close()
            desktop.stop()
            desktop.frame.close()
        store.close()


if __name__ == "__main__":
    shots(ROOT / "build" / "shots")
