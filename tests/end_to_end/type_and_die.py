"""A desktop that is killed in the middle of a form, a moment after its draft was written."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

import common.all  # noqa: F401  the declarations
from client.kit.record_page import RecordPage
from client.kit.theme import apply_theme
from client.net.link import Link
from client.shell.desktop import Desktop
from client.shell.lists import LISTS
from client.store.store import Store
from client.store.syncing import run, sign_in
from tests.end_to_end.typist import Typist


def main(address: str, place: str, password: str, what: str) -> None:
    """`what`: an applicant, or a group with the name of the list's entity."""
    app = QApplication([])
    apply_theme(app, dark=False)
    store = Store(Path(place), b"k" * 32, LISTS)
    link = Link(address)
    sign_in(store, link, "sekretar", password, "ПК")
    run(store, link)
    desktop = Desktop(
        store,
        address,
        settings=QSettings(f"{place}/s.ini", QSettings.Format.IniFormat),
        key=lambda _: b"k" * 32,
    )
    desktop.frame.show()
    desktop.frame.activateWindow()
    spec = next(each for each in LISTS if each.main == what)
    desktop.work.open_record(spec, None)
    app.processEvents()
    page = desktop.frame.current_page()
    assert isinstance(page, RecordPage)
    page.form.drafted.connect(lambda: os.kill(os.getpid(), signal.SIGKILL))
    typist = Typist()
    if what == "applicant":
        typist.go_to("person.last_name")
        typist.type("Недописанная")
        page.form.editor("education", "level").set_pinned(True)
        typist.go_to("person.birth_date")
        typist.type("41.13.2010")
    else:
        typist.go_to("main.places")
        typist.type("2x")
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
