"""The table of every list: pages of rows, quick filter, columns to choose, a frozen first column, all by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client.kit.buttons import icon_button
from client.kit.copying import Copying
from client.kit.focus import leave_to_window, undo_is_for_window
from client.kit.icons import icon
from client.kit.line_keys import LineKeys, WordsAlone, plainly_typed
from client.kit.nothing import Nothing
from client.kit.outline import Heading
from client.kit.popover import Popover
from client.kit.rows import RowModel, RowSource, ViewState
from client.kit.table_paint import Header, Sort, dress
from client.kit.table_view import FrozenView
from client.kit.theme import theme
from client.kit.tick import Tick
from client.kit.words import plain
from common.kit.words import counted, spaced

KEPT = 1000
"""More chosen rows than these are not looked up again after a refresh."""

ENDLESS = 1 << 20
ROUND = 40
"""Pixels around the line above the rows and between its parts."""

PAUSE = 120
"""Milliseconds without a key after which the quick filter is asked for."""


class PagedTable(QFrame):
    """A card with a quick filter above and rows below.

    `opened(key)` by Enter or a double click; `delete_asked(keys)` by Del;
    `sort_asked(sort)`; `filter_asked(text)` after a pause in typing; `selection_changed`; `view_changed`;
    `fold_asked(group, all)` on a heading. Headings are never among the keys that are told.
    """

    opened = Signal(object)
    delete_asked = Signal(list)
    sort_asked = Signal(tuple)
    filter_asked = Signal(str)
    selection_changed = Signal()
    view_changed = Signal()
    fold_asked = Signal(str, bool)

    def __init__(
        self, source: RowSource, label: str, *, empty: str = "Здесь пока нет записей",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setProperty("role", "card")
        self.model = RowModel(source, self)
        self.sort: Sort = ()
        self.header = Header()
        self.view = FrozenView(self.model, self.header)
        self.view.setAccessibleName(label)
        self.quick = QLineEdit()
        self.count = plain("", role="muted")
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        self.line_keys: LineKeys = WordsAlone()
        self.edit_cell: Callable[[str], bool] = _no_cell
        """Asked by F2 with no text, and with the first letter typed; False where the cell is not edited in its place."""
        self._empty_text = empty
        self._total: int | None = None
        self._room = ENDLESS
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask_filter)
        self._build_filter(label)
        self._build_body()
        self._wire()
        self._show_count()

    # building

    def _build_filter(self, label: str) -> None:
        self.quick.setProperty("role", "quick")
        self.quick.setPlaceholderText("Быстрый отбор")
        self.quick.setToolTip("Слова в любом порядке, например: кузн сд-2 (Ctrl+F)")
        self.quick.setAccessibleName(f"Быстрый отбор: {label}")
        self.quick.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.quick.setMinimumWidth(theme().px(140))
        self.quick.installEventFilter(self)
        self.chooser = icon_button("columns-3", "Какие столбцы показывать", self.choose_columns)

    def _build_body(self) -> None:
        self._beside = QHBoxLayout()
        self._beside.setSpacing(8)
        self._beside.addLayout(self.tools)
        self._beside.addStretch()
        self._beside.addWidget(self.count)
        self._beside.addWidget(self.chooser)
        self._above = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._above.setContentsMargins(12, 10, 12, 10)
        self._above.setSpacing(8)
        self._above.addWidget(self.quick, 1)
        self._above.addLayout(self._beside)
        self.nothing = Nothing(self._empty_text)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 6)
        whole.setSpacing(0)
        whole.addLayout(self._above)
        self._bars = QVBoxLayout()
        whole.addLayout(self._bars)
        whole.addWidget(self.stack, 1)
        self._feet = QVBoxLayout()
        whole.addLayout(self._feet)

    def _wire(self) -> None:
        self.quick.textEdited.connect(lambda _: self._pause.start())
        self.header.sectionClicked.connect(self._header_clicked)
        self.header.sectionMoved.connect(self.view_changed)
        self.header.sectionResized.connect(self._resized)
        self.view.doubleClicked.connect(lambda index: self._open_row(index.row()))
        self.view.installEventFilter(self)
        self.view.selectionModel().selectionChanged.connect(self.selection_changed)
        theme().changed.connect(self._retheme)
        self.copying = Copying(self)

    def fold(self, room: int) -> None:
        """In so many pixels the tools stand beside the quick filter, or under it."""
        self._room = room
        need = self.quick.minimumWidth() + self._beside.minimumSize().width() + ROUND
        way = QBoxLayout.Direction
        self._above.setDirection(way.LeftToRight if need <= room else way.TopToBottom)

    def event(self, event: QEvent) -> bool:
        """What stands in the line may need more room when its style is put on."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fold(self._room)
        return super().event(event)

    def show_only_rows(self) -> None:
        """Nothing above them: in a window that tells of its rows itself."""
        for each in (self.quick, self.chooser, self.count):
            each.hide()
        self._above.setContentsMargins(0, 0, 0, 0)

    def add_tool(self, widget: QWidget) -> None:
        """A filter or a button between the quick filter and the count."""
        self.tools.addWidget(widget)

    def add_bar(self, widget: QWidget) -> None:
        """Between the quick filter and the rows."""
        self._bars.addWidget(widget)

    def add_foot(self, widget: QWidget) -> None:
        """Under the rows."""
        self._feet.addWidget(widget)

    def _retheme(self) -> None:
        dress(self.view)
        self.view.restyle()
        self.quick.setMinimumWidth(theme().px(140))

    # rows

    def refresh(
        self, source: RowSource | None = None, *, total: int | None = None, nothing: str = ""
    ) -> None:
        """Show a new source, or the same rows anew; what was chosen stays chosen by key.

        A source does not change its keys or their order: another order or filter is another source.
        `total` is the number of rows before the filter; `nothing` says why none is left of them.
        """
        column = self.view.currentIndex().column()
        current = self._key_here()
        chosen = self.selected_keys() if self.selected_count() <= KEPT else []
        self._total = total
        self.model.refresh(source)
        self.view.learn()
        self.select_keys(chosen, current, column=column)
        self._show_count(nothing)
        self.selection_changed.emit()  # a reset of the model drops what was chosen in silence

    def _show_count(self, nothing: str = "") -> None:
        outline = self.model.outline
        shown = outline.records if outline else self.model.rowCount()
        filtered = self._total is not None and self._total != shown
        self.count.setText(
            f"Отобрано {spaced(shown)} из {spaced(self._total or 0)}" if filtered else spaced(shown)
        )
        self.count.setAccessibleName(f"Строк: {self.count.text()}")
        self.nothing.say((nothing or self._nothing()) if filtered else self._empty_text)
        self.stack.setCurrentIndex(0 if shown else 1)

    def show_loading(self, words: str = "Загружается…") -> None:
        """Until the first rows come: an empty list that is not known to be empty says so."""
        self.count.clear()
        self.nothing.say(words)

    def _nothing(self) -> str:
        """Which filter has emptied the list, and how all rows come back."""
        rows = counted(self._total or 0, "запись", "записи", "записей")
        return f"По отбору «{self.quick.text().strip()}» ничего не найдено. Esc покажет все {rows}"

    def _key_here(self) -> Hashable | None:
        index = self.view.currentIndex()
        return self.model.source.key_at(index.row()) if index.isValid() else None

    def current_key(self) -> Hashable | None:
        """Of the record in which the frame stands."""
        key = self._key_here()
        return None if isinstance(key, Heading) else key

    def current_cell(self) -> tuple[str, str] | None:
        """The column's id and the shown text where the frame stands; None on a heading."""
        index = self.view.currentIndex()
        if not index.isValid() or self.model.heading(index.row()) is not None:
            return None
        return self.model.columns()[index.column()].id, self.model.text(index.row(), index.column())

    def selected_ranges(self) -> list[tuple[int, int]]:
        """The chosen rows from top to bottom: each run as [first, after the last)."""
        parts = self.view.selectionModel().selection().toList()
        found: list[tuple[int, int]] = []
        for first, after in sorted({(part.top(), part.bottom() + 1) for part in parts}):
            if found and first <= found[-1][1]:
                found[-1] = found[-1][0], max(after, found[-1][1])
            else:
                found.append((first, after))
        return found

    def selected_keys(self) -> list[Hashable]:
        """Keys of the chosen records from top to bottom."""
        keys = (
            self.model.source.key_at(row)
            for start, stop in self.selected_ranges()
            for row in range(start, stop)
        )
        return [key for key in keys if not isinstance(key, Heading)]

    def selected_count(self) -> int:
        parts = self.view.selectionModel().selection().toList()
        return sum(self.model.records(part.top(), part.bottom() + 1) for part in parts)

    def select_keys(
        self, keys: Sequence[Hashable], current: Hashable | None = None, *, column: int = -1
    ) -> None:
        """`column` is where the frame stands; without it the first one."""
        places = QItemSelection()
        last = max(self.model.columnCount() - 1, 0)
        for key in keys:
            if (row := self.model.source.row_of(key)) is not None:
                places.select(self.model.index(row, 0), self.model.index(row, last))
        chosen = self.view.selectionModel()
        where = None if current is None else self.model.source.row_of(current)
        if where is not None:
            chosen.setCurrentIndex(
                self.model.index(where, column if column >= 0 else self.view.first_shown()),
                QItemSelectionModel.SelectionFlag.NoUpdate,
            )
        chosen.select(places, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _open_row(self, row: int) -> None:
        if not 0 <= row < self.model.rowCount():
            return
        if (group := self.model.heading(row)) is not None:
            self.fold_asked.emit(group.key, False)
        else:
            self.opened.emit(self.model.source.key_at(row))

    # sorting and columns

    def show_sort(self, sort: Sort) -> None:
        self.sort = sort
        self.header.show_sort(sort)

    def _header_clicked(self, section: int) -> None:
        held = QGuiApplication.keyboardModifiers()
        self.sort_by(section, adding=bool(held & Qt.KeyboardModifier.ShiftModifier))

    def sort_by(self, section: int, *, adding: bool) -> None:
        """Up, and down the second time; `adding` keeps the other keys and its own place among them."""
        column = self.model.columns()[section]
        if not column.sortable:
            return
        before = dict(self.sort)
        turned = (column.id, not before.get(column.id, True))
        if not adding:
            sort: Sort = (turned,)
        elif column.id in before:
            sort = tuple(turned if part[0] == column.id else part for part in self.sort)
        else:
            sort = (*self.sort, turned)
        self.show_sort(sort)
        self.sort_asked.emit(self.sort)
        self.view_changed.emit()

    def sort_here(self, *, adding: bool) -> None:
        """By the column in which the frame stands."""
        self.sort_by(max(self.view.currentIndex().column(), 0), adding=adding)

    def _resized(self) -> None:
        if not self.view.fitting:
            self.view_changed.emit()

    def choose_columns(self) -> None:
        """A list of ticks that stays open while several are turned."""
        popover = Popover(self.chooser)
        for number, column in enumerate(self.model.columns()):
            tick = Tick(column.title)
            tick.setChecked(not self.header.isSectionHidden(number))
            tick.setEnabled(number != 0)
            tick.toggled.connect(lambda on, place=number: self.show_column(place, shown=on))
            popover.body.addWidget(tick)
        self.popover = popover
        popover.open()

    def show_column(self, section: int, *, shown: bool) -> None:
        self.view.setColumnHidden(section, not shown)
        self.view.fit()
        self.view_changed.emit()

    def shown_columns(self) -> tuple[str, ...]:
        """Ids in the order on the screen: what the quick filter may search and an export writes."""
        columns = self.model.columns()
        places = (self.header.logicalIndex(place) for place in range(len(columns)))
        return tuple(columns[p].id for p in places if not self.header.isSectionHidden(p))

    def view_state(self) -> ViewState:
        columns = self.model.columns()
        order = [columns[self.header.logicalIndex(place)].id for place in range(len(columns))]
        hidden = [c.id for n, c in enumerate(columns) if self.header.isSectionHidden(n)]
        scale = theme().scale
        widths = [
            (c.id, round(self.view.wanted_width(n) / scale))
            for n, c in enumerate(columns)
            if not self.header.isSectionHidden(n)
        ]
        return ViewState(tuple(order), tuple(hidden), tuple(widths), self.sort)

    def restore_view(self, state: ViewState) -> None:
        """Columns that the state does not know stay as declared; those that are gone are passed by."""
        place_of = {column.id: number for number, column in enumerate(self.model.columns())}
        known = [place_of[name] for name in state.order if name in place_of]
        for place, section in enumerate(known):
            self.header.moveSection(self.header.visualIndex(section), place)
        for section in known:
            name = self.model.columns()[section].id
            self.view.setColumnHidden(section, name in state.hidden)
        for name, width in state.widths:
            if name in place_of:
                self.view.set_wanted_width(place_of[name], theme().px(width))
        self.show_sort(tuple(part for part in state.sort if part[0] in place_of))

    # keyboard

    def focus_filter(self) -> None:
        self.quick.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.quick.selectAll()

    def _ask_filter(self) -> None:
        self.filter_asked.emit(self.quick.text().strip())

    def clear_filter(self) -> None:
        self.quick.clear()
        self._pause.stop()
        self._ask_filter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.quick and undo_is_for_window(self.quick, event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            taken = self._view_key(event) if watched is self.view else self._filter_key(event)
            if taken:
                return True
        elif event.type() == QEvent.Type.FocusIn and watched is self.view:
            self._mark_row()
        return super().eventFilter(watched, event)

    def _mark_row(self) -> None:
        """Rows that have got the focus have a chosen one: Qt alone would put a frame there, and Del would do nothing."""
        if self.model.rowCount() and not self.selected_count():
            current = self.view.currentIndex()
            first = self.model.index(0, self.view.first_shown())
            self.view.setCurrentIndex(current if current.isValid() else first)

    def _filter_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if leave_to_window(event):
            return True
        if key == Qt.Key.Key_Escape and self.quick.text():
            self.clear_filter()
        elif key == Qt.Key.Key_Escape:
            return self.line_keys.drop_last()
        elif key == Qt.Key.Key_Backspace and not self.quick.text():
            return self.line_keys.reopen_last()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._pause.isActive():
                self._pause.stop()
                self._ask_filter()
            if self.line_keys.settle():
                self._enter_rows()
        else:
            return False
        return True

    def _enter_rows(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._mark_row()

    def _view_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.NoModifier and self._plain_key(key):
            return True
        if key in FOLDS and self._fold_here(key, held):
            return True
        if key in ENDS and not held & Qt.KeyboardModifier.AltModifier:
            self._go_to_end(first=key == Qt.Key.Key_Home, held=held)
        elif not plainly_typed(event):
            return False
        elif not self.edit_cell(event.text()):
            self._type_into_filter(event.text())
        return True

    def _plain_key(self, key: int) -> bool:
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open_row(self.view.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            return self._escape()
        elif key == Qt.Key.Key_F2:
            return self.edit_cell("")
        elif key == Qt.Key.Key_Delete:
            if keys := self.selected_keys():
                self.delete_asked.emit(keys)
        else:
            return False
        return True

    def _escape(self) -> bool:
        """What was chosen goes first, then the words, then what else filters."""
        if self.selected_count() > 1:
            self.view.clearSelection()
        elif self.quick.text():
            self.clear_filter()
        else:
            return self.line_keys.drop_last()
        return True

    def _fold_here(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """On a heading Left folds, Right unfolds, Space turns it; with Shift all of them."""
        index = self.view.currentIndex()
        group = self.model.heading(index.row()) if index.isValid() else None
        if group is None or held & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        folded = self.model.is_folded(group)
        if key == Qt.Key.Key_Space or folded == (key == Qt.Key.Key_Right):
            self.fold_asked.emit(group.key, bool(held))
        return True

    def _go_to_end(self, *, first: bool, held: Qt.KeyboardModifier) -> None:
        row = 0 if first else self.model.rowCount() - 1
        target = self.model.index(row, self.view.first_shown())
        if held & Qt.KeyboardModifier.ShiftModifier:
            begin = self.view.currentIndex()
            self.view.selectionModel().setCurrentIndex(
                target, QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.view.selectionModel().select(
                QItemSelection(begin.siblingAtColumn(0), target.siblingAtColumn(0)),
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
        else:
            self.view.setCurrentIndex(target)

    def _type_into_filter(self, text: str) -> None:
        self.quick.setFocus(Qt.FocusReason.OtherFocusReason)
        self.quick.end(False)
        self.quick.insert(text)
        self._pause.start()


def _no_cell(_typed: str) -> bool:
    return False


ENDS = {Qt.Key.Key_Home, Qt.Key.Key_End}
FOLDS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space}
