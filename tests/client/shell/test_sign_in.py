"""The sign-in window shows and asks; it says by the field what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from client.shell.sign_in import SignIn
from tests.client.conftest import Dress

TypeText = Callable[[QWidget, str], None]


@pytest.fixture
def window(qtbot: QtBot, dress: Dress) -> SignIn:
    made = SignIn("https://epo.test", "petrova")
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_asks_with_all_three(window: SignIn, qtbot: QtBot, type_text: TypeText) -> None:
    type_text(window.fields["password"], "secret words")
    with qtbot.waitSignal(window.asked) as asked:
        window.enter.click()
    assert asked.args == ["https://epo.test", "petrova", "secret words"]


def test_an_empty_field_is_named_and_nothing_is_asked(window: SignIn, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.asked):
        window.submit()
    assert window.messages["password"].text() == "Заполните поле «Пароль»"
    assert window.messages["password"].isVisible()
    assert not window.messages["login"].isVisible()


def test_typing_takes_the_error_away(window: SignIn, type_text: TypeText) -> None:
    window.set_error("password", "Неверный логин или пароль")
    type_text(window.fields["password"], "a")
    assert not window.messages["password"].isVisible()


def test_the_eye_shows_and_hides_the_password(window: SignIn) -> None:
    assert window.fields["password"].echoMode() == QLineEdit.EchoMode.Password
    window.eye.click()
    assert window.fields["password"].echoMode() == QLineEdit.EchoMode.Normal
    assert window.eye.accessibleName() == "Скрыть пароль"


def test_russian_letters_in_a_password_are_remarked(window: SignIn, type_text: TypeText) -> None:
    type_text(window.fields["password"], "пароль")
    assert window.messages["password"].text() == "Включена русская раскладка"


def test_work_without_the_server_is_offered_in_words_and_wants_the_password(
    window: SignIn, qtbot: QtBot, type_text: TypeText
) -> None:
    assert not window.offline.isVisible()
    window.offer_offline("Сервер не отвечает")
    with qtbot.assertNotEmitted(window.offline_asked):
        window.offline.click()
    assert window.messages["password"].text() == "Заполните поле «Пароль»"
    type_text(window.fields["password"], "word")
    with qtbot.waitSignal(window.offline_asked) as asked:
        window.offline.click()
    assert (asked.args, window.notice.text()) == (["petrova", "word"], "Сервер не отвечает")


def test_while_it_is_busy_nothing_is_asked_twice(window: SignIn) -> None:
    window.set_busy(busy=True)
    assert (window.enter.isEnabled(), window.enter.text()) == (False, "Проверяем…")


def test_cancel_is_offered_while_an_answer_is_awaited(window: SignIn, qtbot: QtBot) -> None:
    assert not window.cancel.isVisible()
    window.offer_offline("Сервер не отвечает")
    window.set_busy(busy=True)
    assert (window.cancel.isVisible(), window.offline.isVisible()) == (True, False)
    with qtbot.waitSignal(window.cancelled):
        window.cancel.click()
    window.set_busy(busy=False)
    assert (window.cancel.isVisible(), window.offline.isVisible()) == (False, True)


def test_an_address_without_its_scheme_is_said_by_the_field(
    window: SignIn, qtbot: QtBot, type_text: TypeText
) -> None:
    window.fields["server"].setText("epo.test")
    type_text(window.fields["password"], "word")
    with qtbot.assertNotEmitted(window.asked):
        window.submit()
    assert "https://" in window.messages["server"].text()
