"""Whether the card stands beside a list, and which row it follows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from client.kit.background import Background
from client.kit.buttons import icon_button
from client.kit.records import Records
from client.kit.screen import Screen
from client.kit.side_card import Chosen, SideCard
from client.kit.table import PagedTable
from client.kit.theme import theme
from common.kit.lists import ListSpec

ROOM_FROM = 1000
"""Pixels at scale 1 of a window that has room for a card beside the rows."""
KEPT = "side_card"
NO_ROOM = "Для карточки справа мало места: расширьте окно или откройте запись по Enter."


class Beside(QObject):
    """Remembered at the desk for all lists; folds away where the window is narrow. `refused(words)` where it cannot be shown; `turned` when the rows have another width."""

    refused = Signal(str)
    turned = Signal()

    def __init__(self, store: Records, spec: ListSpec, table: PagedTable, plan: Screen) -> None:
        super().__init__(table)
        self.store, self.spec, self.table = store, spec, table
        self.background = Background(self)
        self.wanted = bool(store.kept(KEPT).get("on", False))
        self.card = SideCard(store, plan, self.turn)
        self.card.hide()
        table.add_tool(icon_button("panel-right", "Карточка справа  F3", self.turn))
        table.selection_changed.connect(self.follow)

    @property
    def taken(self) -> int:
        """Of the width of the list."""
        return 0 if self.card.isHidden() else self.card.width()

    def has_room(self) -> bool:
        return self.table.window().width() >= theme().px(ROOM_FROM)

    def fit(self) -> None:
        shown = self.wanted and self.has_room()
        if shown == self.card.isHidden():
            self.card.setVisible(shown)
            self.follow()
            self.turned.emit()

    def turn(self) -> None:
        """F3."""
        if not self.has_room():
            self.refused.emit(NO_ROOM)
            return
        on = self.wanted = not self.wanted
        self.background.ask("kept", lambda: self.store.keep(KEPT, {"on": on}), lambda _: None)
        self.fit()
        self.table.view.setFocus()

    def follow(self, *, anew: bool = False) -> None:
        if not self.card.isHidden():
            self.card.follow(self._chosen(), anew=anew)

    def _chosen(self) -> Chosen | None:
        table, spec = self.table, self.spec
        key = table.current_key()
        if key is None or not table.selected_count():
            return None
        row = table.view.currentIndex().row()
        texts = [table.model.text(row, n) for n in range(len(spec.columns))]
        pills = tuple(
            (text, table.model.source.tone(column.key, text))
            for column, text in zip(spec.columns, texts, strict=True)
            if column.pill and text
        )
        title = next((texts[n] for n, c in enumerate(spec.columns) if c.key in NAMES), texts[0])
        return Chosen(str(key), title or texts[0], pills, table.model.mark(row))


NAMES = {"name", "account_id__name"}
"""Columns by which people call a record; without one it is the first column."""
