"""Hears what the system brings to every window of the program, before any widget or shortcut has it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QWindow


class Listening(QObject):
    """Its `eventFilter` gets the events of each window in which a person works; at the widgets it would cost at every one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)  # noqa: S101  a window has one
        app.focusWindowChanged.connect(self.listen)

    def listen(self, window: QWindow | None) -> None:
        """However often it comes to the front: Qt keeps one filter of each, and forgets it with the window."""
        if window is not None:
            window.installEventFilter(self)
