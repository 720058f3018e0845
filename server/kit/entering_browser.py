"""The way in by a browser, a page at a time: the password first, then each step that it asks for, every one under a new secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccessKind
from common.kit.errors import NotSignedIn, StepNeeded
from common.kit.issuing import NewPassword
from common.kit.sync import SignIn
from server.kit import second_factor
from server.kit.auth import Caller, Key, login_key, reach_of
from server.kit.browsers import (
    AGAIN,
    Browser,
    Visitor,
    is_demanded,
    new_browser_token,
    rights_of,
    row_of,
)
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.entering import (
    CHANGE,
    LOGIN,
    OWN,
    Proved,
    change_password,
    failures_noted,
    home_of,
    living,
    must_change,
    prove,
    renew_password,
)
from server.kit.events import note
from server.kit.outside import outside_at
from server.kit.scope import Own
from server.kit.session import Author, Clock, CollegeSession
from server.kit.tables import token
from server.kit.throttle import refuse_flood

SECOND, PASSWORD, CODE = "second", "password", "code"
"""What may be due: the second factor, then a password of one's own instead of an old one or of a one-time code."""
WHY = {PASSWORD: CHANGE, CODE: OWN}


@dataclass(frozen=True, slots=True)
class Entered:
    """What the browser is given: it is let in where nothing is due."""

    secret: str
    due: str
    account: Any
    recovery: tuple[str, ...] = ()
    """New codes for the loss of a telephone that has just been proved: shown once."""


def begin(
    engine: sa.Engine,
    request: SignIn,
    browser: Browser,
    *,
    now: Clock,
    network: str,
    demand_second: bool,
) -> Entered:
    """TooMany, NotSignedIn. The second factor comes before a new password: a one-time code alone changes nothing."""
    outside = outside_at(engine)
    proved = prove(
        engine,
        request,
        now=now,
        network=network,
        knows=lambda _, account_id, __: browser.known(outside, account_id),
    )
    row, due = proved.login, []
    with (
        failures_noted(engine, proved, now=now),
        CollegeSession(engine, row.college_id, now=now, author=_author(row, browser)) as db,
    ):
        account = living(db, row.account_id)
        if demand_second and is_demanded(_caller(db, account, browser)):
            due.append(SECOND)
        if proved.by_code or must_change(account):
            due.append(CODE if proved.by_code else PASSWORD)
        entered = _let_on(db, account, browser, due, second=False)
        commit(db, "sign_in")
    return entered


@dataclass(frozen=True, slots=True)
class Step:
    """What a sign-in is waiting for."""

    kind: str
    """`second`, `enrol` (with the `uri` and `secret` of a telephone to be proved) or `new_password`."""
    login: str
    said: str
    fields: dict[str, str]


def step_of(engine: sa.Engine, secret: str, *, now: Clock, demand_second: bool) -> Step:
    """NotSignedIn where this secret waits for nothing, or has waited too long."""
    row = _waiting(engine, secret, now)
    with CollegeSession(engine, row.college_id, now=now) as db:
        account = living(db, row.account_id)
        first, *_ = _due(db, row, account, demand_second=demand_second)
        if first != SECOND:
            return Step("new_password", account.login, WHY[first], {})
        try:
            second_factor.check(db, account.id, account.login, "")
        except StepNeeded as asked:
            return Step(asked.fields["step"], account.login, asked.message, asked.fields)
    raise NotSignedIn(AGAIN)


def show_second(
    engine: sa.Engine,
    secret: str,
    typed: str,
    browser: Browser,
    *,
    now: Clock,
    network: str,
    demand_second: bool,
) -> Entered:
    """Goes on by a code of the telephone or a recovery code; counted like passwords. NotSignedIn, StepNeeded, TooMany."""
    row = _waiting(engine, secret, now)
    proved = _counted(engine, row, browser, network, now)
    with (
        failures_noted(engine, proved, now=now),
        CollegeSession(engine, row.college_id, now=now, author=_author(row, browser)) as db,
    ):
        account = living(db, row.account_id)
        first, *left = _due(db, row, account, demand_second=demand_second)
        if first != SECOND:
            raise NotSignedIn(AGAIN)
        codes = second_factor.check(db, account.id, account.login, typed)
        _end(db, row)
        entered = _let_on(db, account, browser, left, second=True, codes=codes)
        commit(db, "sign_in")
    return entered


def choose_password(
    engine: sa.Engine,
    secret: str,
    new: str,
    browser: Browser,
    *,
    now: Clock,
    demand_second: bool,
) -> Entered:
    """NotSignedIn, StepNeeded where the second factor is due first, and Invalid for a weak one. Whoever else was signed in must come again."""
    row = _waiting(engine, secret, now)
    with CollegeSession(engine, row.college_id, now=now, author=_author(row, browser)) as db:
        account = living(db, row.account_id)
        first, *left = _due(db, row, account, demand_second=demand_second)
        if first == SECOND:
            second_factor.check(db, account.id, account.login, "")
        renew_password(db, account, home_of(db), new, WHY[first])
        entered = _let_on(db, account, browser, left, second=row.second)
        commit(db, "sign_in")
    return entered


def change_own_password(
    engine: sa.Engine, visitor: Visitor, request: NewPassword, *, now: Clock
) -> str:
    """The new secret of this browser, which lasts no longer than the old one; every other session of his has ended. TooMany, Invalid."""
    row, rights = visitor.row, rights_of(visitor.caller)

    def new_key(db: CollegeSession, account_id: Any, name: str) -> Key:
        browser = Browser(name, row.browser)
        facts = {"second": row.second, "rights": rights, "last_to": row.last_to}
        return Key(new_browser_token(db, account_id, browser, **facts), "")

    return change_password(engine, visitor.caller, request, now=now, new_key=new_key).token


def _let_on(
    db: CollegeSession,
    account: Account,
    browser: Browser,
    due: list[str],
    *,
    second: bool,
    codes: list[str] | None = None,
) -> Entered:
    """To the next step, or in."""
    caller = _caller(db, account, browser)
    left = " ".join(due)
    secret = new_browser_token(
        db, account.id, browser, due=left, second=second, rights=rights_of(caller)
    )
    if not left:
        facts = {"device": browser.id, "login": account.login, "computer": browser.words}
        note(db, AccessKind.LOGIN_OK, **facts)
    return Entered(secret, left, account.id, tuple(codes or ()))


def _caller(db: CollegeSession, account: Account, browser: Browser) -> Caller:
    """What he may today."""
    reach = reach_of(db, account.id)
    own = Own(reach.own, account.id)
    return Caller(
        account.id, db.college_id, browser.id, reach.everywhere, own=own, region=reach.region
    )


def _due(db: CollegeSession, row: Any, account: Account, *, demand_second: bool) -> list[str]:
    """What this sign-in still waits for: the second factor first, also where it is demanded since the sign-in began."""
    due = str(row.due).split()
    browser = Browser(row.device, row.browser)
    lacks = demand_second and not row.second and SECOND not in due
    if lacks and is_demanded(_caller(db, account, browser)):
        return [SECOND, *due]
    return due


def _author(row: Any, browser: Browser) -> Author:
    return Author(row.account_id, browser.id)


def _waiting(engine: sa.Engine, secret: str, now: Clock) -> Any:
    row = row_of(engine, secret)
    alive = row.ended_at is None and row.lease_to > now()
    if not alive or not row.due:
        raise NotSignedIn(AGAIN)
    return row


def _end(db: CollegeSession, row: Any) -> None:
    db.execute(sa.update(token).where(token.c.hash == row.hash).values(ended_at=db.now()))


def _counted(engine: sa.Engine, row: Any, browser: Browser, network: str, now: Clock) -> Proved:
    """Under the login that the password was of; TooMany."""
    desk = browser.known(outside_at(engine), row.account_id)
    with CollegeSession(reader(engine), row.college_id, now=now) as db:
        name = db.scalars(sa.select(Account.login).where(Account.id == row.account_id)).one()
    with engine.connect() as connection:
        found = connection.execute(LOGIN, {"key": login_key(name)}).one_or_none()
        if found is None:
            raise NotSignedIn(AGAIN)
        refuse_flood(connection, found.login, desk, network, now())
    request = SignIn(login=name, password="", computer=browser.words)
    return Proved(found, by_code=False, request=request, desk=desk, network=network)
