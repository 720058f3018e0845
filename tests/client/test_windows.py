"""Every window at both sizes, in both looks, with large letters: nothing clipped, nameless, foreign or too small."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.kit.actions import KeysDialog
from client.kit.questions import save_question
from client.shell.errors import ErrorDialog, Trouble
from tests.client.conftest import Dress
from tests.client.samples import sample_frame, sample_sign_in
from tests.widget_checks import everything_wrong, settle

SIZES = [(800, 600), (1440, 900)]
LOOKS = [(False, 1.0), (True, 1.0), (False, 1.5), (True, 1.5)]


def list_window() -> QWidget:
    return sample_frame()


def form_window() -> QWidget:
    frame = sample_frame(offline=False)
    frame.open_tab("card", "", QWidget())
    frame.undo_bar.offer("Заявление 0412 перемещено в корзину", lambda: None)
    return frame


def error_window() -> QWidget:
    dialog = ErrorDialog()
    dialog.show_troubles([Trouble("1", "ValueError\n  screens.py:10 show", 3)])
    return dialog


def keys_window() -> QWidget:
    frame = sample_frame()
    dialog = KeysDialog(frame.actions_of_window)
    frame.deleteLater()
    return dialog


MADE = [list_window, form_window, sample_sign_in, error_window, keys_window]


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize(("dark", "scale"), LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_wrong_with_a_window(
    make: Callable[[], QWidget], *, dark: bool, scale: float, width: int, height: int,
    qtbot: QtBot, dress: Dress,
) -> None:  # fmt: skip
    dress(dark=dark, scale=scale)
    window = make()
    qtbot.addWidget(window)
    window.resize(width, height)
    with qtbot.waitExposed(window):
        window.show()
    assert everything_wrong(window) == {}


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_window_fits_into_800_by_560(
    make: Callable[[], QWidget], scale: float, qtbot: QtBot, dress: Dress
) -> None:
    dress(scale=scale)
    window = make()
    qtbot.addWidget(window)
    window.resize(800, 560)
    window.show()
    settle()
    assert window.width() <= 800
    assert window.height() <= 560
    layout = window.layout()
    least = layout.minimumSize() if layout else window.minimumSizeHint()
    assert (least.width() <= 800, least.height() <= 560) == (True, True)


def test_an_open_window_takes_on_another_look(qtbot: QtBot, dress: Dress) -> None:
    window = sample_frame()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    light = window.grab().toImage().pixelColor(400, 300).lightness()
    dress(dark=True, scale=1.5)
    settle()
    assert window.grab().toImage().pixelColor(400, 300).lightness() < 100 < light
    assert everything_wrong(window) == {}


def test_the_question_of_unsaved_changes_is_asked_in_russian(qtbot: QtBot, dress: Dress) -> None:
    box = save_question("Кузнецова А. И.", ["Телефон", "СНИЛС"])
    qtbot.addWidget(box)
    assert {button.text() for button in box.buttons()} == {"Сохранить", "Не сохранять", "Отмена"}
    assert box.informativeText() == "Изменено: Телефон, СНИЛС"
