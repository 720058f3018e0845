"""What is asked about the card on the screen, or the row where the frame stands: its history, its uses, who opened it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from common.kit.lists import ListSpec

NO_CARD = "Откройте карточку или встаньте на строку списка, о которой спрашиваете"
NOT_STORED = "Эта запись ещё не записана: истории у неё нет"


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored record; `field` is the label of the one in focus."""

    entity: str
    id: UUID
    name: str
    records: tuple[UUID, ...] = ()
    """All the records of its card, where they were asked for."""
    field: str = ""


Told = Callable[[Asked], None]


class CardAsides(QObject):
    """Of an open card it is known at once what is asked about; a row is read first, off the GUI thread."""

    def __init__(self, store: Store, server: str, frame: MainFrame, work: Workplace) -> None:
        super().__init__(frame)
        self.store, self.server, self.frame, self.work = store, server, frame, work
        self.background = Background(self)

    def open_history(self) -> None:
        """Of all records of the card; where the focus is in a field, of that one."""
        self._about(self._show_history, _with_records)

    def _show_history(self, about: Asked) -> None:
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
        self._about(self._show_uses, _of_row)

    def _show_uses(self, about: Asked) -> None:
        key = f"uses:{about.id.hex}"
        if not self.frame.has_tab(key):
            made = UsesPage(self.store, self.background, about.entity, about.id, about.name)
            made.opened.connect(self.work.open_holder)
            self.frame.open_tab(key, f"Где используется: {about.name}", made, "link")
        else:
            self.frame.open_tab(key, "", self.frame.tab(key))

    def open_who(self, show: Callable[[UUID, str], None]) -> None:
        """`show` takes the record and its name."""
        self._about(lambda about: show(about.id, about.name), _of_row)

    def _about(self, then: Told, of_row: Callable[[Store, ListSpec, str], Asked]) -> None:
        page = self.frame.current_page()
        if isinstance(page, RecordPage):
            if (about := _of_card(page)) is not None:
                then(about)
            else:
                self.frame.set_status(NOT_STORED)
            return
        key = page.table.current_key() if isinstance(page, ListScreen) else None
        if not isinstance(page, ListScreen) or key is None:
            self.frame.set_status(NO_CARD)
            return
        spec, id = page.spec, str(key)
        self.background.ask(
            "about",
            lambda: of_row(self.store, spec, id),
            then,
            lambda fault: self.frame.set_status(fault.message),
            owner=page,
        )


def _of_card(page: RecordPage) -> Asked | None:
    """None where it is not stored yet."""
    records = tuple(page.form.stored_ids())
    if not records:
        return None
    field = page.form.focused_field()
    name, label = page.tab_title(), field.label if field else ""
    return Asked(page.form.plan.name, page.main_id(), name, records, label)


def _of_row(store: Store, spec: ListSpec, id: str) -> Asked:
    return Asked(spec.main, UUID(id), names_of(store, spec, [id])[id])


def _with_records(store: Store, spec: ListSpec, id: str) -> Asked:
    plan = plan_of(spec)
    held = held_of(store, plan, UUID(id))
    rows = [row for p in plan.parts if p.many for row in stored_rows(store, p, held)]
    single = [held[p.name] for p in plan.from_main() if not p.many]
    records = tuple(each.id for each in [*single, *rows] if each.stored)
    return replace(_of_row(store, spec, id), records=records)
