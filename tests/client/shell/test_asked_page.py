"""«Просьбы и номера» and «Запечатанное»: what waits for the administrator's word, and the command where the act needs the key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.shell.asked_page import RequestsPage, asked_line, lease_line
from client.shell.asking import AskWord
from client.shell.sealed_page import CommandToCopy, SealedPage, close_command, release_command
from client.store.syncing import run
from common.administration.kinds import AccountState
from common.kit.deciding import AskedLine, Lease
from common.kit.ids import new_id
from common.kit.sync import Save
from server.administration.sealed import give_up
from server.app import system_clock
from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle
from tests.world_office import ADMIN, Office

CTRL = Qt.KeyboardModifier.ControlModifier
AT = dt.datetime(2026, 11, 24, 5, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def admin(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("decider") / "d", region, "admin")
    yield made
    made.close()


@pytest.fixture
def requests_page(admin: Desk, region: World, qtbot: QtBot, dress: Dress) -> RequestsPage:
    page = RequestsPage(admin.store, region.address)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitSignals([page.asked.answered, page.numbers.answered]):
        page.show()
    settle()
    return page


def test_nothing_waits_and_every_block_of_numbers_has_its_holder(
    requests_page: RequestsPage,
) -> None:
    assert requests_page.asked.table.model.rowCount() == 0
    assert requests_page.asked.said.text().startswith("После восстановления")
    assert requests_page.numbers.found
    assert "пропущено номеров" in requests_page.numbers.said.text()
    assert everything_wrong(requests_page) == {}


def test_a_line_speaks_in_words() -> None:
    line = AskedLine(
        "1", "", "Петрова А. С.", "lease_numbers", AT, {"number": 15}, "ждёт решения", ""
    )
    assert asked_line(line).texts[1:5] == (
        "Петрова А. С.",
        "Запрос номеров для этого рабочего места",
        "№ 15",
        "ждёт решения",
    )
    lease = Lease("", "05", "applicant:2026", "ПК-1", "Петрова А. С.", AT, 5, 2, 0, (2, 4, 5), None)
    assert lease_line(lease).texts[:8] == (
        "05", "Поступающие, 2026", "ПК-1", "Петрова А. С.", "Действует", "2", "2", "4–5",
    )  # fmt: skip


def test_a_series_is_closed_with_a_word(
    requests_page: RequestsPage, admin: Desk, region: World, qtbot: QtBot,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    clerk = Desk(tmp_path_factory.mktemp("lost") / "d", region, "priem1")
    clerk.store.want_numbers("applicant:2026")
    clerk.sync()
    series = str(clerk.store.journal.fact("series"))
    clerk.close()
    page = requests_page.numbers
    with qtbot.waitSignal(page.answered):
        page.reload()
    page.table.select_keys([f"{series}|applicant:2026"], f"{series}|applicant:2026")
    page.table.view.setFocus()
    QTest.keyPress(page.table.view, Qt.Key.Key_Delete)
    (asking,) = page.findChildren(AskWord)
    assert everything_wrong(asking) == {}
    asking.why.set_value("компьютер сгорел")
    with qtbot.waitSignals([page.answered, page.answered]):
        QTest.keyPress(asking, Qt.Key.Key_Return, CTRL)
    closed = next(each for each in page.found if each.series == series)
    assert closed.closed_on is not None
    assert page.said.text().startswith("Погашено: ")


def test_the_command_for_the_operator_is_copied_with_the_word_why(
    admin: Desk, region: World, qtbot: QtBot, dress: Dress,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    office = Office(region)
    office.give_key()
    leaver = Desk(tmp_path_factory.mktemp("leaver") / "d", region, "otdelenie")
    values = {"last_name": "Ушедший", "first_name": "Пётр", "birth_date": "2010-04-11"}
    leaver.record(Save("person", new_id(), True, {n: (None, v) for n, v in values.items()}))
    office.set_state("otdelenie", AccountState.CLOSED)
    assert run(leaver.store, leaver.link).closed
    office.set_state("otdelenie", AccountState.ACTIVE)
    leaver.close()
    page = SealedPage(admin.store, region.address)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitSignal(page.answered):
        page.show()
    (kept,) = page.found
    assert "Белова Ирина Юрьевна — 1" in page.said.text()
    assert set(everything_wrong(page)) <= {"latin_words", "latin_cells"}
    page.table.select_keys([str(kept.uuid)], str(kept.uuid))
    page.release()
    (dialog,) = page.findChildren(CommandToCopy)
    assert set(everything_wrong(dialog)) <= {"latin_words", "latin_cells"}
    QTest.keyPress(dialog, Qt.Key.Key_Return, CTRL)
    copied = QGuiApplication.clipboard().text()
    assert copied == f"epo-server sealed release --login admin --key КЛЮЧ {kept.uuid}"
    give_up(office.engine, ADMIN, office.key, kept.uuid, "запись проверки", now=system_clock)
    with qtbot.waitSignal(page.answered):
        page.reload()
    assert page.found == []
    office.close()


def test_commands_are_quoted_as_a_shell_reads_them() -> None:
    assert release_command("admin", []) == "epo-server sealed release --login admin --key КЛЮЧ"
    said = close_command("admin", "0199", "не нужно; rm -rf '/'")
    assert said == (
        "epo-server sealed close 0199 --login admin "
        """--reason 'не нужно; rm -rf '"'"'/'"'"'' --key КЛЮЧ"""
    )


def test_without_a_link_it_is_said_where_they_lie(admin: Desk, qtbot: QtBot, dress: Dress) -> None:
    page = SealedPage(admin.store, "http://127.0.0.1:9")
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.answered):
        page.show()
    assert page.said.text().startswith("Нет связи с сервером: «Запечатанное» хранится только")
