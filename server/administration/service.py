"""Accounts as the operator keeps them from the command line: each change is written, audited and told to the college."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from common.administration.consent import refuse_access
from common.administration.entities import Account, Role, RoleGrant
from common.administration.kinds import AccountKind, AccountState, EndReason, EndTrigger
from common.administration.rules import refuse_length, refuse_login, twins
from common.colleges.entities import College
from common.kit.errors import Invalid, NotAllowed, NotFound
from common.kit.ids import REGION
from common.kit.rights import Scope
from server.administration.consents import Paper
from server.administration.ending import end
from server.kit.auth import (
    Caller,
    Owner,
    end_tokens,
    login_key,
    owner_of,
    reach_of,
    set_password,
)
from server.kit.commit import commit
from server.kit.entering import REGION_CODE
from server.kit.refusals import day_of
from server.kit.session import Clock, CollegeSession, load

OPERATOR = "Оператор"
ENDED_BY = "Учётную запись закрыл оператор на сервере"


@dataclass(frozen=True, slots=True)
class Person:
    """Who gets an account, as what, and by which act."""

    login: str
    name: str
    role: str
    order_number: str
    order_date: dt.date
    post: str | None = None
    phone: str | None = None
    consent_on: dt.date | None = None
    """When the consent to the processing of personal data was signed."""


@dataclass(frozen=True, slots=True)
class Listed:
    login: str
    college: str
    name: str
    state: str
    roles: list[str]


def add_user(engine: sa.Engine, college: str, who: Person, password: str, *, now: Clock) -> None:
    """Open an account with one role; NotFound, Invalid say what does not fit."""
    if said := refuse_length(password):
        raise Invalid(said)
    if any(owner_of(engine, each) for each in twins(login_key(who.login))):
        raise Invalid(f"Логин «{who.login}» занят или похож на занятый; выберите другой")
    if said := refuse_login(who.login):
        raise Invalid(said)
    if not login_key(who.login) or not who.name.strip():
        raise Invalid("Нужны логин и ФИО")
    home = REGION if college == REGION_CODE else college_id(engine, college, now)
    with CollegeSession(engine, home, now=now) as db:
        role = db.scalars(sa.select(Role).where(Role.code == who.role)).one_or_none()
        if role is None:
            known = ", ".join(sorted(db.scalars(sa.select(Role.code))))
            raise NotFound(f"Роли «{who.role}» нет. Есть: {known}")
        if (role.scope is Scope.REGION) != (home == REGION):
            raise Invalid(
                f"Роль «{role.name}» дают {'в регионе' if role.scope is Scope.REGION else 'в организации'}: "
                f"исправьте --college ({REGION_CODE} — это регион)"
            )
        account = Account(
            login=who.login,
            name=who.name,
            post=who.post,
            phone=who.phone,
            kind=AccountKind.REGION_OFFICIAL if home == REGION else AccountKind.STAFF,
            consent_on=who.consent_on,
        )
        paper = Paper(account.consent_on, None)
        if said := refuse_access([paper], day_of(db, db.now())):
            raise Invalid(f"{who.name}: {said}; команде user add день называет --consent-on")
        grant = RoleGrant(
            account_id=account.id,
            role_id=role.id,
            scope=Scope.REGION if home == REGION else Scope.COLLEGE,
            order_number=who.order_number,
            order_date=who.order_date,
            valid_from=db.now().date(),
        )
        db.add_all([account, grant])
        set_password(db, account, password)
        commit(db, "user.add")


def reset_user(engine: sa.Engine, login: str, password: str, *, now: Clock) -> None:
    """A new password; everybody who is signed in under this login must sign in again."""
    if said := refuse_length(password):
        raise Invalid(said)
    owner = _owner(engine, login)
    with CollegeSession(engine, owner.college_id, now=now) as db:
        account = load(db, Account, owner.account_id)
        if account.state in (AccountState.CLOSED, AccountState.DESTROYED):
            raise Invalid(f"Учётная запись «{login}» закрыта; откройте новую командой user add")
        set_password(db, account, password)
        end_tokens(db, account.id)
        commit(db, "user.reset")


def end_user(engine: sa.Engine, login: str, *, now: Clock) -> None:
    """Close the account today: its grants, its desks' tokens and its password end."""
    owner = _owner(engine, login)
    with CollegeSession(engine, owner.college_id, now=now) as db:
        account = load(db, Account, owner.account_id)
        if account.state not in {AccountState.CLOSED, AccountState.DESTROYED}:
            end(db, account, EndReason.RELATION, EndTrigger.BY_HAND, ENDED_BY, by=OPERATOR)
        commit(db, "user.end")


def list_users(engine: sa.Engine, college: str | None, *, now: Clock) -> list[Listed]:
    found = places(engine, college, now)
    return [user for id, code in found for user in _users(engine, id, code, now)]


def places(engine: sa.Engine, college: str | None, now: Clock) -> list[tuple[UUID, str]]:
    """Ids and codes of all colleges, or of the one that is named; NotFound where there is none."""
    with CollegeSession(engine, REGION, now=now) as db:
        query = sa.select(College.id, College.code).order_by(College.code)
        rows = db.execute(query.where(College.code == college) if college else query).all()
    if college and not rows:
        raise NotFound(f"Организации с кодом «{college}» нет")
    return [(id, code) for id, code in rows]


def _users(engine: sa.Engine, college_id: UUID, code: str, now: Clock) -> list[Listed]:
    with CollegeSession(engine, college_id, now=now) as db:
        held: dict[UUID, list[str]] = {}
        grants = sa.select(RoleGrant.account_id, Role.code).join(Role, Role.id == RoleGrant.role_id)
        for account_id, role in db.execute(grants.where(RoleGrant.valid_to.is_(None))):
            held.setdefault(account_id, []).append(role)
        accounts = db.scalars(
            sa.select(Account).where(Account.deleted_at.is_(None)).order_by(Account.login)
        )
        return [
            Listed(a.login, code, a.name, a.state.label, sorted(held.get(a.id, [])))
            for a in accounts
        ]


def college_id(engine: sa.Engine, code: str, now: Clock) -> UUID:
    """The college of that code; NotFound."""
    with CollegeSession(engine, REGION, now=now) as db:
        found = db.scalar(sa.select(College.id).where(College.code == code))
    if found is None:
        raise NotFound(f"Организации с кодом «{code}» нет")
    return found


def _owner(engine: sa.Engine, login: str) -> Owner:
    owner = owner_of(engine, login)
    if owner is None:
        raise NotFound(f"Учётной записи «{login}» нет")
    return owner


def caller_of(engine: sa.Engine, login: str, *, now: Clock) -> Caller:
    """In whose name something is done at the command line, with today's rights; NotFound, NotAllowed."""
    owner = owner_of(engine, login)
    if owner is None:
        raise NotFound(f"Учётной записи «{login}» нет")
    with CollegeSession(engine, owner.college_id, now=now) as db:
        state = db.scalar(sa.select(Account.state).where(Account.id == owner.account_id))
        if state not in (AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD):
            raise NotAllowed(f"Учётная запись «{login}» не действует")
        held = reach_of(db, owner.account_id)
    return Caller(owner.account_id, owner.college_id, "", held.everywhere, region=held.region)


def in_name_of(engine: sa.Engine, login: str, *, now: Clock) -> CollegeSession:
    """A session at the command line in the name of that login, in its college; NotFound, NotAllowed."""
    caller = caller_of(engine, login, now=now)
    return CollegeSession(engine, caller.college_id, now=now, author=caller.author)
