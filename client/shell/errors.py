"""What nobody caught: one window for a storm of errors, with a report that holds no personal data."""

from __future__ import annotations

import hashlib
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout

from client.kit.buttons import button
from client.kit.theme import theme
from client.kit.words import plain
from client.kit.wrap_row import WrapRow
from client.store.connection import Asleep
from common.kit.words import counted

log = logging.getLogger("client.errors")

QUIET = 60.0
"""Seconds for which an error that was shown is only counted."""


@dataclass(slots=True)
class Trouble:
    """One place in the program that broke, and how often."""

    key: str
    report: str
    times: int = 0
    shown_at: float | None = field(default=None)


def report_of(error: BaseException, trace: TracebackType | None) -> str:
    """Kind of the error and the places in the code; never its message: that may name a person."""
    places = traceback.extract_tb(trace)
    lines = [f"  {Path(place.filename).name}:{place.lineno} {place.name}" for place in places]
    return "\n".join([type(error).__name__, *lines])


def versions() -> str:
    return f"Python {platform.python_version()}, Qt {PySide6.__version__}, {platform.system()}"


class ErrorDialog(QDialog):
    """Stays open while others come in; work goes on behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Ошибка в программе")
        self.text = plain("")
        self.text.setWordWrap(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Сведения об ошибке")
        self.details.setTabChangesFocus(True)
        self.copy = button("Скопировать сведения", "copy", run=self._copy)
        go_on = button("Продолжить работу", primary=True, run=self.accept)
        go_on.setDefault(True)
        go_on.setFocus()
        buttons = WrapRow(self.copy, go_on)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(plain("Произошла ошибка, программа продолжает работать", role="heading"))
        whole.addWidget(self.text)
        whole.addWidget(self.details, 1)
        whole.addLayout(buttons)
        self.resize(min(theme().px(560), 760), min(theme().px(360), 560))

    def show_troubles(self, troubles: list[Trouble]) -> None:
        times = counted(sum(trouble.times for trouble in troubles), "раз", "раза", "раз")
        self.text.setText(
            f"Проверьте, записалось ли последнее действие, и повторите его ({times}). "
            "Если ошибка повторится, передайте сведения администратору: личных данных в них нет."
        )
        parts = [f"{trouble.report}\n  повторов: {trouble.times}" for trouble in troubles]
        self.details.setPlainText("\n\n".join([versions(), *parts]))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())


class ErrorGate(QObject):
    """Takes the errors of slots, models, threads and finalizers; `clock` gives seconds, as time.monotonic does."""

    happened = Signal(object)

    def __init__(self, clock: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._troubles: dict[str, Trouble] = {}
        self._lock = threading.Lock()
        self.dialog: ErrorDialog | None = None
        self.happened.connect(self._show)

    def install(self) -> None:
        sys.excepthook = self.take
        threading.excepthook = lambda args: self.take(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        sys.unraisablehook = lambda args: self.take(
            args.exc_type, args.exc_value, args.exc_traceback
        )

    def uninstall(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__

    def take(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Count the error; show it unless it is known and fresh. May be called from any thread."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        if issubclass(kind, Asleep):  # a question that was on its way when the program was locked
            return
        report = report_of(error or kind(), trace)
        key = hashlib.sha256(report.encode()).hexdigest()
        with self._lock:
            trouble = self._troubles.setdefault(key, Trouble(key, report))
            trouble.times += 1
            now = self._clock()
            due = trouble.shown_at is None or now - trouble.shown_at > QUIET
            if due:
                trouble.shown_at = now
        if due:
            log.error("%s", report)
            self.happened.emit(trouble)

    def _show(self, trouble: Trouble) -> None:
        if self.dialog is None:
            self.dialog = ErrorDialog()
            self.dialog.finished.connect(self._closed)
        self.dialog.show_troubles(self.troubles())
        self.dialog.show()

    def troubles(self) -> list[Trouble]:
        with self._lock:
            return [trouble for trouble in self._troubles.values() if trouble.times]

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        with self._lock:
            for trouble in self._troubles.values():
                trouble.times = 0
