"""The lock hides everything and closes nothing; a sign-in that has run out is renewed without leaving the work."""

from __future__ import annotations

import msgspec
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.list_screen import ListScreen
from client.shell.desktop import Desktop
from client.store.connection import open_file
from client.store.syncing import Round, run
from tests.client.conftest import KEY, OpenDesktop
from tests.demo_world import PASSWORD, World
from tests.widget_checks import everything_wrong, settle


def typed_in(desktop: Desktop) -> AdmissionPage:
    desktop.frame.show()
    desktop.work.open_applicant(None)
    page = desktop.frame.tab(desktop.frame.current_tab())
    assert isinstance(page, AdmissionPage)
    page.form.editor("person", "last_name").setFocus()
    return page


def lock(desktop: Desktop) -> None:
    desktop.frame.actions_of_window.trigger("lock")
    desktop.guard.background.wait()
    settle()


def answer(desktop: Desktop, qtbot: QtBot, password: str) -> None:
    screen = desktop.guard.screen
    screen.password.setText(password)
    screen.submit()
    qtbot.waitUntil(screen.enter.isEnabled, timeout=20_000)


def test_the_lock_hides_the_work_and_the_password_brings_it_back_whole(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    page = typed_in(desktop)
    lock(desktop)
    assert desktop.guard.locked
    assert not page.isVisible()
    assert desktop.guard.screen.isVisible()
    assert everything_wrong(desktop.frame) == {}
    answer(desktop, qtbot, "не тот")
    assert "Пароль не подходит" in desktop.guard.screen.message.text()
    assert not page.isVisible()
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(page.isVisible)
    assert desktop.frame.tab(desktop.frame.current_tab()) is page
    assert desktop.guard.screen.password.text() == ""


def test_no_key_of_the_window_fires_under_the_lock(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    lock(desktop)
    desktop.frame.actions_of_window.trigger("outbox")
    assert not desktop.frame.has_tab("outbox")
    journal = open_file(desktop.store.profile / "journal.db", KEY, durable=False)
    kept = journal.execute("SELECT value FROM fact WHERE name = 'locked'").fetchone()
    journal.close()
    assert kept == (msgspec.msgpack.encode(True),)
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: not desktop.guard.locked)
    assert desktop.store.journal.fact("locked") is False
    desktop.frame.actions_of_window.trigger("outbox")
    assert desktop.frame.has_tab("outbox")


def test_a_sign_in_that_has_run_out_is_renewed_beside_the_work(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.link.token = "stale"
    desktop.store.journal.set_facts(token="stale")
    desktop._rounded(run(desktop.store, desktop.link))
    notice = desktop.frame.notice
    assert (notice.isVisible(), notice.button.text()) == (True, "Войти снова")
    assert "Нужен вход" in desktop.frame.status.state.words(short=True)
    notice.button.click()
    assert desktop.guard.screen.later.isVisible()
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: not desktop.guard.locked)
    assert run(desktop.store, desktop.link).ended is False


def test_a_new_sign_in_may_wait(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop._rounded(Round(online=True, ended=True, why="Вход больше не действует"))
    desktop.frame.notice.button.click()
    desktop.guard.screen.later.click()
    assert not desktop.guard.locked


def test_a_lease_that_ends_in_front_of_the_work_closes_it_until_the_server_answers(
    open_desktop: OpenDesktop, qtbot: QtBot, region: World
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.store.journal.set_facts(lease_to=1_700_000_000_000, contact=1_699_000_000_000)
    desktop._rounded(Round(why="Нет связи"))
    qtbot.waitUntil(lambda: desktop.guard.locked)
    screen = desktop.guard.screen
    assert not screen.later.isVisible()
    assert "Срок работы без связи истёк" in screen.why.text()
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: not desktop.guard.locked)


def test_a_record_goes_into_the_basket_from_the_list_and_comes_back(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    desktop.work.open_section("applicants")
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: screen.total > 2)
    total, id = screen.total, screen.source.id_at(1)
    screen.table.select_keys([id], id)
    screen.delete_asked.emit([id])
    qtbot.waitUntil(lambda: screen.total == total - 1)
    qtbot.waitUntil(desktop.frame.undo_bar.isVisible)
    said = desktop.frame.undo_bar.text.text()
    assert said.startswith("Поступающий: 00-")
    assert said.endswith(" — в корзине")
    desktop.frame.undo_bar.undo()
    qtbot.waitUntil(lambda: screen.total == total)
    assert desktop.store.get("applicant", id) is not None
