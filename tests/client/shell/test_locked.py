"""A locked program (TRUST D-47): the key is gone, the files are shut, nothing hangs over the cover, guesses are slowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from client.kit.pick import PickEdit
from client.kit.records import now_ms
from client.shell.entrance import Entrance
from client.store import sleeping
from client.store.connection import Asleep, open_file
from client.store.keys import PasswordKey, PasswordRefused
from client.store.store import Store
from client.store.syncing import Round
from common.kit.errors import TooMany
from common.kit.sync import NOTE, Command
from tests.client.conftest import KEY, OpenDesktop
from tests.client.shell.test_guard import answer, lock, typed_in
from tests.demo_world import PASSWORD
from tests.widget_checks import settle

OPEN_FILES = Path("/proc/self/fd")


def open_here(profile: Path) -> set[str]:
    """Files of the profile that this process holds open, by name."""
    held = (link.readlink() for link in OPEN_FILES.iterdir() if link.is_symlink())
    return {path.name for path in held if path.parent == profile}


def kinds(store: Store) -> list[str]:
    commands = [e.op.body for e in store.journal.entries("entity = ''")]
    return [str(c.args["kind"]) for c in commands if isinstance(c, Command) and c.name == NOTE]


def test_the_lock_drops_the_key_and_shuts_every_file_until_the_right_password(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    filled_store.box.put(b"a scan")
    desktop = open_desktop()
    page = typed_in(desktop)
    before = {"journal.db", filled_store.cache.path.name, "files.db"}
    assert before <= open_here(filled_store.profile)
    lock(desktop)
    assert open_here(filled_store.profile) == set()
    assert (filled_store.key, filled_store.box.key) == (b"", b"")
    for ask in (filled_store.counts, filled_store.drafts, filled_store.permissions):
        with pytest.raises(Asleep, match="Программа заблокирована"):
            ask()
    with pytest.raises(Asleep):
        filled_store.list_ids("applicants", "", (), ())
    with pytest.raises(Asleep):
        filled_store.box.put(b"another")
    assert "Файлы на диске закрыты" in desktop.guard.screen.why.text()
    answer(desktop, qtbot, "не тот")
    assert "Пароль не подходит" in desktop.guard.screen.message.text()
    assert (open_here(filled_store.profile), filled_store.key) == (set(), b"")
    desktop._rounded(Round(why="нет связи"))  # a late word of the line opens nothing either
    desktop.asides.wait()
    settle()
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(page.isVisible)
    desktop.guard.background.wait()
    assert filled_store.box.piece(next(iter(filled_store.box.whole())), 0) == b"a scan"
    assert kinds(filled_store) == ["lock", "unlock"]


def test_what_was_typed_in_the_last_moment_is_kept_and_the_work_goes_on(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    page = typed_in(desktop)
    page.form.editor("person", "last_name").line.setText("Последняя")  # type: ignore[attr-defined]  # a text
    lock(desktop)
    journal = open_file(filled_store.profile / "journal.db", KEY, durable=False)
    ((kept,),) = journal.execute("SELECT body FROM draft").fetchall()
    journal.close()
    assert "Последняя".encode() in kept
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(page.isVisible)
    desktop.work.open_section("applicants")
    qtbot.waitUntil(lambda: desktop.frame.tab("applicants").total > 2)  # type: ignore[attr-defined]  # a list


def test_a_round_that_meets_the_lock_ends_without_a_word(
    open_desktop: OpenDesktop, filled_store: Store
) -> None:
    desktop = open_desktop()
    sleeping.put_to_sleep(filled_store)
    assert desktop.sync._round() is None
    assert not desktop.files._round().why
    with sleeping.woken(filled_store, KEY):
        pass
    assert filled_store.counts().waiting == 0


def test_nothing_hangs_over_the_cover(open_desktop: OpenDesktop, qtbot: QtBot) -> None:
    desktop = open_desktop()
    page = typed_in(desktop)
    pick = page.form.findChildren(PickEdit)[0]
    pick.setFocus()
    pick.open_list()
    desktop.finder.suggest("а")
    desktop.asides.wait()
    menu = QMenu(desktop.frame)
    menu.addAction("Кузнецова")
    menu.popup(desktop.frame.pos())
    settle()
    assert pick.list_is_open() or desktop.palette.isVisible()
    assert menu.isVisible()
    lock(desktop)
    screen = desktop.guard.screen
    assert QApplication.activePopupWidget() is None
    seen = [w for w in desktop.frame.findChildren(QWidget) if w.isVisible()]
    assert [w for w in seen if not (w.isAncestorOf(screen) or screen.isAncestorOf(w))] == []
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(page.isVisible)


def test_a_sign_in_that_may_wait_does_not_when_nobody_is_there(
    open_desktop: OpenDesktop, filled_store: Store, qtbot: QtBot
) -> None:
    """«Позже» would have opened the work of one who had gone away to anybody."""
    desktop = open_desktop()
    desktop.frame.show()
    desktop.guard.renew("Вход больше не действует")
    assert desktop.guard.screen.later.isVisible()
    desktop.idle.gone.emit()
    desktop.guard.background.wait()
    settle()
    assert not desktop.guard.screen.later.isVisible()
    assert sleeping.is_asleep(filled_store)
    answer(desktop, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: not desktop.guard.locked)


def test_a_key_under_the_password_is_guessed_at_with_growing_pauses(tmp_path: Path) -> None:
    clock = [now_ms()]
    entrance = Entrance(tmp_path, (), computer="ПК", now=lambda: clock[0])
    entrance._source = PasswordKey  # type: ignore[method-assign]  # no keyring here
    key = entrance.key("верный")
    for _ in range(2):
        with pytest.raises(PasswordRefused):
            entrance.key("не тот")
    with pytest.raises(PasswordRefused) as refused:
        entrance.key("не тот")
    assert refused.value.message.endswith("Следующая попытка через 5 секунд")
    with pytest.raises(TooMany):
        entrance.key("верный")
    clock[0] += 5_000
    assert entrance.key("верный") == key
