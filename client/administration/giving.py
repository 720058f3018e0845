"""One role to many accounts by one act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from client.administration.forms import today
from client.kit.asking import Asking
from client.kit.editors import editor_for
from client.kit.fields import Editor
from client.kit.forms import FieldRow
from client.store.store import Store
from common.administration.entities import RoleGrant
from common.kit.entity import describe
from common.kit.ids import new_id
from common.kit.spec import problems
from common.kit.sync import Save
from common.kit.wire import pack
from common.kit.words import counted

ASKED = ("role_id", "org_role_id", "scope", "order_number", "order_date", "valid_from", "valid_to")
LABELS = {"role_id": "Готовая роль", "org_role_id": "или роль организации"}


class GiveRole(Asking):
    """`given(words)` after it is recorded: thirty grants are thirty operations of one transaction."""

    def __init__(
        self, store: Store, accounts: Sequence[str], given: Callable[[str], object], parent: QWidget
    ) -> None:
        self.whom = counted(len(accounts), "учётной записи", "учётным записям", "учётным записям")
        said = f"Роль получат сразу все выбранные, по одному акту: {self.whom}"
        super().__init__("Назначить роль", said, f"Назначить: {len(accounts)}", parent)
        self.store, self.accounts, self.given = store, accounts, given
        self.editors: dict[str, Editor] = {}
        spec = describe(RoleGrant)
        for name in ASKED:
            f = spec[name]
            label = LABELS.get(name, f.label)
            editor = editor_for(f, store, label=label)
            editor.setObjectName(name)
            editor.set_value(today() if name in {"order_date", "valid_from"} else f.default)
            self.editors[name] = editor
            self.fields.addWidget(FieldRow(label, editor, required=f.required))
        self.editors["role_id"].setFocus()

    def values(self) -> dict[str, Any]:
        return {name: editor.value() for name, editor in self.editors.items()}

    def agree(self) -> None:
        """What cannot be stored is said beside its field, and nothing is lost."""
        values = self.values()
        said = problems(describe(RoleGrant), values | {"account_id": new_id()})
        for name, editor in self.editors.items():
            fault = editor.problem() or said.get(name, "").split("»: ", 1)[-1].capitalize()
            editor.set_message(fault or None, "error")
        wrong = [e for e in self.editors.values() if e.message()[0]]
        if wrong:
            wrong[0].setFocus()
            return
        self.store.record(lambda _: [self._save(UUID(id), values) for id in self.accounts])
        self.accept()
        self.given(f"Роль назначена {self.whom}")

    def _save(self, account: UUID, values: dict[str, Any]) -> Save:
        told = values | {"account_id": account}
        pairs = {name: (None, pack(value)) for name, value in told.items() if value is not None}
        return Save("role_grant", new_id(), create=True, set=pairs)
