"""A cell edited in its place: F2 or typing begins, Enter stores and goes down, Tab stores and goes on, Esc gives up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from client.kit import bulk
from client.kit.background import Background
from client.kit.editors import editor_for
from client.kit.focus import EnterTaker
from client.kit.forms import Notes
from client.kit.records import Records
from client.kit.table import PagedTable
from client.kit.theme import theme
from common.kit.access import opens
from common.kit.entity import spec_of
from common.kit.errors import EpoError
from common.kit.lists import ListSpec, Path
from common.kit.rights import Action
from common.kit.spec import FieldSpec

LEAST = 190
"""Pixels at scale 1 of the narrowest field."""


@dataclass(frozen=True, slots=True)
class Place:
    """The record and field behind a cell, with what was seen of the record."""

    row_id: str
    column: str
    """Its id in the list."""
    entity: str
    id: str
    field: FieldSpec
    record: dict[str, Any]


def behind(store: Records, spec: ListSpec, column: str, path: Path, row_id: str) -> Place | None:
    """Where the value of a cell is stored: the row's record, or the one that its references lead to."""
    entity, id = spec.main, row_id
    record = store.get(entity, id)
    for step in path.steps:
        target = record.get(step) if record else None
        if target is None:
            return None
        entity, id = spec_of(entity)[step].target or "", target.hex
        record = store.get(entity, id)
    return Place(row_id, column, entity, id, path.field, record) if record else None


class CellEdit(EnterTaker, QWidget):
    """The field over its cell. `finished(step)`: 1 goes down, 2 to the next column, -2 back; `dropped`."""

    finished = Signal(int)
    dropped = Signal()

    def __init__(self, store: Records, place: Place, over: QWidget) -> None:
        super().__init__(over)
        self.place, self.over = place, over
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "cell")
        self.editor = editor_for(place.field, store)
        self.editor.set_value(place.record[place.field.name])
        self.notes = Notes([self.editor])
        self._body = body = QVBoxLayout(self)
        body.setContentsMargins(4, 3, 4, 3)
        body.setSpacing(2)
        body.addWidget(self.editor)
        body.addWidget(self.notes)
        self.setFocusProxy(self.editor)

    def put_over(self, cell: QRect) -> None:
        room = self.over.rect()
        width = max(cell.width(), theme().px(LEAST))
        needed = self._body.totalHeightForWidth(width)
        height = needed if needed > 0 else self.sizeHint().height()
        left = max(min(cell.x(), room.width() - width), 0)
        top = max(min(cell.center().y() - height // 2, room.height() - height), 0)
        self.setGeometry(left, top, width, height)

    def take_enter(self, field: QWidget) -> bool:
        self.finished.emit(1)
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001  as Qt has it
        self.finished.emit(2 if next else -2)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            super().keyPressEvent(event)


class InlineEdit(QObject):
    """`said(words)` where a cell cannot be edited or stored; `applied(words, undo)` after one was."""

    said = Signal(str)
    applied = Signal(str, object)

    def __init__(
        self, store: Records, spec: ListSpec, table: PagedTable, busy: Callable[[], Mapping[str, str]]
    ) -> None:  # fmt: skip
        super().__init__(table)
        self.store, self.spec, self.table, self.busy = store, spec, table, busy
        self.background = Background(self)
        self.cell: CellEdit | None = None
        self._typed: str | None = None
        """What was typed while the record is being read; None where none is."""
        table.edit_cell = self.begin
        table.model.modelReset.connect(self._place)
        for bar in (table.view.verticalScrollBar(), table.view.horizontalScrollBar()):
            bar.valueChanged.connect(self._place)

    def path(self, column: str) -> Path | None:
        """Where a column's value is stored, if it may be typed in its cell."""
        each = self.spec.column(column)
        if not each.inline:
            return None
        path = each.sources[0]
        owner = spec_of(path.entity)
        allowed = opens(self.store.permissions(), owner, Action.WRITE, path.field.field.pd)
        return path if allowed else None

    def begin(self, typed: str) -> bool:
        """F2, or the first letter typed; False where this cell is not edited in its place."""
        if self._typed is not None:
            self._typed += typed
            return True
        cell, key = self.table.current_cell(), self.table.current_key()
        path = self.path(cell[0]) if cell else None
        if cell is None or path is None or key is None:
            if not typed and cell is not None:
                self.said.emit(f"«{self.spec.column(cell[0]).label}» правят в карточке: Enter.")
            return False
        if why := self.busy().get(str(key)):
            self.said.emit(f"Эта запись {why}: запишите её или закройте.")
            return True
        if self.cell is not None and self._store_open() is None:
            self.cell.setFocus()  # what was typed there cannot be stored: it is mended first
            return True
        self._typed = typed
        self.background.ask(
            "cell",
            lambda: behind(self.store, self.spec, cell[0], path, str(key)),
            self._open,
            self._unread,
        )
        return True

    def _unread(self, fault: EpoError) -> None:
        self._typed = None
        self._refuse(fault)

    def _open(self, place: Place | None) -> None:
        typed, self._typed = self._typed or "", None
        if place is None:
            self.said.emit("У этой записи нет такого поля: откройте карточку, Enter.")
            return
        self.said.emit("")
        self.cell = cell = CellEdit(self.store, place, self.table.view.viewport())
        cell.finished.connect(self._finish)
        cell.dropped.connect(self._drop)
        self._place()
        cell.show()
        cell.setFocus()
        inner = cell.editor.focusProxy()
        if typed and isinstance(inner, QLineEdit):
            inner.selectAll()  # what is typed takes the place of what was
            for letter in typed:
                event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(inner, event)

    def _index(self, place: Place) -> QModelIndex | QPersistentModelIndex | None:
        """Where it stands now, wherever the frame has gone; None where its row is no longer shown."""
        row = self.table.model.source.row_of(place.row_id)
        ids = [column.id for column in self.table.model.columns()]
        return None if row is None else self.table.model.index(row, ids.index(place.column))

    def _place(self) -> None:
        """Over its cell again: the rows were scrolled, or came anew."""
        if self.cell is None:
            return
        index = self._index(self.cell.place)
        if index is not None:
            self.cell.put_over(self.table.view.visualRect(index))

    def _drop(self) -> None:
        cell, self.cell = self.cell, None
        if cell is not None:
            cell.hide()
            cell.deleteLater()
            self.table.view.setFocus()

    # ---- storing

    def _finish(self, step: int) -> None:
        if (place := self._store_open()) is not None:
            self._go(place, step)

    def _store_open(self) -> Place | None:
        """Store what is typed and close the cell; None where none is open, or what is typed is refused."""
        cell = self.cell
        if cell is None:
            return None
        place, editor = cell.place, cell.editor
        value, name = editor.value(), place.field.name
        owner = spec_of(place.entity)
        why = editor.problem() or bulk.refusal(owner, place.record, name, value)
        if why and why != bulk.SAME:
            editor.set_message(why.split("»: ", 1)[-1].capitalize(), "error")
            self._place()
            return None
        self._drop()
        if not why:
            self.background.ask(
                f"store {place.id}",
                lambda: bulk.store_one(
                    self.store, owner, place.id, name, place.record[name], value
                ),
                partial(self._stored, place.field),
                self._refuse,
            )
        return place

    def _refuse(self, fault: EpoError) -> None:
        self.said.emit(fault.message)

    def _stored(self, field: FieldSpec, made: list[Any]) -> None:
        self.applied.emit(f"«{field.label}» изменено", partial(bulk.take_back, self.store, made))

    def _go(self, place: Place, step: int) -> None:
        here = self._index(place) or self.table.view.currentIndex()
        row, column = here.row(), here.column()
        if abs(step) == 1:
            row = min(row + 1, self.table.model.rowCount() - 1)
        elif step:
            column = self._neighbour(column, 1 if step > 0 else -1)
        self.table.view.setCurrentIndex(self.table.model.index(row, column))

    def _neighbour(self, column: int, by: int) -> int:
        """The next column that is edited in its place; the same one where there is none."""
        shown = self.table.shown_columns()
        ids = [c.id for c in self.table.model.columns()]
        at = shown.index(ids[column])
        ahead = shown[at + 1 :] if by > 0 else tuple(reversed(shown[:at]))
        found = next((id for id in ahead if self.path(id) is not None), ids[column])
        return ids.index(found)
