"""An administrator reads at the server who came, who opened a card and who is signed in, and ends a sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.net.link import Link
from client.shell.desktop import Desktop
from client.shell.online import OnlinePage
from client.shell.visits import SessionsPage, VisitsPage
from client.store.store import Store
from client.store.syncing import run
from common.administration.kinds import AccessKind
from tests.client.conftest import KEY, Dress, OpenDesktop
from tests.client.shell.quarrel import Desk
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyPress(widget, key)
    settle()


@pytest.fixture(scope="module")
def admin(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("admin") / "d", region, "admin")
    yield made
    made.close()


def answered(page: OnlinePage, qtbot: QtBot, width: int = 1100) -> None:
    qtbot.addWidget(page)
    page.resize(width, 640)
    with qtbot.waitSignal(page.answered):
        page.show()
    settle()


def texts(page: OnlinePage) -> list[tuple[str, ...]]:
    source = page.table.model.source
    return list(source.rows(0, source.count()))


@pytest.mark.parametrize(("width", "dark"), [(720, True), (1300, False)])
def test_the_journal_of_visits_shows_who_came(
    admin: Desk, region: World, qtbot: QtBot, dress: Dress, width: int, *, dark: bool
) -> None:
    dress(dark=dark)
    page = VisitsPage(admin.store, region.address)
    answered(page, qtbot, width)
    assert "Вход" in {row[2] for row in texts(page)}
    assert "Соколов Денис Игоревич" in {row[1] for row in texts(page)}
    assert set(everything_wrong(page)) <= {"latin_words", "latin_cells"}


def test_the_journal_is_narrowed_at_the_server(
    admin: Desk, region: World, qtbot: QtBot, dress: Dress
) -> None:
    page = VisitsPage(admin.store, region.address)
    answered(page, qtbot)
    page.kind.set_value(AccessKind.PRINT.value)
    with qtbot.waitSignal(page.answered):
        page.reload()
    assert {row[2] for row in texts(page)} <= {"Печать"}


def test_without_a_link_it_is_said_that_the_journal_lies_at_the_server(
    admin: Desk, qtbot: QtBot, dress: Dress
) -> None:
    page = VisitsPage(admin.store, "http://127.0.0.1:9")
    answered(page, qtbot)
    assert page.said.text() == (
        "Нет связи с сервером: «Журнал посещений» хранится только на сервере и покажется, "
        "когда связь появится. Повторить — «Обновить»"
    )
    assert everything_wrong(page) == {}


def test_an_ended_session_is_signed_out_at_its_next_exchange(
    admin: Desk, region: World, qtbot: QtBot, dress: Dress, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clerk = Desk(tmp_path_factory.mktemp("clerk") / "d", region, "priem2")
    page = SessionsPage(admin.store, region.address)
    answered(page, qtbot)
    newest = max((s for s in page.found if s.login == "priem2"), key=lambda s: s.since)
    page.table.select_keys([newest.id], newest.id)
    page.table.view.setFocus()
    with qtbot.waitSignals([page.answered, page.answered]):
        press(page.table.view, Qt.Key.Key_Delete)
    assert newest.id not in {s.id for s in page.found}
    assert run(clerk.store, clerk.link).ended
    clerk.close()


def test_ones_own_session_is_not_ended_here(
    admin: Desk, region: World, qtbot: QtBot, dress: Dress
) -> None:
    page = SessionsPage(admin.store, region.address)
    answered(page, qtbot)
    own = next(s for s in page.found if s.this)
    page.table.select_keys([own.id], own.id)
    page.end()
    assert page.said.text().startswith("Это ваш сеанс")


def test_who_opened_a_card_with_restricted_data_is_told(
    open_desktop: OpenDesktop, filled_store: Store, admin: Desk, region: World,
    qtbot: QtBot, dress: Dress,
) -> None:  # fmt: skip
    desktop = open_desktop()
    qtbot.addWidget(desktop.frame)
    id = min(filled_store.all("applicant"))
    desktop.work.open_applicant(UUID(id))
    desktop.work.print_applicant(id)
    desktop.background.wait()
    settle()
    link = Link(region.address, str(filled_store.journal.fact("token")))
    assert run(filled_store, link).online
    link.close()
    page = VisitsPage(admin.store, region.address, row=UUID(id), name="Поступающий")
    answered(page, qtbot)
    told = {(row[1], row[2]) for row in texts(page)}
    assert ("Петрова Анна Сергеевна", "Просмотр особых сведений") in told
    assert ("Петрова Анна Сергеевна", "Печать") in told


def test_sections_of_the_administrator_are_his_alone(
    admin: Desk, filled_store: Store, region: World, tmp_path_factory: pytest.TempPathFactory,
    qtbot: QtBot, dress: Dress,
) -> None:  # fmt: skip
    place = tmp_path_factory.mktemp("s")
    seen = {}
    for name, store in (("admin", admin.store), ("secretary", filled_store)):
        settings = QSettings(str(place / f"{name}.ini"), QSettings.Format.IniFormat)
        desktop = Desktop(store, region.address, settings=settings, key=lambda _: KEY)
        desktop.sync.paused = True
        qtbot.addWidget(desktop.frame)
        known = {found.text for found in desktop._known()}
        seen[name] = known & {
            "Журнал посещений",
            "Учётные записи",
            "Готовые роли",
            "Назначения ролей",
        }
        desktop.stop()
    assert seen["secretary"] == set()
    assert len(seen["admin"]) == 4
