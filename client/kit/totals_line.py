"""What the numbers of a list come to, under its rows: of the rows that are found or, where several are chosen, of those."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer

from client.kit.background import Background
from client.kit.list_source import StoreSource
from client.kit.records import Records
from client.kit.table import PagedTable
from client.kit.words import ElidedLabel
from common.kit import formats
from common.kit.lists import Kind, ListColumn, ListSpec, Total, kind_of
from common.kit.words import spaced

PAUSE = 60
"""Milliseconds after the last chosen row before the chosen ones are added up."""


class TotalsLine(ElidedLabel):
    """Hidden where there is nothing to tell."""

    def __init__(self, spec: ListSpec) -> None:
        super().__init__(role="muted")
        self.spec = spec
        self.found = ""
        self.setContentsMargins(12, 6, 12, 2)
        self.hide()

    def show_totals(self, totals: Mapping[str, str]) -> None:
        """Of all rows that are found; what is chosen is told of anew."""
        said = [
            f"{each.label}: {each.total.value} {totals[each.key]}"
            for each in self.spec.columns
            if each.total is not None and totals.get(each.key)
        ]
        self.found = " · ".join(said)
        self.say(self.found)

    def show_chosen(self, count: int, sums: Mapping[str, tuple[int, int]]) -> None:
        """`sums`: of each column the sum and the number of its values among so many chosen rows."""
        said = [
            f"{each.label}: {_told(each, *sums[each.key])}"
            for each in self.spec.columns
            if sums.get(each.key, (0, 0))[1]
        ]
        self.say(" · ".join([f"Выбрано {spaced(count)}", *said]) if said else self.found)

    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))


def _told(column: ListColumn, total: int, values: int) -> str:
    show = (column.format or formats.INTEGER).show
    mean = f"среднее {show(round(total / values))}"
    if column.total is Total.MEAN:
        return mean
    added = f"сумма {show(total)}"
    return added if column.total is Total.SUM else f"{added}, {mean}"


class ChosenTotals(QObject):
    """Follows what is chosen in a table: from two records on, its line tells of them.

    Columns with a total are added up and, as in a spreadsheet, the column of numbers in which the frame stands.
    """

    def __init__(
        self, store: Records, table: PagedTable, line: TotalsLine, background: Background
    ) -> None:
        super().__init__(table)
        self.store, self.table, self.line, self.background = store, table, line, background
        self.told = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.ask)
        table.selection_changed.connect(self._pause.start)
        table.view.selectionModel().currentChanged.connect(self._pause.start)

    def ask(self) -> None:
        source, ranges = self.table.model.source, self.table.selected_ranges()
        count, keys = self.table.selected_count(), self._keys()
        if count < 2 or not keys or not isinstance(source, StoreSource):
            self._tell_of_found()
            return
        name = self.line.spec.name
        self.background.ask(
            "sums",
            lambda: self.store.list_sums(name, source.numbers_in(ranges), keys),
            lambda sums: self._show(count, sums),
        )

    def _keys(self) -> list[str]:
        cell = self.table.current_cell()
        here = cell[0] if cell else ""
        return [
            each.key
            for each in self.line.spec.columns
            if each.total is not None or (each.key == here and kind_of(each) is Kind.NUMBER)
        ]

    def _show(self, count: int, sums: Mapping[str, tuple[int, int]]) -> None:
        if self.table.selected_count() == count:
            self.told = True
            self.line.show_chosen(count, sums)

    def _tell_of_found(self) -> None:
        if self.told:
            self.told = False
            self.line.say(self.line.found)
