"""Starting the desktop: the look, the door, the window; and the end of it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path

from PySide6.QtCore import QLockFile, QSettings, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from client.kit.garbage import Collector
from client.shell.demo import first_desk
from client.shell.desktop import Desktop, asks_password
from client.shell.door import Door
from client.shell.entrance import Entrance
from client.shell.errors import ErrorGate
from client.shell.help import Help
from client.shell.lists import LISTS
from client.shell.look import wear
from client.shell.sign_in import SignIn
from client.store.keys import GivenKey
from client.store.store import Store
from common.kit import resources
from common.kit.errors import EpoError


def start(arguments: argparse.Namespace) -> int:
    """Open the profile within its lease, else sign in; run until the window is closed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101  just made
    app.setApplicationName("АИС ЭПО")
    app.setWindowIcon(QIcon(str(resources.path("icons", "graduation-cap.svg"))))
    settings = QSettings(str(arguments.profile / "settings.ini"), QSettings.Format.IniFormat)
    wear(app, settings)
    clean = bool(QApplication.queryKeyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
    if (held := hold(arguments.profile)) is None:
        twice().exec()
        return 1
    gate = ErrorGate(time.monotonic)
    gate.install()
    Collector(app)
    manual = Help(app)
    entrance = Entrance(arguments.profile, LISTS, computer=platform.node(), given=given_key())
    store = let_in(entrance, arguments, settings)
    if store is None:
        return 1
    desktop = Desktop(
        store,
        str(store.journal.fact("server")),
        settings=settings,
        computer=platform.node(),
        key=entrance.key,
        help=manual,
    )
    desktop.frame.open_on(app.primaryScreen().availableSize())
    desktop.start(clean=clean)
    code = app.exec()
    desktop.stop()
    store.close()
    held.unlock()
    return code


def hold(profile: Path) -> QLockFile | None:
    """One window works in a profile; None where another one does. The hold ends with the process, however that ends."""
    profile.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(profile / "window.lock"))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None


def twice() -> QMessageBox:
    box = QMessageBox()
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("Программа уже открыта")
    box.setText(
        "С записями этого пользователя уже работает другое окно программы. Перейдите в него; "
        "если его не видно, завершите программу и запустите её снова."
    )
    box.addButton("Понятно", QMessageBox.ButtonRole.AcceptRole)
    return box


def given_key() -> GivenKey | None:
    """EPO_PROFILE_KEY: tests and the demo hand the key in."""
    given = os.environ.get("EPO_PROFILE_KEY")
    return GivenKey(given.encode()) if given else None


def let_in(entrance: Entrance, arguments: argparse.Namespace, settings: QSettings) -> Store | None:
    """The store of one who may work here; None where he gave up."""
    if arguments.demo and not entrance.used and entrance.given is not None:
        password = os.environ.get("EPO_DEMO_PASSWORD") or os.environ["EPO_PROFILE_KEY"]
        return first_desk(entrance, arguments.server, password)
    try:
        store = entrance.by_itself(ask=asks_password(settings))
    except EpoError as fault:
        entrance.notes.append(fault.message)
        store = None
    return store or ask(entrance, arguments.server or "", settings)


def ask(entrance: Entrance, server: str, settings: QSettings) -> Store | None:
    """The sign-in window, until somebody is let in or gives up; it remembers where, and who only under the key."""
    settings.remove("login")
    server = server or entrance.server or str(settings.value("server", ""))
    window = SignIn(server, entrance.login)
    door = Door(entrance, window)
    if window.exec() != QDialog.DialogCode.Accepted:
        return None
    settings.setValue("server", window.fields["server"].text().strip())
    return door.store
