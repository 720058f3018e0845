"""«+ условие»: a column, what is asked of it and the value, chosen and typed without a mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from client.kit.buttons import button
from client.kit.fields import Editor, FormatEdit
from client.kit.forms import FieldRow
from client.kit.pick import ChoiceEdit
from client.kit.popover import Popover
from client.kit.theme import theme
from client.kit.tick import Tick
from client.kit.words import plain
from common.kit import formats
from common.kit.conditions import Condition, Op, ops_of, spelt
from common.kit.lists import Kind, ListColumn, choices_of, is_open, kind_of
from common.kit.unreadable import Unreadable

VALUELESS = "Укажите значение"
WIDTH = 380


class ConditionPopover(Popover):
    """`made(Condition)`."""

    made = Signal(object)

    def __init__(self, anchor: QWidget, columns: Sequence[ListColumn], first: str = "") -> None:
        """`first` is the column that stands chosen."""
        super().__init__(anchor)
        self.columns = [c for c in columns if c.settled]
        self.column = ChoiceEdit([(c, c.label) for c in self.columns], "Столбец")
        self.op: ChoiceEdit
        self.low: Editor
        self.high: Editor
        self.but = Tick("Кроме таких")
        self.said = plain("", role="muted")
        self.said.setProperty("tone", "error")
        self.said.setWordWrap(True)
        self.said.hide()
        self.add = button("Отобрать  Ctrl+Enter", primary=True, run=self.agree)
        self.rows: list[QWidget] = []
        self._inside.setMinimumWidth(theme().px(WIDTH))
        self.body.setSpacing(8)
        self.body.addWidget(FieldRow("Столбец", self.column))
        self.body.addWidget(self.but)
        self.body.addWidget(self.said)
        self.body.addWidget(self.add)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.agree)
        chosen = next((c for c in self.columns if c.key == first), self.columns[0])
        self.column.set_value(chosen)
        self._column_chosen()
        self.column.changed.connect(self._column_chosen)

    def open(self) -> None:
        super().open()
        self.column.setFocus()

    # ---- what fits the column

    def _column_chosen(self) -> None:
        column = self.column.value()
        if column is None:
            return
        self._drop_rows()
        self.op = ChoiceEdit([(op, op.label) for op in ops_of(column)], "Что искать")
        self.op.set_value(ops_of(column)[0])
        self.op.changed.connect(self._op_chosen)
        self.low, self.high = self._value_editor(column), self._value_editor(column)
        self.high_row = FieldRow("По какое", self.high)
        self.low_row = FieldRow("Значение", self.low)
        self.rows = [FieldRow("Что искать", self.op), self.low_row, self.high_row]
        for place, row in enumerate(self.rows, 1):
            self.body.insertWidget(place, row)
        self._op_chosen()

    def _drop_rows(self) -> None:
        for row in self.rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _value_editor(self, column: ListColumn) -> Editor:
        match kind_of(column):
            case Kind.CHOICE if not is_open(column):
                return ChoiceEdit([(m.label, m.label) for m in choices_of(column)])
            case Kind.FLAG:
                return ChoiceEdit([(said, said) for said in ("да", "нет")])
            case _:
                return FormatEdit(formats.TEXT)

    def _op_chosen(self) -> None:
        op = self.op.value()
        self.low_row.setVisible(op is not Op.EMPTY)
        self.high_row.setVisible(op is Op.RANGE)
        self._inside.adjustSize()
        if self.isVisible():
            self.setGeometry(self._place())

    # ---- done

    def agree(self) -> None:
        column, op = self.column.value(), self.op.value()
        if column is None or op is None:
            self._say("Выберите столбец и что в нём искать")
            return
        asked = {Op.EMPTY: 0, Op.RANGE: 2}.get(op, 1)
        told = ["", ""]
        for place, editor in enumerate((self.low, self.high)[:asked]):
            try:
                text = editor.value()
                told[place] = spelt(column, str(text)) if text else ""
            except Unreadable as fault:
                self._say(str(fault))
                editor.setFocus()
                return
            if not told[place]:
                self._say(VALUELESS)
                editor.setFocus()
                return
        self.close_quietly()
        self.made.emit(Condition(column.key, op, told[0], told[1], self.but.isChecked()))

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()
        self._op_chosen()
