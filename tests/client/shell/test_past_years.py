"""«Прежние годы…»: a year that lies at the server only is read into a tab, opened read-only, and leaves nothing behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.kit.list_screen import ListScreen
from client.shell.desktop import Desktop
from client.shell.past_years import NONE, OFFLINE, ChooseYear, YearPage
from client.store.store import Store
from common.admissions.lists import APPLICANTS
from common.kit.ids import new_id
from tests.client.conftest import Dress, OpenDesktop
from tests.client.shell.quarrel import Desk
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle

YEAR = 2018
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def _old_year(region: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Three applicants of a campaign that is long over."""
    desk = Desk(tmp_path_factory.mktemp("archive") / "d", region)
    campaign = desk.create("admission_campaign", year=YEAR, name="Приём 2018 года", status="open")
    for name in ("Архивов", "Былинкин", "Давнев"):
        person = desk.create("person", last_name=name, first_name="Пётр", birth_date="2001-04-11")
        desk.create(
            "applicant", person_id=person, campaign_id=campaign,
            reg_no=f"А-{new_id().int % 10**5:05d}", registered_at="2018-07-01T05:00:00.000000Z",
        )  # fmt: skip
    desk.sync()
    seen = desk.store.get("admission_campaign", campaign)
    assert seen is not None
    desk.change("admission_campaign", campaign, status="closed")
    desk.sync()
    assert desk.store.counts().troubled == 0
    desk.close()


def opened(desktop: Desktop, qtbot: QtBot) -> YearPage:
    """By keys: the button of the list, then the year that stands there already."""
    qtbot.addWidget(desktop.frame)
    desktop.frame.show()
    desktop.work.open_section(APPLICANTS.name)
    desktop.work.years.ask()
    (dialog,) = desktop.frame.findChildren(ChooseYear)
    settle()
    assert everything_wrong(dialog) == {}
    QTest.keyPress(dialog, Qt.Key.Key_Return, CTRL)
    page = desktop.frame.tab(f"year:{YEAR}")
    assert isinstance(page, YearPage)
    with qtbot.waitSignal(page.loaded, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: page.list.total > 0 or page.said.isVisible(), timeout=10_000)
    return page


def names(page: ListScreen) -> list[str]:
    return [row[1] for row in page.source.rows(0, page.source.count())]


@pytest.mark.usefixtures("_old_year")
def test_a_year_is_read_shown_filtered_and_forgotten(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    desktop = open_desktop()
    present = desktop.frame.findChild(ListScreen)
    page = opened(desktop, qtbot)
    assert names(page.list) == ["Архивов Пётр", "Былинкин Пётр", "Давнев Пётр"]
    assert [c.id for c in page.list.source.columns] == [c.key for c in APPLICANTS.columns]
    assert everything_wrong(desktop.frame) == {}
    page.list.table.quick.setText("былин")
    page.list.table.filter_asked.emit("былин")
    qtbot.waitUntil(lambda: names(page.list) == ["Былинкин Пётр"], timeout=10_000)
    assert present is None or "Архивов Пётр" not in names(present)
    folder = page.past.profile
    assert folder.is_dir()
    assert desktop.frame.close_tab(f"year:{YEAR}")
    qtbot.waitUntil(lambda: not folder.exists(), timeout=10_000)
    assert [p.name for p in filled_store.profile.glob("year-*")] == []


@pytest.mark.usefixtures("_old_year")
def test_a_card_is_only_read_and_esc_goes_back(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    desktop = open_desktop()
    page = opened(desktop, qtbot)
    before = len(filled_store.outbox())
    page.list.opened.emit(page.list.source.id_at(0))
    settle()
    card = page.card
    assert card is not None
    assert "Архивов" in card.form.full_name()
    assert not any(editor.isEnabled() for editor in card.form.editors())
    assert not card.save.isVisible()
    assert not card.save_next.isVisible()
    assert card.print.isVisible()
    assert card.store_it() is False
    assert everything_wrong(desktop.frame) == {}
    QTest.keyPress(desktop.frame, Qt.Key.Key_Escape)
    settle()
    assert page.card is None
    assert len(filled_store.outbox()) == before
    read = filled_store.journal.entries("entity = ''")
    shown = [e.op.body for e in read]
    assert any(getattr(body, "args", {}).get("entity") == "applicant" for body in shown)


@pytest.mark.usefixtures("_old_year")
def test_without_a_link_it_is_said_where_the_year_lies(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    filled_store.journal.set_facts(server="http://127.0.0.1:9")
    desktop = open_desktop()
    page = opened(desktop, qtbot)
    assert page.said.text.text() == OFFLINE
    assert everything_wrong(desktop.frame) == {}


def test_where_there_is_no_earlier_year_it_is_said(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    filled_store.journal.set_facts(since=0)
    desktop = open_desktop()
    qtbot.addWidget(desktop.frame)
    desktop.work.years.ask()
    assert desktop.frame.status.text.text() == NONE


def test_what_a_killed_program_left_goes_at_the_next_start(
    open_desktop: OpenDesktop, filled_store: Store
) -> None:
    left = filled_store.profile / "year-abandoned"
    left.mkdir()
    (left / "cache.db").write_bytes(b"noise")
    open_desktop()
    assert not left.exists()
