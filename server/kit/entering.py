"""The one way in: a password or a one-time code, a new password where it is due, the second factor where it is asked."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccessKind, AccountState
from common.administration.rules import refuse_same
from common.colleges.entities import College, Desk
from common.kit.codes import code_key
from common.kit.dates import REGION_ZONE
from common.kit.errors import Invalid, NotSignedIn, StepNeeded
from common.kit.ids import REGION
from common.kit.issuing import NewPassword, PasswordChanged
from common.kit.sync import SignedIn, SignIn
from server.kit import second_factor
from server.kit.auth import (
    ALIVE,
    LEASE,
    Caller,
    Key,
    end_tokens,
    is_alive,
    known_device,
    login_key,
    new_desk,
    new_token,
    reach_of,
    set_password,
)
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.events import EVENT, event, note
from server.kit.outside import outside_at
from server.kit.passwords import is_right, refuse_weak
from server.kit.session import Author, Clock, CollegeSession, say_college
from server.kit.tables import login
from server.kit.throttle import Knows, known_desk, note_failure, refuse_flood

WRONG = (
    "Логин или пароль не подходят. Проверьте раскладку и Caps Lock или обратитесь к администратору"
)
OWN = "Код подошёл. Придумайте свой пароль: код действует один раз"
REGION_CODE, REGION_NAME = "region", "Регион"
OLD = "Пароль подошёл, но записи этого компьютера под прежним: введите и его"
LOGIN = sa.select(login).where(login.c.login == sa.bindparam("key"))
ACCOUNT = sa.select(Account).where(Account.id == sa.bindparam("account"))
SERIES = sa.select(Desk.series).where(Desk.id == sa.bindparam("desk"))
HOME = sa.select(College).where(College.id == sa.bindparam("college"))
"""A morning's sign-ins are made of these: what is put together once costs nothing then."""
CHANGE = "Пароль пора сменить: придумайте новый"


def sign_in(
    engine: sa.Engine, request: SignIn, *, now: Clock, network: str = "", demand_second: bool
) -> SignedIn:
    """Open a desk; TooMany, NotSignedIn, StepNeeded, Invalid for a weak new password. The first sign-in of a computer gets a series.

    `network`: the address that asks; `demand_second`: do those who give others access need a second factor?
    """
    proved = prove(engine, request, now=now, network=network, knows=known_desk)
    with failures_noted(engine, proved, now=now):
        if request.locked:
            _tell_old(engine, proved.login, now)
        return _open(engine, proved, now, demand_second=demand_second)


@dataclass(frozen=True, slots=True)
class Proved:
    """A sign-in whose password, or one-time code, is right; no more is known of it."""

    login: Any
    """The row of its login."""
    by_code: bool
    request: SignIn
    desk: str
    """What the account is known by here, and counted by; empty where it never was here."""
    network: str


def prove(engine: sa.Engine, request: SignIn, *, now: Clock, network: str, knows: Knows) -> Proved:
    """TooMany, and NotSignedIn alike for a wrong password and for a login that nobody has."""
    key = login_key(request.login)
    with engine.connect() as connection:
        found = connection.execute(LOGIN, {"key": key}).one_or_none()
        if found:
            say_college(connection, found.college_id)
        desk = knows(connection, found.account_id, request.device) if found else ""
        refuse_flood(connection, key, desk, network, now())
    by_code = _is_code(engine, found, request.password, now)
    right = by_code or is_right(found.password_hash if found else None, request.password)
    if not found or not right:
        _note_failure(engine, found, request, desk, network, now())
        raise NotSignedIn(WRONG)
    return Proved(found, by_code, request, desk, network)


@contextmanager
def failures_noted(engine: sa.Engine, proved: Proved, *, now: Clock) -> Iterator[None]:
    """NotSignedIn goes on its way, counted where it asks for no further step."""
    try:
        yield
    except NotSignedIn as fault:
        if not isinstance(fault, StepNeeded):
            _note_failure(engine, proved.login, proved.request, proved.desk, proved.network, now())
        raise


def _note_failure(
    engine: sa.Engine, found: Any, request: SignIn, desk: str, network: str, now: dt.datetime
) -> None:
    """Counted, and told in the journal of visits: to the college of the login, to the region where nobody has it."""
    key = login_key(request.login)
    note_failure(engine, key, desk, network, now)
    college, account = (found.college_id, found.account_id) if found else (REGION, None)
    facts = {"account_id": account, "login": key, "computer": request.computer[:200]}
    with engine.begin() as connection:
        say_college(connection, college)
        connection.execute(EVENT, event(AccessKind.LOGIN_FAIL, now, college, **facts))


def _is_code(engine: sa.Engine, found: Any, typed: str, now: Clock) -> bool:
    key = code_key(typed)
    if not key or not found or not found.code_hash or found.code_to <= now():
        return False
    return hmac.compare_digest(found.code_hash, outside_at(engine).verifier(key))


def _tell_old(engine: sa.Engine, found: Any, now: Clock) -> None:
    """StepNeeded: the password is right, and the records of the computer lie under another; NotSignedIn."""
    with CollegeSession(reader(engine), found.college_id, now=now) as db:
        if is_alive(db, found.account_id):
            raise StepNeeded(OLD, {"step": "old"})
    raise NotSignedIn(WRONG)


NewKey = Callable[[CollegeSession, UUID, str], Key]
"""Makes the token of an account for its desk or browser of that name."""


def change_password(
    engine: sa.Engine,
    caller: Caller,
    request: NewPassword,
    *,
    now: Clock,
    new_key: NewKey = new_token,
) -> PasswordChanged:
    """By its owner, with the old one: every token of his ends, and this desk gets a new one. TooMany, Invalid."""
    with engine.connect() as connection:
        found = connection.execute(
            sa.select(login).where(
                login.c.college_id == caller.college_id, login.c.account_id == caller.account_id
            )
        ).one()
        refuse_flood(connection, found.login, caller.device, "", now())
    if not is_right(found.password_hash, request.old):
        note_failure(engine, found.login, caller.device, "", now())
        raise Invalid("Прежний пароль не подходит", {"old": ""})
    if said := refuse_same(request.old, request.new):
        raise Invalid(said, {"new_password": ""})
    with CollegeSession(engine, caller.college_id, now=now, author=caller.author) as db:
        account = db.scalars(sa.select(Account).where(Account.id == caller.account_id)).one()
        college = home_of(db)
        refuse_weak(request.new, known_of(account, college))
        set_password(db, account, request.new)
        end_tokens(db, account.id)
        key = new_key(db, account.id, caller.device)
        commit(db, "password.change")
    return PasswordChanged(token=key.token, ending=key.ending)


def home_of(db: CollegeSession) -> College:
    """Where the caller is at home; the region is no college, and its row is never stored."""
    if db.college_id == REGION:
        return College(
            id=REGION,
            code=REGION_CODE,
            short_name=REGION_NAME,
            full_name=REGION_NAME,
            town="",
            zone=REGION_ZONE,
        )
    return db.scalars(HOME, {"college": db.college_id}).one()


def known_of(account: Account, college: College) -> tuple[str, ...]:
    """What anybody knows, and a guesser tries first."""
    return (account.login, account.name, college.short_name, college.full_name, college.town)


def renew_password(
    db: CollegeSession, account: Account, college: College, password: str, why: str
) -> None:
    """StepNeeded where there is none yet; Invalid where it is weak. Whoever else was signed in must come again."""
    if not password:
        raise StepNeeded(why, {"step": "new_password"})
    refuse_weak(password, known_of(account, college))
    set_password(db, account, password)
    account.state = AccountState.ACTIVE
    end_tokens(db, account.id)


def living(db: CollegeSession, account_id: UUID) -> Account:
    """NotSignedIn, as for a wrong password, where the account has ended."""
    account = db.scalars(ACCOUNT, {"account": account_id}).one()
    if account.state not in ALIVE:
        raise NotSignedIn(WRONG)
    return account


def must_change(account: Account) -> bool:
    return account.state is AccountState.MUST_CHANGE_PASSWORD


def _open(engine: sa.Engine, proved: Proved, now: Clock, *, demand_second: bool) -> SignedIn:
    found, request = proved.login, proved.request
    author = Author(found.account_id, request.device or "")
    with CollegeSession(engine, found.college_id, now=now, author=author) as db:
        account = living(db, found.account_id)
        college = home_of(db)
        reach = reach_of(db, found.account_id)
        held = reach.all
        if proved.by_code or must_change(account):
            why = OWN if proved.by_code else CHANGE
            renew_password(db, account, college, request.new_password, why)
        recovery: list[str] = []
        if demand_second and second_factor.is_demanded(held, reach.region):
            recovery = second_factor.check(db, account.id, account.login, request.second)
        known = known_device(db, found.account_id, request.device)
        desk_id, name = known or new_desk(db, found.account_id, request.computer)
        key = new_token(db, found.account_id, name)
        note(db, AccessKind.LOGIN_OK, device=name, login=found.login)
        commit(db, "sign_in")
        series = db.scalars(SERIES, {"desk": desk_id}).one()
    return SignedIn(
        token=key.token,
        account=account.id,
        login=account.login,
        name=account.name,
        post=account.post or "",
        college=college.id,
        college_code=college.code,
        college_name=college.short_name,
        zone=college.zone,
        device=name,
        series=series,
        permissions=sorted(map(str, held)),
        lease_hours=int(LEASE.total_seconds() // 3600),
        time=int(now().timestamp() * 1000),
        ending=key.ending,
        recovery=recovery,
    )
