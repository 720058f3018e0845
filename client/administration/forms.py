"""The forms of accounts, roles and grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from client.administration.rights_grid import RightsEdit
from client.kit.fields import Editor
from client.kit.held import Held, Values
from client.kit.record_form import RecordForm
from client.kit.records import Records, now_ms
from client.kit.screen import Attribute, Card, Line, Part, Screen, line, plain_screen
from common.administration.entities import Account, OrgRole, Role, RoleGrant, Suspicion
from common.administration.kinds import AccountState
from common.kit.entity import Entity
from common.kit.rights import permissions

MAY_CHANGE = {"valid_to", "end_reason"}

ROLE = Screen(
    "Готовая роль",
    (Part("role", Role, optional=False),),
    (
        Card("Роль", (line("role", Role.name), line("role", Role.scope))),
        Card("Права", (line("role", Role.permissions),)),
    ),
    "role",
)

ORG_ROLE = Screen(
    "Роль организации",
    (Part("role", OrgRole, optional=False),),
    (
        Card("Роль", (line("role", OrgRole.name), line("role", OrgRole.role_id))),
        Card("Права", (line("role", OrgRole.permissions),)),
    ),
    "role",
)

GRANT = Screen(
    "Назначение роли",
    (Part("grant", RoleGrant, optional=False),),
    (
        Card(
            "Кому и что",
            (
                line("grant", RoleGrant.account_id),
                line("grant", RoleGrant.role_id, label="Готовая роль"),
                line("grant", RoleGrant.org_role_id, label="или роль организации"),
                line("grant", RoleGrant.scope),
            ),
        ),
        Card(
            "Акт и срок",
            (
                line("grant", RoleGrant.order_number),
                line("grant", RoleGrant.order_date),
                line("grant", RoleGrant.valid_from),
                line("grant", RoleGrant.valid_to),
                line("grant", RoleGrant.end_reason),
            ),
        ),
    ),
    "grant",
)


def today() -> dt.date:
    """On the wall of this computer."""
    return dt.datetime.fromtimestamp(now_ms() / 1000, dt.UTC).astimezone().date()


class RoleForm(RecordForm):
    """Rights as a grid; what a college's edition differs by is told beneath it."""

    def __init__(
        self, store: Records, screen: Screen, id: UUID | None, copied: UUID | None = None
    ) -> None:
        self.copied = store.get("role", copied) if copied else None
        self.copied_id = copied
        super().__init__(store, screen, id)
        self._compare()

    def presets(self, part: Part) -> Values:
        if self.copied is None:
            return {}
        return {
            "name": f"{self.copied['name']} (наша)"[:200],
            "role_id": self.copied_id,
            "permissions": self.copied["permissions"],
        }

    def special_editor(self, part: str, name: str, label: str) -> Editor | None:
        return RightsEdit(label) if name == "permissions" else None

    def _editors(
        self, each: Line, part: Part, fields: Sequence[Attribute], held: Held
    ) -> list[Editor]:
        made = super()._editors(each, part, fields, held)
        if "role_id" in held.editors:
            held.editors["role_id"].setEnabled(False)
        return made

    def reload(self) -> None:
        super().reload()
        self._compare()

    def _compare(self) -> None:
        seen = self.held["role"].seen
        base = self.store.get("role", seen["role_id"]) if seen.get("role_id") else None
        editor = self.held["role"].editors.get("permissions")
        if isinstance(editor, RightsEdit) and base is not None:
            editor.show_shipped(permissions(tuple(base["permissions"].split())))


class AccountForm(RecordForm):
    """A new one waits for its code; a login is for ever, a state changes by acts."""

    def __init__(self, store: Records, id: UUID | None) -> None:
        super().__init__(store, plain_screen(Account), id)

    def presets(self, part: Part) -> Values:
        return {"state": AccountState.PENDING}

    def _editors(
        self, each: Line, part: Part, fields: Sequence[Attribute], held: Held
    ) -> list[Editor]:
        made = super()._editors(each, part, fields, held)
        kept = {"login", "state"} if held.stored else {"state"}
        for name in kept & held.editors.keys():
            held.editors[name].setEnabled(False)
        return made


class GrantForm(RecordForm):
    """What is given is ended, not rewritten."""

    def __init__(self, store: Records, id: UUID | None, account: UUID | None = None) -> None:
        self.account = account
        super().__init__(store, GRANT, id)

    def presets(self, part: Part) -> Values:
        day = today()
        return {"account_id": self.account, "order_date": day, "valid_from": day}

    def _editors(
        self, each: Line, part: Part, fields: Sequence[Attribute], held: Held
    ) -> list[Editor]:
        made = super()._editors(each, part, fields, held)
        for name, editor in held.editors.items():
            if held.stored and name not in MAY_CHANGE:
                editor.setEnabled(False)
        return made

    def title(self) -> str:
        account = self.value("grant", "account_id")
        known = self.store.get("account", account) if account else None
        return f"Назначение: {known['name']}" if known else ""


class SuspicionForm(RecordForm):
    """What the server has noticed stays; what it was is written beside it."""

    def __init__(self, store: Records, id: UUID | None) -> None:
        super().__init__(store, plain_screen(Suspicion), id)

    def _editors(
        self, each: Line, part: Part, fields: Sequence[Attribute], held: Held
    ) -> list[Editor]:
        made = super()._editors(each, part, fields, held)
        for name, editor in held.editors.items():
            editor.setEnabled(name == "answer")
        return made


FORMS: dict[type[Entity], Callable[[Any, UUID | None], RecordForm]] = {
    Account: AccountForm,
    Role: lambda store, id: RoleForm(store, ROLE, id),
    OrgRole: lambda store, id: RoleForm(store, ORG_ROLE, id),
    RoleGrant: GrantForm,
    Suspicion: SuspicionForm,
}
