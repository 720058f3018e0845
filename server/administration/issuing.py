"""One-time codes for accounts, singly or a thousand at once: shown in the one answer that made them, stored nowhere (A10.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.consent import refuse_access
from common.administration.entities import Account, CredentialSlip
from common.administration.kinds import AccessKind, AccountState, SlipPurpose
from common.colleges.entities import College
from common.kit.codes import code_key
from common.kit.errors import Invalid, NotAllowed
from common.kit.issuing import Issued, IssueRequest, Passed, Slip
from common.kit.kinds import P1
from common.kit.rights import Action, Section, may
from server.administration.consents import papers_of
from server.kit import second_factor, strangers
from server.kit.auth import Caller, login_key
from server.kit.commit import commit
from server.kit.events import note
from server.kit.outside import outside_of
from server.kit.passwords import new_code
from server.kit.refusals import day_of
from server.kit.session import Clock, CollegeSession
from server.kit.tables import login, token

LASTS = dt.timedelta(hours=72)
MOST = 1_000
"""Accounts of one request."""
GONE = {
    AccountState.CLOSED: "закрыта",
    AccountState.DESTROYED: "уничтожена: человеку открывают новую учётную запись",
    AccountState.SUSPENDED: "приостановлена: сначала возобновите доступ с указанием причины",
}


def issue(engine: sa.Engine, caller: Caller, order: IssueRequest, *, now: Clock) -> Issued:
    """New codes; what was valid before ends at once: password, code and sessions. NotAllowed, Invalid."""
    if not may(caller.permissions, Section.ADMINISTRATION, Action.WRITE, P1):
        raise NotAllowed("Коды входа выдаёт администратор организации")
    wanted = list(dict.fromkeys(order.accounts))
    if not wanted or len(wanted) > MOST:
        raise Invalid(f"За один раз выдают от 1 до {MOST} кодов; выбрано {len(wanted)}")
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        chosen = db.scalars(
            sa.select(Account)
            .where(Account.id.in_(wanted), Account.deleted_at.is_(None))
            .with_for_update()
        ).all()
        foreign = _note_strangers(db, set(wanted) - {account.id for account in chosen})
        good, passed = _sorted_out(db, chosen, caller)
        slips = [_slip(db, account) for account in good]
        _keep(db, slips)
        second_factor.renew(db, [a.id for a in good], proved_too=order.new_telephone)
        issuer = db.scalar(sa.select(Account.name).where(Account.id == caller.account_id)) or ""
        for account in good:
            _line(db, account, issuer)
        college = db.scalars(sa.select(College).where(College.id == db.college_id)).one()
        if good or foreign:
            commit(db, "credentials.issue")
    return Issued(college=college.full_name, slips=slips, passed=passed)


def _note_strangers(db: CollegeSession, ids: set[UUID]) -> bool:
    """Another college's accounts are not there, and the journal of visits has it."""
    found = sorted(strangers.foreign(db, Account.__tablename__, ids))
    for id in found:
        note(db, AccessKind.DENIED, entity=Account.__tablename__, row_id=id, elsewhere=True)
    return bool(found)


def _sorted_out(
    db: CollegeSession, chosen: Sequence[Account], caller: Caller
) -> tuple[list[Account], list[Passed]]:
    """Those who get a code, and why the others do not."""
    keys = {login_key(account.login): account.id for account in chosen}
    owners = {
        row.login: row.account_id
        for row in db.execute(
            sa.select(login.c.login, login.c.account_id).where(login.c.login.in_(keys))
        )
    }
    papers, today = papers_of(db, chosen), day_of(db, db.now())
    good: list[Account] = []
    passed: list[Passed] = []
    for account in sorted(chosen, key=lambda a: a.name):
        key = login_key(account.login)
        why = GONE.get(account.state, "") or refuse_access(papers[account.id], today) or ""
        if owners.get(key, account.id) != account.id or keys[key] != account.id:
            why = "логин занят другим человеком или похож на занятый: выберите другой"
        if account.id == caller.account_id:
            why = "свой пароль меняют, а не выдают"
        if why:
            passed.append(Passed(account=account.id, name=account.name, why=why))
        else:
            good.append(account)
    return good, passed


def _slip(db: CollegeSession, account: Account) -> Slip:
    return Slip(
        account=account.id,
        login=account.login,
        name=account.name,
        post=account.post or "",
        code=new_code(),
        valid_to=db.now() + LASTS,
    )


def _keep(db: CollegeSession, slips: Sequence[Slip]) -> None:
    """What proves the codes, in place of every password and session before them."""
    if not slips:
        return
    outside = outside_of(db)
    ids = [slip.account for slip in slips]
    db.execute(
        sa.delete(login).where(login.c.college_id == db.college_id, login.c.account_id.in_(ids))
    )
    rows: list[dict[str, Any]] = [
        {
            "login": login_key(slip.login),
            "college_id": db.college_id,
            "account_id": slip.account,
            "code_hash": outside.verifier(code_key(slip.code)),
            "code_to": slip.valid_to,
        }
        for slip in slips
    ]
    db.execute(sa.insert(login), rows)
    db.execute(
        sa.update(token)
        .where(
            token.c.college_id == db.college_id,
            token.c.account_id.in_(ids),
            token.c.ended_at.is_(None),
        )
        .values(ended_at=db.now())
    )


def _line(db: CollegeSession, account: Account, issuer: str) -> None:
    first = account.state is AccountState.PENDING
    db.add(
        CredentialSlip(
            account_id=account.id,
            login=account.login,
            purpose=SlipPurpose.FIRST if first else SlipPurpose.RESET,
            issued_at=db.now(),
            issuer=issuer,
            valid_to=db.now() + LASTS,
        )
    )
    account.state = AccountState.MUST_CHANGE_PASSWORD
