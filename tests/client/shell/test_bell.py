"""The bell counts what arrived, by keyboard one reads it and comes to what it speaks of; F7 folds parts into whole things."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.net.link import Link
from client.shell.bell import BellScreen
from client.shell.desktop import Desktop
from client.shell.outbox import OutboxScreen
from client.store.store import Store
from client.store.syncing import Round, run
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.client.conftest import Dress, OpenDesktop
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desktop(
    open_desktop: OpenDesktop, filled_store: Store, region: World, qtbot: QtBot
) -> Iterator[Desktop]:
    """A contact that the server has refused, another one of the same person that waits."""
    person = min(filled_store.all("person"))
    for value in ("", "+79130000001"):
        pairs = {"person_id": (None, person), "value": (None, value)}
        filled_store.record(
            lambda _n, pairs=pairs: [Save("contact", new_id(), create=True, set=pairs)]  # type: ignore[misc]  # the loop's own
        )
        if not value:
            link = Link(region.address, str(filled_store.journal.fact("token")))
            run(filled_store, link)
            link.close()
    made = open_desktop()
    made.frame.show()
    made.frame.activateWindow()
    qtbot.waitActive(made.frame)
    made._rounded(Round(online=True))
    wait(made)
    yield made
    made.frame.hide()


def wait(desktop: Desktop) -> None:
    for _ in range(3):
        desktop.asides.wait()
        desktop.work.questions.wait()
        desktop.inbox.background.wait()
        desktop.bell.background.wait()
        settle()


def key(
    desktop: Desktop, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    shown = desktop.frame.current_page()
    assert shown is not None
    focused: QWidget | None = shown.focusWidget()
    QTest.keyPress(focused or shown, key, held)
    wait(desktop)


def bell(desktop: Desktop) -> BellScreen:
    screen = desktop.frame.tab("bell")
    assert isinstance(screen, BellScreen)
    return screen


def test_a_refusal_rings_and_enter_leads_to_it(desktop: Desktop) -> None:
    assert desktop.frame.bell.text() == " 1"
    assert desktop.frame.bell.accessibleName() == "Уведомления: новых 1"
    desktop.frame.actions_of_window.trigger("bell")
    wait(desktop)
    (line,) = bell(desktop).all
    assert (line.texts[0], line.texts[2], line.texts[4]) == (
        "Сервер не принял запись",
        "Отклонено правилом",
        "новое",
    )
    key(desktop, Qt.Key.Key_Return)
    assert desktop.frame.current_tab() == "resolution"
    assert desktop.frame.bell.accessibleName() == "Уведомления: новых нет"
    assert desktop.store.news()[0].read is True


def test_everything_is_read_by_one_key(desktop: Desktop) -> None:
    desktop.bell.open()
    wait(desktop)
    key(desktop, Qt.Key.Key_Return, CTRL)
    assert desktop.store.unread() == 0
    assert bell(desktop).summary.text() == "Всё прочитано."


def test_f7_tells_one_whole_thing_and_enter_shows_its_parts(desktop: Desktop) -> None:
    desktop.work.open_outbox()
    wait(desktop)
    screen = desktop.frame.tab("outbox")
    assert isinstance(screen, OutboxScreen)
    source = screen.table.model.source
    assert [row[0][:2] for row in source.rows(0, source.count())] == ["▸ "]
    assert source.rows(0, 1)[0][0].endswith("— 2 изменения")
    key(desktop, Qt.Key.Key_Return)
    source = screen.table.model.source
    assert [row[1] for row in source.rows(0, source.count())] == [
        "Отклонено правилом",
        "Отклонено правилом",
        "Ожидает отправки",
    ]
    key(desktop, Qt.Key.Key_Down)
    key(desktop, Qt.Key.Key_Return)
    assert desktop.frame.current_tab() == "differences"


def test_the_row_of_the_applicant_is_marked(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.work.open_section("applicants")
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: len(screen.table.model.marks) > 0)
    person = UUID(min(desktop.store.all("person")))
    (applicant,) = desktop.store.where("applicant", "person_id", person)
    assert {k: m.words for k, m in screen.table.model.marks.items()} == {
        applicant: "Ждёт вашего решения: отклонено правилом"
    }


@pytest.mark.parametrize("size", [(800, 600), (1440, 900)])
@pytest.mark.parametrize("look", [(False, 1.0), (True, 1.0), (False, 1.5)])
def test_nothing_is_cut_and_everything_is_named(
    desktop: Desktop, dress: Dress, size: tuple[int, int], look: tuple[bool, float]
) -> None:
    dress(dark=look[0], scale=look[1])
    desktop.frame.resize(*size)
    for open_ in (desktop.bell.open, desktop.work.open_outbox):
        open_()
        wait(desktop)
        assert everything_wrong(desktop.frame) == {}
