"""The permissions of a role as a grid of ticks: section and action down, classes of personal data across."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from client.kit.fields import Editor
from client.kit.icons import paint_icon
from client.kit.rows import Index
from client.kit.theme import theme
from client.kit.words import plain
from common.administration.roles import text_of
from common.administration.words import difference
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permission, Permissions, Section, permissions

LINES: tuple[tuple[Section, Action | None], ...] = tuple(
    (section, action) for section in Section for action in (None, *Action)
)
"""A line that names its section, and beneath it one an action."""
CLASSES = tuple(PersonalData)
FIRST = 1
"""The column before it names the action."""

TITLES = ("Раздел и действие", "Общие", "Контакты", "Документы", "Особые")
ROWS_SEEN = 14


class RightsModel(QAbstractTableModel):
    """`toggled` after a tick by hand."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rights: set[Permission] = set()
        self.shipped: Permissions | None = None
        self.fixed = False

    def permission(self, index: Index) -> Permission | None:
        section, action = LINES[index.row()]
        if index.column() < FIRST or action is None:
            return None
        return Permission(section, action, CLASSES[index.column() - FIRST])

    def toggle(self, index: Index) -> None:
        asked = self.permission(index)
        if asked is None or self.fixed:
            return
        self.rights ^= {asked}
        self.dataChanged.emit(index, index)
        self.toggled.emit()

    def show_rights(self, rights: Permissions) -> None:
        self.beginResetModel()
        self.rights = set(rights)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(LINES)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def changed(self, asked: Permission) -> bool:
        """Is it otherwise than in the shipped role?"""
        return self.shipped is not None and (asked in self.shipped) != (asked in self.rights)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        section, action = LINES[index.row()]
        asked = self.permission(index)
        if role == Qt.ItemDataRole.DisplayRole and asked is None:
            return action.label if action else section.label
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return self._words(section, action, asked)
        return None

    def _words(self, section: Section, action: Action | None, asked: Permission | None) -> str:
        said = f"{section.label}: {action.label}" if action else section.label
        if asked is None:
            return said
        state = "есть" if asked in self.rights else "нет"
        more = ", иначе чем в готовой роли" if self.changed(asked) else ""
        return f"{said}, {asked.pd.label}: {state}{more}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.ToolTipRole and section >= FIRST:
            return CLASSES[section - FIRST].label
        return None


class TickPainter(QStyledItemDelegate):
    """A box in the middle of its cell; what differs from the shipped role stands on coloured ground."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, RightsModel)  # noqa: S101  there is no other
        asked = model.permission(index)
        area, colours = option.rect, theme().tokens
        painter.save()
        changed = asked is not None and model.changed(asked)
        ground = ("ok_s" if asked in model.rights else "bad_s") if changed else "surface"
        painter.fillRect(area, colours.color(ground))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, colours.color("line2"))
        if asked is None:
            self._words(painter, option, index)
        else:
            self._tick(painter, QRectF(area), on=asked in model.rights, fixed=model.fixed)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colours.color("accent"), 2))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.restore()

    def _words(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        names = LINES[index.row()][1] is None
        painter.setFont(look.font(weight=QFont.Weight.DemiBold) if names else look.font())
        painter.setPen(look.tokens.color("text"))
        room = option.rect.adjusted(look.px(8 if names else 22), 0, -look.px(4), 0)
        text = str(index.data() or "")
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _tick(self, painter: QPainter, area: QRectF, *, on: bool, fixed: bool) -> None:
        look, colours = theme(), theme().tokens
        side = look.px(18)
        left, top = area.center().x() - side / 2, area.center().y() - side / 2
        box = QRectF(left, top, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        full = on and not fixed
        painter.setPen(colours.color("accent" if full else "line" if fixed else "edge"))
        painter.setBrush(colours.color("accent" if full else "surface"))
        if on or not fixed:
            painter.drawRoundedRect(box, 4, 4)
        if on:
            tone = "on_accent" if full else "accent"
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check", tone)


class Grid(QTableView):
    """Arrows walk, Space ticks, Tab leaves."""

    def __init__(self, model: RightsModel) -> None:
        super().__init__()
        self.rights = model
        self.setModel(model)
        self.setItemDelegate(TickPainter(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for row, (_, action) in enumerate(LINES):
            if action is None:
                self.setSpan(row, 0, 1, len(TITLES))
        self.clicked.connect(model.toggle)
        self.restyle()

    def restyle(self) -> None:
        look = theme()
        self.verticalHeader().setDefaultSectionSize(look.px(28))
        metrics = self.horizontalHeader().fontMetrics()
        for column, title in enumerate(TITLES[FIRST:], FIRST):
            self.setColumnWidth(column, metrics.horizontalAdvance(title) + look.px(22))
        self.setFixedHeight(look.px(28) * ROWS_SEEN + look.px(34))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.rights.toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)


class RightsEdit(Editor):
    """A role's permissions; beneath the grid what they differ by from the shipped role, in words."""

    wide = True

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.model = RightsModel()
        self.grid = Grid(self.model)
        self.told = plain("", role="muted")
        self.told.setWordWrap(True)
        body = QVBoxLayout()
        body.setSpacing(6)
        self._adopt(self.grid)
        self._row.removeWidget(self.grid)
        body.addWidget(self.grid)
        body.addWidget(self.told)
        self._row.addLayout(body, 1)
        self._retheme()
        self.model.toggled.connect(self._toggled)
        self.mark_clean()

    def _retheme(self) -> None:
        self.grid.restyle()

    def value(self) -> str | None:
        return text_of(frozenset(self.model.rights)) or None

    def set_value(self, value: Any) -> None:
        self.model.show_rights(permissions(tuple(str(value or "").split())))
        self.grid.setCurrentIndex(self.model.index(1, FIRST))
        self._tell()
        self.mark_clean()

    def show_shipped(self, shipped: Permissions | None) -> None:
        """What the role is compared with."""
        self.model.shipped = shipped
        self.grid.viewport().update()
        self._tell()

    def setEnabled(self, enabled: bool) -> None:  # noqa: FBT001  as Qt has it
        """A grid that may not be changed is still scrolled and read."""
        self.model.fixed = not enabled
        self.grid.viewport().update()

    def _toggled(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        shipped = self.model.shipped
        if shipped is None:
            self.told.setText("")
        else:
            lines = difference(shipped, frozenset(self.model.rights))
            self.told.setText("\n".join(lines) or "Не отличается от готовой роли")
        self.told.setVisible(bool(self.told.text()))
