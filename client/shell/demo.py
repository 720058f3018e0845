"""The first start of the demo: it waits for its server, signs in, and comes back with a full desk."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from client.kit.theme import theme
from client.kit.words import plain
from client.net.link import Link
from client.shell.entrance import Entrance
from client.store.store import Store
from client.store.syncing import run
from common.kit.errors import EpoError

LOGIN = "sekretar"
PATIENCE = 60.0
"""Seconds for the server to come up."""
PAUSE = 0.05
LOOK_AGAIN = 20
"""Milliseconds."""


class Opening(QFrame):
    """A small window that says what is under way."""

    def __init__(self, said: str) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(12)
        inside.addWidget(plain("АИС ЭПО", role="title"))
        inside.addWidget(plain(said, role="muted"))
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedSize(theme().px(320), theme().px(4))
        inside.addWidget(bar)


def first_desk(
    entrance: Entrance, server: str, password: str, *, patience: float = PATIENCE
) -> Store:
    """EpoError where the server does not come up or refuses."""
    window, loop, look = Opening("Готовим учебный колледж…"), QEventLoop(), QTimer()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(_fill, entrance, server, password, patience)
        look.timeout.connect(lambda: loop.quit() if coming.done() else None)
        look.start(LOOK_AGAIN)
        window.show()
        loop.exec()
        look.stop()
        window.close()
        return coming.result()


def _fill(entrance: Entrance, server: str, password: str, patience: float) -> Store:
    _await(server, patience)
    store = entrance.online(server, LOGIN, password)
    with closing(Link(server, str(store.journal.fact("token")))) as link:
        run(store, link)
    return store


def _await(server: str, patience: float) -> None:
    end = time.monotonic() + patience
    with closing(Link(server)) as link:
        while not link.answers(1.0):
            if time.monotonic() > end:
                raise EpoError("Учебный сервер не запустился; причина — в файле server.log")
            time.sleep(PAUSE)  # in a thread of its own
