"""Accounts, roles and grants: who may what, by which order (domain 1(a), A10)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.administration.kinds import AccountKind, AccountState
from common.kit.columns import choice, day, ref, text, unique
from common.kit.entity import CollegeOwned, Regional
from common.kit.kinds import P0, P1
from common.kit.rights import Scope, Section


class Account(CollegeOwned):
    """Whose work it is. The login's uniqueness and the password live in the server's own tables."""

    __tablename__ = "account"
    __title__ = "Учётные записи"
    __one__ = "Учётная запись"
    __section__ = Section.ADMINISTRATION
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


class Role(Regional):
    """A named set of permissions; system roles are shipped."""

    __tablename__ = "role"
    __title__ = "Роли"
    __one__ = "Роль"
    __section__ = Section.REFERENCE
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код", 40, pd=P0)
    name: Mapped[str] = text("Наименование", 200, pd=P0, search=True)
    permissions: Mapped[str] = text(
        "Права",
        8000,
        pd=P0,
        in_list=False,
        multiline=True,
        help="раздел.действие.класс через пробел",
    )


class RoleGrant(CollegeOwned):
    """A role given to an account in a scope by an act (A10.4)."""

    __tablename__ = "role_grant"
    __title__ = "Назначения ролей"
    __one__ = "Назначение роли"
    __section__ = Section.ADMINISTRATION

    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P0)
    role_id: Mapped[UUID] = ref("Роль", "role", pd=P0, regional=True)
    scope: Mapped[Scope] = choice("Область", Scope, pd=P0, default=Scope.COLLEGE)
    order_number: Mapped[str] = text("№ акта", 30, pd=P0)
    order_date: Mapped[dt.date] = day("Дата акта", pd=P0)
    valid_from: Mapped[dt.date] = day("Действует с", pd=P0)
    valid_to: Mapped[dt.date | None] = day("Действует до", pd=P0, default=None)
