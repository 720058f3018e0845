"""The finished desktop with a generated region: every screen, both sizes, both looks, ordinary and large letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from client.kit.actions import KeysDialog
from client.kit.list_screen import ListScreen
from client.kit.rows import Column
from client.kit.table import PagedTable
from client.shell.desktop import Desktop
from client.shell.errors import ErrorDialog, Trouble
from client.shell.leaving import leave_question
from client.shell.sign_in import SignIn
from tests.client.conftest import Dress, OpenDesktop
from tests.client.samples import SampleRows
from tests.widget_checks import everything_wrong, latin_cells, latin_words, settle

SIZES = [(800, 600), (1440, 900)]
LOOKS = [(False, 1.0), (True, 1.0), (False, 1.5), (True, 1.5)]


@pytest.fixture
def desktop(open_desktop: OpenDesktop, qtbot: QtBot) -> Iterator[Desktop]:
    made = open_desktop()
    made.frame.show()
    made.work.open_section("applicants")
    screen = made.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    qtbot.waitUntil(lambda: screen.total > 0)
    yield made
    made.frame.hide()


def tour(desktop: Desktop, qtbot: QtBot) -> Iterator[str]:
    """Opens one screen after another in the main window, and says which is on."""
    frame = desktop.frame
    screen = frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    frame.open_tab("applicants", "", screen)
    yield "the list"
    screen.table.view.selectAll()
    yield "many chosen rows"
    screen.table.view.clearSelection()
    first = screen.source.id_at(0)
    desktop.work.open_applicant(UUID(first))
    form = frame.tab(frame.current_tab())
    yield "the form"
    yield from scrolled(form)
    desktop.work.open_applicant(None)
    yield "a new form"
    for section in ("groups", "campaigns"):
        desktop.work.open_section(section)
        listed = frame.tab(section)
        assert isinstance(listed, ListScreen)
        qtbot.waitUntil(partial(has_rows, listed))
        yield section
        desktop.work.open_record(listed.spec, UUID(listed.source.id_at(0)))
        yield f"a record of {section}"
    desktop.work.open_outbox()
    yield "the outbox"
    desktop.inbox.open()
    yield "no differences"
    frame.notice.say("Вход на этом компьютере больше не действует.", "Войти снова", lambda: None)
    frame.undo_bar.offer(
        "Поступающий: 00-163, Лебедев Дмитрий Михайлович — в корзине", lambda: None
    )
    yield "notice and undo"
    frame.notice.hide()
    frame.undo_bar.dismiss()
    desktop.guard.renew("Вход на этом компьютере больше не действует")
    yield "the sign-in that has run out"
    desktop.guard.screen.later.click()


def has_rows(screen: ListScreen) -> bool:
    return screen.total > 0


def scrolled(form: QWidget) -> Iterator[str]:
    """The whole form, a screenful at a time."""
    for area in form.findChildren(QScrollArea):
        bar = area.verticalScrollBar()
        while bar.value() < bar.maximum():
            bar.setValue(bar.value() + area.viewport().height())
            yield f"the form at {bar.value()}"


@pytest.mark.parametrize(("dark", "scale"), LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_wrong_with_the_finished_desktop(
    desktop: Desktop, dress: Dress, qtbot: QtBot, *, dark: bool, scale: float, width: int, height: int
) -> None:  # fmt: skip
    dress(dark=dark, scale=scale)
    desktop.frame.resize(width, height)
    found = {
        name: wrong for name in tour(desktop, qtbot) if (wrong := everything_wrong(desktop.frame))
    }
    assert found == {}
    assert (desktop.frame.width(), desktop.frame.height()) == (width, height)


def sign_in_window(desktop: Desktop) -> QWidget:
    window = SignIn(desktop.link.server, "sekretar")
    window.offer_offline("Сервер не отвечает. Можно работать с записями этого компьютера")
    window.set_error("password", "Пароль не подходит. Проверьте раскладку и Caps Lock")
    return window


def busy_sign_in(desktop: Desktop) -> QWidget:
    window = SignIn(desktop.link.server, "sekretar")
    window.set_busy(busy=True)
    return window


def error_window(_desktop: Desktop) -> QWidget:
    dialog = ErrorDialog()
    dialog.show_troubles([Trouble("1", "ValueError\n  screens.py:10 show", 3)])
    return dialog


def keys_window(desktop: Desktop) -> QWidget:
    return KeysDialog(desktop.frame.actions_of_window)


def leaving_window(_desktop: Desktop) -> QWidget:
    return leave_question(12)


ASIDES = [sign_in_window, busy_sign_in, error_window, keys_window, leaving_window]


@pytest.mark.parametrize(("dark", "scale"), LOOKS)
def test_nothing_is_wrong_with_the_windows_beside_it(
    desktop: Desktop, dress: Dress, qtbot: QtBot, *, dark: bool, scale: float
) -> None:
    dress(dark=dark, scale=scale)
    found = {}
    for make in ASIDES:
        window = make(desktop)
        qtbot.addWidget(window)
        window.show()
        settle()
        assert (window.width() <= 800, window.height() <= 600) == (True, True), make.__name__
        if wrong := everything_wrong(window):
            found[make.__name__] = wrong
    assert found == {}


# ---- the checks themselves find what they are for


def bad_label() -> QWidget:
    window = QWidget()
    label = QLabel("Very clipped слово", window)
    label.setFixedSize(20, 8)
    return window


def bad_cell() -> QWidget:
    rows = SampleRows(3)
    rows.columns = tuple(Column(c.id, "Status", 200) for c in rows.columns)
    window = QWidget()
    QVBoxLayout(window).addWidget(PagedTable(rows, "Список"))
    return window


@pytest.mark.parametrize(
    ("make", "check"),
    [(bad_label, "clipped"), (bad_label, "latin_words"), (bad_cell, "latin_cells")],
)
def test_a_check_sees_a_bad_example(
    make: Callable[[], QWidget], check: str, qtbot: QtBot, dress: Dress
) -> None:
    window = make()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    assert check in everything_wrong(window)


def test_foreign_words_are_seen_in_every_place_of_a_window(qtbot: QtBot, dress: Dress) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setWindowTitle("Title")
    label = QLabel("Label", window)
    label.setToolTip("Tooltip")
    label.setAccessibleName("Spoken")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    window.show()
    assert latin_words(window) == ["Label", "Spoken", "Title", "Tooltip"]
    assert latin_cells(window) == []
