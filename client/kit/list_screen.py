"""The generic list: any ListSpec over the store, with quick filter, sorting, selection and its actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.beside import Beside
from client.kit.bulk import fields_of
from client.kit.bulk_edit import BulkEdit
from client.kit.buttons import FOLD_UNDER, button, fold, icon_button
from client.kit.cell_edit import InlineEdit
from client.kit.icons import icon
from client.kit.list_filter import ListFilter
from client.kit.list_source import Found, StoreSource, find_rows
from client.kit.outline import Outline
from client.kit.records import Records, Sift, Touched, watching
from client.kit.screen import Screen
from client.kit.selection_bar import SelectionBar
from client.kit.table import PagedTable
from client.kit.table_paint import Sort
from client.kit.theme import theme
from client.kit.totals_line import ChosenTotals, TotalsLine
from client.kit.view_menu import ViewMenu
from client.kit.views import View, Views
from client.kit.words import ElidedLabel, plain
from common.kit.conditions import Condition
from common.kit.entity import spec_of
from common.kit.lists import ListSpec
from common.kit.words import counted, spaced

FEW_SIDES, A_SIDE = 2, 140
"""So many buttons have room where no bar folds yet; each more wants so many pixels at scale 1."""

MARGIN = 16

VIEW_FROM = 640
"""Pixels at scale 1 of the rows from which the name of its view has room."""
TIGHT = 400
"""Pixels at scale 1 under which the button that adds is an icon too."""

COMING = "Записи ещё не пришли с сервера. Они появятся здесь сами, как только придут"


class ListScreen(QWidget):
    """`opened(id)`, `add_asked`, `delete_asked(ids)`, `paste_asked` by Ctrl+V, `changed_many(words, undo)`; `counted(text)` for the status line."""

    opened = Signal(str)
    add_asked = Signal()
    delete_asked = Signal(list)
    counted = Signal(str)
    paste_asked = Signal()
    touched = Signal(object)
    changed_many = Signal(str, object)

    source_of = StoreSource

    def __init__(
        self,
        store: Records,
        spec: ListSpec,
        *,
        tones: Mapping[str, str] | None = None,
        add: str = "",
        empty: str = "Здесь пока нет записей",
        as_left: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`as_left`: with the columns, filter and groups of the last time."""
        super().__init__(parent)
        self.store, self.spec = store, spec
        self.background = Background(self)
        self.source = self.source_of(store, spec, tones or {})
        self.table = PagedTable(self.source, spec.title, empty=empty)
        self.sort: Sort = spec.order
        self.words = ""
        self.total = 0
        self.found: Found | None = None
        self.by = ""
        """The id of the column that rows are grouped by."""
        self.folded: frozenset[str] = frozenset()
        self.filter = ListFilter(self.table, spec)
        self.menu = ViewMenu(Views(store, spec), self.background, self.look, self.look_so)
        self.totals = TotalsLine(spec)
        self.table.add_foot(self.totals)
        self.sums = ChosenTotals(store, self.table, self.totals, self.background)
        self.table.add_tool(self.menu.button)
        self.table.add_tool(
            icon_button("list-filter", "Добавить условие  Alt+Shift+F", self.filter.ask)
        )
        self.chosen = SelectionBar(self.table)
        self.beside: Beside | None = None
        self.sides: list[tuple[QPushButton, str]] = []
        self.adding: QPushButton | None = None
        self._lay_out(add)
        self._wire()
        self.table.show_loading()
        if as_left:
            self.menu.begin()
        self.reload()
        self.menu.refresh()

    def _lay_out(self, add: str) -> None:
        self.top = QHBoxLayout()
        self.top.setSpacing(8)
        self.top.addWidget(ElidedLabel(self.spec.title, role="title"), 1)
        if add:
            self.adding = adding = QPushButton(f" {add}  Ins")
            adding.setAccessibleName(add)
            adding.setProperty("primary", "true")
            adding.setIcon(icon("plus", "on_accent"))
            adding.clicked.connect(self.add_asked)
            self.top.addWidget(adding)
            self._on_key("Ins", self.add_asked.emit)
        body = QVBoxLayout(self)
        body.setContentsMargins(MARGIN, 12, MARGIN, 14)
        body.setSpacing(10)
        self.note = plain("", role="muted")
        self.note.setWordWrap(True)
        self.note.hide()
        self.middle = QHBoxLayout()
        self.middle.setSpacing(12)
        self.middle.addWidget(self.table, 1)
        body.addLayout(self.top)
        body.addWidget(self.note)
        body.addLayout(self.middle, 1)
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

    def show_beside(self, plan: Screen) -> Beside:
        """F3 shows the chosen record beside the rows, as this form has it."""
        self.beside = Beside(self.store, self.spec, self.table, plan)
        self.middle.addWidget(self.beside.card)
        self.beside.refused.connect(self.filter.say)
        self.beside.turned.connect(self._fold)
        self.beside.fit()
        self._on_key("F3", self.beside.turn)
        return self.beside

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
        if self.beside is not None:
            self.beside.fit()

    def _fold(self) -> None:
        """Where the list is narrow, all buttons but the one that adds are icons; the title needs its room."""
        more = max(len(self.sides) - FEW_SIDES, 0)
        narrow = self.width() < theme().px(FOLD_UNDER + A_SIDE * more)
        for made, keys in self.sides:
            fold(made, keys, narrow=narrow, tell_keys=True)
        if self.adding is not None:
            tight = self.width() < theme().px(TIGHT)
            fold(self.adding, "Ins", narrow=tight, tell_keys=True)
        room = self.width() - (self.beside.taken if self.beside else 0)
        self.menu.fold(narrow=room < theme().px(VIEW_FROM))
        self.table.fold(room - 2 * MARGIN)

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

    def allow_edit(self, busy: Callable[[], Mapping[str, str]]) -> None:
        """«Изменить поле…» of the chosen rows, and cells in their place; `busy` says of some records why they must be left alone."""
        self._busy = busy
        self.inline = InlineEdit(self.store, self.spec, self.table, busy)
        self.inline.said.connect(self.filter.say)
        self.inline.applied.connect(self.changed_many)
        if not fields_of(spec_of(self.spec.main), self.store.permissions()):
            return
        self.chosen.add(
            button("Изменить поле…  Alt+E", "pencil", run=self.change_field),
            "Изменить поле у выбранных записей",
        )
        self._on_key("Alt+E", self.change_field)

    def change_field(self) -> None:
        if keys := [str(key) for key in self.table.selected_keys()]:
            dialog = BulkEdit(self.store, self.spec, keys, self._busy(), self)
            dialog.applied.connect(self.changed_many)
            dialog.finished.connect(lambda _how: self.table.view.setFocus())
            dialog.open()
        else:
            self.filter.say("Выберите записи, у которых изменить поле.")

    def _wire(self) -> None:
        self.setFocusProxy(self.table.quick)
        for keys, act in (
            ("Ctrl+F", self.table.focus_filter),
            ("Alt+F", self.filter.add_cell),
            ("Alt+Shift+F", self.filter.ask),
            ("Alt+S", partial(self.table.sort_here, adding=False)),
            ("Alt+Shift+S", partial(self.table.sort_here, adding=True)),
            ("Alt+G", self.group_here),
            ("Alt+V", self.menu.open),
            ("Shift+Esc", self.drop_emptied),
        ):
            self._on_key(keys, act)
        self.table.show_sort(self.sort)
        self.table.opened.connect(lambda key: self.opened.emit(str(key)))
        self.table.filter_asked.connect(self.filter.type)
        self.menu.chosen.connect(self.reload)
        self.menu.said.connect(self.filter.say)
        self.menu.dropped.connect(self.changed_many)
        self.filter.changed.connect(self._asked_otherwise)
        self.table.fold_asked.connect(self._fold_group)
        self.table.sort_asked.connect(self._sort)
        self.table.view_changed.connect(self._view_changed)
        self.touched.connect(self._refresh, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(watching(self.store, self.touched.emit))

    def _asked_otherwise(self) -> None:
        self.menu.touched()
        self.reload()

    def _sort(self, sort: Sort) -> None:
        self.sort = sort or self.spec.order
        self.table.show_sort(self.sort)
        self._asked_otherwise()

    def _view_changed(self) -> None:
        self.menu.touched()
        if self.filter.words:
            self.reload()  # hidden columns are not searched

    def look(self) -> View:
        """How the list is looked at now."""
        columns = replace(self.table.view_state(), sort=self.sort)
        return View(columns, self.by, self.filter.conditions, self.filter.words)

    def look_so(self, view: View) -> None:
        """What this list does not know of it is passed by; the rows are not yet asked for."""
        known = {c.key for c in self.spec.columns}
        self.table.restore_view(view.columns)
        self.sort = self.table.sort or self.spec.order
        self.table.show_sort(self.sort)
        self.by, self.folded = view.by if view.by in known else "", frozenset()
        self.filter.show(view.conditions, view.words)

    def _refresh(self, touched: Touched) -> None:
        """The rows first: whoever works in the list waits for them."""
        self.reload()
        if self.menu.wants(touched):
            self.menu.refresh()

    # ---- groups

    def group_by(self, column: str) -> None:
        """By this column, or by none where the id is empty; all groups are open."""
        self.by, self.folded = column, frozenset()
        self._asked_otherwise()

    def group_here(self) -> None:
        """Alt+G: by the column in which the frame stands; a second time, by none."""
        cell = self.table.current_cell()
        if self.by:
            self.group_by("")
        elif cell is not None and self.spec.column(cell[0]).settled:
            self.group_by(cell[0])
        else:
            self.filter.say("Встаньте на ячейку столбца, по которому собрать группы.")

    def _fold_group(self, group: str, every: bool) -> None:  # noqa: FBT001  the signal brings it so
        if group in self.folded:
            self.folded = frozenset() if every else self.folded - {group}
        else:
            all_of_them = {g.key for g in self.found.groups} if self.found else set()
            self.folded = frozenset(all_of_them) if every else self.folded | {group}
        if self.found is not None:
            self._show_rows(self.found)

    # ---- rows

    def visible(self) -> tuple[str, ...]:
        return self.table.shown_columns()

    def sift(self) -> Sift:
        """What is asked for now."""
        by = (self.by, dict(self.sort).get(self.by, False)) if self.by else None
        return Sift(self.filter.words, self.visible(), self.filter.conditions, by)

    def asked_words(self) -> list[str]:
        """The conditions and the words of the filter, as people read them."""
        asked = [*map(self.filter.told, self.filter.conditions), self.filter.words]
        return [each for each in asked if each]

    def flat(self) -> StoreSource:
        """The records that are shown, in their order, without the headings of groups."""
        return self.source.over(self.found.numbers) if self.found else self.source

    def reload(self) -> None:
        """Ask for the rows anew; the table shows them when they come."""
        sift, sort = self.sift(), self.sort
        self.background.ask(
            "rows", lambda: find_rows(self.store, self.spec, sift, sort), self._show
        )

    def _show(self, found: Found) -> None:
        self.found, self.total = found, found.total
        self.table.model.marks = found.marks
        self._show_rows(found)
        if not found.total and not found.whole:
            self.table.show_loading(COMING)
            self.words = ""
        else:
            self.words = self._counted(found)
        self.counted.emit(self.words)
        if self.beside is not None:
            self.beside.follow(anew=True)

    def _show_rows(self, found: Found) -> None:
        outline = Outline(found.groups, self.folded) if self.by else None
        self.source = self.source.over(found.numbers, outline)
        self.table.refresh(self.source, total=found.total, nothing=self._nothing(found))
        if found.emptied is not None:
            self.table.nothing.offer(
                f"{self._without(found.emptied)}  Shift+Esc", self.drop_emptied
            )
        self.totals.show_totals(found.totals)

    def _counted(self, found: Found) -> str:
        words = counted(len(found.numbers), "запись", "записи", "записей")
        filtered = self.filter.words or self.filter.conditions
        said = f"Отобрано {words} из {spaced(found.total)}" if filtered else words
        return said if found.whole else f"{said}; остальные ещё приходят с сервера"

    # ---- nothing found

    def _nothing(self, found: Found) -> str:
        rows = counted(found.total, "запись", "записи", "записей")
        if isinstance(found.emptied, Condition):
            return f"По условию «{self.filter.told(found.emptied)}» здесь ничего не находится. Всего {rows}"
        if found.emptied is not None:
            return f"По отбору «{found.emptied}» ничего не найдено. Всего {rows}"
        both = ", ".join(f"«{each}»" for each in self.asked_words())
        return f"По отбору {both} ничего не найдено: снимать надо не одно условие. Всего {rows}"

    def _without(self, emptied: Condition | str) -> str:
        if isinstance(emptied, Condition):
            return f"Снять «{self.filter.told(emptied)}»"
        return f"Снять слова «{emptied}»"

    def drop_emptied(self) -> None:
        """Shift+Esc: what has emptied the list goes."""
        emptied = self.found.emptied if self.found else None
        if isinstance(emptied, Condition):
            self.filter.drop_one(emptied)
        elif emptied is not None:
            self.table.clear_filter()
