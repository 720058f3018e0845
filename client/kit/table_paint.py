"""How a table is painted: rows, pills of states, and headers with the arrow and the place of a sort."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from client.kit.icons import paint_icon
from client.kit.rows import Mark, RowModel
from client.kit.theme import theme

SIDE = 12
"""Pixels left free at both sides of a cell and of a header, so that they stand in one line."""

SLIVER = 32
"""Pixels at scale 1 under which two lines of a title would be two «…»."""

MIDDLE_FROM = 200
"""Pixels at scale 1 from which a cut in the middle leaves enough at both ends."""

Sort = tuple[tuple[str, bool], ...]
"""(column id, descending) in the order of their weight."""


class CellPainter(QStyledItemDelegate):
    """Paints without the style: the same for every cell, and at a fraction of the time."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model = index.model()
        if not isinstance(model, RowModel):
            return
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        column, text = model.columns()[index.column()], model.text(index.row(), index.column())
        painter.save()
        self._ground(painter, area, state, first=index.column() == 0)
        if (group := model.heading(index.row())) is not None:
            self._heading(painter, option, index, folded=model.is_folded(group))
            painter.restore()
            return
        if model.marks and index.column() == _first_column(option.widget):
            area = self._mark(painter, area, model.mark(index.row()))
        if column.pill and text:
            self._pill(painter, area, text, model.source.tone(column.id, text))
        else:
            self._words(painter, area, text, right=column.right)
        painter.restore()

    def _ground(
        self, painter: QPainter, area: QRect, state: QStyle.StateFlag, *, first: bool
    ) -> None:
        colours = theme().tokens
        marked = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, colours.color("sel" if marked else "surface"))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, colours.color("line2"))
        if marked and first:
            painter.fillRect(area.x(), area.y(), 3, area.height(), colours.color("accent"))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(colours.color("accent"))
            painter.drawRect(area.adjusted(0, 0, -1, -2))

    def _heading(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        *,
        folded: bool,
    ) -> None:
        """Its words run on over the cells that have no total; each cell paints its part of them."""
        look, area, model = theme(), QRect(option.rect), index.model()
        assert isinstance(model, RowModel)  # noqa: S101  only its rows have headings
        if not option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area.adjusted(0, 0, 0, -1), look.tokens.color("surface2"))
        painter.setFont(look.font(13, QFont.Weight.DemiBold))
        first, total = _first_column(option.widget), model.text(index.row(), index.column())
        if index.column() != first and total:
            painter.setPen(look.tokens.color("muted"))
            room = area.adjusted(0, 0, -look.px(SIDE), 0)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, total
            )
            return
        view = option.widget
        assert isinstance(view, QTableView)  # noqa: S101  only tables are painted so
        left, end = _run(view, model, index.row(), first)
        if area.x() >= end:
            return
        painter.setClipRect(area)
        side = look.px(16)
        top = area.y() + (area.height() - side) / 2
        sign = "chevron-right" if folded else "chevron-down"
        paint_icon(painter, QRectF(left + look.px(8), top, side, side), sign, "muted")
        words = QRect(left + look.px(30), area.y(), end - left - look.px(36), area.height())
        text = model.text(index.row(), first if model.text(index.row(), first) else 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(look.tokens.color("text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)

    def _mark(self, painter: QPainter, area: QRect, mark: Mark | None) -> QRect:
        """What is left for the words: all rows keep the place, so that they stay in one line."""
        look = theme()
        side = look.px(14)
        if mark is not None:
            top = area.y() + (area.height() - side) / 2
            paint_icon(
                painter, QRectF(area.x() + look.px(6), top, side, side), mark.icon, mark.tone
            )
        return area.adjusted(look.px(12), 0, 0, 0)

    def _words(self, painter: QPainter, area: QRect, text: str, *, right: bool) -> None:
        look = theme()
        painter.setFont(look.font())
        painter.setPen(look.tokens.color("text"))
        room = area.adjusted(look.px(SIDE), 0, -look.px(SIDE), 0)
        shown = painter.fontMetrics().elidedText(text, cut(room.width()), room.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _pill(self, painter: QPainter, area: QRect, text: str, tone: str) -> None:
        look, colours = theme(), theme().tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(12, QFont.Weight.Medium))
        room = area.width() - look.px(SIDE) - look.px(6)
        words = room - look.px(27)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, words)
        width = painter.fontMetrics().horizontalAdvance(shown) + look.px(27)
        height = look.px(20)
        top = area.y() + (area.height() - height) / 2
        pill = QRectF(area.x() + look.px(SIDE) - 2, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color("line2" if tone == "muted" else f"{tone}_s"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setBrush(colours.color(tone))
        dot = look.px(3)
        painter.drawEllipse(QPointF(pill.x() + look.px(11), pill.center().y()), dot, dot)
        painter.setPen(colours.color(tone))
        painter.drawText(pill.adjusted(look.px(19), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        look = theme()
        model = index.model()
        if not isinstance(model, RowModel):
            return QSize()
        text = model.text(index.row(), index.column())
        pill = look.px(20) if model.columns()[index.column()].pill else 0
        advance = QFontMetrics(look.font()).horizontalAdvance(text)
        return QSize(advance + 2 * look.px(SIDE) + pill, look.px(36))


def _first_column(view: QWidget) -> int:
    """The column that stands first, wherever the view is scrolled to."""
    assert isinstance(view, QTableView)  # noqa: S101  only tables are painted so
    header = view.horizontalHeader()
    order = (header.logicalIndex(place) for place in range(header.count()))
    return next((n for n in order if not view.isColumnHidden(n)), 0)


def _run(view: QTableView, model: RowModel, row: int, first: int) -> tuple[int, int]:
    """Where the words of a heading begin in the view, and where the first total ends them."""
    header = view.horizontalHeader()
    order = [header.logicalIndex(place) for place in range(header.count())]
    left = header.sectionViewportPosition(first)
    end = left
    for column in order:
        if view.isColumnHidden(column):
            continue
        if column != first and model.text(row, column):
            break
        end = header.sectionViewportPosition(column) + header.sectionSize(column)
    return left, end


def cut(room: int) -> Qt.TextElideMode:
    """A long text keeps its end too: names in one list often begin alike and differ in their last word."""
    wide = room >= theme().px(MIDDLE_FROM)
    return Qt.TextElideMode.ElideMiddle if wide else Qt.TextElideMode.ElideRight


class Header(QHeaderView):
    """Titles at the left, in two lines where one has no room; the arrow of a sorted column, its number where several are sorted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.sort: Sort = ()
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme().px(48))
        self.setFixedHeight(theme().px(36))

    def show_sort(self, sort: Sort) -> None:
        self.sort = sort
        self.viewport().update()

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:  # noqa: N803 - the name that Qt gives
        look = theme()
        lines = _in_two(self._title(logicalIndex), self._metrics())
        widest = max(self._metrics().horizontalAdvance(line) for line in lines)
        return QSize(widest + 2 * look.px(SIDE) + look.px(16), look.px(36))

    def _title(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal))

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme().font(12, QFont.Weight.DemiBold))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - the name that Qt gives
        look, colours = theme(), theme().tokens
        painter.save()
        painter.fillRect(rect, colours.color("surface2"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, colours.color("line"))
        painter.setFont(look.font(12, QFont.Weight.DemiBold))
        place, metrics = self._place(logicalIndex), painter.fontMetrics()
        room = rect.adjusted(look.px(SIDE), 0, -look.px(SIDE if place is None else 26), 0)
        room.setRight(min(room.right(), self.viewport().width() - 1))
        title = self._title(logicalIndex)
        whole = metrics.horizontalAdvance(title) <= room.width() or room.width() < look.px(SLIVER)
        lines = [title] if whole else _in_two(title, metrics)
        shown = [metrics.elidedText(e, Qt.TextElideMode.ElideRight, room.width()) for e in lines]
        painter.setPen(colours.color("muted" if place is None else "accent"))
        top = room.y() + (room.height() - len(shown) * metrics.height()) // 2
        for number, line in enumerate(shown):
            painter.drawText(room.x(), top + number * metrics.height() + metrics.ascent(), line)
        if place is not None:
            widest = max(map(metrics.horizontalAdvance, shown))
            self._arrow(painter, rect, place, room.x() + widest)
        painter.restore()

    def _place(self, section: int) -> int | None:
        model = self.model()
        if not isinstance(model, RowModel):
            return None
        name = model.columns()[section].id
        return next((n for n, (column, _) in enumerate(self.sort) if column == name), None)

    def _arrow(self, painter: QPainter, rect: QRect, place: int, left: int) -> None:
        look = theme()
        side = look.px(14)
        box = QRectF(left + 2, rect.y() + (rect.height() - side) / 2, side, side)
        name = "arrow-down" if self.sort[place][1] else "arrow-up"
        paint_icon(painter, box, name, "accent")
        if len(self.sort) > 1:
            painter.setFont(look.font(10, QFont.Weight.DemiBold))
            painter.drawText(
                QRectF(box.right(), rect.y(), look.px(10), rect.height()),
                Qt.AlignmentFlag.AlignVCenter,
                str(place + 1),
            )


def _in_two(title: str, metrics: QFontMetrics) -> list[str]:
    """The title in one line or in two, as narrow as it goes: cut between words only."""
    words = title.split(" ")
    ways = [[" ".join(words[:n]), " ".join(words[n:])] for n in range(1, len(words))]
    return min([[title], *ways], key=lambda way: max(map(metrics.horizontalAdvance, way)))


def dress(view: QTableView) -> None:
    """What every table of rows has in common."""
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
    view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setItemDelegate(CellPainter(view))
    view.setFrameShape(QTableView.Shape.NoFrame)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(theme().px(36))
