"""«Корзина»: what was deleted at this desk from one list, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.rows import Column
from client.kit.table import PagedTable
from client.kit.theme import restyle
from client.kit.words import ElidedLabel, plain
from client.shell.record_words import moment
from client.shell.told import told
from client.store import basket
from client.store.basket import Deleted
from client.store.store import Store
from common.kit.keys import search_key
from common.kit.lists import ListSpec

COLUMNS = (
    Column("record", "Запись", 420, sortable=False),
    Column("day", "Удалено", 150, sortable=False),
    Column("state", "Состояние", 190, pill=True, sortable=False),
)
SENT, WAITS, STAYED = "Удалено в центре", "Ждёт отправки", "Центр не удалил"

HINT = (
    "Здесь то, что удалено на этом рабочем месте. Enter или «Вернуть» возвращают запись вместе с её частями; "
    "запись, которую центр не удалил, остаётся."
)


@dataclass(frozen=True, slots=True)
class BasketRow:
    deleted: Deleted
    texts: tuple[str, str, str]


class BasketRows:
    """The newest first."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, found: Sequence[BasketRow]) -> None:
        self.found = found

    def count(self) -> int:
        return len(self.found)

    def rows(self, start: int, stop: int) -> list[tuple[str, ...]]:
        return [row.texts for row in self.found[start:stop]]

    def key_at(self, row: int) -> Hashable:
        return self.found[row].deleted.id

    def row_of(self, key: Hashable) -> int | None:
        return next((n for n, row in enumerate(self.found) if row.deleted.id == key), None)

    def tone(self, column: str, text: str) -> str:
        return {WAITS: "accent", STAYED: "bad"}.get(text, "muted")


class BasketScreen(QWidget):
    """`restored(texts)` with the words of what came back."""

    restored = Signal(list)
    touched = Signal()

    def __init__(self, store: Store, spec: ListSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store, self.spec = store, spec
        self.background = Background(self)
        self.every: list[BasketRow] = []
        self.query = ""
        self.table = PagedTable(BasketRows(()), f"Корзина: {spec.title}", empty="В корзине пусто")
        self.back = button("Вернуть", "undo-2", primary=True, run=self.restore)
        self.back.setEnabled(False)
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(f"Корзина: {spec.title.lower()}", role="title"), 1)
        top.addWidget(self.back)
        self.hint = plain(HINT, role="muted")
        self.hint.setWordWrap(True)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addLayout(top)
        body.addWidget(self.hint)
        body.addWidget(self.table, 1)
        self.table.opened.connect(lambda _key: self.restore())
        self.table.filter_asked.connect(self._filter)
        self.table.selection_changed.connect(self._chosen)
        self.touched.connect(self.reload, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(_watch(store, self.touched.emit))
        self.reload()

    def reload(self) -> None:
        self.background.ask("basket", self._look, self._show)

    def _look(self) -> list[BasketRow]:
        """Off the GUI thread."""
        return [
            BasketRow(
                each,
                (
                    told(self.store, each.record),
                    moment(each.at),
                    STAYED if each.refused else WAITS if each.waits else SENT,
                ),
            )
            for each in basket.look(self.store, self.spec.main)
        ]

    def _show(self, found: list[BasketRow]) -> None:
        self.every = found
        words = search_key(self.query).split()
        shown = [
            row for row in found if all(word in search_key(" ".join(row.texts)) for word in words)
        ]
        self.table.refresh(BasketRows(shown), total=len(found))
        self._chosen()

    def _filter(self, text: str) -> None:
        self.query = text
        self._show(self.every)

    def _chosen(self) -> None:
        """What the centre had against the chosen one stands where the hint stood."""
        keys = set(self.table.selected_keys())
        self.back.setEnabled(bool(keys))
        whys = (row.deleted.refused for row in self.every if row.deleted.id in keys)
        why = next(filter(None, whys), "")
        self.hint.setText(why or HINT)
        restyle(self.hint, "role", "strong" if why else "muted")

    def restore(self) -> None:
        """Take the chosen records out of the basket, each with its parts."""
        keys = set(self.table.selected_keys())
        chosen = [row for row in self.every if row.deleted.id in keys]
        if chosen:
            self.background.ask(
                "restore",
                lambda: [basket.keep(self.store, row.deleted) for row in chosen],
                lambda _made: self.restored.emit([row.texts[0] for row in chosen]),
            )


def _watch(store: Store, tell: Callable[[], None]) -> Callable[[], None]:
    """Watch the store; returns what ends it."""

    def watcher(_touched: object) -> None:
        tell()

    store.watch(watcher)
    return lambda: store.unwatch(watcher)
