"""A table view whose first column stays in sight while the others scroll."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QTableView

from client.kit.rows import RowModel
from client.kit.table_paint import SIDE, Header, dress
from client.kit.theme import theme

SNAP = 8
FIRST_ROWS, WIDEST = 40, 420
LEAST = 20
"""Set before there are rows: with 100 000 of them Qt takes seconds to set it."""


class FrozenView(QTableView):
    """The frozen part is a second view over the same model and selection, shown only when scrolled."""

    def __init__(self, model: RowModel, header: Header, *, even: bool = False) -> None:
        """`even`: all columns of words share the room that is left, not the widest alone."""
        super().__init__()
        self._even = even
        self.verticalHeader().setMinimumSectionSize(LEAST)
        self.setModel(model)
        self.setHorizontalHeader(header)
        dress(self)
        self._header = header
        self._needed: dict[int, int] = {}
        """What the words of the first rows would take; empty before there are rows."""
        self._wanted: dict[int, int] = {}
        """Widths as declared or as a person left them; what is shown may be stretched."""
        self.fitting = False
        """Widths change by themselves just now, not by a person's hand."""
        self._frozen = QTableView(self)
        self._frozen_header = Header(self._frozen)
        self._build_frozen(model)
        self._size_columns(model)
        header.sectionResized.connect(self._section_resized)
        self.horizontalScrollBar().valueChanged.connect(self._show_frozen)

    def _build_frozen(self, model: RowModel) -> None:
        frozen = self._frozen
        frozen.verticalHeader().setMinimumSectionSize(LEAST)
        frozen.setModel(model)
        frozen.setHorizontalHeader(self._frozen_header)
        frozen.setSelectionModel(self.selectionModel())
        dress(frozen)
        frozen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        frozen.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frozen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frozen.setVerticalScrollMode(self.verticalScrollMode())
        frozen.doubleClicked.connect(self.doubleClicked)
        self._frozen_header.sectionClicked.connect(self._header_clicked)
        for column in range(1, model.columnCount()):
            frozen.setColumnHidden(column, True)
        self.verticalScrollBar().valueChanged.connect(frozen.verticalScrollBar().setValue)
        frozen.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        frozen.hide()

    def _header_clicked(self, section: int) -> None:
        self._header.sectionClicked.emit(section)
        self._frozen_header.show_sort(self._header.sort)

    def _size_columns(self, model: RowModel) -> None:
        for number, column in enumerate(model.columns()):
            needed = self._header.sectionSizeFromContents(number).width()
            self._wanted[number] = max(theme().px(column.width), needed)
            self.setColumnHidden(number, not column.shown)
        self.fit()

    def restyle(self) -> None:
        """After another scale: heights and widths anew."""
        for header in (self._header, self._frozen_header):
            header.setFixedHeight(theme().px(36))
            header.setMinimumSectionSize(theme().px(48))
        dress(self._frozen)
        self._needed.clear()
        model = self.model()
        if isinstance(model, RowModel):
            hidden = [self.isColumnHidden(n) for n in range(model.columnCount())]
            self._size_columns(model)
            for number, away in enumerate(hidden):
                self.setColumnHidden(number, away)
        self.fit()
        self.learn()

    def wanted_width(self, section: int) -> int:
        return self._wanted[section]

    def set_wanted_width(self, section: int, width: int) -> None:
        """Letters do not grow quite as the scale does: a title that lacks a little gets it."""
        needed = self._header.sectionSizeFromContents(section).width()
        lacks = needed - width
        self._wanted[section] = needed if 0 < lacks <= theme().px(SNAP) else width
        self.fit()

    def learn(self) -> None:
        """How wide the words of the first rows are; once, for columns that jump with each filter are not read.

        Only where they are seen: behind a lock the rows cannot be read.
        """
        model = self.model()
        if self._needed or not isinstance(model, RowModel) or not model.rowCount():
            return
        if not self.isVisible():
            return
        metrics, most = QFontMetrics(theme().font()), theme().px(WIDEST)
        first = range(min(model.rowCount(), FIRST_ROWS))
        rows = [row for row in first if model.heading(row) is None]
        for number, column in enumerate(model.columns()):
            if not self.isColumnHidden(number) and not column.pill:
                said = (metrics.horizontalAdvance(model.text(row, number)) for row in rows)
                self._needed[number] = min(max(said, default=0) + theme().px(3 * SIDE), most)
        self.fit()

    def fit(self) -> None:
        """Columns whose words are cut, then the widest of words, take the room that the others leave: no empty field at the right."""
        shown = [n for n in self._wanted if not self.isColumnHidden(n)]
        widths = {n: self._wanted[n] for n in shown}
        spare = max(0, self.viewport().width() - sum(widths.values()))
        for number in sorted(shown, key=lambda n: self._needed.get(n, 0) - widths[n]):
            more = min(spare, max(0, self._needed.get(number, 0) - widths[number]))
            widths[number] += more
            spare -= more
        elastic = self._elastic(shown)
        for number in elastic:
            widths[number] += spare // len(elastic)
        self.fitting = True
        for number, width in widths.items():
            self.setColumnWidth(number, width)
        self.fitting = False

    def _elastic(self, shown: list[int]) -> list[int]:
        model = self.model()
        assert isinstance(model, RowModel)  # noqa: S101  there is no other
        texts = [n for n in shown if not (model.columns()[n].right or model.columns()[n].pill)]
        found = texts or shown
        return found if self._even else found and [max(found, key=lambda n: self._wanted[n])]

    def first_shown(self) -> int:
        return self._header.logicalIndexAt(0) if self._header.count() else 0

    def _section_resized(self, section: int, old: int, new: int) -> None:
        if not self.fitting and new:
            self._wanted[section] = new
        if section == 0:
            self._place_frozen()

    def _show_frozen(self, value: int) -> None:
        self._header.viewport().update()  # the title at the edge is cut elsewhere now
        self._frozen.setVisible(value > 0)
        self._frozen_header.show_sort(self._header.sort)
        self._place_frozen()

    def _place_frozen(self) -> None:
        """At most half of the view: a long first column is cut, not dropped."""
        width = min(self.columnWidth(0), self.viewport().width() // 2)
        self._frozen.setColumnWidth(0, width)
        height = self.viewport().height() + self._header.height()
        self._frozen.setGeometry(0, 0, width, height)

    def showEvent(self, event: QShowEvent) -> None:
        """Rows are read from the loop: a fault in one would be told once by each widget around."""
        super().showEvent(event)
        QTimer.singleShot(0, self.learn)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        self._show_frozen(self.horizontalScrollBar().value())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(240), min(theme().px(120), 200))
