"""The pages of «Загрузка таблицы»: the sheet and its headers, the meaning of its columns, the dry run."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from itertools import islice

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.editors import editor_for
from client.kit.fields import Editor, FlagEdit, FormatEdit
from client.kit.forms import FieldRow, FormArea, Section
from client.kit.pick import ChoiceEdit
from client.kit.rows import RowSource
from client.kit.table import PagedTable
from client.kit.words import plain
from client.shell.import_rows import FirstRows, PlanRows
from client.shell.import_state import Loading
from common.kit import exchange
from common.kit.cells import as_text
from common.kit.examining import Fate, Line
from common.kit.formats import INTEGER
from common.kit.grids import Grid
from common.kit.words import counted
from common.kit.xlsx import Cell

NOWHERE = "не загружать"
BY_ALL = "по всем столбцам таблицы"
SAMPLES, LOOKED_AT = 3, 20
"""So many different cells are shown of so many rows."""


class SheetPage(QWidget):
    """`sheet_asked(name)`: the wizard reads it in its child and gives it back by `show_grid`."""

    sheet_asked = Signal(str)

    def __init__(self, loading: Loading) -> None:
        super().__init__()
        self.loading = loading
        kinds = loading.kinds or [loading.spec]
        self.entity = ChoiceEdit([(spec.name, spec.title) for spec in kinds], "Что в таблице")
        self.entity.set_value(loading.spec.name)
        self.sheet = ChoiceEdit([(n, n) for n in loading.grid.sheets], "Лист")
        self.head = FormatEdit(INTEGER, "Названия столбцов в строке", chars=6)
        self.double = FlagEdit("Вид названий", text="названия стоят в двух строках")
        self.notes = plain("", role="muted")
        self.notes.setWordWrap(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self.body.addWidget(FieldRow(self.entity.label(), self.entity))
        if len(loading.grid.sheets) > 1:
            self.sheet.set_value(loading.grid.name)
            self.body.addWidget(FieldRow(self.sheet.label(), self.sheet))
        self.body.addWidget(FieldRow(self.head.label(), self.head))
        self.body.addWidget(FieldRow(self.double.label(), self.double))
        self.body.addWidget(self.notes)
        self.table = _first_rows(loading.grid)
        self.body.addWidget(self.table, 1)
        self.entity.changed.connect(self._kind_chosen)
        self.sheet.changed.connect(self._sheet_chosen)
        self.head.changed.connect(self._heads_said)
        self.double.changed.connect(self._heads_said)
        self._show()

    def first(self) -> Editor:
        return self.entity

    def _show(self) -> None:
        heads = self.loading.heads
        self.head.set_value(heads.last + 1 if heads else None)
        self.double.set_value(bool(heads and heads.rows > 1))
        said = exchange.peculiarities(self.loading.grid)
        known = len(heads.places) if heads else 0
        said.append(
            f"Узнано столбцов: {known} из {self.loading.grid.width}"
            if known
            else "Ни один столбец не узнан: проверьте, в какой строке стоят их названия"
        )
        self.notes.setText(". ".join(said))

    def show_grid(self, grid: Grid) -> None:
        self.loading.take_sheet(grid)
        fresh = _first_rows(grid)
        self.body.replaceWidget(self.table, fresh)
        self.table.hide()
        self.table.deleteLater()
        self.table = fresh
        self._show()

    def _kind_chosen(self) -> None:
        if (entity := self.entity.value()) is not None:
            self.loading.choose_entity(entity)
            self._show()

    def _sheet_chosen(self) -> None:
        name = self.sheet.value()
        if name is not None and name != self.loading.grid.name:
            self.sheet_asked.emit(name)

    def _heads_said(self) -> None:
        row = self.head.value()
        if row is not None and 1 <= row <= len(self.loading.grid.rows):
            self.loading.put_heads(row - 1, 2 if self.double.value() else 1)
            self._show_known()

    def _show_known(self) -> None:
        heads = self.loading.heads
        known = len(heads.places) if heads else 0
        self.notes.setText(f"Узнано столбцов: {known} из {self.loading.grid.width}")

    def problem(self) -> str:
        row = self.head.value()
        if self.loading.heads is not None and (
            row is None or not 1 <= row <= len(self.loading.grid.rows)
        ):
            return f"Строка с названиями столбцов: от 1 до {len(self.loading.grid.rows)}"
        return ""


def _first_rows(grid: Grid) -> PagedTable:
    """A sheet to look at: there is nothing to filter in it."""
    table = PagedTable(FirstRows(grid), "Первые строки листа")
    for widget in (table.quick, table.chooser, table.count):
        widget.hide()
    return table


class ColumnsPage(QWidget):
    """What each column of the table means, what is given for all rows, how records are known again."""

    def __init__(self, loading: Loading) -> None:
        super().__init__()
        self.loading = loading
        self.editors: dict[int, ChoiceEdit] = {}
        self.fixed: dict[str, Editor] = {}
        self.area = FormArea(self._sections())
        self.area.setAccessibleName("Столбцы таблицы")
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.area)

    def _sections(self) -> list[Section]:
        found = [self._meanings()]
        if lacking := self._constants():
            found.append(lacking)
        found.append(self._matching())
        return found

    def _meanings(self) -> Section:
        section = Section("Что означает каждый столбец")
        options = [("", NOWHERE), *((c.name, c.header) for c in self.loading.columns)]
        names = {at: name for name, at in self.loading.places.items()}
        some = [row for _, row in islice(self.loading.rows(), LOOKED_AT)]
        for place, title in enumerate(self.loading.titles()):
            editor = ChoiceEdit(options, title)
            editor.set_value(names.get(place, ""))
            editor.changed.connect(partial(self._meant, editor))
            section.add(f"{title}\n{_samples([row[place] for row in some])}", editor)
            self.editors[place] = editor
        return section

    def _constants(self) -> Section | None:
        lacking = self.loading.lacking()
        if not lacking:
            return None
        section = Section("Нет в таблице: одно значение для всех новых строк")
        for f in lacking:
            editor = editor_for(f, self.loading.store)
            editor.set_value(self.loading.fixed.get(f.name))
            self.fixed[f.name] = editor
            section.add(f.label, editor)
        return section

    def _matching(self) -> Section:
        section = Section("Записи, которые уже есть")
        labels = {c.name: c.header for c in self.loading.columns}
        told = [(way, ", ".join(f"«{labels[n]}»" for n in way)) for way in self.loading.ways()]
        self.match = ChoiceEdit([*told, ((), BY_ALL)], "Узнавать по")
        self.match.set_value(self.loading.match or ())
        self.erase = FlagEdit("Пустая ячейка", text="пустая ячейка стирает значение")
        self.erase.set_value(self.loading.erase)
        section.add(self.match.label(), self.match)
        section.add(self.erase.label(), self.erase)
        return section

    def first(self) -> Editor:
        return next(iter(self.editors.values()))

    def _meant(self, chosen: ChoiceEdit) -> None:
        """A column may stand in one place only: the other lets it go."""
        for editor in self.editors.values():
            if editor is not chosen and editor.value() and editor.value() == chosen.value():
                editor.set_value("")

    def keep(self) -> None:
        """Take what is said here over into the loading."""
        places = {e.value(): place for place, e in self.editors.items() if e.value()}
        match, erase = self.match.value(), bool(self.erase.value())
        if places != self.loading.places:
            self.loading.place(places)
            match = match if set(match or ()) <= places.keys() else self.loading.match
        self.loading.match, self.loading.erase = match or (), erase
        self.loading.fixed = {
            n: e.value() for n, e in self.fixed.items() if e.value() is not None and n not in places
        }

    def problem(self) -> str:
        if not any(editor.value() for editor in self.editors.values()):
            return "Укажите хотя бы для одного столбца, что в нём"
        wrong = next((e for e in self.fixed.values() if e.problem()), None)
        return f"{wrong.label()}: {wrong.problem()}" if wrong else ""


def _samples(cells: Sequence[Cell]) -> str:
    """What stands in a column: by it people know what it is."""
    told = [text for text in dict.fromkeys(as_text(cell)[:30] for cell in cells) if text]
    return "; ".join(told[:SAMPLES]) or "столбец пуст"


class CheckPage(QWidget):
    """What the dry run says; `marks_asked` for a copy of the table with what is wrong."""

    marks_asked = Signal()

    def __init__(self, loading: Loading) -> None:
        super().__init__()
        self.loading = loading
        self.background = Background(self)
        plan = loading.plan
        assert plan is not None  # noqa: S101  the page is made after the dry run
        self.plan = plan
        self.every = PlanRows(loading, loading.names, plan.lines)
        self.by_number: dict[Hashable | None, Line] = {line.number: line for line in plan.lines}
        self.fate: Fate | None = None
        self.table = PagedTable(self.every, "Что будет с каждой строкой")
        self.table.filter_asked.connect(lambda _text: self._narrow())
        line = QHBoxLayout()
        line.setSpacing(8)
        self.filters = [self._filter(None, len(plan.lines)), *(
            self._filter(fate, count) for fate in Fate if (count := plan.count(fate))
        )]  # fmt: skip
        for made in self.filters:
            line.addWidget(made)
        line.addStretch(1)
        self.marks = button("Копия с пометками…", "file-spreadsheet", run=self.marks_asked.emit)
        self.marks.setVisible(bool(plan.count(Fate.REFUSED)))
        line.addWidget(self.marks)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addLayout(line)
        self.said = plain("", role="muted")
        self.said.setWordWrap(True)
        body.addWidget(self.table, 1)
        body.addWidget(self.said)
        self.table.selection_changed.connect(self._say)
        self.table.refresh(total=len(plan.lines))

    def _say(self) -> None:
        """What is to be put right in the row that is looked at, in full."""
        line = self.by_number.get(self.table.current_key())
        self.said.setText(line.why(self.every.headers) if line else "")
        self.said.setVisible(bool(self.said.text()))

    def _filter(self, fate: Fate | None, count: int) -> QWidget:
        words = f"{fate.words if fate else 'Все строки'}: {count}"
        made = button(words, run=lambda: self._choose(fate))
        made.setProperty("role", "chip")
        return made

    def _choose(self, fate: Fate | None) -> None:
        self.fate = fate
        self._narrow()

    def _narrow(self) -> None:
        """Off the GUI thread: a long table has many words."""
        quick, fate = self.table.quick.text().strip(), self.fate
        self.background.ask("rows", lambda: self.every.answering(quick, fate), self._show)

    def _show(self, rows: RowSource) -> None:
        self.table.refresh(rows, total=len(self.plan.lines))

    def first(self) -> QWidget:
        return self.table.view

    def summary(self) -> str:
        """In one line, also for who does not look at the rows."""
        told = [f"{fate.words.lower()}: {n}" for fate in Fate if (n := self.plan.count(fate))]
        rows = counted(len(self.plan.lines), "строка", "строки", "строк")
        return f"{rows}; {', '.join(told)}" if told else "В таблице нет строк с данными"
