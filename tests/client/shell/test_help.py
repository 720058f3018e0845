"""F1: the manual at what is in front (UX 34); its window by keyboard, in both looks, at both sizes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from client.admissions.screens import AdmissionPage
from client.kit.actions import KeysDialog
from client.kit.asking import Asking
from client.kit.list_screen import ListScreen
from client.shell.help import OF_SECTION, PLACES, Help, place_of
from client.shell.manual import ManualWindow
from common.kit import manual
from tests.client.conftest import Dress, OpenDesktop
from tests.widget_checks import everything_wrong, settle


@pytest.mark.parametrize("link", sorted({*PLACES.values(), *OF_SECTION.values()}))
def test_every_place_that_f1_knows_is_in_the_manual(link: str) -> None:
    assert manual.section(link) is not None


def test_ux_34_f1_on_every_tab_and_section_has_a_place_of_its_own(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    desktop.frame.show()
    names = [spec.name for spec, _, _ in desktop.work.sections()]
    for name in (*names, *(name for name, _, _ in desktop.administering.sections())):
        desktop.frame.section_asked.emit(name)
    for action in ("outbox", "differences", "bell", "why", "tasks"):
        desktop.frame.actions_of_window.trigger(action)
    desktop.work.open_applicant(None)
    found = {key: place_of(desktop.frame.tab(key)) for key in desktop.frame.tab_keys()}
    assert len(found) >= len(names) + 5
    assert [key for key, link in found.items() if link == manual.CONTENTS] == []
    assert [link for link in found.values() if manual.section(link) is None] == []


def test_f1_opens_the_page_of_what_has_the_focus_and_esc_closes_it(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    with qtbot.waitExposed(desktop.frame):
        desktop.frame.show()
    desktop.start()
    listed = desktop.frame.findChild(ListScreen)
    assert listed is not None
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    handle = desktop.frame.windowHandle()
    desktop.help.listen(handle)
    QTest.keyPress(handle, Qt.Key.Key_F1)
    window = desktop.help.window
    assert window is not None
    assert (window.isVisible(), window.link) == (True, "spiski")
    QTest.keyPress(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    desktop.work.open_applicant(None)
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    QTest.keyPress(handle, Qt.Key.Key_F1)
    assert desktop.help.window is not None
    assert desktop.help.window.link == "zayavlenie"
    desktop.help.window.close()
    page.form.discard()


def test_over_a_question_that_waits_the_manual_can_be_used(qtbot: QtBot, dress: Dress) -> None:
    asked = QDialog()
    qtbot.addWidget(asked)
    asked.setModal(True)
    inside = QLabel("?", asked)
    with qtbot.waitExposed(asked):
        asked.show()
    helping = Help(asked)
    helping.show_at(place_of(inside))
    assert helping.window is not None
    assert helping.window.parentWidget() is asked
    assert helping.window.link == manual.CONTENTS
    asked.close()
    over = helping.window
    helping.show_at("pechat")
    assert helping.window is not over
    assert (helping.window.isVisible(), helping.window.link) == (True, "pechat")
    asked.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    helping.show_at("spiski")  # what stood over the question has gone with it
    assert helping.window.link == "spiski"
    helping.window.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, dress: Dress) -> ManualWindow:
    dress()
    made = ManualWindow()
    qtbot.addWidget(made)
    made.open_at("rashozhdeniya")
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize(("dark", "scale"), [(False, 1.0), (True, 1.0), (False, 1.5)])
@pytest.mark.parametrize("size", [(800, 560), (1440, 900)])
def test_nothing_is_wrong_with_the_window(
    window: ManualWindow, dress: Dress, *, dark: bool, scale: float, size: tuple[int, int]
) -> None:
    dress(dark=dark, scale=scale)
    window.resize(*size)
    settle()
    assert everything_wrong(window) == {}


def test_words_are_found_and_walked_by_keys_alone(window: ManualWindow, qtbot: QtBot) -> None:
    window.focus_search()
    window.asked.setText("сканы")
    links = [window.found.item(row).data(Qt.ItemDataRole.UserRole) for row in range(2)]
    QTest.keyPress(window.asked, Qt.Key.Key_Down)
    QTest.keyPress(window.asked, Qt.Key.Key_Return)
    assert window.link == links[1]
    top = window.reader.verticalScrollBar().value()
    QTest.keyPress(window.asked, Qt.Key.Key_PageDown)
    assert window.reader.verticalScrollBar().value() > top
    window.asked.setText("шиншилла")
    assert "ничего нет" in window.found.item(0).text()
    QTest.keyPress(window.asked, Qt.Key.Key_Return)
    assert window.link == links[1]
    QTest.keyPress(window, Qt.Key.Key_Escape)
    assert window.found.count() == len(manual.pages())
    assert window.isVisible()


def test_esc_after_a_page_was_opened_from_the_search_closes_the_manual(
    window: ManualWindow,
) -> None:
    window.focus_search()
    window.asked.setText("двойник")
    QTest.keyPress(window.asked, Qt.Key.Key_Return)
    QTest.keyPress(window.asked, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_ctrl_f1_shows_the_keys_over_the_manual_and_over_a_question(
    open_desktop: OpenDesktop, qtbot: QtBot
) -> None:
    desktop = open_desktop()
    with qtbot.waitExposed(desktop.frame):
        desktop.frame.show()
    desktop.help.open(desktop.frame)
    assert desktop.help.window is not None
    for front in (desktop.help.window, Asking("Вопрос", "Да или нет?", "Да", desktop.frame)):
        with qtbot.waitExposed(front):
            front.show()
        handle = front.windowHandle()
        desktop.help.listen(handle)
        QTest.keyPress(handle, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
        (shown,) = front.findChildren(KeysDialog)
        assert shown.isVisible()
        shown.reject()
        front.close()


def test_links_lead_on_and_back_again(window: ManualWindow) -> None:
    window.reader.anchorClicked.emit(QUrl("rabota-bez-svyazi.md#сканы"))
    assert window.link == "rabota-bez-svyazi#сканы"
    assert window.reader.verticalScrollBar().value() > 0
    window.go_back()
    assert window.link == "rashozhdeniya"
    window.go_forward()
    assert window.link == "rabota-bez-svyazi#сканы"
    window.reader.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert window.link == manual.CONTENTS


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("../pictures/differences_light_1440.png", True),
        ("../../pyproject.toml", False),
        ("/etc/passwd", False),
        ("file:///etc/passwd", False),
        ("../pictures/../manual/index.md", False),
    ],
)
def test_a_page_shows_the_manuals_own_pictures_and_nothing_else(
    window: ManualWindow, *, address: str, opened: bool
) -> None:
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = window.reader.loadResource(kind, QUrl(address))
    assert (picture is not None) == opened


def test_a_widget_of_no_place_opens_the_contents(qtbot: QtBot) -> None:
    lonely = QWidget()
    qtbot.addWidget(lonely)
    assert place_of(lonely) == manual.CONTENTS
    assert place_of(None) == manual.CONTENTS
