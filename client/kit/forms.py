"""Forms: a row of label, fields and the words about them; titled cards of rows; two columns of cards that fold to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.kit.fields import Editor
from client.kit.icons import icon
from client.kit.theme import named, restyle, theme
from client.kit.words import ElidedLabel, hint, plain

LABEL = 148
"""Width of the labels' column."""

TWO_COLUMNS_FROM = 1000
LABELS_BESIDE_FROM = 480
WIDEST = 16_777_215
"""Qt's word for «no limit»."""


class Notes(QLabel):
    """The words about some fields, the worst of them giving the tone; hidden where there are none."""

    def __init__(self, editors: Sequence[Editor]) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.editors = editors
        for editor in editors:
            editor.noted.connect(self._show)
        self.hide()

    def _show(self) -> None:
        said = [editor.message() for editor in self.editors if editor.message()[0]]
        kinds = [kind for _, kind in said]
        self.setText(" · ".join(text for text, _ in said))
        worst = next((kind for kind in ("error", "warn", "ok") if kind in kinds), "hint")
        restyle(self, "tone", worst)
        self.setVisible(bool(said))


class FormRow(Protocol):
    """What stands in a card: a line of fields, or a block of rows."""

    @property
    def editors(self) -> Sequence[Editor]: ...

    def stack(self, *, stacked: bool) -> None: ...


class FieldRow(QWidget):
    """Several fields may share a line (series, number, day); the first carries the row's label."""

    def __init__(
        self,
        label: str,
        *editors: Editor,
        required: bool = False,
        pinnable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editors = editors
        self.stacked = False
        self.label = plain(f"{label} *" if required else label, role="muted")
        self.label.setWordWrap(True)
        self.label.setBuddy(editors[0])
        for editor in editors:
            if not editor.label():
                editor.set_label(f"{label}, обязательное поле" if required else label)
        self.note = Notes(editors)
        self._lay_out(self._pin_button() if pinnable else None)
        self._retheme()
        theme().changed.connect(self._retheme)

    def _lay_out(self, pin: QToolButton | None) -> None:
        beside = all(editor.compact for editor in self.editors)
        line = QHBoxLayout()
        line.setSpacing(8)
        for number, editor in enumerate(self.editors):
            if number and editor.label() and len(self.editors) > 1:
                line.addWidget(plain(self._short(editor.label()), role="muted"))
            line.addWidget(editor, 0 if editor.compact else 1)
        if pin:
            line.addWidget(pin)
        body = QVBoxLayout()
        body.setSpacing(2)
        body.addLayout(line)
        if beside:
            line.addWidget(self.note, 1)
            line.addStretch()
        else:
            body.addWidget(self.note)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self._whole.addLayout(body, 1)

    def _short(self, label: str) -> str:
        return label.rsplit(":", maxsplit=1)[-1].strip()

    def _pin_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("role", "icon")
        button.setCheckable(True)
        button.setIcon(icon("pin", "faint", checked_tone="accent"))
        button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        words = "Оставить это значение для следующей записи"
        button.setToolTip(hint(words))
        button.setAccessibleName(words)
        button.toggled.connect(self.editors[0].set_pinned)
        self.editors[0].pin_changed.connect(button.setChecked)
        return button

    def _retheme(self) -> None:
        look = theme()
        self._whole.setSpacing(2 if self.stacked else 10)
        self._whole.setDirection(
            QBoxLayout.Direction.TopToBottom if self.stacked else QBoxLayout.Direction.LeftToRight
        )
        self.label.setMinimumSize(
            0 if self.stacked else look.px(LABEL), 0 if self.stacked else look.px(32)
        )
        self.label.setMaximumWidth(look.px(LABEL) if not self.stacked else WIDEST)

    def stack(self, *, stacked: bool) -> None:
        """The label above its fields, where the form is narrow or the letters are large."""
        stacked = stacked or any(editor.wide for editor in self.editors)
        if stacked != self.stacked:
            self.stacked = stacked
            self._retheme()


class Section(QFrame):
    """A titled card of rows."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title = ElidedLabel(title, role="heading")
        self.rows: list[FormRow] = []
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(16, 12, 16, 14)
        self._body.setSpacing(8)
        self._body.addWidget(self.title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add_row(self, row: FieldRow) -> FieldRow:
        self.rows.append(row)
        self._body.addWidget(row)
        return row

    def add_block(self, block: FormRow) -> None:
        """A widget with fields of its own, such as the rows of a part."""
        self.rows.append(block)
        assert isinstance(block, QWidget)  # noqa: S101  a protocol cannot say so
        self._body.addWidget(block)

    def add(
        self, label: str, *editors: Editor, required: bool = False, pinnable: bool = False
    ) -> FieldRow:
        return self.add_row(FieldRow(label, *editors, required=required, pinnable=pinnable))

    def add_widget(self, widget: QWidget) -> None:
        """Something that is no row: a table of places, a warning."""
        self._body.addWidget(widget)

    def editors(self) -> Iterator[Editor]:
        for row in self.rows:
            yield from row.editors


class FormArea(QScrollArea):
    """Sections in reading order: down the left column, then down the right one; one column when narrow."""

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sections = tuple(sections)
        self.columns = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = named(QWidget(), "body")
        self._halves = (QVBoxLayout(), QVBoxLayout())
        self._across = across = QHBoxLayout(self._body)
        across.setContentsMargins(16, 12, 16, 16)
        across.setSpacing(12)
        for half in self._halves:
            half.setSpacing(12)
            half.setAlignment(Qt.AlignmentFlag.AlignTop)
            across.addLayout(half, 1)
        self.setWidget(self._body)
        self._top: int | None = None
        self.verticalScrollBar().rangeChanged.connect(self._reach)
        self._fold(1)
        theme().changed.connect(self._refold)

    def editors(self) -> Iterator[Editor]:
        for section in self.sections:
            yield from section.editors()

    def scroll_to(self, top: int) -> None:
        """As soon as the form is long enough: it grows when it is shown."""
        self._top = top
        self._reach()

    def _reach(self) -> None:
        bar = self.verticalScrollBar()
        if self._top is not None and bar.maximum() >= self._top:
            bar.setValue(self._top)
            self._top = None

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 96)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refold()

    def _refold(self) -> None:
        wide = any(editor.wide for editor in self.editors())
        self._fold(2 if self.width() >= theme().px(TWO_COLUMNS_FROM) and not wide else 1)
        stacked = self.width() // self.columns < theme().px(LABELS_BESIDE_FROM)
        for section in self.sections:
            for row in section.rows:
                row.stack(stacked=stacked)

    def _fold(self, columns: int) -> None:
        if columns == self.columns:
            return
        self.columns = columns
        first, second = self._halves
        split = len(self.sections) if columns == 1 else self._balance()
        for half in self._halves:
            for section in self.sections:
                # takeAt would leave Qt's item of the section alive, and its old height with it
                half.removeWidget(section)
        for number, section in enumerate(self.sections):
            (first if number < split else second).addWidget(section)
        self._across.setStretch(1, columns - 1)

    def _balance(self) -> int:
        """How many sections go left so that the columns are about equally high; the first always does."""
        if not self.sections:
            return 0
        heights = [section.sizeHint().height() for section in self.sections]
        tallest = [
            max(sum(heights[:split]), sum(heights[split:])) for split in range(1, len(heights) + 1)
        ]
        return tallest.index(min(tallest)) + 1
