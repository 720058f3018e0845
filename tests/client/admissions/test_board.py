"""The board over a real store: what is filed here counts at once, nothing of a person is read, 70 000 are counted aside."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.admissions.board import BoardPage, filed_in, read
from client.kit.chart_view import ChartCard
from client.kit.preview import PaperPreview
from client.shell.board_tab import BOARD
from client.store.store import Store
from client.store.tally import tally
from common.kit.charts import Box
from common.kit.ids import new_id
from common.kit.sync import Save
from common.kit.wire import pack
from tests.client.conftest import Dress, OpenDesktop
from tests.widget_checks import everything_wrong, settle


def filed(store: Store) -> int:
    made = read(store, None).board
    assert made is not None
    return made.whole.filed


def withdraw_one(store: Store) -> None:
    """An application of the open campaign, by an operation that is not sent yet."""
    group = next(g for g in store.all("competitive_group"))
    rows = store.where("application", "competitive_group_id", UUID(group)).items()
    id, row = next((id, row) for id, row in rows if row["state"].value != "withdrawn")
    change = {"state": (row["state"].value, "withdrawn")}
    store.record(lambda _: [Save("application", UUID(id), create=False, set=change)])


def test_what_is_recorded_here_counts_at_once(filled_store: Store) -> None:
    groups = [*filled_store.all("competitive_group")]
    assert sum(f.count for f in filed_in(filled_store, groups)) == len(
        filled_store.all("application")
    )
    before = filed(filled_store)
    withdraw_one(filled_store)
    assert filed(filled_store) == before - 1


def test_nothing_of_a_person_is_counted_by(filled_store: Store) -> None:
    with pytest.raises(ValueError, match="public"):
        tally(filled_store, "person", ("snils",), "last_name", "Иванова")


@pytest.mark.parametrize(("width", "dark", "scale"), [(800, True, 1.0), (1440, False, 1.5)])
def test_the_board_is_shown_whole_printed_and_follows_the_records(
    open_desktop: OpenDesktop, qtbot: QtBot, dress: Dress, width: int, scale: float, *, dark: bool
) -> None:
    dress(dark=dark, scale=scale)
    desktop = open_desktop()
    desktop.work.begin()
    desktop.frame.resize(width, 900)
    desktop.frame.show()
    desktop.work.open_section(BOARD)
    page = desktop.frame.tab(BOARD)
    assert isinstance(page, BoardPage)
    qtbot.waitUntil(lambda: page.told is not None)
    settle()
    assert not everything_wrong(desktop.frame)
    assert len(page.findChildren(ChartCard)) == 5
    before = page.tiles[0].number.text()
    with qtbot.waitSignal(page.read_in):
        withdraw_one(desktop.store)
    assert int(page.tiles[0].number.text()) == int(before) - 1
    card = page.cards[2]
    bar = next(s for s in card.chart.shapes if isinstance(s, Box) and ": " in s.said)
    assert card.chart.said_at(QPointF(bar.x + 1, bar.y + 2)) == bar.said
    QTest.keyPress(card.figures, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().text().splitlines()
    assert len(copied) == card.figures.rowCount()
    assert copied[0].count("\t") == 4
    with qtbot.waitSignal(page.print_asked, timeout=20_000):
        page.printing.click()
    (preview,) = desktop.frame.findChildren(PaperPreview)
    assert preview.document.count() >= 2
    preview.reject()


def test_a_board_behind_another_tab_is_counted_anew_when_it_is_seen(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.work.begin()
    desktop.frame.show()
    desktop.work.open_section(BOARD)
    page = desktop.frame.tab(BOARD)
    assert isinstance(page, BoardPage)
    qtbot.waitUntil(lambda: page.told is not None)
    before = int(page.tiles[0].number.text())
    desktop.work.open_section("applicants")
    withdraw_one(desktop.store)
    with qtbot.waitSignal(page.read_in):
        desktop.frame.tabs.setCurrentIndex(desktop.frame.tabs.place_of(BOARD))
    assert int(page.tiles[0].number.text()) == before - 1
    desktop.frame.hide()


def test_the_numbers_are_of_the_campaign_that_was_chosen(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    (seen,) = desktop.store.all("admission_campaign").values()
    other = new_id()
    values = seen | {"name": "Приём прошлого года", "year": seen["year"] - 1}
    made = {name: (None, pack(value)) for name, value in values.items() if value is not None}
    desktop.store.record(lambda _: [Save("admission_campaign", other, create=True, set=made)])
    desktop.frame.show()
    desktop.work.open_section(BOARD)
    page = desktop.frame.tab(BOARD)
    assert isinstance(page, BoardPage)
    qtbot.waitUntil(lambda: page.choose.isVisible())  # noqa: PLW0108  it is made anew with the answer
    page.choose.choose(next(o for o in page.choose._options("") if o.id == other))
    with qtbot.waitSignal(page.read_in):
        page.reload()  # before what was chosen has been read
    assert page.told is not None
    assert page.told.chosen is not None
    assert page.told.chosen.id == page.choose.value() == other
    desktop.frame.hide()
