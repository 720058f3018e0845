"""Access ended, given back and a login destroyed from an account's card, against a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.administration.forms import AccountForm
from client.kit.asking import Asking
from client.shell.ending import DESTROYED, SAY_MORE, EndAccess, ResumeAccess, ask
from common.administration.kinds import AccountState, EndReason
from common.kit.ids import new_id
from common.kit.sync import Save
from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle

TypeText = Callable[[QWidget, str], None]
NOTE = "С его компьютера перебирали чужие карточки"


@pytest.fixture(scope="module")
def admin(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("ender") / "d", region, "admin")
    yield made
    made.close()


class Office:
    """An account of somebody, and the window that its card opens."""

    def __init__(self, admin: Desk, qtbot: QtBot) -> None:
        self.admin, self.id, self.said = admin, new_id(), list[str]()
        values = {
            "login": f"e{self.id.hex[-8:]}",
            "name": "Уходящев Пётр",
            "kind": "staff",
            "state": "pending",
        }
        body = Save("account", self.id, True, {n: (None, v) for n, v in values.items()})
        admin.store.record(lambda _: [body])
        admin.sync()
        self.frame = QWidget()
        qtbot.addWidget(self.frame)
        self.frame.show()

    def open(self) -> Asking:
        assert ask(self.admin.store, self.id, self.said.append, self.frame) == ""
        settle()
        (window,) = [w for w in self.frame.findChildren(Asking) if w.isVisible()]
        assert everything_wrong(window) == {}
        return window

    def agree(self, window: QWidget) -> None:
        QTest.keyPress(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle()

    def state(self) -> AccountState:
        self.admin.sync()
        assert self.admin.store.troubles() == []
        record = self.admin.store.get("account", self.id)
        assert record is not None
        found: AccountState = record["state"]
        return found


@pytest.fixture
def office(admin: Desk, qtbot: QtBot, dress: Dress) -> Office:
    return Office(admin, qtbot)


def end(office: Office, reason: EndReason, type_text: TypeText) -> None:
    window = office.open()
    assert isinstance(window, EndAccess)
    office.agree(window)
    assert window.reason.message()[0] == "Выберите основание"
    window.reason.set_value(reason.value)
    window.note.setFocus()
    focused = QApplication.focusWidget()
    assert focused is not None
    type_text(focused, "так")
    office.agree(window)
    assert window.note.message()[0] == SAY_MORE
    type_text(focused, f" вышло: {NOTE}")
    office.agree(window)
    assert office.said[-1] == "Доступ прекращается: Уходящев Пётр"


def test_access_is_ended_and_comes_back_with_its_cause(office: Office, type_text: TypeText) -> None:
    end(office, EndReason.SUSPICIOUS, type_text)
    assert office.state() is AccountState.SUSPENDED
    window = office.open()
    assert isinstance(window, ResumeAccess)
    window.cause.set_value("Компьютер переустановили, пароль сменили")
    office.agree(window)
    assert office.state() is AccountState.PENDING
    assert office.said[-1].endswith("Теперь выдайте код входа")


def test_a_login_is_destroyed_and_nothing_more_is_offered(
    office: Office, type_text: TypeText
) -> None:
    end(office, EndReason.RELATION, type_text)
    assert office.state() is AccountState.CLOSED
    window = office.open()
    assert isinstance(window, ResumeAccess)
    office.agree(window)
    assert window.isVisible()
    window.destroys.set_value(value=True)
    office.agree(window)
    assert office.state() is AccountState.DESTROYED
    assert ask(office.admin.store, office.id, office.said.append, office.frame) == DESTROYED


def test_the_state_is_shown_and_not_edited(office: Office) -> None:
    form = AccountForm(office.admin.store, office.id)
    open_ = {name for name, editor in form.held["main"].editors.items() if editor.isEnabled()}
    assert not {"state", "login"} & open_
    form.deleteLater()


def test_ones_own_access_is_not_ended(office: Office) -> None:
    own = UUID(str(office.admin.store.journal.fact("account")))
    assert "Свой доступ" in ask(office.admin.store, own, office.said.append, office.frame)
