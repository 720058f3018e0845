"""What a table shows: a source of rows that are asked for by pages, and the model over it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from client.kit.outline import Outline
from client.kit.records import GroupRow
from common.kit.keys import search_key, words

PAGE = 128
PAGES = 24
"""Pages that are kept: some three thousand rows, more than anybody sees at once."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """`id` keeps the width and the order of a person's view; `width` is in pixels at scale 1."""

    id: str
    title: str
    width: int = 120
    right: bool = False
    pill: bool = False
    shown: bool = True
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """What a row says of itself before its first cell; never by colour alone."""

    icon: str
    tone: str
    words: str


class RowSource(Protocol):
    """Rows of one filter in one order: keys and order stay, texts may change."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def count(self) -> int: ...

    def rows(self, start: int, stop: int) -> Sequence[tuple[str, ...]]: ...

    def key_at(self, row: int) -> Hashable: ...

    def row_of(self, key: Hashable) -> int | None: ...

    def tone(self, column: str, text: str) -> str:
        """Token of a state's pill: ok, warn, bad, accent or muted."""
        ...


class Outlined:
    """A source whose rows may stand under headings; without an outline each row is a record."""

    outline: Outline | None = None


class FixedLine(Protocol):
    """A line that is there already, in words."""

    @property
    def key(self) -> Hashable: ...

    @property
    def texts(self) -> tuple[str, ...]: ...


class TextLine(NamedTuple):
    """A line of words alone."""

    key: str
    texts: tuple[str, ...]


Line = TypeVar("Line", bound=FixedLine)


class FixedRows(Generic[Line]):
    """A short list, made beforehand; a class of its own names the columns."""

    columns: Sequence[Column]

    def __init__(self, lines: Sequence[Line], tones: Mapping[str, str]) -> None:
        """`tones`: of the pills, by what they say."""
        self.lines, self.tones = lines, tones

    def count(self) -> int:
        return len(self.lines)

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        return [line.texts for line in self.lines[start:stop]]

    def key_at(self, row: int) -> Hashable:
        return self.lines[row].key

    def row_of(self, key: Hashable) -> int | None:
        return next((n for n, line in enumerate(self.lines) if line.key == key), None)

    def tone(self, column: str, text: str) -> str:
        return self.tones.get(text, "muted")


def answering(lines: Sequence[Line], quick: str) -> list[Line]:
    """Those in which every word of a quick filter stands somewhere."""
    wanted = words(quick)
    return [line for line in lines if answers(line.texts, wanted)]


def answers(texts: Sequence[str], wanted: Sequence[Sequence[str]]) -> bool:
    """`wanted`: the words of a quick filter, each with its spellings."""
    key = search_key(" ".join(texts))
    return all(any(spelling in key for spelling in spellings) for spellings in wanted)


class RowModel(QAbstractTableModel):
    """Fetches a page when a row of it is painted and keeps the last ones used."""

    def __init__(self, source: RowSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._columns = tuple(source.columns)
        self._pages: OrderedDict[int, Sequence[tuple[str, ...]]] = OrderedDict()
        self._count = source.count()
        self.marks: Mapping[Hashable, Mark] = {}
        """By key of the row."""

    def mark(self, row: int) -> Mark | None:
        return self.marks.get(self.source.key_at(row)) if self.marks else None

    def is_folded(self, group: GroupRow) -> bool:
        return self.outline is not None and group.key in self.outline.folded

    @property
    def outline(self) -> Outline | None:
        return self.source.outline if isinstance(self.source, Outlined) else None

    def heading(self, row: int) -> GroupRow | None:
        """What stands over the rows beneath; None where this row is a record."""
        return self.outline.heading(row) if self.outline else None

    def records(self, top: int = 0, bottom: int | None = None) -> int:
        """How many of these rows, the bottom one excluded, are records."""
        end = self._count if bottom is None else bottom
        if self.outline is None:
            return end - top
        return self.outline.records_before(end) - self.outline.records_before(top)

    def refresh(self, source: RowSource | None = None) -> None:
        """Ask for all rows again; another source has the same columns."""
        self.beginResetModel()
        self.source = source or self.source
        self._pages.clear()
        self._count = self.source.count()
        self.endResetModel()

    def columns(self) -> tuple[Column, ...]:
        return self._columns

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def text(self, row: int, column: int) -> str:
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._fetch(number)
        else:
            self._pages.move_to_end(number)
        return page[place][column]

    def _fetch(self, number: int) -> Sequence[tuple[str, ...]]:
        start = number * PAGE
        page = self.source.rows(start, min(start + PAGE, self._count))
        self._pages[number] = page
        if len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        return page

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            said = self.mark(index.row())
            words = [self.text(index.row(), index.column()), said.words if said else ""]
            return "\n".join(filter(None, words)) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if (group := self.heading(index.row())) is not None:
                return self._spoken(group, index.row())
            said = self.mark(index.row())
            title = self._columns[index.column()].title
            text = f"{title}: {self.text(index.row(), index.column()) or 'пусто'}"
            return f"{text}. {said.words}" if said else text
        if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[index.column()].right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _spoken(self, group: GroupRow, row: int) -> str:
        """The whole of a heading: a screen reader stands in one cell of it."""
        cells = zip(self._columns, self._texts(row), strict=True)
        told = [f"{c.title}: {text}" for c, text in list(cells)[1:] if text]
        state = "свёрнута" if self.is_folded(group) else "развёрнута"
        return ". ".join([f"Группа {self.text(row, 0)}, {state}", *told])

    def _texts(self, row: int) -> tuple[str, ...]:
        return tuple(self.text(row, n) for n in range(len(self._columns)))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not section < len(self._columns):
            return None
        if role in {
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        }:
            return self._columns[section].title
        return None


@dataclass(frozen=True, slots=True)
class ViewState:
    """How a person left a table: by column id, so that a new column of an update breaks nothing."""

    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
