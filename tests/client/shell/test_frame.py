"""The main window: tabs, sections, the truth about the link, taking back."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from client.shell.frame import MainFrame
from client.shell.link import Link, LinkState
from tests.client.conftest import Dress
from tests.client.samples import sample_frame
from tests.widget_checks import settle

AT = dt.datetime(2027, 6, 21, 14, 2, tzinfo=dt.UTC)


class Stubborn(QWidget):
    def may_close(self) -> bool:
        return False


@pytest.fixture
def frame(qtbot: QtBot, dress: Dress) -> MainFrame:
    made = MainFrame(college="Техникум")
    qtbot.addWidget(made)
    made.add_section("students", "Контингент", "users", "Деканат")
    made.open_tab("desk", "Рабочий стол", QLabel("стол"), "house", closable=False)
    made.open_tab("students", "Контингент", QLabel("студенты"), "users")
    made.show()
    return made


def test_a_tab_is_opened_once(frame: MainFrame) -> None:
    first = frame.tab("students")
    frame.open_tab("desk", "Рабочий стол", QLabel("ещё один"), "house")
    frame.open_tab("students", "Контингент", QLabel("ещё один"), "users")
    assert (frame.tabs.count(), frame.tab("students")) == (2, first)
    assert frame.pages.currentWidget() is first


def test_tabs_go_round_and_by_number(frame: MainFrame) -> None:
    run = frame.actions_of_window.trigger
    run("next_tab")
    assert frame.current_tab() == "desk"
    run("previous_tab")
    assert frame.current_tab() == "students"
    run("tab_1")
    assert frame.current_tab() == "desk"


def test_a_tab_closes_and_the_desk_stays(frame: MainFrame, qtbot: QtBot) -> None:
    with qtbot.waitSignal(frame.tab_closed) as closed:
        frame.actions_of_window.trigger("close_tab")
    frame.actions_of_window.trigger("close_tab")
    assert (closed.args, frame.current_tab(), frame.tabs.count()) == (["students"], "desk", 1)


def test_a_tab_that_refuses_stays_open_and_keeps_the_window(frame: MainFrame) -> None:
    stubborn = Stubborn()
    frame.open_tab("card", "Карточка", stubborn)
    frame.open_tab("desk", "", QWidget())
    assert frame.close_tab("card") is False
    assert frame.close() is False
    assert frame.current_tab() == "card"


def test_what_is_not_saved_is_marked_in_its_tab(frame: MainFrame) -> None:
    frame.set_dirty("students", dirty=True)
    assert frame.tabs.tabText(1) == "Контингент •"
    assert frame.tabs.accessibleTabName(1) == "Контингент, не сохранено"
    frame.set_dirty("students", dirty=False)
    assert frame.tabs.tabText(1) == "Контингент"


def test_a_click_on_a_section_asks_for_it(frame: MainFrame, qtbot: QtBot) -> None:
    with qtbot.waitSignal(frame.section_asked) as asked:
        frame.nav._buttons["students"].click()
    assert asked.args == ["students"]


def test_the_open_section_is_marked(frame: MainFrame) -> None:
    assert frame.nav._buttons["students"].isChecked()
    frame.open_tab("desk", "", QWidget())
    assert not frame.nav._buttons["students"].isChecked()


def test_a_narrow_window_folds_the_sections(qtbot: QtBot, dress: Dress) -> None:
    frame = sample_frame()
    qtbot.addWidget(frame)
    frame.show()
    frame.resize(1440, 900)
    settle()
    assert (frame.nav.folded, frame.nav.width()) == (False, 224)
    frame.resize(800, 600)
    settle()
    assert (frame.nav.folded, frame.nav.width()) == (True, 56)


@pytest.mark.parametrize(
    ("state", "whole", "short"),
    [
        (LinkState(Link.ONLINE, AT), "На связи, обмен в 14:02 · всё отправлено", "На связи 14:02"),
        (LinkState(Link.ONLINE, AT, 1), "На связи, обмен в 14:02 · ждут отправки: 1 запись",
         "На связи 14:02 · ждут: 1"),
        (LinkState(Link.OFFLINE, AT, 3, files=2), "Нет связи с 14:02 · ждут отправки: 3 записи, 2 файла",
         "Нет связи с 14:02 · ждут: 3 + 2 файла"),
        (LinkState(Link.ONLINE, AT, files=1), "На связи, обмен в 14:02 · ждут отправки: 1 файл",
         "На связи 14:02 · ждут: 1 файл"),
        (LinkState(Link.SYNCING, AT, 2), "Идёт обмен с сервером · ждут отправки: 2 записи",
         "Идёт обмен · ждут: 2"),
        (LinkState(Link.OFFLINE, AT, 5), "Нет связи с 14:02 · ждут отправки: 5 записей",
         "Нет связи с 14:02 · ждут: 5"),
        (LinkState(Link.STUCK, AT, 2),
         "Сервер отвечает, но записи не принимает с 14:02 · ждут отправки: 2 записи",
         "Сервер занят с 14:02 · ждут: 2"),
        (LinkState(Link.DECIDE, AT, 0, 1), "Ждут вашего решения: 1 запись · всё отправлено", "Решить: 1"),
        (LinkState(Link.ENDED, AT, 1), "Обмен остановлен: войдите снова · ждут отправки: 1 запись",
         "Нужен вход · ждут: 1"),
    ],
)  # fmt: skip
def test_the_link_is_told_in_words(state: LinkState, whole: str, short: str) -> None:
    assert (state.words(), state.words(short=True)) == (whole, short)


def test_the_link_is_always_on_screen_and_opens_what_waits(frame: MainFrame, qtbot: QtBot) -> None:
    frame.set_link(LinkState(Link.OFFLINE, AT, 3))
    assert frame.status.link.isVisible()
    assert frame.status.link.accessibleName() == (
        "Связь с сервером: Нет связи с 14:02 · ждут отправки: 3 записи"
    )
    with qtbot.waitSignal(frame.waiting_asked):
        frame.status.link.click()


def test_taking_back_runs_once(frame: MainFrame) -> None:
    taken: list[str] = []
    frame.undo_bar.offer("Запись в корзине", lambda: taken.append("назад"))
    assert frame.undo_bar.isVisible()
    frame.undo_bar.undo()
    frame.undo_bar.undo()
    assert (taken, frame.undo_bar.isVisible()) == (["назад"], False)


def test_an_offer_to_take_back_goes_by_itself(frame: MainFrame, qtbot: QtBot) -> None:
    frame.undo_bar.offer("Запись в корзине", lambda: None, seconds=0)
    qtbot.waitUntil(lambda: not frame.undo_bar.isVisible())


def test_an_offer_outlives_a_shorter_one_over_it(frame: MainFrame, qtbot: QtBot) -> None:
    taken: list[str] = []
    frame.undo_bar.offer("490 записей создано", lambda: taken.append("таблица"), seconds=120)
    frame.undo_bar.offer("Запись в корзине", lambda: taken.append("корзина"), seconds=0)
    qtbot.waitUntil(lambda: frame.undo_bar.text.text() == "490 записей создано")
    frame.undo_bar.undo()
    assert (taken, frame.undo_bar.isVisible()) == (["таблица"], False)


def test_an_offer_lasts_no_less_than_what_lies_over_it(frame: MainFrame) -> None:
    taken: list[int] = []
    frame.undo_bar.offer("Первая в корзине", lambda: taken.append(1), seconds=0)
    frame.undo_bar.offer("Вторая в корзине", lambda: taken.append(2))
    frame.undo_bar.undo()
    frame.undo_bar.undo()
    assert taken == [2, 1]


def test_ctrl_k_goes_to_the_search(frame: MainFrame, qtbot: QtBot) -> None:
    with qtbot.waitActive(frame):
        frame.activateWindow()
    frame.actions_of_window.trigger("search")
    assert frame.search.hasFocus()


def test_what_needs_a_person_is_told_without_a_link_too() -> None:
    state = LinkState(Link.OFFLINE, AT, 3, 2)
    assert state.words() == "Нет связи с 14:02 · ждут отправки: 3 записи · ждут вашего решения: 2"
    assert state.words(short=True) == "Нет связи с 14:02 · ждут: 3 · решить: 2"


@pytest.mark.parametrize(
    ("room", "whole"),
    [((1440, 900), True), ((1366, 768), True), ((800, 600), True), ((1920, 1080), False)],
)
def test_a_screen_without_room_for_the_title_bar_is_filled(
    qtbot: QtBot, room: tuple[int, int], *, whole: bool
) -> None:
    frame = MainFrame(college="Техникум")
    qtbot.addWidget(frame)
    frame.open_on(QSize(*room))
    assert frame.isVisible()
    assert frame.isMaximized() is whole
    assert frame.normalGeometry().width() <= room[0]
    assert frame.normalGeometry().height() <= room[1]
