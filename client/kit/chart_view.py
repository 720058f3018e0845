"""Draws the shapes of a chart with the colours of the look that is on; a card puts the chart beside its table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from client.kit.copying import tsv
from client.kit.theme import theme, tokens
from client.kit.words import hint, plain
from common.kit.charts import SIZE, Box, Draw, Picture, Ring, Shape, Stroke, Words

BRUSHES = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.Dense5Pattern,
    Qt.BrushStyle.VerPattern,
)
PENS = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
BESIDE_FROM = 960
ALIGN = {
    "start": Qt.AlignmentFlag.AlignLeft,
    "middle": Qt.AlignmentFlag.AlignHCenter,
    "end": Qt.AlignmentFlag.AlignRight,
}


class ChartView(QWidget):
    """`said` is the whole chart in words, for one who does not see it."""

    def __init__(self, title: str, height: float) -> None:
        super().__init__()
        self.title = title
        self.tall = height
        self.draw: Draw = lambda _w, _h: []
        self.shapes: list[Shape] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        theme().changed.connect(self._again)

    def show_chart(self, draw: Draw, said: str, height: float) -> None:
        self.draw, self.tall = draw, height
        self.setAccessibleDescription(said)
        self._again()

    def _again(self) -> None:
        self.setFixedHeight(theme().px(self.tall))
        self._arrange()
        self.update()

    def _arrange(self) -> None:
        scale = theme().scale
        self.shapes = self.draw(self.width() / scale, self.height() / scale)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(360), theme().px(self.tall))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(theme().scale, theme().scale)
        for shape in self.shapes:
            match shape:
                case Box():
                    _fill(painter, _box(shape), shape.colour, shape.pattern)
                case Ring():
                    _fill(painter, _ring(shape), shape.colour, shape.pattern)
                case Stroke():
                    _stroke(painter, shape)
                case Words():
                    _words(painter, shape)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The number under the pointer."""
        if isinstance(event, QHelpEvent):
            self.setToolTip(hint(self.said_at(QPointF(event.pos()) / theme().scale)))
        return super().event(event)

    def said_at(self, point: QPointF) -> str:
        for shape in self.shapes:
            path = _box(shape) if isinstance(shape, Box) else None
            path = _ring(shape) if isinstance(shape, Ring) else path
            if path is not None and path.contains(point):
                return str(getattr(shape, "said", ""))
        return ""


def _box(shape: Box) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(shape.x, shape.y, shape.width, shape.height), 2, 2)
    return path


def _ring(shape: Ring) -> QPainterPath:
    """Qt counts degrees from three o'clock and against the clock."""
    path, start = QPainterPath(), 90 - shape.start
    for number, radius in enumerate((shape.outer, shape.inner)):
        area = QRectF(shape.x - radius, shape.y - radius, 2 * radius, 2 * radius)
        if number == 0:
            path.arcMoveTo(area, start)
            path.arcTo(area, start, -shape.sweep)
        else:
            path.arcTo(area, start - shape.sweep, shape.sweep)
    path.closeSubpath()
    return path


def _fill(painter: QPainter, path: QPainterPath, colour: str, pattern: int) -> None:
    """A pattern stands in the soft tint of its colour, with its edge drawn: it is told from others without a colour."""
    strong = tokens().color(colour)
    if pattern == 0:
        painter.fillPath(path, strong)
    else:
        painter.fillPath(path, _soft(strong))
        painter.fillPath(path, QBrush(strong, BRUSHES[pattern]))
    painter.setPen(QPen(strong, 1))
    painter.drawPath(path)


def _soft(colour: QColor) -> QColor:
    made = QColor(colour)
    made.setAlphaF(0.18)
    return made


def _stroke(painter: QPainter, shape: Stroke) -> None:
    painter.setPen(QPen(tokens().color(shape.colour), shape.width, PENS[shape.pattern]))
    painter.drawPolyline([QPointF(x, y) for x, y in shape.points])


def _words(painter: QPainter, shape: Words) -> None:
    font = QFont(theme().font())
    font.setPixelSize(round(SIZE))
    font.setWeight(QFont.Weight.DemiBold if shape.bold else QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(tokens().color(shape.colour))
    metrics = painter.fontMetrics()
    text = metrics.elidedText(shape.text, Qt.TextElideMode.ElideMiddle, round(shape.room) + 1)
    left = {"start": 0.0, "middle": shape.room / 2, "end": shape.room}[shape.anchor]
    area = QRectF(shape.x - left, shape.y - SIZE, shape.room + 1, 2 * SIZE)
    painter.drawText(area, ALIGN[shape.anchor] | Qt.AlignmentFlag.AlignVCenter, text)


class Figures(QTableWidget):
    """A short table of numbers beside a chart: as high as its rows, copied as it stands."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setObjectName("figures")
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAlternatingRowColors(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.horizontalHeader().setProperty("role", "figures")
        self.horizontalHeader().setHighlightSections(False)
        theme().changed.connect(self._fit)

    def show_rows(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """The first column is names, the others are numbers."""
        self.setColumnCount(len(head))
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(hint(text))
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        header = self.horizontalHeader()
        for column in range(len(head)):
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            title = QTableWidgetItem(head[column])
            title.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, title)
            header.setSectionResizeMode(
                column,
                QHeaderView.ResizeMode.ResizeToContents
                if column
                else QHeaderView.ResizeMode.Stretch,
            )
        self._fit()

    def _fit(self) -> None:
        line = theme().px(26)
        self.verticalHeader().setDefaultSectionSize(line)
        tall = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(tall + line * self.rowCount() + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies what is chosen, or all of it, as a table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._text())
        else:
            super().keyPressEvent(event)

    def _text(self) -> str:
        chosen = {(i.row(), i.column()) for i in self.selectedIndexes()}
        every = {(r, c) for r in range(self.rowCount()) for c in range(self.columnCount())}
        taken = chosen if len(chosen) > 1 else every
        rows = sorted({row for row, _ in taken})
        columns = sorted({column for _, column in taken})
        return tsv([[self._text_at(r, c) for c in columns] for r in rows])

    def _text_at(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text() if item is not None else ""


class ChartCard(QFrame):
    """A title, the chart, and its table: beside it where there is room, under it where there is not."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.setProperty("role", "card")
        title, note = picture.title, picture.note
        self.chart = ChartView(title, 200)
        self.figures = Figures(f"{title}: таблица")
        self.across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.across.setSpacing(20)
        self.across.addWidget(self.chart, 1, Qt.AlignmentFlag.AlignTop)
        self.across.addWidget(self.figures, 1, Qt.AlignmentFlag.AlignTop)
        body = QVBoxLayout(self)
        body.setContentsMargins(18, 14, 18, 16)
        body.setSpacing(8)
        body.addWidget(plain(title, role="heading"))
        if note:
            said = plain(note, role="small")
            said.setWordWrap(True)
            body.addWidget(said)
        body.addLayout(self.across)
        self.show_picture(picture)

    def show_picture(self, picture: Picture) -> None:
        self.chart.show_chart(picture.draw, picture.said, picture.height)
        self.figures.show_rows(picture.head, picture.rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= theme().px(BESIDE_FROM)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self.across.direction() != way:
            self.across.setDirection(way)
