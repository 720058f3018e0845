"""What stays on this computer when the window closes, said before it does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from common.kit.words import counted, plural


def leave_words(waiting: int) -> str:
    records = counted(
        waiting, "неотправленная запись", "неотправленные записи", "неотправленных записей"
    )
    stays = plural(waiting, "останется", "останутся", "останутся")
    goes = plural(waiting, "Она уйдёт", "Они уйдут", "Они уйдут")
    return (
        f"На этом компьютере {stays} {records}. {goes} на сервер при следующем запуске, "
        "когда будет связь."
    )


def leave_question(waiting: int, parent: QWidget | None = None) -> QMessageBox:
    """`accepted` by «Закрыть программу»; open it, do not wait for it."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("Есть неотправленные записи")
    box.setText(leave_words(waiting))
    leave = box.addButton("Закрыть программу", QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton("Остаться", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leave)
    box.setEscapeButton(stay)
    return box
