"""Two records side by side, read only, with what differs marked by a sign and a colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client.kit.buttons import button
from client.kit.editors import Book
from client.kit.held import Held
from client.kit.records import Records
from client.kit.screen import Line, Screen
from client.kit.theme import named, theme
from client.kit.tick import Tick
from client.kit.words import plain
from common.kit.spec import FieldSpec, told_of
from common.kit.words import counted

INSIDE = (8, 3, 8, 3)
"""Margins of a cell."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One field of both records, as it is read."""

    key: str
    """«part.field»."""
    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Told only where both say something: what is missing on one side is no contradiction."""
        return bool(self.left and self.right) and self.left != self.right

    @property
    def may_go_over(self) -> bool:
        """Has the left one anything that the right one has not?"""
        return bool(self.left) and self.left != self.right


def side_by_side(
    store: Records, plan: Screen, left: Mapping[str, Held], right: Mapping[str, Held]
) -> list[Pair]:
    """The fields of the form in its order, rows of many left out; fields that are empty in both too."""
    found = []
    for line in (each for card in plan.cards for each in card.lines):
        if isinstance(line, Line) and not plan.part(line.part).many:
            found += list(_pairs(store, plan, line, left[line.part], right[line.part]))
    return [pair for pair in found if pair.left or pair.right]


def _pairs(store: Records, plan: Screen, line: Line, left: Held, right: Held) -> Iterator[Pair]:
    for attribute in line.fields:
        name = str(attribute.key)
        if name in left.editors:  # others may not be read by this person
            field = plan.part(line.part).spec[name]
            label = line.label if line.label and len(line.fields) == 1 else field.label
            yield Pair(
                f"{line.part}.{name}",
                label,
                text_beside(store, field, left.value(name)),
                text_beside(store, field, right.seen.get(name)),
            )


def text_beside(store: Records, field: FieldSpec, value: Any) -> str:
    """A value in words; empty where there is nothing to tell."""
    if value is None or value is False:
        return ""
    return Book(store, field.target).label(value) if field.target else told_of(field, value)


class Comparison(QDialog):
    """`other` when the person says that these are two; `open_asked` for the right one;
    `merge_asked(keys)` when they are one: these values of the left one go over to the right one.
    """

    other = Signal()
    open_asked = Signal()
    merge_asked = Signal(list)

    def __init__(
        self,
        heads: tuple[str, str],
        pairs: Sequence[Pair],
        parent: QWidget | None = None,
        *,
        merges: str = "",
    ) -> None:
        """`merges` says what becomes of the left one; nothing where the two cannot be made one."""
        super().__init__(parent)
        self.pairs = tuple(pairs)
        self.picks: dict[str, Tick] = {}
        self._merges = bool(merges)
        self.setWindowTitle("Один человек или два?")
        number = sum(pair.differs for pair in pairs)
        words = counted(number, "поле", "поля", "полей")
        self.summary = plain(f"Различаются: {words}" if number else "Различий нет", role="heading")
        body = QVBoxLayout(self)
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(10)
        body.addWidget(self.summary)
        if merges:
            body.addWidget(self._explained(merges))
        body.addWidget(self._table(heads, pairs), 1)
        body.addLayout(self._buttons())
        self.resize(min(theme().px(760), 780), min(theme().px(540), 560))

    def _explained(self, merges: str) -> QLabel:
        said = plain(
            f"Это один человек? Отметьте слева, что взять в запись справа. {merges}", role="muted"
        )
        said.setWordWrap(True)
        return said

    def _table(self, heads: tuple[str, str], pairs: Sequence[Pair]) -> QScrollArea:
        inside = named(QWidget(), "body")
        grid = QGridLayout(inside)
        grid.setContentsMargins(2, 2, 8, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        for column, head in enumerate(heads, 2):
            title = plain(head, role="strong")
            title.setWordWrap(True)
            title.setContentsMargins(*INSIDE)
            grid.addWidget(title, 0, column)
        for row, pair in enumerate(pairs, 1):
            self._add(grid, row, pair)
        grid.setRowStretch(len(pairs) + 1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Поля двух записей")
        area.setWidget(inside)
        return area

    def _add(self, grid: QGridLayout, row: int, pair: Pair) -> None:
        sign = plain("≠" if pair.differs else "", role="strong")
        sign.setFixedWidth(theme().px(16))
        if pair.differs:
            sign.setProperty("tone", "warn")
            sign.setAccessibleName("Различается")
        label = plain(pair.label, role="muted")
        label.setWordWrap(True)
        label.setFixedWidth(theme().px(150))
        for words in (sign, label):
            words.setContentsMargins(0, INSIDE[1], 0, INSIDE[3])
        grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignTop)
        pick = Tick(pair.left) if self._merges and pair.may_go_over else None
        if pick is not None:
            pick.setChecked(not pair.right)
            pick.setAccessibleName(f"Взять: {pair.label}, {pair.left}")
            self.picks[pair.key] = pick
        grid.addWidget(_cell(pair.left, differs=pair.differs, inner=pick), row, 2)
        grid.addWidget(_cell(pair.right, differs=pair.differs), row, 3)

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(button("Это другой человек", run=lambda: self._end(self.other)))
        line.addStretch(1)
        if self._merges:
            line.addWidget(button("Объединить", "git-merge", run=self._merge))
        line.addWidget(button("Открыть запись", run=lambda: self._end(self.open_asked)))
        line.addWidget(button("Закрыть", primary=True, run=self.reject))
        return line

    def _merge(self) -> None:
        self.accept()
        self.merge_asked.emit([key for key, pick in self.picks.items() if pick.isChecked()])

    def _end(self, said: Any) -> None:
        self.accept()
        said.emit()


def _cell(text: str, *, differs: bool, inner: QWidget | None = None) -> QFrame:
    cell = QFrame()
    if differs:
        cell.setProperty("role", "banner")
        cell.setProperty("tone", "warn")
    inside = QVBoxLayout(cell)
    inside.setContentsMargins(*INSIDE)
    inside.addWidget(inner or _words(text))
    return cell


def _words(text: str) -> QLabel:
    shown = plain(text or "—", role="" if text else "muted")
    shown.setWordWrap(True)
    shown.setAlignment(Qt.AlignmentFlag.AlignTop)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return shown
