"""Access ended at once for one of three reasons, resumed when its cause is removed, or the login destroyed (regulation 10.5, 10.6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, RoleGrant
from common.administration.kinds import CHOSEN_BY_HAND, AccountState, EndReason, EndTrigger
from common.administration.rules import ends_for_good, says_enough
from common.kit.errors import Invalid, NotAllowed, RuleBroken
from common.kit.kinds import P1
from common.kit.rights import Action, Section, may
from common.kit.sync import Command
from server.kit.auth import end_tokens, held_permissions
from server.kit.refusals import Proposal, day_of
from server.kit.session import CollegeSession, live, load
from server.kit.tables import login

LIVING = {AccountState.PENDING, AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD}

NOT_YOURS = "Доступ прекращает и возобновляет администратор организации"
OWN = "Свой доступ не прекращают: это делает другой администратор"
SAY_NOTE = "Напишите, что произошло: это прочтёт оператор"
SAY_CAUSE = "Напишите, в чём была причина и чем она устранена: без этого доступ не возобновляют"
ONLY_BY_ACTS = (
    "Прекращения доступа не правят: доступ возобновляют с указанием причины или уничтожают логин"
)


def refuse_end(db: CollegeSession, proposal: Proposal) -> str | None:
    """Nobody edits the history of access as an ordinary record."""
    return ONLY_BY_ACTS


def end_access(db: CollegeSession, command: Command) -> dict[str, Any]:
    """From this transaction on every request of the account is refused, a pull that is under way too."""
    account = _account(db, command)
    if account.state not in LIVING:
        raise RuleBroken(f"Доступ уже прекращён: учётная запись «{account.login}» не действует")
    try:
        reason = EndReason.of(str(command.args["reason"]))
    except (KeyError, ValueError):
        raise Invalid("Не сказано, по какому основанию прекращают доступ") from None
    note = _words(command, "note", SAY_NOTE)
    ended = end(db, account, reason, _trigger(command), note, by=name_of(db))
    return {"ended": ended.id.hex}


def _trigger(command: Command) -> EndTrigger:
    """Desks of the version before do not say it."""
    try:
        trigger = EndTrigger.of(str(command.args.get("trigger", EndTrigger.BY_HAND.value)))
    except ValueError:
        raise Invalid("Не сказано, по какому поводу прекращают доступ") from None
    if trigger not in CHOSEN_BY_HAND:
        raise Invalid(f"«{trigger.label}»: так доступ прекращается сам, выберите другой повод")
    return trigger


def end(
    db: CollegeSession,
    account: Account,
    reason: EndReason,
    trigger: EndTrigger,
    note: str,
    *,
    by: str,
) -> AccessEnd:
    """In the transaction of what ended it; the account lives before this."""
    ended = AccessEnd(
        account_id=account.id,
        reason=reason,
        trigger=trigger,
        note=note,
        ended_at=db.now(),
        ended_by=by,
    )
    db.add(ended)
    if ends_for_good(reason, trigger):
        account.state = AccountState.CLOSED
        _end_grants(db, account.id)
    else:
        account.state = AccountState.SUSPENDED
    _close(db, account.id)
    return ended


def resume_access(db: CollegeSession, command: Command) -> dict[str, Any]:
    """The password that was known to somebody else is worth nothing: a new code is issued after this."""
    account = _account(db, command)
    ended = _open_end(db, account)
    if account.state is not AccountState.SUSPENDED or ended is None:
        raise RuleBroken(f"Возобновить нечего: доступ «{account.login}» не приостановлен")
    ended.cause = _words(command, "cause", SAY_CAUSE)
    ended.resumed_at, ended.resumed_by = db.now(), name_of(db)
    account.state = AccountState.PENDING
    return {"resumed": ended.id.hex}


def destroy_login(db: CollegeSession, command: Command) -> dict[str, Any]:
    """For ever: the row of the login stays so that nobody gets it again; the person's history keeps the name."""
    account = _account(db, command)
    if account.state not in {AccountState.SUSPENDED, AccountState.CLOSED}:
        raise RuleBroken(
            "Сначала прекратите доступ: уничтожают логин, под которым никто не работает"
        )
    ended = _open_end(db, account)
    if ended is None:
        ended = AccessEnd(
            account_id=account.id,
            reason=EndReason.RELATION,
            note="доступ прекращён до уничтожения логина",
            ended_at=db.now(),
            ended_by=name_of(db),
        )
        db.add(ended)
    ended.destroyed_at, ended.destroyed_by = db.now(), name_of(db)
    account.state = AccountState.DESTROYED
    _close(db, account.id)
    return {"destroyed": ended.id.hex}


def _account(db: CollegeSession, command: Command) -> Account:
    author = db.author.account_id
    held = held_permissions(db, author) if author else frozenset()
    if not may(held, Section.ADMINISTRATION, Action.WRITE, P1):
        raise NotAllowed(NOT_YOURS)
    try:
        id = UUID(str(command.args["account"]))
    except (KeyError, ValueError):
        raise Invalid("Не сказано, о чьём доступе речь") from None
    if id == author:
        raise RuleBroken(OWN)
    return load(db, Account, id, lock=True)


def _words(command: Command, name: str, missing: str) -> str:
    said = str(command.args.get(name, "")).strip()
    if not says_enough(said):
        raise Invalid(missing)
    return said[:500]


def name_of(db: CollegeSession) -> str:
    return db.scalar(sa.select(Account.name).where(Account.id == db.author.account_id)) or ""


def _open_end(db: CollegeSession, account: Account) -> AccessEnd | None:
    ends = [
        e
        for e in live(db, AccessEnd, account_id=account.id)
        if not (e.resumed_at or e.destroyed_at)
    ]
    return max(ends, key=lambda e: e.ended_at, default=None)


def _end_grants(db: CollegeSession, account_id: UUID) -> None:
    today = day_of(db, db.now())
    for grant in live(db, RoleGrant, account_id=account_id):
        if grant.valid_to is None or grant.valid_to > today:
            grant.valid_to = today


def _close(db: CollegeSession, account_id: UUID) -> None:
    """No password, no code, no session; the login itself stays taken."""
    end_tokens(db, account_id)
    db.execute(
        sa.update(login)
        .where(login.c.college_id == db.college_id, login.c.account_id == account_id)
        .values(password_hash=None, code_hash=None, code_to=None)
    )
