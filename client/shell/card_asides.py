"""What is asked about the card on the screen, or the row where the frame stands: its history, its uses, who opened it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject

from client.kit.background import Background
from client.kit.bulk import names_of
from client.kit.carrying import held_of
from client.kit.held import stored_rows
from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell.frame import MainFrame
from client.shell.history_page import HistoryPage
from client.shell.uses_page import UsesPage
from client.shell.workplace import Workplace, plan_of
from client.store.store import Store

NO_CARD = "Откройте карточку или встаньте на строку списка, о которой спрашиваете"
NOT_STORED = "Эта запись ещё не записана: истории у неё нет"


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored record with all the records of its card; `field` is the label of the one in focus."""

    entity: str
    id: UUID
    records: tuple[UUID, ...]
    name: str
    field: str = ""


class CardAsides(QObject):
    def __init__(self, store: Store, server: str, frame: MainFrame, work: Workplace) -> None:
        super().__init__(frame)
        self.store, self.server, self.frame, self.work = store, server, frame, work
        self.background = Background(self)

    def open_history(self) -> None:
        """Of all records of the card; where the focus is in a field, of that one."""
        about = self._about()
        if about is None:
            return
        key = f"history:{about.id.hex}"
        opened = self.frame.has_tab(key)
        if not opened:
            made = HistoryPage(self.store, self.server, about.records, about.name)
            self.frame.open_tab(key, f"История: {about.name}", made, "history")
        shown = self.frame.tab(key)
        assert isinstance(shown, HistoryPage)  # noqa: S101  the key's own
        if opened:  # the card may have grown since, and what it was asked for is old
            shown.records = about.records
            shown.reload()
        shown.narrow(about.field)
        self.frame.open_tab(key, "", shown)

    def open_uses(self) -> None:
        about = self._about()
        if about is None:
            return
        key = f"uses:{about.id.hex}"
        if not self.frame.has_tab(key):
            made = UsesPage(self.store, self.background, about.entity, about.id, about.name)
            made.opened.connect(self.work.open_holder)
            self.frame.open_tab(key, f"Где используется: {about.name}", made, "link")
        else:
            self.frame.open_tab(key, "", self.frame.tab(key))

    def open_who(self, show: Callable[[UUID, str], object]) -> None:
        """`show` takes the record and its name."""
        if (about := self._about()) is not None:
            show(about.id, about.name)

    def _about(self) -> Asked | None:
        page = self.frame.current_page()
        if isinstance(page, RecordPage):
            if records := tuple(page.form.stored_ids()):
                field = page.form.focused_field()
                name, label = page.tab_title(), field.label if field else ""
                return Asked(page.form.plan.name, page.main_id(), records, name, label)
            self.frame.set_status(NOT_STORED)
            return None
        key = page.table.current_key() if isinstance(page, ListScreen) else None
        if not isinstance(page, ListScreen) or key is None:
            self.frame.set_status(NO_CARD)
            return None
        return self._of_row(page, str(key))

    def _of_row(self, screen: ListScreen, id: str) -> Asked:
        plan = plan_of(screen.spec)
        held = held_of(self.store, plan, UUID(id))
        rows = [row for p in plan.parts if p.many for row in stored_rows(self.store, p, held)]
        single = [held[p.name] for p in plan.from_main() if not p.many]
        records = tuple(each.id for each in [*single, *rows] if each.stored)
        name = names_of(self.store, screen.spec, [id])[id]
        return Asked(screen.spec.main, UUID(id), records, name)
