"""Ctrl+C in a table: the chosen rows as text and as a table, so that a spreadsheet and a letter take them as they are read."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut

from client.kit.background import Background
from common.kit.sheets import inert_text
from common.kit.words import counted
from common.kit.xlsx import cell_text

if TYPE_CHECKING:
    from client.kit.table import PagedTable

Rows = Sequence[Sequence[str]]

TEXT_CELL = "mso-number-format:'\\@'"
"""Excel keeps a cell of this style as it is written: leading zeros, and what begins as a formula."""
AT_ONCE = 200
"""More rows than these are fetched and put together off the GUI thread."""
STEP = 2_000


def tsv(rows: Rows) -> str:
    """A line a row; no cell begins a formula, and none breaks its line."""
    return "\r\n".join("\t".join(_flat(cell) for cell in row) for row in rows)


def _flat(text: str) -> str:
    return inert_text(" ".join(text.split()))


def table_html(rows: Rows, *, headed: bool) -> str:
    """With `headed` the first row names the columns."""
    made = []
    for number, row in enumerate(rows):
        tag = "th" if headed and number == 0 else "td"
        cells = "".join(f'<{tag} style="{TEXT_CELL}">{_escaped(cell)}</{tag}>' for cell in row)
        made.append(f"<tr>{cells}</tr>")
    return f'<html><head><meta charset="utf-8"></head><body><table>{"".join(made)}</table></body></html>'


def _escaped(text: str) -> str:
    return html.escape(cell_text(text)).replace("\n", "<br>")


class Copying(QObject):
    """Ctrl+C, and Ctrl+Shift+C with the names of the columns; `copied(words)` when the clipboard has it."""

    copied = Signal(str)

    def __init__(self, table: PagedTable) -> None:
        super().__init__(table)
        self.table = table
        self.background = Background(self)
        for keys, headed in (("Ctrl+C", False), ("Ctrl+Shift+C", True)):
            key = QShortcut(QKeySequence(keys), table.view)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(lambda headed=headed: self.copy(headed=headed))

    def copy(self, *, headed: bool) -> None:
        """The chosen rows, in the columns that are shown and in their order."""
        ranges = self.table.selected_ranges()
        count = sum(stop - start for start, stop in ranges)
        source = self.table.model.source
        ids = [column.id for column in source.columns]
        shown = [ids.index(id) for id in self.table.shown_columns()]
        titles = [[source.columns[place].title for place in shown]] if headed else []

        def work() -> tuple[str, str]:
            rows: list[Sequence[str]] = list(titles)
            for start, stop in ranges:
                for at in range(start, stop, STEP):
                    lines = source.rows(at, min(at + STEP, stop))
                    rows += [[line[place] for place in shown] for line in lines]
            return tsv(rows), table_html(rows, headed=headed)

        def done(made: tuple[str, str]) -> None:
            _to_clipboard(*made)
            self.copied.emit(f"Скопировано: {counted(count, 'строка', 'строки', 'строк')}")

        if not count:
            return
        if count <= AT_ONCE:
            done(work())
        else:
            self.background.ask("copy", work, done)


def _to_clipboard(text: str, table: str) -> None:
    data = QMimeData()
    data.setText(text)
    data.setHtml(table)
    QGuiApplication.clipboard().setMimeData(data)
