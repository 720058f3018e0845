"""What is wrong with a shown window: names, clipped words, small targets, foreign words. Each answers the offenders."""

from __future__ import annotations

import re
from typing import TypeVar

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)

from client.kit.words import ElidedLabel

Shown = TypeVar("Shown", bound=QWidget)

ALLOWED = {
    "Alt", "Caps", "Ctrl", "Del", "End", "Enter", "Esc", "Excel", "Word", "Home", "Ins", "Lock", "PDF",
    "PageDown", "PageUp", "Python", "Qt", "Shift", "Tab", "QR", "ID",
}  # fmt: skip
"""Latin words that a Russian screen may show."""

QUOTED = re.compile(r"https?://\S+|[\w.]+@[\w.]+|F\d{1,2}\b")
SEEN = 60
"""Rows of a list that are read."""
LATIN = re.compile(r"[A-Za-z]{2,}")


def settle() -> None:
    for _ in range(6):
        QApplication.processEvents()


def shown(window: QWidget, kind: type[Shown]) -> list[Shown]:
    return [found for found in window.findChildren(kind) if found.isVisible()]


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""


def _words(widget: QWidget) -> str:
    return _text(widget) or widget.objectName() or widget.toolTip()


def missing_names(window: QWidget) -> list[str]:
    """Things that take the focus and that a screen reader could not name."""
    kinds = (QLineEdit, QAbstractButton, QAbstractItemView, QPlainTextEdit)
    return [
        f"{type(widget).__name__}: {_words(widget)}"
        for kind in kinds
        for widget in shown(window, kind)
        if _reachable(widget) and not _accessible_name(widget)
    ]


def _reachable(widget: QWidget) -> bool:
    takes = widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton)
    inside = isinstance(widget, QAbstractButton) and _inside_a_line(widget)
    return takes and not inside and not widget.objectName().startswith("qt_")


def _accessible_name(widget: QWidget) -> str:
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name)


def clipped(window: QWidget) -> list[str]:
    """Words that have less room than they need and do not end in «…»."""
    worded: list[QLabel | QAbstractButton] = [
        label for label in shown(window, QLabel) if not isinstance(label, ElidedLabel)
    ]
    worded += shown(window, QAbstractButton)
    return [
        f"{type(widget).__name__}: {_words(widget)}"
        for widget in worded
        if _words(widget) and _is_clipped(widget)
    ]


def _is_clipped(widget: QLabel | QAbstractButton) -> bool:
    if (isinstance(widget, QLabel) and widget.wordWrap()) or isinstance(widget, QCheckBox):
        return widget.heightForWidth(widget.width()) > widget.height() + 2
    need = widget.sizeHint()
    return need.width() > widget.width() + 1 or need.height() > widget.height() + 2


def sideways(window: QWidget) -> list[str]:
    """Forms whose inside is wider than what is seen of it."""
    return [
        f"{inside.width()} in {area.viewport().width()}"
        for area in shown(window, QScrollArea)
        if (inside := area.widget()) is not None and inside.width() > area.viewport().width()
    ]


def clipped_headers(window: QWidget) -> list[str]:
    out = []
    for header in shown(window, QHeaderView):
        model: QAbstractItemModel = header.model()
        out += [
            str(model.headerData(place, header.orientation()))
            for place in range(header.count())
            if header.orientation() == Qt.Orientation.Horizontal
            and not header.isSectionHidden(place)
            and header.sectionSizeFromContents(place).width() > header.sectionSize(place)
        ]
    return out


def small_targets(window: QWidget, least: int = 24) -> list[str]:
    return [
        f"{_words(button)} {button.width()}×{button.height()}"
        for button in shown(window, QAbstractButton)
        if min(button.width(), button.height()) < least and not _inside_a_line(button)
    ]


def _inside_a_line(button: QAbstractButton) -> bool:
    """Qt's own icon in a line: a drawing that nobody presses."""
    return isinstance(button.parentWidget(), QLineEdit) and not button.property("role")


def latin_words(window: QWidget) -> list[str]:
    """Words of ours; a label named «code» holds a secret to be copied."""
    labels = [label for label in shown(window, QLabel) if label.objectName() != "code"]
    texts = [_text(widget) for widget in [*labels, *shown(window, QAbstractButton)]]
    for widget in shown(window, QWidget):
        texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    texts += [bar.tabText(place) for bar in shown(window, QTabBar) for place in range(bar.count())]
    texts += [line.placeholderText() for line in shown(window, QLineEdit)]
    texts += [window.windowTitle()]
    return _latin(texts)


def latin_cells(window: QWidget) -> list[str]:
    """Headers and the cells that are seen; a server's address and a code are no words."""
    texts = []
    for view in shown(window, QTableView):
        model: QAbstractItemModel = view.model()
        columns = [n for n in range(model.columnCount()) if not view.isColumnHidden(n)]
        texts += [str(model.headerData(n, Qt.Orientation.Horizontal)) for n in columns]
        seen = range(min(model.rowCount(), SEEN))
        texts += [str(model.index(row, n).data() or "") for row in seen for n in columns]
    return _latin(texts)


def _latin(texts: list[str]) -> list[str]:
    found = {word for text in texts for word in LATIN.findall(QUOTED.sub("", text))}
    return sorted(found - ALLOWED)


def everything_wrong(window: QWidget) -> dict[str, list[str]]:
    """Empty where nothing is wrong."""
    settle()
    checks = (
        missing_names, clipped, clipped_headers, small_targets, sideways, latin_words, latin_cells,
    )  # fmt: skip
    found = {check.__name__: check(window) for check in checks}
    return {name: offenders for name, offenders in found.items() if offenders}
