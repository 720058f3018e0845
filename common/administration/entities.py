"""Accounts, roles and grants: who may what, by which order (domain 1(a), A10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.administration.kinds import (
    AccountKind,
    AccountState,
    EndReason,
    EndTrigger,
    HandedKind,
    HandedState,
    Sign,
    SlipPurpose,
)
from common.kit.columns import choice, day, flag, integer, moment, ref, text, unique
from common.kit.entity import CollegeOwned, Regional, link
from common.kit.kinds import P0, P1, P2, P3
from common.kit.rights import Scope, Section
from common.kit.shared_views import SharedView
from common.kit.sync import Status
from common.people.entities import Person

LONGEST_RIGHTS = 8000
"""Signs of a role's permissions, as `Permission.read` takes them."""


class Account(CollegeOwned):
    """Whose work it is. The login's uniqueness and the password live in the server's own tables."""

    __tablename__ = "account"
    __title__ = "Учётные записи"
    __one__ = "Учётная запись"
    __section__ = Section.ADMINISTRATION
    __tells__ = ("post",)
    __table_args__ = (unique("login"),)

    login: Mapped[str] = text("Логин", 32, pd=P1, search=True)
    name: Mapped[str] = text("ФИО", 300, pd=P0, search=True)
    post: Mapped[str | None] = text("Должность", 200, pd=P0, default=None)
    phone: Mapped[str | None] = text(
        "Служебный телефон", 60, pd=P0, default=None, help="его увидят коллеги в «Расхождениях»"
    )
    kind: Mapped[AccountKind] = choice("Вид", AccountKind, pd=P0, default=AccountKind.STAFF)
    state: Mapped[AccountState] = choice(
        "Состояние", AccountState, pd=P0, default=AccountState.ACTIVE
    )
    consent_on: Mapped[dt.date | None] = day(
        "Согласие на обработку данных",
        pd=P0,
        default=None,
        help="день, когда его подписали; без него код входа не выдают",
    )
    consent_withdrawn_on: Mapped[dt.date | None] = day(
        "Согласие отозвано", pd=P0, in_list=False, default=None, help="доступ прекратится сразу"
    )


class AccountHolder(CollegeOwned):
    """Whose account it is, where he is a person of this college: his consents are its consents, his refusal its end."""

    __tablename__ = "account_holder"
    __title__ = "Владельцы учётных записей"
    __one__ = "Владелец учётной записи"
    __section__ = Section.ADMINISTRATION
    __part_of__ = "account_id"

    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P0, in_list=False)
    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P0)
    account: Mapped[Account] = link("AccountHolder", "account_id", "Account")
    person: Mapped[Person] = link("AccountHolder", "person_id", "Person")


class Role(Regional):
    """A named set of permissions, shipped for every college; whoever wants another copies it."""

    __tablename__ = "role"
    __title__ = "Роли"
    __one__ = "Роль"
    __section__ = Section.REFERENCE
    __tells__ = ("scope",)
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код", 40, pd=P0)
    name: Mapped[str] = text("Наименование", 200, pd=P0, search=True)
    scope: Mapped[Scope] = choice("Не шире, чем", Scope, pd=P0, default=Scope.COLLEGE)
    permissions: Mapped[str] = text("Права", LONGEST_RIGHTS, pd=P0, in_list=False)


class OrgRole(CollegeOwned):
    """A college's own edition of a shipped role."""

    __tablename__ = "org_role"
    __title__ = "Роли организации"
    __one__ = "Роль организации"
    __section__ = Section.ADMINISTRATION
    __table_args__ = (unique("name"),)

    name: Mapped[str] = text("Наименование", 200, pd=P0, search=True)
    role_id: Mapped[UUID] = ref("Готовая роль", "role", pd=P0, regional=True)
    permissions: Mapped[str] = text("Права", LONGEST_RIGHTS, pd=P0, in_list=False)


def refuse_two_roles(values: Mapping[str, Any]) -> dict[str, str]:
    """A grant gives one role."""
    if (values.get("role_id") is None) == (values.get("org_role_id") is None):
        return {"role_id": "«Роль»: выберите одну — готовую или роль организации"}
    return {}


def refuse_early_end(values: Mapping[str, Any]) -> dict[str, str]:
    """A grant that ends on the day it begins has never held."""
    start, end = values.get("valid_from"), values.get("valid_to")
    if start is not None and end is not None and end < start:
        return {"valid_to": "«Действует до»: раньше, чем «Действует с»; поправьте одну из дат"}
    return {}


class RoleGrant(CollegeOwned):
    """A role given to an account in a scope by an act (A10.4): ended, not rewritten."""

    __tablename__ = "role_grant"
    __title__ = "Назначения ролей"
    __one__ = "Назначение роли"
    __section__ = Section.ADMINISTRATION
    __checks__ = (refuse_two_roles, refuse_early_end)

    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P0)
    role_id: Mapped[UUID | None] = ref("Роль", "role", pd=P0, regional=True, default=None)
    org_role_id: Mapped[UUID | None] = ref("Роль организации", "org_role", pd=P0, default=None)
    scope: Mapped[Scope] = choice("Область", Scope, pd=P0, default=Scope.COLLEGE)
    order_number: Mapped[str] = text("№ акта", 30, pd=P0)
    order_date: Mapped[dt.date] = day("Дата акта", pd=P0)
    valid_from: Mapped[dt.date] = day("Действует с", pd=P0)
    valid_to: Mapped[dt.date | None] = day(
        "Действует до", pd=P0, default=None, help="в этот день уже не действует"
    )
    end_reason: Mapped[str | None] = text("Почему прекращено", 300, pd=P0, default=None)


class CredentialSlip(CollegeOwned):
    """A line of the journal of issued one-time codes; the code itself is on the paper alone (A10.3)."""

    __tablename__ = "credential_slip"
    __title__ = "Журнал выдачи логинов"
    __one__ = "Карточка доступа"
    __section__ = Section.ADMINISTRATION

    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P0)
    login: Mapped[str] = text("Логин", 32, pd=P1)
    purpose: Mapped[SlipPurpose] = choice("Назначение", SlipPurpose, pd=P0)
    issued_at: Mapped[dt.datetime] = moment("Выдана", pd=P0)
    issuer: Mapped[str] = text("Кто выдал", 300, pd=P0)
    valid_to: Mapped[dt.datetime] = moment("Действует до", pd=P0)
    delivered_on: Mapped[dt.date | None] = day("Вручена", pd=P0, default=None)
    delivered_by: Mapped[str | None] = text("Кто вручил", 300, pd=P0, default=None)


class AccessEnd(CollegeOwned):
    """An end of access, and what became of it: resumed with its cause, or the login destroyed (regulation 10.5, 10.6)."""

    __tablename__ = "access_end"
    __title__ = "Прекращения доступа"
    __one__ = "Прекращение доступа"
    __section__ = Section.ADMINISTRATION

    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P0)
    reason: Mapped[EndReason] = choice("Основание", EndReason, pd=P0)
    trigger: Mapped[EndTrigger] = choice("Повод", EndTrigger, pd=P0, default=EndTrigger.BY_HAND)
    note: Mapped[str] = text("Что произошло", 500, pd=P1)
    ended_at: Mapped[dt.datetime] = moment("Доступ прекращён", pd=P0)
    ended_by: Mapped[str] = text("Кто прекратил", 300, pd=P0)
    resumed_at: Mapped[dt.datetime | None] = moment("Доступ возобновлён", pd=P0, default=None)
    resumed_by: Mapped[str | None] = text("Кто возобновил", 300, pd=P0, default=None)
    cause: Mapped[str | None] = text("Устранённая причина", 500, pd=P1, default=None)
    destroyed_at: Mapped[dt.datetime | None] = moment("Логин уничтожен", pd=P0, default=None)
    destroyed_by: Mapped[str | None] = text("Кто уничтожил", 300, pd=P0, default=None)


class Suspicion(CollegeOwned):
    """What the server has noticed in the journal of visits; a person writes what it was (regulation 10.5, TRUST B-27)."""

    __tablename__ = "suspicion"
    __title__ = "Подозрительные действия"
    __one__ = "Подозрительное действие"
    __section__ = Section.ADMINISTRATION

    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P0)
    sign: Mapped[Sign] = choice("Признак", Sign, pd=P0)
    found_at: Mapped[dt.datetime] = moment("Замечено", pd=P0)
    since: Mapped[dt.datetime] = moment("Началось", pd=P0, in_list=False)
    until: Mapped[dt.datetime] = moment("Продолжалось до", pd=P0, in_list=False)
    amount: Mapped[int] = integer("Сколько", 0, 1_000_000_000, pd=P0)
    said: Mapped[str] = text("Что замечено", 300, pd=P0, multiline=True)
    suspended: Mapped[bool] = flag("Доступ приостановлен", pd=P0, default=False)
    answer: Mapped[str | None] = text(
        "Что выяснено", 500, pd=P1, multiline=True, default=None, help="это останется в журнале"
    )


LONGEST_WORD = 500
LONGEST_VALUES = 250_000
"""Signs; an operation is no longer either."""
LONGEST_PARTS = 20_000
"""Signs of the names of parts, some forty or fifty each."""


class HandedOperation(CollegeOwned):
    """What an author could not get past the centre, with his word, for whoever may mend and send it.

    Its values lie in one column a class of personal data, so that everybody sees what his rights show him.
    """

    __tablename__ = "handed_operation"
    __title__ = "Переданное администратору"
    __one__ = "Переданная запись"
    __section__ = Section.HANDED

    operation: Mapped[str] = text("Операция", 32, pd=P0, in_list=False)
    chain: Mapped[str] = text("Цепочка", 32, pd=P0, in_list=False)
    author_id: Mapped[UUID] = ref("Учётная запись автора", "account", pd=P0)
    author: Mapped[str] = text("Кто передал", 300, pd=P0, search=True)
    recorded_at: Mapped[dt.datetime] = moment("Когда записано", pd=P0)
    handed_at: Mapped[dt.datetime] = moment("Передано", pd=P0)
    kind: Mapped[HandedKind] = choice("Действие", HandedKind, pd=P0)
    entity: Mapped[str] = text("Вид записи", 60, pd=P0, in_list=False)
    row_id: Mapped[str] = text("Запись", 32, pd=P0, in_list=False)
    children: Mapped[str] = text("Части записи", LONGEST_PARTS, pd=P0, in_list=False, default="")
    status: Mapped[Status] = choice("Что ответил сервер", Status, pd=P0)
    why: Mapped[str] = text(
        "Почему не принято", 2000, pd=P2, in_list=False, help="может приводить значение"
    )
    word: Mapped[str] = text("Что просит автор", LONGEST_WORD, pd=P1)
    values_p0: Mapped[str] = text("Значения", LONGEST_VALUES, pd=P0, in_list=False, default="")
    values_p1: Mapped[str] = text("Контакты", LONGEST_VALUES, pd=P1, in_list=False, default="")
    values_p2: Mapped[str] = text(
        "Документы и номера", LONGEST_VALUES, pd=P2, in_list=False, default=""
    )
    values_p3: Mapped[str] = text(
        "Особые сведения", LONGEST_VALUES, pd=P3, in_list=False, default=""
    )
    state: Mapped[HandedState] = choice(
        "Состояние", HandedState, pd=P0, default=HandedState.WAITING
    )
    answer: Mapped[str | None] = text("Ответ", LONGEST_WORD, pd=P1, default=None)
    decider_id: Mapped[UUID | None] = ref(
        "Учётная запись решившего", "account", pd=P0, default=None
    )
    decider: Mapped[str | None] = text("Кто решил", 300, pd=P0, default=None)
    decided_at: Mapped[dt.datetime | None] = moment("Решено", pd=P0, default=None)


class AdministrationView(SharedView, CollegeOwned):
    """Changed by whoever administers: nothing is signed there."""

    __tablename__ = "administration_view"
    __title__ = "Общие виды списков администратора"
    __one__ = "Общий вид списка"
    __section__ = Section.ADMINISTRATION
