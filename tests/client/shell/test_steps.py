"""The steps after the password at the sign-in window: an own password for a code, a telephone, its codes; real server, real keys."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pyotp
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from client.net.link import Link
from client.shell.door import Door
from client.shell.entrance import Entrance
from client.shell.lists import LISTS
from client.shell.sign_in import SignIn
from client.store.keys import GivenKey, KeySource, PasswordKey
from common.kit.issuing import IssueRequest
from common.kit.sync import SignIn as Request
from tests.client.conftest import KEY, Dress
from tests.demo_world import PASSWORD, World
from tests.ports import free_port
from tests.widget_checks import everything_wrong

TypeText = Callable[[QLineEdit, str], None]
OWN = "сорок тысяч зелёных чайников"


@pytest.fixture(scope="module")
def strict(region: World) -> Iterator[World]:
    """Another server over the same region, which asks administrators for a second factor."""
    port = free_port()
    made = dataclasses.replace(
        region, address=f"http://127.0.0.1:{port}", port=port, process=None,
        environment=region.environment | {"EPO_SECOND_FACTOR": "on"},
    )  # fmt: skip
    made.start()
    yield made
    made.stop()


@pytest.fixture
def code(region: World) -> tuple[str, str]:
    """A login and its one-time code, as the administrator of the other college gives it."""
    return "priem1-k2", _code_for(region, "priem1-k2")


class Way:
    """One window at one profile."""

    def __init__(self, place: Path, qtbot: QtBot, given: GivenKey | None = None) -> None:
        self.entrance = Entrance(place, LISTS, computer="ПК-1", given=given)
        self.qtbot = qtbot
        self.door: Door | None = None

    def begin(self, server: str, login: str, password: str) -> SignIn:
        window = SignIn(server, login)
        self.qtbot.addWidget(window)
        self.door = Door(self.entrance, window)
        window.show()
        self.qtbot.waitActive(window)
        window.fields["password"].setText(password)
        self.enter(window)
        return window

    def enter(self, window: SignIn) -> None:
        QTest.keyPress(window.focusWidget(), Qt.Key.Key_Return)
        self.qtbot.waitUntil(
            lambda: window.enter.isEnabled() or not window.isVisible(), timeout=20_000
        )

    def close(self) -> None:
        if self.door is not None:
            self.door.background.wait()
            if self.door.store is not None:
                self.door.store.close()
                self.door.store = None


@pytest.fixture
def way(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Iterator[Way]:
    made = Way(tmp_path / "profile", qtbot, GivenKey(KEY))
    yield made
    made.close()


def test_a_code_leads_to_an_own_password_by_keys_alone(
    way: Way, region: World, code: tuple[str, str], type_text: TypeText
) -> None:
    window = way.begin(region.address, *code)
    assert window.step.kind == "new_password"
    assert not window.fields["password"].isVisible()
    assert everything_wrong(window) == {}
    lines = window.step.fields
    assert window.focusWidget() is lines["new_password"]
    type_text(lines["new_password"], "короткий")
    QTest.keyPress(lines["new_password"], Qt.Key.Key_Return)
    assert window.focusWidget() is lines["again"]
    type_text(lines["again"], "короткая")
    way.enter(window)
    assert "не совпадают" in window.step.message.text()
    lines["again"].setText("короткий")
    way.enter(window)
    assert "короче 12" in window.step.message.text()
    for line in lines.values():
        line.setText(OWN)
    lines["again"].setFocus()
    way.enter(window)
    assert way.door is not None
    assert way.door.store is not None


def test_back_leaves_the_step_and_forgets_what_was_typed(
    way: Way, region: World, code: tuple[str, str]
) -> None:
    window = way.begin(region.address, *code)
    window.step.fields["new_password"].setText(OWN)
    window.back.click()
    assert window.step.kind == ""
    assert window.step.values() == {}
    assert window.fields["password"].isVisible()
    assert (window.fields["login"].text(), window.enter.text()) == (code[0], "Войти")


def test_a_new_telephone_is_shown_proved_and_its_recovery_codes_once(
    way: Way, strict: World
) -> None:
    window = way.begin(strict.address, "admin", PASSWORD)
    assert window.step.kind == "enrol"
    assert everything_wrong(window) == {}
    assert set(window.step.fields) == {"second"}
    window.step.fields["second"].setText("000000")
    window.step.fields["second"].setFocus()
    way.enter(window)
    assert "не подходит" in window.step.message.text()
    secret = _secret(window)
    window.step.fields["second"].setText(pyotp.TOTP(secret).now())
    way.enter(window)
    assert window.step.kind == "recovery"
    assert window.enter.text() == "Коды сохранены — войти"
    assert everything_wrong(window) == {}
    way.enter(window)
    assert not window.isVisible()
    assert way.entrance.recovery == []


def _secret(window: SignIn) -> str:
    """As a person types it where the picture cannot be taken."""
    label = next(
        w for w in window.findChildren(QLabel) if w.accessibleName() == "Ключ для ввода вручную"
    )
    return label.text().replace(" ", "")


@pytest.mark.parametrize("old", [PASSWORD, ""])
def test_a_forgotten_password_loses_no_record_of_the_computer(
    tmp_path: Path,
    qtbot: QtBot,
    dress: Dress,
    region: World,
    old: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the old one the records stay in sight; without it they are set aside whole."""
    monkeypatch.setattr("client.shell.entrance.keyring_works", lambda: False)
    login, password = _fresh(region)
    way = Way(tmp_path / "profile", qtbot)
    way.begin(region.address, login, password)
    assert way.door is not None
    assert way.door.store is not None
    way.door.store.journal.set_facts(mark="здесь")
    way.close()
    way = Way(tmp_path / "profile", qtbot)
    window = way.begin(region.address, login, _code_for(region, login))
    assert set(window.step.fields) == {"new_password", "again", "old"}
    for name in ("new_password", "again"):
        window.step.fields[name].setText(OWN)
    window.step.fields["old"].setText(password if old else "")
    window.step.fields["old"].setFocus()
    way.enter(window)
    assert way.door is not None
    assert way.door.store is not None, window.step.message.text()
    mark = way.door.store.journal.fact("mark", "")
    way.close()
    assert mark == ("здесь" if old else "")
    kept: KeySource = PasswordKey(OWN)
    assert kept.key(tmp_path / "profile")
    assert len(list(tmp_path.glob("profile.*.old"))) == (0 if old else 1)


def test_a_mistyped_code_leaves_the_records_where_they_are(
    tmp_path: Path, qtbot: QtBot, dress: Dress, region: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever leaves the old password empty has set them aside only once the server takes the code."""
    monkeypatch.setattr("client.shell.entrance.keyring_works", lambda: False)
    login, password = _fresh(region)
    way = Way(tmp_path / "profile", qtbot)
    way.begin(region.address, login, password)
    way.close()
    right = _code_for(region, login)
    wrong = right[:-1] + ("7" if right[-1] != "7" else "8")
    way = Way(tmp_path / "profile", qtbot)
    window = way.begin(region.address, login, wrong)
    for name in ("new_password", "again"):
        window.step.fields[name].setText(OWN)
    window.step.fields["old"].setText("")
    window.step.fields["old"].setFocus()
    way.enter(window)
    assert way.door is not None
    assert way.door.store is None
    assert list(tmp_path.glob("profile.*.old")) == []
    assert PasswordKey(password).key(tmp_path / "profile")
    way.close()


@pytest.mark.parametrize("old", [PASSWORD, ""])
def test_a_password_that_was_changed_elsewhere_opens_this_computer(
    tmp_path: Path,
    qtbot: QtBot,
    dress: Dress,
    region: World,
    old: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The old one is refused by the server and says so; the new one asks for it once, or sets the records aside."""
    monkeypatch.setattr("client.shell.entrance.keyring_works", lambda: False)
    place = tmp_path / "profile"
    login, first = _fresh(region)
    way = Way(place, qtbot)
    way.begin(region.address, login, first)
    assert way.door is not None
    assert way.door.store is not None
    device = way.door.store.journal.fact("device")
    way.close()
    new = f"{OWN} {uuid4().hex}"
    with closing(Link(region.address)) as link:
        link.token = link.sign_in(Request(login=login, password=first, computer="ПК-2")).token
        link.change_password(first, new)

    way = Way(place, qtbot)
    window = way.begin(region.address, login, first)
    assert "введите новый" in window.messages["password"].text()
    window.fields["password"].setText("не тот и не другой")
    way.enter(window)
    assert "Логин или пароль не подходят" in window.messages["password"].text()
    window.fields["password"].setText(new)
    way.enter(window)
    assert set(window.step.fields) == {"old"}
    if old:
        window.step.fields["old"].setText("не прежний")
        way.enter(window)
        assert "не подходит к записям" in window.step.message.text()
    window.step.fields["old"].setText(first if old else "")
    way.enter(window)
    assert way.door is not None
    assert way.door.store is not None, window.step.message.text()
    kept = way.door.store.journal.fact("device")
    way.close()
    assert (kept == device) is bool(old)
    assert PasswordKey(new).key(place)
    assert len(list(tmp_path.glob("profile.*.old"))) == (0 if old else 1)


def _fresh(region: World) -> tuple[str, str]:
    """A person of the other college with a password of her own."""
    code = _code_for(region, "priem2-k2")
    link = Link(region.address)
    own = f"{OWN} {uuid4().hex}"
    link.sign_in(Request(login="priem2-k2", password=code, computer="ПК", new_password=own))
    link.close()
    return "priem2-k2", own


def _code_for(region: World, login: str) -> str:
    link = Link(region.address)
    link.token = link.sign_in(Request(login="admin-k2", password=PASSWORD, computer="ПК")).token
    account = _ACCOUNTS.get(login)
    if account is None:
        account = link.sign_in(Request(login=login, password=PASSWORD, computer="ПК")).account
        _ACCOUNTS[login] = account
    (slip,) = link.issue(IssueRequest(accounts=[account])).slips
    link.close()
    return slip.code


_ACCOUNTS: dict[str, UUID] = {}


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize(
    "told",
    [
        {"step": "new_password", "old": "yes"},
        {"step": "old"},
        {"step": "second"},
        {"step": "enrol", "uri": "otpauth://totp/x?secret=ABCD", "secret": "ABCD" * 8},
    ],
)
def test_a_step_has_room_for_what_it_says(
    qtbot: QtBot, dress: Dress, told: dict[str, str], scale: float
) -> None:
    dress(scale=scale)
    window = SignIn("https://epo.kuz-edu.ru", "petrova")
    qtbot.addWidget(window)
    window.show()
    window.ask_step(told, "")
    assert everything_wrong(window) == {}
    window.show_recovery([f"ABcd-EFgh-JK{n}3" for n in range(8)])
    assert everything_wrong(window) == {}
