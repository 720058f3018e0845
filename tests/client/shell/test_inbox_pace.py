"""The inbox never waits for the store on the GUI thread: not for its lock, and not with 70 000 rows and 200 conflicts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.kit.background import Background
from client.shell.bell import Bell, BellScreen
from client.shell.differences import DifferencesScreen
from client.shell.frame import MainFrame
from client.shell.inbox import Inbox
from client.shell.lists import LISTS
from client.shell.outbox import OutboxScreen
from client.shell.resolution import ResolutionPage
from client.store.connection import Transaction
from client.store.store import Store
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.bench import fill
from tests.client.conftest import KEY, Dress
from tests.client.heartbeat import heartbeat
from tests.widget_checks import settle

ROWS, CONFLICTS = 70_000, 200
LONGEST = 100
"""Milliseconds, UX 0 and issue 4 point 5."""
TRIES = 3
"""Other programs take the processor too: one quiet try of these is enough."""
PATIENCE = 60_000


@pytest.fixture(scope="module")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("full") / "profile", KEY, LISTS)
    made.journal.set_facts(account=new_id().hex, device=new_id().hex, epoch="history-1")
    fill(made, ROWS)
    for number in range(CONFLICTS):
        id = UUID(int=number * 4 + 1)
        seen = made.get("person", id)
        assert seen is not None
        pairs = {"birth_place": (None, "г. Юрга"), "inn": (None, "500100732259")}
        made.record(lambda _n, id=id, pairs=pairs: [Save("person", id, create=False, set=pairs)])  # type: ignore[misc]  # the loop's own
    with Transaction(made.journal.connection) as c:
        c.execute("UPDATE op SET status = 'conflict', said = 'Поля изменены'")
    with made.lock:
        made.cache.connection.execute("UPDATE person SET birth_place = 'г. Топки'")
    yield made
    made.close()


class Window:
    """The inbox, the bell and F7 in one frame."""

    def __init__(self, store: Store, qtbot: QtBot) -> None:
        self.qtbot, self.store = qtbot, store
        self.frame = MainFrame(college="Техникум")
        self.inbox, self.bell = Inbox(store, self.frame), Bell(store, self.frame)
        qtbot.addWidget(self.frame)
        self.frame.show()
        self.frame.activateWindow()
        qtbot.waitActive(self.frame)

    @property
    def page(self) -> ResolutionPage:
        page = self.frame.tab("resolution")
        assert isinstance(page, ResolutionPage)
        return page

    def listed(self) -> bool:
        screen = self.frame.tab("differences")
        assert isinstance(screen, DifferencesScreen)
        return len(screen.all) > 0

    def open_all(self) -> None:
        """F8, one of its lines, the bell, F7: until each shows what it has."""
        self.inbox.open()
        self.qtbot.waitUntil(self.listed, timeout=PATIENCE)
        screen = self.frame.tab("differences")
        assert isinstance(screen, DifferencesScreen)
        self.inbox.open_one(screen.all[0].key)
        self.qtbot.waitUntil(lambda: self.page.opened is not None, timeout=PATIENCE)
        self.bell.open()
        self.qtbot.waitUntil(lambda: self.frame.current_tab() == "bell", timeout=PATIENCE)
        settle()  # F7 is another key: each is a step of its own
        outbox = OutboxScreen(self.store, self.inbox.background)
        self.frame.open_tab("outbox", "Ждут отправки", outbox)
        self.qtbot.waitUntil(lambda: outbox.found is not None, timeout=PATIENCE)

    def decide(self) -> None:
        """Mine for the first field that asks, and Ctrl+Enter."""
        self.frame.open_tab("resolution", "", self.page)
        before = self.page.opened
        QTest.keyPress(self.page.view, Qt.Key.Key_Left)
        self.page.take()
        self.qtbot.waitUntil(
            lambda: self.page.opened is not None and self.page.opened is not before,
            timeout=PATIENCE,
        )


@contextmanager
def busy(store: Store) -> Iterator[threading.Event]:
    """Somebody holds the store, as a pull does while it stores a page; `set` lets it go."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with store.lock:
            held.set()
            let_go.wait(PATIENCE / 1000)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    yield let_go
    let_go.set()
    thread.join()


def test_nothing_waits_for_the_lock_of_the_store(
    full_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    window = Window(full_store, qtbot)
    window.open_all()
    waiting = full_store.counts().conflict
    with busy(full_store) as let_go:
        window.inbox.open()
        window.inbox.refresh()
        window.bell.refresh()
        window.frame.open_tab("resolution", "", window.page)
        QTest.keyPress(window.page.view, Qt.Key.Key_Left)
        window.page.take()
        settle()
        assert not let_go.is_set()
    qtbot.waitUntil(lambda: full_store.counts().conflict == waiting - 1, timeout=PATIENCE)
    window.inbox.background.wait()
    window.bell.background.wait()
    settle()


def test_no_step_of_the_inbox_blocks_the_window(
    full_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    """Waiting for the store is the matter of the test above; this one is of the thread's own work."""
    longest = []
    for _ in range(TRIES):
        window = Window(full_store, qtbot)
        settle()
        with heartbeat() as pulse:
            window.open_all()
            window.decide()
        window.inbox.background.wait()
        window.bell.background.wait()
        settle()
        window.frame.hide()
        longest.append(min(pulse.longest, pulse.busiest))
        if longest[-1] < LONGEST:
            break
    assert min(longest) < LONGEST, longest


def test_a_closed_tab_is_not_spoken_to_and_its_decision_is_recorded(
    full_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    window = Window(full_store, qtbot)
    window.open_all()
    waiting = full_store.counts().conflict
    with busy(full_store):
        window.frame.open_tab("resolution", "", window.page)
        QTest.keyPress(window.page.view, Qt.Key.Key_Left)
        window.page.take()
        for key in ("resolution", "differences", "bell", "outbox"):
            window.frame.close_tab(key)
        settle()
    window.inbox.background.wait()
    window.bell.background.wait()
    settle()
    assert full_store.counts().conflict == waiting - 1


def test_the_bell_is_silent_where_nothing_came(
    full_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    background = Background()
    screen = BellScreen(full_store, background)
    qtbot.addWidget(screen)
    screen.show()
    background.wait()
    settle()
    assert screen.summary.text() == "Всё прочитано."
    assert screen.all_read.isEnabled() is False
