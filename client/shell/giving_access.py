"""What an administrator does with accounts and roles from their lists and cards: gives roles and codes, ends access, asks why."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from client.administration.forms import ORG_ROLE, GrantForm, RoleForm
from client.administration.giving import GiveRole
from client.administration.lists import ACCOUNTS, GRANTS, ORG_ROLES, ROLES
from client.administration.why import WhyPage
from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell import ending
from client.shell.frame import MainFrame
from client.shell.issuing import IssueCodes
from client.store.store import Store
from common.kit.lists import ListSpec
from common.kit.rights import Action


class GivingAccess(QObject):
    """`recorded` when something was stored; `show(spec, page)` opens a card in a tab."""

    recorded = Signal()

    def __init__(
        self, store: Store, frame: MainFrame, show: Callable[[ListSpec, RecordPage], None]
    ) -> None:
        super().__init__(frame)
        self.store, self.frame, self.show = store, frame, show

    def equip_list(self, screen: ListScreen) -> None:
        """The buttons over the list of accounts."""
        screen.add_button("Назначить роль", "shield-check", lambda: self._give_role(screen))
        screen.add_button("Выдать коды входа", "key", lambda: self._issue_codes(screen))

    def equip_card(self, spec: ListSpec, id: UUID, page: RecordPage) -> None:
        """The buttons of a role's and an account's card."""
        if spec is ROLES and self.store.may(Action.WRITE, ORG_ROLES.main):
            page.save.hide()
            page.add_button("Скопировать и изменить", "F2", "copy", lambda: self._copy_role(id))
        if spec is ACCOUNTS:
            page.add_button("Назначить роль", "F2", "shield-check", lambda: self._grant(id))
            page.add_button("Почему видно", "Ctrl+I", "eye", lambda: self.open_why(id))
            page.add_button("Доступ…", "Ctrl+G", "lock", lambda: self._end_access(id))

    def _copy_role(self, id: UUID) -> None:
        form = RoleForm(self.store, ORG_ROLE, None, copied=id)
        self.show(ORG_ROLES, RecordPage(form, ORG_ROLES.entity.__one__))

    def _end_access(self, account: UUID) -> None:
        if said := ending.ask(self.store, account, self._given, self.frame):
            self.frame.set_status(said)

    def _grant(self, account: UUID) -> None:
        form = GrantForm(self.store, None, account)
        self.show(GRANTS, RecordPage(form, GRANTS.entity.__one__))

    def _give_role(self, screen: ListScreen) -> None:
        """To all chosen accounts, by one act."""
        if chosen := self._chosen(screen, "назначить роль"):
            GiveRole(self.store, chosen, self._given, self.frame).open()

    def _issue_codes(self, screen: ListScreen) -> None:
        """To all chosen accounts at once; the slips are printed from the one answer that has the codes."""
        if chosen := self._chosen(screen, "выдать коды"):
            server = str(self.store.journal.fact("server", ""))
            IssueCodes(self.store, server, chosen, self._given, self.frame).open()

    def _chosen(self, screen: ListScreen, what: str) -> list[str]:
        keys = screen.table.selected_keys() or [screen.table.current_key()]
        chosen = [str(key) for key in keys if key is not None]
        if not chosen:
            self.frame.set_status(f"Выберите учётные записи, которым {what}")
        return chosen

    def _given(self, words: str) -> None:
        self.recorded.emit()
        self.frame.set_status(words)

    def open_why(self, account: UUID | None = None) -> None:
        """Of an account, else of the kind of record that is on the screen."""
        page = self.frame.current_page()
        entity = ""
        if account is None and isinstance(page, RecordPage):
            entity = page.form.plan.name
        elif account is None and isinstance(page, ListScreen):
            entity = page.spec.main
        self.frame.close_tab("why")
        shown = WhyPage(self.store, account=account, entity=entity)
        self.frame.open_tab("why", "Почему видно", shown, "eye")
