"""«Почему видно / не видно»: for an account and a kind of record, which grant gives each field or what is lacking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from client.administration.forms import today
from client.kit.editors import Book
from client.kit.forms import FieldRow
from client.kit.pick import ChoiceEdit, LookupEdit
from client.kit.rows import Column, FixedRows, RowModel
from client.kit.table_paint import Header
from client.kit.table_view import FrozenView
from client.kit.words import ElidedLabel, plain
from client.store.store import Store
from common.administration.access import granted
from common.administration.words import why_words
from common.kit.access import Granted, why
from common.kit.entity import describe, entities, spec_of
from common.kit.rights import Action, Scope

YES, NO = "видно", "не видно"
MAY, MAY_NOT = "можно", "нельзя"
OWN = "Ваши роли"


def grants_at(store: Store, account: UUID) -> list[Granted]:
    """All that the account was ever given, as far as this desk knows the administration."""
    found = []
    for grant in store.where("role_grant", "account_id", account).values():
        own = store.get("org_role", grant["org_role_id"]) if grant["org_role_id"] else None
        id = own["role_id"] if own else grant["role_id"]
        if (role := store.get("role", id)) is not None:
            found.append(_granted(grant, role, own))
    return found


def _granted(grant: dict[str, Any], role: dict[str, Any], own: dict[str, Any] | None) -> Granted:
    given = own or role
    return granted(
        given["name"], given["permissions"], role["scope"], grant["scope"],
        grant["order_number"], grant["order_date"], grant["valid_from"], grant["valid_to"],
    )  # fmt: skip


def own_grants(store: Store) -> list[Granted]:
    """Whoever does not administer knows his rights and not the acts behind them."""
    return [
        Granted(OWN, store.permissions(), Scope.COLLEGE, "акт знает администратор", dt.date.min)
    ]


@dataclass(frozen=True, slots=True)
class WhyLine:
    key: str
    texts: tuple[str, ...]


class WhyRows(FixedRows[WhyLine]):
    columns: Sequence[Column] = (
        Column("field", "Поле", 160, sortable=False),
        Column("class", "Какие сведения", 130, sortable=False),
        Column("seen", "Просмотр", 100, pill=True, sortable=False),
        Column("written", "Изменение", 100, pill=True, sortable=False),
        Column("why", "Почему", 210, sortable=False),
    )


TONES = {YES: "ok", NO: "muted", MAY: "ok", MAY_NOT: "muted"}


def why_lines(grants: Sequence[Granted], entity: str, on: dt.date) -> list[WhyLine]:
    """One line a field; classes of personal data decide, so that fields of one class agree."""
    spec = spec_of(entity)
    told: dict[Any, tuple[str, str, str, str]] = {}
    for pd in spec.classes:
        seen = why(grants, spec, Action.READ, pd, on)
        written = why(grants, spec, Action.WRITE, pd, on)
        told[pd] = (
            pd.label,
            YES if seen.allowed else NO,
            MAY if written.allowed else MAY_NOT,
            why_words(seen, on),
        )
    return [WhyLine(f.name, (f.label, *told[f.field.pd])) for f in spec.fields]


class WhyPage(QWidget):
    """An administrator asks about any account; everybody else about himself."""

    def __init__(
        self,
        store: Store,
        *,
        account: UUID | None = None,
        entity: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = store
        self.heading = ElidedLabel("Почему видно или не видно", role="title")
        self.administers = store.may(Action.READ, "role_grant")
        book = Book(store, "account")
        self.account = LookupEdit(book.find, book.label, "Кому", note_of=book.note)
        kinds = sorted((s.title, s.name) for s in map(describe, entities()))
        self.kind = ChoiceEdit([(name, title) for title, name in kinds], "Что за записи")
        self.model = RowModel(WhyRows([], TONES), self)
        self.view = FrozenView(self.model, Header())
        self.view.setAccessibleName("Поля записи: видны ли они и почему")
        self.grants = plain("", role="muted")
        self.grants.setWordWrap(True)
        self._build()
        self.kind.set_value(entity or "applicant")
        if self.administers:
            own = UUID(str(store.journal.fact("account")))
            self.account.set_value(account or own)
        self.account.changed.connect(self.show_it)
        self.kind.changed.connect(self.show_it)
        self.show_it()

    def _build(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(16)
        rows = [FieldRow("Кому", self.account)] if self.administers else []
        for row in (*rows, FieldRow("Что за записи", self.kind)):
            row.stack(stacked=True)
            asked.addWidget(row, 1, Qt.AlignmentFlag.AlignTop)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 6, 1, 6)
        inside.addWidget(self.view)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        body.addWidget(self.heading)
        body.addLayout(asked)
        body.addWidget(card, 1)
        body.addWidget(self.grants)
        self.setFocusProxy(self.kind)

    def known(self) -> list[Granted]:
        if not self.administers:
            return own_grants(self.store)
        account = self.account.value()
        return grants_at(self.store, account) if account else []

    def show_it(self) -> None:
        grants, on = self.known(), today()
        entity = self.kind.value()
        lines = why_lines(grants, entity, on) if entity else []
        self.model.refresh(WhyRows(lines, TONES))
        if not self.administers:
            self.grants.setText(f"Показаны ваши права на {on:%d.%m.%Y}.")
            return
        acts = "; ".join(f"{g.role}, {g.act}" for g in grants)
        self.grants.setText(f"Назначения: {acts}" if acts else "Ролей у этой учётной записи нет")
