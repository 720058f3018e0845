"""A table view whose first column stays in sight while the others scroll."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView

from client.kit.rows import RowModel
from client.kit.table_paint import Header, dress
from client.kit.theme import theme

LEAST = 20
"""Set before there are rows: with 100 000 of them Qt takes seconds to set it."""


class FrozenView(QTableView):
    """The frozen part is a second view over the same model and selection, shown only when scrolled."""

    def __init__(self, model: RowModel, header: Header) -> None:
        super().__init__()
        self.verticalHeader().setMinimumSectionSize(LEAST)
        self.setModel(model)
        self.setHorizontalHeader(header)
        dress(self)
        self._header = header
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
            self.setColumnWidth(number, max(theme().px(column.width), needed))
            self.setColumnHidden(number, not column.shown)

    def restyle(self) -> None:
        """After another scale: heights and widths anew."""
        for header in (self._header, self._frozen_header):
            header.setFixedHeight(theme().px(36))
            header.setMinimumSectionSize(theme().px(48))
        dress(self._frozen)
        model = self.model()
        if isinstance(model, RowModel):
            hidden = [self.isColumnHidden(n) for n in range(model.columnCount())]
            self._size_columns(model)
            for number, away in enumerate(hidden):
                self.setColumnHidden(number, away)

    def first_shown(self) -> int:
        return self._header.logicalIndexAt(0) if self._header.count() else 0

    def _section_resized(self, section: int, old: int, new: int) -> None:
        if section == 0:
            self._frozen.setColumnWidth(0, new)
            self._place_frozen()

    def _show_frozen(self, value: int) -> None:
        roomy = self.columnWidth(0) * 2 < self.viewport().width()
        self._frozen.setVisible(value > 0 and roomy)
        self._frozen_header.show_sort(self._header.sort)
        self._place_frozen()

    def _place_frozen(self) -> None:
        self._frozen.setColumnWidth(0, self.columnWidth(0))
        height = self.viewport().height() + self._header.height()
        self._frozen.setGeometry(0, 0, self.columnWidth(0), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_frozen(self.horizontalScrollBar().value())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(240), theme().px(120))
