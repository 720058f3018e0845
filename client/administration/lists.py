"""The lists of the administration."""

from __future__ import annotations

import datetime as dt
from array import array

from client.kit.list_screen import ListScreen
from client.kit.list_source import StoreSource
from client.kit.records import now_ms
from common.administration.entities import (
    Account,
    HandedOperation,
    OrgRole,
    Role,
    RoleGrant,
    Suspicion,
)
from common.administration.kinds import AccountState, HandedKind, HandedState
from common.kit.entity import spec_of
from common.kit.lists import ListSpec, column, computed, path


def what(kind: HandedKind | None, entity: str | None) -> str:
    """«Изменение: Физическое лицо»."""
    try:
        one = spec_of(entity or "").one
    except KeyError:
        one = "запись новой версии программы"
    return f"{kind.label}: {one}" if kind else one


HANDED = ListSpec(
    "handed",
    "Переданные записи",
    HandedOperation,
    (
        column(HandedOperation.handed_at, width=130),
        column(HandedOperation.author, width=210),
        computed(
            "what",
            "Что передано",
            path(HandedOperation.kind),
            path(HandedOperation.entity),
            make=what,
            width=210,
        ),
        column(HandedOperation.word, width=240),
        column(HandedOperation.state, width=190, pill=True),
        column(HandedOperation.decider, width=180),
    ),
    (("handed_at", True),),
    adds=False,
)

ACCOUNTS = ListSpec(
    "accounts",
    "Учётные записи",
    Account,
    (
        column(Account.name, width=240),
        column(Account.login, width=130),
        column(Account.post, width=220),
        column(Account.kind, width=200),
        column(Account.state, width=170, pill=True),
        column(Account.consent_on, label="Согласие", width=112),
        column(Account.phone, width=170, hidden=True),
    ),
    (("name", False),),
)

ROLES = ListSpec(
    "roles",
    "Готовые роли",
    Role,
    (column(Role.name, width=420), column(Role.scope, width=150)),
    (("name", False),),
    adds=False,
)

ORG_ROLES = ListSpec(
    "org_roles",
    "Роли организации",
    OrgRole,
    (
        column(OrgRole.name, width=320),
        column(OrgRole.role_id, Role.name, label="Готовая роль", width=320),
    ),
    (("name", False),),
    adds=False,
)


def given_role(shipped: str | None, own: str | None) -> str:
    return own or shipped or ""


def act(number: str | None, day: dt.date | None) -> str:
    return f"№ {number} от {day:%d.%m.%Y}" if number and day else ""


LASTS, ENDED, COMING = "Действует", "Завершено", "Ещё не началось"


def term(start: dt.date | None, end: dt.date | None) -> str:
    """Kept with the row for sorting; what it says today is told when it is shown."""
    return f"{start or ''}|{end or ''}"


def state_on(kept: str, today: dt.date) -> str:
    start, _, end = kept.partition("|")
    if end and end <= today.isoformat():
        return ENDED
    return COMING if start > today.isoformat() else LASTS


GRANTS = ListSpec(
    "grants",
    "Назначения ролей",
    RoleGrant,
    (
        column(RoleGrant.account_id, Account.name, label="Кому", width=220),
        computed(
            "role",
            "Роль",
            path(RoleGrant.role_id, Role.name),
            path(RoleGrant.org_role_id, OrgRole.name),
            make=given_role,
            width=260,
        ),
        computed(
            "state",
            "Состояние",
            path(RoleGrant.valid_from),
            path(RoleGrant.valid_to),
            make=term,
            width=150,
            pill=True,
            settled=False,
        ),
        column(RoleGrant.scope, width=130),
        computed(
            "act",
            "Акт",
            path(RoleGrant.order_number),
            path(RoleGrant.order_date),
            make=act,
            width=170,
        ),
        column(RoleGrant.valid_from, width=112),
        column(RoleGrant.valid_to, width=112),
        column(RoleGrant.end_reason, width=170, hidden=True),
    ),
    (("account_id__name", False),),
)


class GrantSource(StoreSource):
    """A grant ends by itself: what it is today is said when it is shown, not when it was stored."""

    def records(self, wanted: array[int]) -> list[tuple[str, ...]]:
        place = [c.key for c in self.spec.columns].index("state")
        today = dt.datetime.fromtimestamp(now_ms() / 1000, dt.UTC).astimezone().date()
        return [
            (*row[:place], state_on(row[place], today) if row[place] else "", *row[place + 1 :])
            for row in super().records(wanted)
        ]


class GrantScreen(ListScreen):
    source_of = GrantSource


SUSPICIONS = ListSpec(
    "suspicions",
    "Подозрения",
    Suspicion,
    (
        column(Suspicion.found_at, width=130),
        column(Suspicion.account_id, Account.name, label="Кто", width=220),
        column(Suspicion.sign, width=230, pill=True),
        column(Suspicion.said, width=330),
        column(Suspicion.suspended, label="Приостановлен", width=120),
        column(Suspicion.answer, width=180),
    ),
    (("found_at", True),),
    adds=False,
)

ADMINISTRATION = (ACCOUNTS, GRANTS, ORG_ROLES, ROLES, SUSPICIONS)

TONES = {
    LASTS: "ok",
    ENDED: "muted",
    COMING: "accent",
    AccountState.PENDING.label: "warn",
    AccountState.MUST_CHANGE_PASSWORD.label: "warn",
    AccountState.SUSPENDED.label: "warn",
    AccountState.CLOSED.label: "muted",
    AccountState.DESTROYED.label: "bad",
    HandedState.WAITING.label: "warn",
    HandedState.SENT.label: "ok",
    HandedState.RETURNED.label: "muted",
    HandedState.WITHDRAWN.label: "muted",
}
