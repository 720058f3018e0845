"""A clerk hands over what the centre refused; the one in charge decides about it at another desk, both by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from client.kit.background import Background
from client.kit.owned import owned
from client.shell.asking import AskHand, AskReturn, EditValues
from client.shell.handed_page import HandedPage
from client.store.entry import Handed
from client.store.handed import HandedWork
from common.kit.sync import Delete, Restore, Status
from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk, Screen, everywhere
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle

CTRL = Qt.KeyboardModifier.ControlModifier
TypeText = Callable[[QWidget, str], None]


@pytest.fixture(scope="module")
def desks(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    logins = ("priem2", "sekretar")
    made = tuple(Desk(tmp_path_factory.mktemp("desk") / "d", region, login) for login in logins)
    yield made[0], made[1]
    for desk in made:
        desk.close()


@pytest.fixture
def clerk(desks: tuple[Desk, Desk]) -> Iterator[Desk]:
    yield desks[0]
    for trouble in desks[0].store.troubles():  # what a failed test has left
        if not desks[0].store.journal.entry(trouble.entry.op.uuid.hex).closed:
            desks[0].store.give_up(trouble.entry.op.uuid, "осталось от проверки")


@pytest.fixture
def head(desks: tuple[Desk, Desk]) -> Desk:
    return desks[1]


@pytest.fixture
def screen(clerk: Desk, qtbot: QtBot, dress: Dress, type_text: TypeText) -> Screen:
    return Screen(clerk, qtbot, type_text)


def hand(screen: Screen, word: str) -> None:
    """«Передать администратору…», a word, Ctrl+Enter; then both learn of it."""
    screen.open()
    screen.enter()
    screen.page.hand_over.setFocus()
    screen.press(screen.page.hand_over, Qt.Key.Key_Space)
    window = screen.page.findChildren(AskHand)[-1]
    screen.type_text(window.why.area, word)
    screen.press(window.why.area, Qt.Key.Key_Return, CTRL)
    screen.desk.sync()


def open_handed(head: Desk, screen: Screen, qtbot: QtBot) -> HandedPage:
    head.sync()
    waiting = {
        id: r
        for id, r in head.store.all("handed_operation").items()
        if r["state"].value == "waiting"
    }
    page = HandedPage(head.store, Background(), UUID(next(iter(waiting))))
    page.background.setParent(page)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    settle()  # the window that asked for the word hands the focus back to its own parent
    page.activateWindow()
    qtbot.waitActive(page)
    qtbot.waitUntil(lambda: page.opened is not None)
    page.view.setFocus()
    return page


def back_to(screen: Screen, page: HandedPage, qtbot: QtBot) -> None:
    """The author's window again: shortcuts work in the active one."""
    page.close()
    screen.frame.activateWindow()
    qtbot.waitActive(screen.frame)


def press(
    widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyPress(widget, key, held)
    if key == Qt.Key.Key_Space:
        QTest.keyRelease(widget, key, held)
    settle()


def test_what_is_mended_by_the_one_in_charge_goes_in_his_name(
    clerk: Desk, head: Desk, screen: Screen, qtbot: QtBot, type_text: TypeText
) -> None:
    person = min(clerk.store.all("person"))
    clerk.change("person", person, inn="500100732250")
    clerk.sync()
    hand(screen, "Проверьте ИНН по справке")
    assert [row[1] for row in screen.open()] == ["У администратора"]
    assert (clerk.store.counts().troubled, clerk.store.counts().handed) == (0, 1)
    page = open_handed(head, screen, qtbot)
    assert page.word.text() == "Просит: Проверьте ИНН по справке"
    assert "ИНН" in page.reason.text()
    assert everything_wrong(page) == {}
    press(page.view, Qt.Key.Key_F2)
    window = page.findChildren(EditValues)[-1]
    line = window.editors["inn"].focusProxy()
    assert isinstance(line, QLineEdit)
    line.selectAll()
    type_text(line, "500100732259")
    press(line, Qt.Key.Key_Return, CTRL)
    qtbot.waitActive(page)
    with qtbot.waitSignal(page.decided):
        press(page.view, Qt.Key.Key_Return, CTRL)
    assert everywhere((head, clerk), "person", person, "inn") == [{"inn": "500100732259"}]
    assert screen.open() == []
    (entry,) = clerk.store.journal.entries("status = ? AND closed <> ''", Status.REFUSED.value)
    assert entry.closed == "Отправил администратор: Петрова Анна Сергеевна"


def test_a_handed_delete_is_sent_though_a_part_of_it_has_changed_since(
    clerk: Desk, head: Desk
) -> None:
    """Found in a review: its parts kept what their author had seen, and no sender could renew it."""
    choices = {r["applicant_id"].hex: id for id, r in clerk.store.all("application").items()}
    applicant, choice = max(choices.items())
    parts = owned(clerk.store, "applicant", UUID(applicant))
    (op,) = clerk.store.record(lambda _: [Delete("applicant", UUID(applicant), {}, parts)])
    clerk.sync()
    assert clerk.store.journal.entry(op.uuid.hex).status is Status.QUARANTINED
    clerk.store.hand(op.uuid, "Двойник")
    clerk.sync()
    head.sync()
    head.change("application", choice, decision="Рекомендован")
    head.sync()
    (handed,) = (
        id
        for id, row in head.store.all("handed_operation").items()
        if row["operation"] == op.uuid.hex
    )
    HandedWork(head.store, UUID(handed)).send({})
    head.sync()
    clerk.sync()
    assert [trouble.entry.said for trouble in head.store.troubles()] == []
    for desk in (head, clerk):
        assert desk.store.get("applicant", applicant) is None
    head.store.record(lambda _: [Restore("applicant", UUID(applicant), {}, parts)])
    head.sync()
    assert head.store.get("applicant", applicant) is not None


def test_what_is_returned_needs_its_author_again_and_says_why(
    clerk: Desk, head: Desk, screen: Screen, qtbot: QtBot, type_text: TypeText
) -> None:
    person = sorted(clerk.store.all("person"))[1]
    clerk.change("person", person, inn="500100732250")
    clerk.sync()
    hand(screen, "Так в документе")
    page = open_handed(head, screen, qtbot)
    page.returning.setFocus()
    press(page.returning, Qt.Key.Key_Space)
    window = page.findChildren(AskReturn)[-1]
    type_text(window.why.area, "Позвоните в налоговую")
    with qtbot.waitSignal(page.decided):
        press(window.why.area, Qt.Key.Key_Return, CTRL)
    back_to(screen, page, qtbot)
    head.sync()
    clerk.sync()
    assert [row[1] for row in screen.open()] == ["Вернул администратор"]
    assert clerk.store.counts().troubled == 1
    screen.enter()
    assert "вернул запись: «Позвоните в налоговую» (Петрова Анна" in screen.page.reason.text()
    assert everything_wrong(screen.frame) == {}
    screen.type_result("ИНН", "inn", "500100732259")
    screen.accept()
    assert everywhere((clerk, head), "person", person, "inn") == [{"inn": "500100732259"}]


def test_what_waited_behind_it_goes_with_the_administrators_decision(
    clerk: Desk, head: Desk, screen: Screen, qtbot: QtBot, type_text: TypeText
) -> None:
    person = sorted(clerk.store.all("person"))[2]
    id = clerk.create("contact", person_id=UUID(person), value="")
    clerk.change("contact", id, is_primary=True)
    clerk.sync()
    hand(screen, "Номер в папке")
    page = open_handed(head, screen, qtbot)
    names = [row[0] for row in page.model.source.rows(0, page.model.rowCount())]
    page.view.setCurrentIndex(
        page.model.index(names.index("Номер или адрес"), page.view.first_shown())
    )
    press(page.view, Qt.Key.Key_F2)
    window = page.findChildren(EditValues)[-1]
    line = window.editors["value"].focusProxy()
    assert isinstance(line, QLineEdit)
    type_text(line, "+79059601145")
    press(line, Qt.Key.Key_Return, CTRL)
    qtbot.waitActive(page)
    with qtbot.waitSignal(page.decided):
        press(page.view, Qt.Key.Key_Return, CTRL)
    head.sync()
    assert everywhere((clerk, head), "contact", id, "value", "is_primary") == [
        {"value": "+79059601145", "is_primary": True}
    ]


def test_the_author_may_still_decide_himself(
    clerk: Desk, head: Desk, screen: Screen, qtbot: QtBot
) -> None:
    person = sorted(clerk.store.all("person"))[3]
    clerk.change("person", person, inn="500100732250")
    clerk.sync()
    hand(screen, "Проверьте")
    page = open_handed(head, screen, qtbot)
    back_to(screen, page, qtbot)
    screen.open()
    screen.enter()
    assert "Запись у администратора" in screen.page.reason.text()
    screen.type_result("ИНН", "inn", "500100732259")
    screen.accept()
    clerk.sync()
    with qtbot.waitSignal(page.decided):
        page.send()
    head.sync()
    (left,) = head.store.troubles()
    assert left.entry.said == "Автор этой записи уже решил сам"
    head.store.give_up(left.entry.op.uuid, "решено автором")
    assert everywhere((clerk, head), "person", person, "inn") == [{"inn": "500100732259"}]
    assert clerk.store.journal.waiting_for_answers() == []


def test_a_request_that_the_centre_refuses_needs_its_author_again(clerk: Desk) -> None:
    person = sorted(clerk.store.all("person"))[4]
    clerk.change("person", person, inn="500100732250")
    clerk.sync()
    (trouble,) = clerk.store.troubles()
    clerk.store.hand(trouble.entry.op.uuid, "слово" * 200)
    clerk.sync()
    found = {t.entry.op.uuid: t.entry for t in clerk.store.troubles()}
    assert found[trouble.entry.op.uuid].handed is Handed.NO
    assert clerk.store.counts().refused == 2
