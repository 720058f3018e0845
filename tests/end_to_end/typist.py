"""Types as a person does: key events to whatever has the focus, nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


class Typist:
    """Counts the keys it has pressed, and how many of them were letters of what is stored."""

    def __init__(self) -> None:
        self.keys = 0
        self.letters = 0

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def type(self, text: str) -> None:
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(self.focused(), event)
            self.keys += 1
            self.letters += 1
        QApplication.processEvents()

    def press(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        widget = self.focused()
        QTest.keyPress(widget, key, held)
        QTest.keyRelease(widget, key, held)
        self.keys += 1
        QApplication.processEvents()

    def enter(self, times: int = 1) -> None:
        for _ in range(times):
            self.press(Qt.Key.Key_Return)

    def go_to(self, name: str) -> None:
        """Enter until the editor of that name has the focus; what stands in between is left as it is."""
        for _ in range(80):
            if self.editor_name() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"{name} cannot be reached by keyboard")

    def editor_name(self) -> str:
        widget: QWidget | None = self.focused()
        while widget is not None:
            if "." in widget.objectName():
                return widget.objectName()
            widget = widget.parentWidget()
        return ""
