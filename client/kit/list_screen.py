"""The generic list: any ListSpec over the store, with quick filter, sorting, selection and its actions."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import FOLD_UNDER, button, fold
from client.kit.icons import icon
from client.kit.records import ListRow, Records, watching
from client.kit.rows import PAGE, Column, Mark
from client.kit.selection_bar import SelectionBar
from client.kit.table import PagedTable
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from common.kit.lists import ListSpec
from common.kit.words import counted, spaced

Sort = tuple[tuple[str, bool], ...]


class Found(NamedTuple):
    numbers: array[int]
    total: int
    """Without the filter."""
    known: bool
    """Has all that this person may see come at least once?"""
    marks: dict[Hashable, Mark]


RIGHT = {"average", "money", "integer"}

MARKS = {
    "pending": Mark("cloud-upload", "accent", "Ждёт отправки"),
    "conflict": Mark("triangle-alert", "bad", "Ждёт вашего решения: конфликт"),
    "refused": Mark("triangle-alert", "bad", "Ждёт вашего решения: отклонено правилом"),
    "quarantined": Mark("triangle-alert", "bad", "Ждёт вашего решения: нет права"),
    "failed": Mark("triangle-alert", "bad", "Ждёт вашего решения: ошибка"),
    "returned": Mark("triangle-alert", "bad", "Ждёт вашего решения: вернул администратор"),
    "finding": Mark("triangle-alert", "warn", "Ждёт вашего решения: замечание"),
    "held": Mark("hourglass", "warn", "Ждёт решения по связанной записи"),
    "handed": Mark("user-cog", "accent", "У администратора"),
}
"""How each state of `Records.states` is shown at the row that it concerns."""

FEW_SIDES, A_SIDE = 2, 140
"""So many buttons have room where no bar folds yet; each more wants so many pixels at scale 1."""

COMING = "Записи ещё не пришли с сервера. Они появятся здесь сами, как только придут"


class StoreSource:
    """The numbers of the rows in their order of the moment, and pages of rows by number."""

    def __init__(self, store: Records, spec: ListSpec, tones: Mapping[str, str]) -> None:
        self.store, self.spec, self.tones = store, spec, tones
        self.numbers: array[int] = array("q")
        self.places: dict[int, int] = {}
        self.ids: dict[int, str] = {}
        self.columns: Sequence[Column] = tuple(
            Column(
                c.key,
                c.label,
                c.width,
                right=bool(c.format and c.format.name in RIGHT),
                pill=c.pill,
                shown=not c.hidden,
            )
            for c in spec.columns
        )

    def over(self, numbers: array[int]) -> StoreSource:
        """The same list in another order or under another filter; this source stays as it is."""
        other = type(self)(self.store, self.spec, self.tones)
        other.numbers, other.ids = numbers, self.ids
        return other

    def count(self) -> int:
        return len(self.numbers)

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        wanted = self.numbers[start:stop]
        found = {row.number: row for row in self.store.list_page(self.spec.name, wanted)}
        blank = ListRow(0, "", ("",) * len(self.columns))
        self.ids |= {row.number: row.id for row in found.values()}
        return [found.get(number, blank).texts for number in wanted]

    def key_at(self, row: int) -> Hashable:
        return self.id_at(row)

    def id_at(self, row: int) -> str:
        number = self.numbers[row]
        if number not in self.ids:
            start = row - row % PAGE
            self.rows(start, start + PAGE)
        return self.ids.get(number, "")

    def row_of(self, key: Hashable) -> int | None:
        number = self.store.list_number(self.spec.name, str(key))
        if number is None:
            return None
        if not self.places:
            self.places = {n: place for place, n in enumerate(self.numbers)}
        return self.places.get(number)

    def tone(self, column: str, text: str) -> str:
        return self.tones.get(text, "muted")


class ListScreen(QWidget):
    """`opened(id)`, `add_asked`, `delete_asked(ids)`, `paste_asked` by Ctrl+V; `counted(text)` for the status line."""

    opened = Signal(str)
    add_asked = Signal()
    delete_asked = Signal(list)
    counted = Signal(str)
    paste_asked = Signal()
    touched = Signal(object)

    source_of = StoreSource

    def __init__(
        self,
        store: Records,
        spec: ListSpec,
        *,
        tones: Mapping[str, str] | None = None,
        add: str = "",
        empty: str = "Здесь пока нет записей",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.store, self.spec = store, spec
        self.background = Background(self)
        self.source = self.source_of(store, spec, tones or {})
        self.table = PagedTable(self.source, spec.title, empty=empty)
        self.sort: Sort = spec.order
        self.query = self.words = ""
        self.total = 0
        self.chosen = SelectionBar(self.table)
        self.sides: list[tuple[QPushButton, str]] = []
        self._lay_out(add)
        self._wire()
        self.table.show_loading()
        self.reload()

    def _lay_out(self, add: str) -> None:
        self.top = QHBoxLayout()
        self.top.setSpacing(8)
        self.top.addWidget(ElidedLabel(self.spec.title, role="title"), 1)
        if add:
            adding = QPushButton(f" {add}  Ins")
            adding.setAccessibleName(add)
            adding.setProperty("primary", "true")
            adding.setIcon(icon("plus", "on_accent"))
            adding.clicked.connect(self.add_asked)
            self.top.addWidget(adding)
            self._on_key("Ins", self.add_asked.emit)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        self.note = plain("", role="muted")
        self.note.setWordWrap(True)
        self.note.hide()
        body.addLayout(self.top)
        body.addWidget(self.note)
        body.addWidget(self.table, 1)
        body.addWidget(self.chosen)

    def set_note(self, words: str) -> None:
        """What is to be known of the whole list, under its title."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def add_button(
        self, text: str, icon_name: str, act: Callable[[], object], *, keys: str = ""
    ) -> QPushButton:
        made = button(text, icon_name, run=act)
        self.sides.append((made, keys))
        self._fold()
        self.top.insertWidget(1, made)
        if keys:
            self._on_key(keys, act)
        return made

    def add_menu(
        self, words: str, icon_name: str, items: Sequence[tuple[str, Callable[[], object], str]]
    ) -> QPushButton:
        """A button beside the filter that opens (words, act, keys); the keys work without it too.

        Words may tell, after a tab, of a key that something else listens to.
        """
        made = button(words, icon_name, quiet=True)
        menu = QMenu(made)
        for name, act, keys in items:
            shown = f"{name}\t{keys}" if keys else name
            menu.addAction(shown).triggered.connect(lambda _on=False, act=act: act())
            if keys:
                self._on_key(keys, act)
        made.setMenu(menu)
        self.table.add_tool(made)
        return made

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(320), theme().px(220))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where the list is narrow, all buttons but the one that adds are icons; the title needs its room."""
        more = max(len(self.sides) - FEW_SIDES, 0)
        narrow = self.width() < theme().px(FOLD_UNDER + A_SIDE * more)
        for made, keys in self.sides:
            fold(made, keys, narrow=narrow, tell_keys=True)

    def allow_paste(self) -> None:
        """Ctrl+V where the rows have the focus: in a field it is the field's own."""
        key = QShortcut(QKeySequence("Ctrl+V"), self.table.view)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.paste_asked)

    def _on_key(self, keys: str, act: Callable[[], object]) -> None:
        """Wherever the focus stands in the window, while this list is what is seen."""
        QShortcut(QKeySequence(keys), self).activated.connect(act)

    def allow_delete(self) -> None:
        """Del and a button put the chosen rows into the basket."""
        self.table.delete_asked.connect(self.delete_asked)
        self.chosen.add(
            button("В корзину  Del", "trash-2", run=self._delete_chosen),
            "Выбранные записи в корзину",
        )

    def _delete_chosen(self) -> None:
        if keys := self.table.selected_keys():
            self.delete_asked.emit(keys)

    def _wire(self) -> None:
        self.setFocusProxy(self.table.quick)
        self._on_key("Ctrl+F", self.table.focus_filter)
        self.table.show_sort(self.sort)
        self.table.opened.connect(lambda key: self.opened.emit(str(key)))
        self.table.add_asked.connect(self.add_asked)
        self.table.filter_asked.connect(self._filter)
        self.table.sort_asked.connect(self._sort)
        self.table.view_changed.connect(self._view_changed)
        self.touched.connect(self._refresh, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(watching(self.store, self.touched.emit))

    def _filter(self, text: str) -> None:
        self.query = text
        self.reload()

    def _sort(self, sort: Sort) -> None:
        self.sort = sort or self.spec.order
        self.table.show_sort(self.sort)
        self.reload()

    def _view_changed(self) -> None:
        if self.query:
            self.reload()  # hidden columns are not searched

    def _refresh(self, touched: object) -> None:
        self.reload()

    def visible(self) -> tuple[str, ...]:
        return self.table.shown_columns()

    def reload(self) -> None:
        """Ask for the rows anew; the table shows them when they come."""
        query, sort, visible = self.query, self.sort, self.visible()
        name = self.spec.name

        def work() -> Found:
            numbers = self.store.list_ids(name, query, sort, visible)
            total = len(self.store.list_ids(name, "", sort, visible)) if query else len(numbers)
            states = self.store.states(self.spec.main)
            marks: dict[Hashable, Mark] = {id: MARKS[state] for id, state in states.items()}
            return Found(numbers, total, bool(total) or self.store.loaded(), marks)

        self.background.ask("rows", work, self._show)

    def _show(self, found: Found) -> None:
        self.total, self.table.model.marks = found.total, found.marks
        self.source = self.source.over(found.numbers)
        self.table.refresh(self.source, total=self.total)
        if not found.known:
            self.table.show_loading(COMING)
            self.words = ""
            self.counted.emit(self.words)
            return
        words = counted(len(found.numbers), "запись", "записи", "записей")
        self.words = f"Отобрано {words} из {spaced(self.total)}" if self.query else words
        self.counted.emit(self.words)
