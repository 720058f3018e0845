"""The rows of a part that has many: each a few lines of fields, added, moved and removed by keyboard.

Ins adds, Ctrl+Del removes, Alt+Up and Alt+Down move; Enter in the last field of a filled last row adds the next one.
Where rows carry files, Ctrl+O attaches one and F3 goes to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.kit.buttons import button, icon_button
from client.kit.fields import Editor, FlagEdit
from client.kit.file_strip import FileStrip, offers_in
from client.kit.focus import EnterTaker, bring_into_sight
from client.kit.forms import Notes
from client.kit.held import Held
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain

NUMBER, INDENT = 18, 28
"""Width of the column of places; how far the lines after the first stand in."""


class RowsOwner(Protocol):
    """What the rows ask of their form."""

    def row_lines(self, part: str, held: Held, *, first: bool) -> list[list[Editor]]:
        """New editors of a row's first line, or of the others; kept in `held` too."""
        ...

    def blank_row(self, part: str) -> Held: ...

    def row_limit(self, part: str) -> tuple[int, str] | None:
        """The most rows there may be, and what to say about it."""
        ...

    def row_files(self, part: str, held: Held) -> FileStrip | None:
        """The files on a row; None where rows of this part have none."""
        ...


class RowLine(QWidget):
    """Fields beside each other, with their captions above where asked, and the words about them beneath."""

    def __init__(self, editors: Sequence[Editor], *, captions: bool) -> None:
        super().__init__()
        self.editors = tuple(editors)
        across = QHBoxLayout()
        across.setSpacing(8)
        for editor in editors:
            across.addLayout(self._cell(editor, captions=captions), _stretch(editor))
        if all(_stretch(editor) == 0 for editor in editors):
            across.addStretch()
        body = QVBoxLayout(self)
        body.setContentsMargins(theme().px(INDENT) if captions else 0, 0, 0, 0)
        body.setSpacing(2)
        body.addLayout(across)
        body.addWidget(Notes(editors))

    def _cell(self, editor: Editor, *, captions: bool) -> QVBoxLayout:
        cell = QVBoxLayout()
        cell.setSpacing(1)
        inner = editor.focusProxy()
        if captions:
            words = "" if isinstance(editor, FlagEdit) else editor.label()
            cell.addWidget(ElidedLabel(words, role="small"))
        elif isinstance(inner, QLineEdit):
            inner.setPlaceholderText(editor.label())
        cell.addWidget(editor)
        return cell


def _stretch(editor: Editor) -> int:
    if isinstance(editor, FlagEdit):
        return 1 if editor.tick.text() else 0
    return 0 if editor.compact else 1


class Row(QFrame):
    """One record: its place, its lines, and a button that takes it away; lines after the first have the whole width."""

    removed = Signal()
    typed = Signal(str)

    def __init__(self, held: Held, *, numbered: bool, fixed: bool) -> None:
        super().__init__()
        self.held = held
        self.lines: list[RowLine] = []
        self.strip: FileStrip | None = None
        self.whole = False
        self.names: dict[str, str] = {}
        self.number = plain("", role="muted")
        self.remove = icon_button("x", "Убрать эту строку  Ctrl+Del", self.removed.emit)
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        top = Qt.AlignmentFlag.AlignTop
        self._across = QHBoxLayout()
        self._across.setSpacing(6)
        self._across.addWidget(self.number, 0, top)
        self._across.addWidget(self.remove, 0, top)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(4)
        self._body.addLayout(self._across)
        self.number.setVisible(numbered)  # not before it has its parent: it would be a window
        self.remove.setVisible(not fixed)
        self.retheme()

    def grow(self, lines: list[list[Editor]]) -> None:
        """More lines, showing what the record holds."""
        for editors in lines:
            line = RowLine(editors, captions=bool(self.lines))
            if self.lines:
                self._body.insertWidget(len(self.lines), line)
            else:
                self._across.insertWidget(1, line, 1)
            self.lines.append(line)
        for name, editor in self.held.editors.items():
            if name not in self.names:
                self.names[name] = editor.label()
                editor.set_value(self.held.seen.get(name))
                editor.changed.connect(lambda name=name: self.typed.emit(name))

    def carry_files(self, strip: FileStrip) -> None:
        """Beneath the lines; whatever is dropped on the row is meant for it."""
        self.strip = strip
        self.setAcceptDrops(not strip.fixed)
        self._body.addWidget(strip)
        self._across.insertWidget(2, strip.adder, 0, Qt.AlignmentFlag.AlignTop)
        strip.adder.setVisible(not strip.fixed)
        self.retheme()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if offers_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.strip is not None and self.strip.take(event.mimeData()):
            event.acceptProposedAction()

    def retheme(self) -> None:
        self.number.setFixedWidth(theme().px(NUMBER))
        self.number.setFixedHeight(theme().px(32))
        if self.strip is not None:
            self.strip.setContentsMargins(theme().px(INDENT), 0, 0, 4)

    def is_wanted(self) -> bool:
        return self.held.stored or self.held.is_filled()

    def editors(self) -> Iterator[Editor]:
        for line in self.lines:
            yield from line.editors

    def fields(self) -> list[QWidget]:
        """What the focus walks over."""
        return [inner for e in self.editors() if (inner := e.focusProxy()) is not None]

    def open_fields(self) -> list[QWidget]:
        return [f for f in self.fields() if f.isVisibleTo(self) and f.isEnabled()]

    def renumber(self, part: str, one: str, place: int) -> None:
        self.number.setText(str(place))
        for name, editor in self.held.editors.items():
            editor.setObjectName(f"{part}{place}.{name}")
            editor.set_label(f"{one} {place}: {self.names[name].lower()}")


class RowsBlock(EnterTaker, QWidget):
    """`changed` after each change by hand; `typed(held, field)` when it was in a field."""

    changed = Signal()
    typed = Signal(object, str)

    def __init__(
        self, owner: RowsOwner, part: str, one: str, *, add: str, numbered: bool, fixed: bool
    ) -> None:
        super().__init__()
        self.owner, self.part, self.one = owner, part, one
        self.numbered, self.fixed = numbered, fixed
        self.rows: list[Row] = []
        self.gone: list[Held] = []
        """Stored records that were taken away."""
        self._order: list[UUID] = []
        self.adder = button(add, "plus", quiet=True, run=self.add)
        self.adder.setToolTip("Ins")
        self.adder.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.note = plain("", role="small")
        self.note.setWordWrap(True)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self._below = below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        below.addWidget(self.adder)
        below.addWidget(self.note, 1)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(6)
        body.addLayout(self._list)
        body.addLayout(below)
        self.adder.setVisible(not fixed)
        self._hint()
        theme().changed.connect(self._retheme)

    # ---- what a form asks

    @property
    def editors(self) -> tuple[Editor, ...]:
        return tuple(editor for row in self.rows for editor in row.editors())

    def stack(self, *, stacked: bool) -> None:
        """Rows have no column of labels to fold; what stands beneath them goes under each other."""
        ways = QBoxLayout.Direction
        self._below.setDirection(ways.TopToBottom if stacked else ways.LeftToRight)

    def wanted(self) -> list[Held]:
        """The records to be stored, in the order of the screen."""
        return [row.held for row in self.rows if row.is_wanted()]

    def is_reordered(self) -> bool:
        """Do the rows stand otherwise than they are stored, or are there others?"""
        return bool(self.gone) or [h.id for h in self.wanted()] != self._order

    def is_dirty(self) -> bool:
        stored = [row.held.id for row in self.rows if row.held.stored]
        return (
            bool(self.gone)
            or (self.numbered and stored != self._order)
            or any(h.is_dirty() if h.stored else h.is_filled() for h in (r.held for r in self.rows))
        )

    def show_rows(self, every: Sequence[Held], gone: Sequence[Held] = ()) -> None:
        """Show these records in the place of all there are; nothing is dirty but what they themselves are."""
        for row in self.rows:
            self._drop(row)
        self.rows, self.gone = [], list(gone)
        self._order = [held.id for held in every if held.stored]
        for held in every or [self.owner.blank_row(self.part)]:
            self._insert(held, len(self.rows))
        self._settle()
        self._hint()

    def unfold(self, held: Held) -> None:
        """Make all lines of this record's row; those after the first are made when they are needed."""
        row = next(r for r in self.rows if r.held is held)
        if row.whole:
            return
        row.whole = True
        before = row.fields()
        row.grow(self.owner.row_lines(self.part, held, first=False))
        for inner in row.fields():
            if inner not in before:
                inner.installEventFilter(self)
        self._settle()

    def _fold(self, row: Row) -> None:
        """The lines after the first are shown once there is something to store."""
        wanted = row.is_wanted()
        if wanted:
            self.unfold(row.held)
        for line in row.lines[1:]:
            line.setVisible(wanted)

    def keep_order(self, order: Sequence[UUID]) -> None:
        """Tell in which order the records are stored, where another is shown."""
        self._order = list(order)

    # ---- changing

    def add(self) -> None:
        """A blank row at the end, ready to be typed into; a blank one that is there already is taken."""
        if self.fixed:
            return
        last = self.rows[-1] if self.rows else None
        limit = self.owner.row_limit(self.part)
        if last is None or last.is_wanted() or last.held.proposed:
            if limit and len(self.rows) >= limit[0]:
                self.note.setText(limit[1])
                return
            last = self._insert(self.owner.blank_row(self.part), len(self.rows))
            self._settle()
        self._enter(last.open_fields())

    def remove(self, row: Row) -> None:
        if self.fixed:
            return
        place = self.rows.index(row)
        told = row.is_wanted()
        if row.held.stored:
            self.gone.append(row.held)
        self.rows.remove(row)
        if not self.rows:
            self._insert(self.owner.blank_row(self.part), 0)
        self._settle()
        self._enter(self.rows[min(place, len(self.rows) - 1)].open_fields())
        self._drop(row)
        self._hint()
        if told:
            self.changed.emit()

    def move_row(self, row: Row, by: int) -> None:
        place = self.rows.index(row) + by
        if not self.numbered or self.fixed or not 0 <= place < len(self.rows):
            return
        focused = self.focusWidget()
        self.rows.remove(row)
        self.rows.insert(place, row)
        self._list.removeWidget(row)
        self._list.insertWidget(place, row)
        self._settle()
        if focused is not None:
            focused.setFocus()
            bring_into_sight(focused)
        self.changed.emit()

    def _insert(self, held: Held, place: int) -> Row:
        row = Row(held, numbered=self.numbered, fixed=self.fixed)
        row.grow(self.owner.row_lines(self.part, held, first=True))
        if (strip := self.owner.row_files(self.part, held)) is not None:
            row.carry_files(strip)
            strip.left.connect(lambda: self._enter(row.open_fields()))
        row.removed.connect(lambda: self.remove(row))
        row.typed.connect(lambda name: self._typed(row, name))
        for inner in row.fields():
            inner.installEventFilter(self)
        self.rows.insert(place, row)
        self._list.insertWidget(place, row)
        if self.isVisible():
            row.show()  # else the layout shows it later, and it could not take the focus now
        self._fold(row)
        return row

    def _drop(self, row: Row) -> None:
        row.hide()
        self._list.removeWidget(row)
        row.deleteLater()

    def _typed(self, row: Row, name: str) -> None:
        self._fold(row)
        self.typed.emit(row.held, name)
        self.changed.emit()

    def _settle(self) -> None:
        """Names and places follow the order of the rows."""
        for place, row in enumerate(self.rows, 1):
            row.renumber(self.part, self.one, place)

    def _hint(self) -> None:
        keys = "Ctrl+Del — убрать" + (", Alt+↑ и Alt+↓ — порядок" if self.numbered else "")
        if any(row.strip for row in self.rows):
            keys += ", Ctrl+O — скан, F3 — к сканам строки"
        self.note.setText("" if self.fixed else keys)

    def _retheme(self) -> None:
        for row in self.rows:
            row.retheme()

    def _enter(self, fields: Sequence[QWidget]) -> None:
        if fields:
            fields[0].setFocus(Qt.FocusReason.TabFocusReason)
            bring_into_sight(fields[0])

    # ---- keys

    def take_enter(self, field: QWidget) -> bool:
        """Enter in the last field of all begins the next row; from an empty row it goes on."""
        if not self.rows or self.fixed:
            return False
        last = self.rows[-1]
        limit = self.owner.row_limit(self.part)
        if not last.is_wanted() or (limit and len(self.rows) >= limit[0]):
            return False
        fields = last.open_fields()
        if not fields or field is not fields[-1]:
            return False
        self.add()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            row = next((r for r in self.rows if watched in r.fields()), None)
            if row is not None and self._key(row, watched, event):
                return True
        return super().eventFilter(watched, event)

    def _key(self, row: Row, field: QObject, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key), 0)
        if key == Qt.Key.Key_Insert and held == Qt.KeyboardModifier.NoModifier:
            self.add()
        elif key == Qt.Key.Key_Delete and held == Qt.KeyboardModifier.ControlModifier:
            self.remove(row)
        elif row.strip is not None and self._file_key(row.strip, field, event):
            pass
        elif step and held == Qt.KeyboardModifier.AltModifier and self.numbered:
            self.move_row(row, step)
        elif step and held == Qt.KeyboardModifier.NoModifier and field is _box(row):
            self._walk(row, step)
        else:
            return False
        return True

    def _file_key(self, strip: FileStrip, field: QObject, event: QKeyEvent) -> bool:
        """Ctrl+O attaches, F3 goes to the files, Ctrl+V takes a file or a picture that was copied."""
        if event.key() == Qt.Key.Key_F3:
            return strip.enter()
        if event.key() == Qt.Key.Key_O and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            strip.choose()
            return True
        return event.matches(QKeySequence.StandardKey.Paste) and strip.paste()

    def _walk(self, row: Row, by: int) -> None:
        """Down a column of ticks."""
        place = self.rows.index(row) + by
        if 0 <= place < len(self.rows) and (box := _box(self.rows[place])) is not None:
            box.setFocus(Qt.FocusReason.TabFocusReason)
            bring_into_sight(box)


def _box(row: Row) -> QWidget | None:
    """The tick that a row begins with."""
    first = next(row.editors(), None)
    return first.tick if isinstance(first, FlagEdit) else None
