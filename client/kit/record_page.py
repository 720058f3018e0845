"""The tab of one record: its form, the button that stores it, and what stands in the way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client.kit.icons import icon
from client.kit.questions import Answer, ask_save
from client.kit.record_form import RecordForm
from client.kit.words import ElidedLabel, plain


class RecordPage(QWidget):
    """`saved(id)`, `dirty_changed(bool)`."""

    saved = Signal(str)
    dirty_changed = Signal(bool)

    def __init__(self, form: RecordForm, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form, self.title = form, title
        self.faults = plain("")
        self.faults.setProperty("tone", "error")
        self.faults.setWordWrap(True)
        self.faults.hide()
        self.save = QPushButton("Записать")
        self.save.setToolTip("Ctrl+S")
        self.save.setIcon(icon("save", "on_accent"))
        self.save.setProperty("primary", "true")
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 4)
        top.addWidget(ElidedLabel(title, role="title"), 1)
        top.addWidget(self.save)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addLayout(top)
        body.addWidget(self.faults)
        body.addWidget(form, 1)
        if way := form.way():
            self.setFocusProxy(way[0])
        self.save.clicked.connect(self.store_it)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.store_it)
        form.changed.connect(lambda: self.dirty_changed.emit(form.is_dirty()))

    def store_it(self) -> bool:
        """Record what was typed; False where something stands in the way."""
        faults = self.form.faults()
        self.faults.setText("Не записано. " + " · ".join(text for _, text in faults))
        self.faults.setVisible(bool(faults))
        if faults:
            self.form.show_faults(faults)
            return False
        self.form.save()
        self.saved.emit(self.form.held[self.form.plan.main].id.hex)
        return True

    def may_close(self) -> bool:
        if not self.form.is_dirty():
            return True
        answer = ask_save(self.title, self.form.dirty_labels(), self)
        if answer is Answer.SAVE:
            return self.store_it()
        if answer is Answer.DISCARD:
            self.form.discard()
        return answer is not Answer.CANCEL
