"""What waits is shown as it is now, without being asked for again."""

from __future__ import annotations

from uuid import UUID

from pytestqt.qtbot import QtBot

from client.shell.desktop import Desktop
from client.shell.outbox import OutboxScreen
from client.store.syncing import run
from common.admissions import rules
from common.kit.sync import Save
from common.kit.wire import pack
from tests.client.conftest import OpenDesktop

BOOK = rules.number_book(2031)
"""Of a year for which the desk has no numbers."""


def lines(desktop: Desktop) -> int:
    screen = desktop.frame.tab("outbox")
    assert isinstance(screen, OutboxScreen)
    return screen.table.model.source.count()


def test_what_is_recorded_comes_and_what_is_sent_leaves_by_itself(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.work.open_outbox()
    id = min(desktop.store.all("person"))
    seen = desktop.store.get("person", id)
    assert seen is not None
    pairs = {"birth_place": (pack(seen["birth_place"]), "г. Юрга")}
    desktop.store.record(lambda _: [Save("person", UUID(id), create=False, set=pairs)])
    qtbot.waitUntil(lambda: lines(desktop) == 1)
    desktop._rounded(run(desktop.store, desktop.link))
    qtbot.waitUntil(lambda: lines(desktop) == 0)


def test_a_request_for_numbers_is_told_so_that_it_goes_at_once(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    told: list[object] = []
    desktop.store.watch(told.append)
    desktop.store.want_numbers(BOOK)
    desktop.store.want_numbers(BOOK)  # asked already
    desktop.store.unwatch(told.append)
    assert desktop.store.counts().waiting == 1
    assert told == [{}]
