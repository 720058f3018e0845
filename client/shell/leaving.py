"""What stays on this computer when the window closes, said before it does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from common.kit.words import counted, plural


def leave_words(waiting: int, files: int = 0) -> str:
    records = counted(
        waiting, "неотправленная запись", "неотправленные записи", "неотправленных записей"
    )
    scans = counted(files, "неотправленный файл", "неотправленных файла", "неотправленных файлов")
    what = " и ".join(said for number, said in ((waiting, records), (files, scans)) if number)
    number = waiting or files
    several = bool(waiting and files)
    stays = "останутся" if several else plural(number, "останется", "останутся", "останутся")
    one = "Она уйдёт" if waiting else "Он уйдёт"
    goes = "Они уйдут" if several else plural(number, one, "Они уйдут", "Они уйдут")
    return (
        f"На этом компьютере {stays} {what}. {goes} на сервер при следующем запуске, "
        "когда будет связь."
    )


def leave_question(waiting: int, files: int = 0, parent: QWidget | None = None) -> QMessageBox:
    """`accepted` by «Закрыть программу»; open it, do not wait for it."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("Есть неотправленные записи")
    box.setText(leave_words(waiting, files))
    leave = box.addButton("Закрыть программу", QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton("Остаться", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leave)
    box.setEscapeButton(stay)
    return box
