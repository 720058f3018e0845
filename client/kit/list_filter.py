"""What a list is filtered by: the words and conditions of the quick filter's line, and the chips beneath it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from client.kit.chips import ChipBar
from client.kit.condition_popover import ConditionPopover
from client.kit.table import PagedTable
from client.kit.words import hint
from common.kit.conditions import Asked, Condition, of_cell, read, stands, told, written
from common.kit.lists import ListSpec

NOTHING = Asked("", (), ())
HINT = "Слова в любом порядке и условия, например: кузн состояние:принято (Ctrl+F)"


class ListFilter(QObject):
    """`changed` when other rows are wanted; a text that cannot be read is told of, and the list stays as it was.

    Answers the keys of the table's line: see `table.LineKeys`.
    """

    changed = Signal()

    def __init__(self, table: PagedTable, spec: ListSpec) -> None:
        super().__init__(table)
        self.table, self.spec = table, spec
        self.typed = NOTHING
        self.chosen: tuple[Condition, ...] = ()
        self.bar = ChipBar()
        self.popover: ConditionPopover | None = None
        table.add_bar(self.bar)
        table.line_keys = self
        table.quick.setToolTip(hint(HINT))
        self.bar.edited.connect(self.edit)
        self.bar.dropped.connect(self.drop)

    @property
    def words(self) -> str:
        return self.typed.words

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The chips, and what is typed and not yet one."""
        return tuple(dict.fromkeys((*self.chosen, *self.typed.conditions)))

    def told(self, condition: Condition) -> str:
        return told(self.spec.column(condition.column), condition)

    def say(self, text: str) -> None:
        self.bar.say(text)

    # ---- typing

    def type(self, text: str) -> None:
        """The line says this now."""
        asked = read(self.spec.columns, text)
        self.say(" ".join(f"{fault}." for fault in asked.faults))
        if asked.faults:
            return
        self.typed = asked
        self.changed.emit()

    def settle(self) -> bool:
        """Enter: what was typed as conditions becomes chips; False where something cannot be read."""
        asked = read(self.spec.columns, self.table.quick.text())
        if asked.faults:
            return False
        if asked.conditions:
            self.table.quick.setText(asked.words)
            self.typed = Asked(asked.words, (), ())
            self._choose((*self.chosen, *asked.conditions))
        return True

    def reopen_last(self) -> bool:
        """Backspace at the empty beginning of the line: the last chip is typed anew."""
        if not self.chosen:
            return False
        self.edit(len(self.chosen) - 1)
        return True

    def drop_last(self) -> bool:
        """Esc where no words are: the last chip goes."""
        if self.bar.said.text():
            self.say("")
        if self.chosen:
            self.drop(len(self.chosen) - 1)
            return True
        return False

    # ---- chips

    def show(self, conditions: tuple[Condition, ...], words: str = "") -> None:
        """As a view has it; nothing is asked for."""
        self.table.quick.setText(words)
        self.typed = read(self.spec.columns, words)
        self.chosen = tuple(c for c in conditions if stands(self.spec.columns, c))
        self.say("")
        self._show_chips()

    def edit(self, number: int) -> None:
        """The chip becomes text in the line again."""
        text = written(self.spec.columns, [self.chosen[number]])
        self.chosen = tuple(c for n, c in enumerate(self.chosen) if n != number)
        self._show_chips()
        self.table.quick.setText(" ".join(filter(None, (self.table.quick.text(), text))))
        self.table.quick.setFocus()
        self.type(self.table.quick.text())

    def drop(self, number: int) -> None:
        focus = QApplication.focusWidget()
        inside = focus is not None and self.bar.isAncestorOf(focus)
        self._choose(tuple(c for n, c in enumerate(self.chosen) if n != number))
        if inside and self.bar.chips:
            self.bar.chips[max(number - 1, 0)].button.setFocus()
        elif inside:
            self.table.quick.setFocus()

    def drop_one(self, condition: Condition) -> None:
        """Wherever it stands: on a chip, or in the line."""
        text = written(self.spec.columns, [c for c in self.typed.conditions if c != condition])
        if condition in self.typed.conditions:
            self.typed = Asked(self.typed.words, read(self.spec.columns, text).conditions, ())
            self.table.quick.setText(" ".join(filter(None, (self.typed.words, text))))
        self._choose(tuple(c for c in self.chosen if c != condition))

    def add(self, condition: Condition) -> None:
        self._choose((*self.chosen, condition))

    def add_cell(self) -> None:
        """Alt+F: rows like the cell in which the frame stands."""
        cell = self.table.current_cell()
        if cell is None:
            self.say("Встаньте на ячейку: отбор возьмёт её значение.")
            return
        column = self.spec.column(cell[0])
        condition = of_cell(column, cell[1])
        if condition is None:
            self.say(f"По столбцу «{column.label}» отбора нет: он меняется с каждым днём.")
            return
        self.say("")
        self.add(condition)

    def ask(self) -> None:
        """«+ условие»."""
        cell = self.table.current_cell()
        self.popover = ConditionPopover(
            self.table.quick, self.spec.columns, cell[0] if cell else ""
        )
        self.popover.made.connect(self.add)
        self.popover.open()

    def _choose(self, conditions: tuple[Condition, ...]) -> None:
        self.chosen = tuple(dict.fromkeys(conditions))
        self._show_chips()
        self.changed.emit()

    def _show_chips(self) -> None:
        self.bar.show_chips([self.told(c) for c in self.chosen])
