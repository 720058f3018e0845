"""What is refused about accounts, roles and grants because of other records: asked by push before anything is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from common.administration.access import reach
from common.administration.consent import refuse_withdrawal
from common.administration.entities import Account, OrgRole, Role, RoleGrant
from common.administration.kinds import AccountState
from common.administration.roles import ROLES
from common.administration.rules import (
    administers,
    refuse_kind,
    refuse_login,
    refuse_rights,
    refuse_scope,
    twins,
)
from common.colleges.entities import College
from common.kit.dated import as_of, refuse_overlap
from common.kit.entity import field_of
from common.kit.rights import Scope, permissions
from server.kit.auth import login_key
from server.kit.refusals import Proposal, day_of
from server.kit.session import CollegeSession, find, live
from server.kit.tables import login

LIVING = {AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD}
MAY_CHANGE = {"valid_to", "end_reason"}
LAST = "Это последний администратор организации: сначала назначьте другого"
STATE_BY_ACTS = "Состояние не правят: доступ прекращают и возобновляют кнопкой «Доступ…», первый вход открывает код"
ENDED_ONLY = "Назначение не переписывают: завершите его и дайте новое со своим актом"


def refuse_account(db: CollegeSession, asked: Proposal) -> str | None:
    values = asked.values
    if asked.deleted:
        return "Учётную запись не удаляют: прекратите доступ, и он закончится сразу"
    if asked.created and _taken(db, values["login"]):
        return f"Логин «{values['login']}» занят или похож на занятый; выберите другой"
    if asked.created and (said := refuse_login(values["login"])):
        return said
    if not asked.created and "login" in asked.touched:
        return "Логин не меняют: закройте эту учётную запись и откройте новую"
    if {"kind"} & asked.touched or asked.created:
        college = find(db, College, db.college_id)
        if said := refuse_kind(values["kind"], parents=bool(college and college.parents)):
            return said
    if asked.created and values["state"] is not AccountState.PENDING:
        return "Новая учётная запись ещё не выдана: её откроет код входа"
    if not asked.created and "state" in asked.touched:
        return STATE_BY_ACTS
    return _refuse_consent(db, asked) if _CONSENT & asked.touched else None


_CONSENT = {"consent_on", "consent_withdrawn_on"}


def _refuse_consent(db: CollegeSession, asked: Proposal) -> str | None:
    """A consent is withdrawn, never rubbed out, and the last administrator does not go in silence."""
    values, label = asked.values, field_of(Account.consent_withdrawn_on).label
    signed, withdrawn = values["consent_on"], values["consent_withdrawn_on"]
    stands = values["state"] in LIVING
    if signed is None and (stands or withdrawn is not None):
        return "На этом согласии стоит доступ: не стирайте его, а поставьте день отзыва"
    if said := refuse_withdrawal(withdrawn, label, asked.on):
        return said
    if stands and withdrawn is not None and is_last_administrator(db, _id_of(db, values)):
        return LAST
    return None


def _id_of(db: CollegeSession, values: Any) -> UUID | None:
    return db.scalar(sa.select(Account.id).where(Account.login == values["login"]))


def _taken(db: CollegeSession, name: str) -> bool:
    query = sa.select(login.c.login).where(login.c.login.in_(twins(login_key(name))))
    return db.execute(query).first() is not None


def refuse_grant(db: CollegeSession, asked: Proposal) -> str | None:
    values = asked.values
    if asked.deleted:
        return "Назначение не удаляют: поставьте день, с которого оно не действует"
    if not asked.created:
        if not asked.touched <= MAY_CHANGE:
            return ENDED_ONLY
        ends = values["valid_to"] is not None
        return LAST if ends and is_last_administrator(db, values["account_id"]) else None
    if values["account_id"] == db.author.account_id:
        return "Себе роль не назначают: это делает другой администратор или оператор"
    role = _role(db, values)
    if role is None or find(db, Account, values["account_id"]) is None:
        return "Учётной записи или роли этого назначения нет: выберите другую"
    return refuse_scope(values["scope"], role.scope) or _refuse_second(db, values)


def _role(db: CollegeSession, values: Any) -> Role | None:
    """The shipped role of a grant, or of the college's edition that it gives."""
    own = find(db, OrgRole, values["org_role_id"]) if values["org_role_id"] else None
    id = own.role_id if own else values["role_id"]
    return find(db, Role, id) if id else None


def _refuse_second(db: CollegeSession, values: Any) -> str | None:
    same = ("account_id", "role_id", "org_role_id", "scope")
    others = live(db, RoleGrant, **{name: values[name] for name in same})
    said = refuse_overlap(Term(values["valid_from"], values["valid_to"]), others)
    return f"Эта роль у этой учётной записи уже есть. {said}" if said else None


class Term(NamedTuple):
    valid_from: dt.date
    valid_to: dt.date | None


def is_last_administrator(db: CollegeSession, account: UUID | None) -> bool:
    """Is he the only one who can give rights? He does not lose his own in silence."""
    return set(_administrators(db)) == {account}


def _administrators(db: CollegeSession) -> Iterator[UUID]:
    """Accounts that may give rights now, with what this transaction has changed."""
    for grant in as_of(live(db, RoleGrant), day_of(db, db.now())):
        own = find(db, OrgRole, grant.org_role_id) if grant.org_role_id else None
        role = _role(db, {"org_role_id": grant.org_role_id, "role_id": grant.role_id})
        account = find(db, Account, grant.account_id)
        if role is None or account is None or account.state not in LIVING:
            continue
        text = own.permissions if own else role.permissions
        whole = reach(grant.scope, role.scope) is Scope.COLLEGE
        if whole and administers(permissions(tuple(text.split()))):
            yield grant.account_id


def refuse_org_role(db: CollegeSession, asked: Proposal) -> str | None:
    values = asked.values
    base = find(db, Role, values["role_id"])
    if base is None or base.scope is Scope.REGION:
        return "Эту роль правит только оператор региона: скопируйте другую"
    if not asked.created and "role_id" in asked.touched:
        return "Готовую роль, с которой снята эта, не меняют: скопируйте другую"
    if asked.deleted:
        return _refuse_loss(db, asked)
    try:
        rights = permissions(tuple(values["permissions"].split()))
    except ValueError:
        return "В правах роли есть то, чего сервер не знает: обновите программу"
    known = frozenset().union(*(r.permissions for r in ROLES if r.scope is not Scope.REGION))
    return refuse_rights(rights, permissions(tuple(base.permissions.split())), known)


def _refuse_loss(db: CollegeSession, asked: Proposal) -> str | None:
    ids = [r.id for r in live(db, OrgRole, name=asked.values["name"])]
    given = (g for id in ids for g in live(db, RoleGrant, org_role_id=id))
    if any(g.valid_to is None or g.valid_to > asked.on for g in given):
        return "Эта роль кому-то назначена: сначала завершите её назначения"
    return None
