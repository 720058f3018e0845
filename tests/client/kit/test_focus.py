"""Where Enter leads from a field."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from client.kit.focus import EnterTaker, go_next


class Taker(EnterTaker, QWidget):
    """Counts what it was asked."""

    asked = 0

    def take_enter(self, field: QWidget) -> bool:
        self.asked += 1
        return True


def test_enter_in_a_dialog_does_nothing_to_what_lies_beneath_it(qtbot: QtBot) -> None:
    beneath = Taker()
    qtbot.addWidget(beneath)
    dialog = QDialog(beneath)
    line = QLineEdit()
    QVBoxLayout(dialog).addWidget(line)
    own = QLineEdit(beneath)
    go_next(line)
    assert beneath.asked == 0
    go_next(own)
    assert beneath.asked == 1
