"""Questions that a person is asked: plain text, Russian buttons, and what each of them does."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

Button = QMessageBox.StandardButton


class Answer(enum.Enum):
    SAVE = Button.Save
    DISCARD = Button.Discard
    CANCEL = Button.Cancel


def save_question(title: str, changed: Sequence[str], parent: QWidget | None = None) -> QMessageBox:
    """The box of `ask_save`, for those who show it themselves."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(f"Сохранить изменения в «{title}»?")
    if changed:
        box.setInformativeText("Изменено: " + ", ".join(changed))
    box.setStandardButtons(Button.Save | Button.Discard | Button.Cancel)
    box.setDefaultButton(Button.Save)
    box.setEscapeButton(Button.Cancel)
    return box


def ask_save(title: str, changed: Sequence[str], parent: QWidget | None = None) -> Answer:
    """«Сохранить / Не сохранять / Отмена», with the names of the fields that were changed."""
    return Answer(Button(save_question(title, changed, parent).exec()))


def confirm(text: str, yes: str, parent: QWidget | None = None) -> bool:
    """A question whose button says what will happen: «В корзину», not «Да»."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.addButton(Button.Cancel)
    box.setDefaultButton(Button.Cancel)
    box.exec()
    return box.clickedButton() is agreed
