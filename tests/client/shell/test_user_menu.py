"""The foot of the window names who works here, as far as there is room."""

from __future__ import annotations

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from client.shell.status import StatusLine
from tests.client.conftest import Dress
from tests.widget_checks import clipped, settle

NAME = "Константинопольская Александра Вениаминовна, ответственный секретарь приёмной комиссии"


def test_a_long_name_gives_way_and_comes_back(qtbot: QtBot, dress: Dress) -> None:
    dress(scale=1.5)
    line = StatusLine()
    qtbot.addWidget(line)
    line.user.set_name(NAME)
    line.user.set_actions([QAction("Сменить свой пароль")])
    line.resize(2400, 60)
    line.show()
    settle()
    whole = line.user.name.width()
    line.resize(700, 60)
    settle()
    assert line.user.name.width() < whole
    assert clipped(line) == []
    line.resize(2400, 60)
    settle()
    assert line.user.name.width() == whole >= line.user.name.sizeHint().width()
