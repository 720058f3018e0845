"""One's own password is changed from the foot of the window; without a link the computer opens by the new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from client.net.link import Link, Offline
from client.shell.lists import LISTS
from client.shell.own_password import DONE, TAKEN, UNKNOWN, ChangePassword, SecretEdit
from client.store.keys import COMING, PasswordKey, PasswordRefused
from client.store.password import WITHOUT_LINK, WrongPassword, change, prove, remember
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.kit.errors import NotSignedIn
from common.kit.issuing import PasswordChanged
from tests.client.conftest import Dress, OpenDesktop
from tests.demo_world import PASSWORD, World
from tests.widget_checks import everything_wrong, settle

LOGIN = "otdelenie-k2"
"""Under which no other test works."""
FIRST, SECOND = "сорок тысяч зелёных чайников", "восемь тихих утюгов на крыше"


@pytest.fixture(scope="module")
def desk(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Its key lies under the password: this computer has no keyring."""
    place = tmp_path_factory.mktemp("own") / "profile"
    store = Store(place, PasswordKey(PASSWORD).key(place), LISTS)
    with closing(Link(region.address)) as link:
        sign_in(store, link, LOGIN, PASSWORD, "ПК-Пароль")
    remember(store, PASSWORD)
    yield store
    store.close()


def ask(
    store: Store, server: str, qtbot: QtBot, window: QWidget | None = None
) -> tuple[ChangePassword, list[str], QWidget]:
    """Its link is under the token that this desk had when it was asked."""
    said: list[str] = []
    link = Link(server, str(store.journal.fact("token")))
    over = window or QWidget()
    qtbot.addWidget(over)
    over.show()
    dialog = ChangePassword(store, link, said.append, over)
    dialog.show()
    settle()
    return dialog, said, over


def type_in(editor: SecretEdit, text: str) -> None:
    editor.line.setText(text)


def test_what_is_wrong_is_said_beside_its_field_before_anything_is_sent(
    desk: Store, qtbot: QtBot, dress: Dress
) -> None:
    dialog, said, _ = ask(desk, "http://127.0.0.1:9", qtbot)
    assert everything_wrong(dialog) == {}
    dialog.agree()
    assert [e.message()[0] for e in dialog.editors] == ["Заполните поле"] * 3
    type_in(dialog.old, PASSWORD)
    type_in(dialog.new, "короткий")
    type_in(dialog.again, "другой")
    dialog.agree()
    assert "короче 12" in dialog.new.message()[0]
    assert "не совпадают" in dialog.again.message()[0]
    type_in(dialog.new, PASSWORD)
    dialog.agree()
    assert "такой же" in dialog.new.message()[0]
    assert everything_wrong(dialog) == {}
    assert said == []
    dialog.reject()


def test_without_a_link_nothing_changes_and_it_is_said(
    desk: Store, qtbot: QtBot, dress: Dress
) -> None:
    dialog, said, _ = ask(desk, "http://127.0.0.1:9", qtbot)
    for editor, text in zip(dialog.editors, (PASSWORD, FIRST, FIRST), strict=True):
        type_in(editor, text)
    dialog.agree()
    qtbot.waitUntil(dialog.message.isVisible, timeout=20_000)
    assert dialog.message.text() == WITHOUT_LINK
    assert (said, (desk.profile / COMING).exists()) == ([], False)
    dialog.reject()


def test_a_password_is_changed_by_keys_alone_and_opens_this_computer(
    desk: Store, region: World, qtbot: QtBot, dress: Dress
) -> None:
    before = str(desk.journal.fact("token"))
    dialog, said, _ = ask(desk, region.address, qtbot)
    for editor, text in zip(dialog.editors, ("не тот пароль", FIRST, FIRST), strict=True):
        type_in(editor, text)
    QTest.keyPress(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(dialog.old.message()[0]), timeout=20_000)
    assert dialog.old.message() == ("Прежний пароль не подходит", "error")
    assert PasswordKey(PASSWORD).key(desk.profile) == desk.key
    type_in(dialog.old, PASSWORD)
    dialog.again.line.setFocus()
    QTest.keyPress(dialog.again.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    assert said == [DONE]
    assert PasswordKey(FIRST).key(desk.profile) == desk.key
    with pytest.raises(PasswordRefused):
        PasswordKey(PASSWORD).key(desk.profile)
    with closing(Link(region.address, str(desk.journal.fact("token")))) as link:
        assert run(desk, link).online
        assert dialog.link.token == link.token != before
        link.token = before
        assert run(desk, link).online, (
            "a round that began under the old token goes on under the new one"
        )
    prove(desk, FIRST, now=0)
    with pytest.raises(WrongPassword):
        prove(desk, PASSWORD, now=0)


class Torn(Link):
    """The line is cut after the request and before the answer."""

    def change_password(self, old: str, new: str) -> PasswordChanged:
        super().change_password(old, new)
        raise Offline("оборвано")


def test_a_lost_answer_leaves_both_passwords_and_a_sign_in_settles_it(
    desk: Store, region: World, qtbot: QtBot, dress: Dress
) -> None:
    token = str(desk.journal.fact("token"))
    with closing(Torn(region.address, token)) as link, pytest.raises(Offline):
        change(desk, link, FIRST, SECOND)
    for password in (FIRST, SECOND):
        assert PasswordKey(password).key(desk.profile) == desk.key
    with closing(Link(region.address, token)) as link:
        with pytest.raises(NotSignedIn):  # it was taken, and this token ended with it
            change(desk, link, FIRST, SECOND)
        assert PasswordKey(SECOND).key(desk.profile) == desk.key
        sign_in(desk, link, LOGIN, SECOND, "ПК-Пароль")
    remember(desk, SECOND)
    assert not (desk.profile / COMING).exists()
    with pytest.raises(PasswordRefused):
        PasswordKey(FIRST).key(desk.profile)
    dialog, _, _ = ask(desk, region.address, qtbot)
    for fault, said in ((Offline("оборвано"), UNKNOWN), (NotSignedIn("войдите"), TAKEN)):
        dialog._refused(fault)
        assert dialog.message.text() == said
    dialog.reject()


def test_the_foot_of_the_window_offers_it(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    settle()
    user = desktop.frame.status.user
    assert user.text().startswith("Петрова")
    QTest.keyPress(user.button, Qt.Key.Key_Space)
    QTest.keyRelease(user.button, Qt.Key.Key_Space)
    settle()
    (menu,) = user.findChildren(QMenu)
    assert [a.text() for a in menu.actions()] == [
        "Сменить свой пароль",
        "Заблокировать программу",
        "Войти на сервер снова",
    ]
    assert everything_wrong(desktop.frame) == {}
    QTest.keyPress(menu, Qt.Key.Key_Return)
    settle()
    dialog = desktop.frame.findChild(ChangePassword)
    assert dialog is not None
    dialog.reject()
