"""Who is calling: passwords, desk tokens, and the permissions that today's grants give."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from common.administration.access import granted
from common.administration.entities import Account, OrgRole, Role, RoleGrant
from common.administration.kinds import AccessKind, AccountState
from common.colleges.entities import College, Desk
from common.kit.access import Granted
from common.kit.dated import holds
from common.kit.dates import REGION_ZONE
from common.kit.errors import AccessEnded, NotSignedIn
from common.kit.ids import REGION, new_id
from common.kit.keys import fold_homoglyphs
from common.kit.rights import Permission, Permissions, Scope
from server.kit.database import reader
from server.kit.events import EVENT, event, note
from server.kit.outside import Given, outside_of
from server.kit.passwords import hashed
from server.kit.refusals import day_in, day_of
from server.kit.scope import Own
from server.kit.session import Author, Clock, CollegeSession, say_college
from server.kit.tables import device, login, token

ALIVE = (AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD)
LEASE = dt.timedelta(hours=72)
RENEW = dt.timedelta(hours=1)
TOKEN = sa.select(token).where(token.c.hash == sa.bindparam("digest"), token.c.browser == "")
NEW_TOKEN = sa.insert(token)
STATE = sa.select(Account.state).where(Account.id == sa.bindparam("account"))
CALLER = (
    sa.select(Account.state, sa.func.coalesce(College.zone, REGION_ZONE).label("zone"))
    .outerjoin(College, College.id == Account.college_id)
    .where(Account.id == sa.bindparam("account"))
)
DEVICE = sa.select(device.c.desk_id, device.c.device).where(
    device.c.college_id == sa.bindparam("college"),
    device.c.account_id == sa.bindparam("account"),
    device.c.device == sa.bindparam("name"),
)
SEAL_KEY = sa.select(College.seal_key).where(College.id == sa.bindparam("college"))
GRANTS = (
    sa.select(
        sa.func.coalesce(OrgRole.name, Role.name),
        sa.func.coalesce(OrgRole.permissions, Role.permissions),
        Role.scope,
        RoleGrant.scope,
        RoleGrant.order_number,
        RoleGrant.order_date,
        RoleGrant.valid_from,
        RoleGrant.valid_to,
    )
    .select_from(RoleGrant)
    .join(OrgRole, OrgRole.id == RoleGrant.org_role_id, isouter=True)
    .join(Role, Role.id == sa.func.coalesce(RoleGrant.role_id, OrgRole.role_id))
    .where(RoleGrant.account_id == sa.bindparam("account"), RoleGrant.deleted_at.is_(None))
    .order_by(RoleGrant.valid_from, RoleGrant.id)
)
AGAIN = "Вход на этом компьютере больше не действует. Войдите снова"
ENDED = "Доступ прекращён: учётная запись закрыта или приостановлена. Обратитесь к администратору"


class Reach(NamedTuple):
    """What grants give in the whole college, and what they give only over one's own."""

    everywhere: Permissions
    own: Permissions
    region: Permissions = frozenset()
    """What an official's grants give over the colleges of the region, by the routes of the region alone."""

    @property
    def all(self) -> Permissions:
        return self.everywhere | self.own


NOTHING_OWN = Own()


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated request's account, desk and rights."""

    account_id: UUID
    college_id: UUID
    device: str
    permissions: Permissions
    request_id: str = ""
    own: Own = NOTHING_OWN
    """What he may do with the roots that he has made."""
    region: Permissions = frozenset()
    """What an official of the region may read of all colleges; nobody of a college has any."""

    @property
    def author(self) -> Author:
        return Author(self.account_id, self.device, self.request_id)


def login_key(text: str) -> str:
    """Logins differ by letters that people tell apart: case and look-alikes do not count."""
    return fold_homoglyphs(text.strip()).casefold()[:32]


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_alive(db: CollegeSession, account_id: UUID) -> bool:
    return db.scalar(STATE, {"account": account_id}) in ALIVE


def known_device(db: CollegeSession, account_id: UUID, name: str | None) -> tuple[UUID, str] | None:
    asked = {"college": db.college_id, "account": account_id, "name": name or ""}
    row = db.execute(DEVICE, asked).one_or_none()
    return (row.desk_id, row.device) if row else None


def new_desk(db: CollegeSession, account_id: UUID, computer: str) -> tuple[UUID, str]:
    desk_id = open_desk(db, account_id, computer)
    name = new_id().hex
    register_device(db, account_id, desk_id, name)
    return desk_id, name


def open_desk(db: CollegeSession, account_id: UUID, computer: str) -> UUID:
    """A desk with a series that no other ever had, in any history of this database."""
    outside = outside_of(db)
    taken = max((int(s) for s in db.scalars(sa.select(Desk.series))), default=0)
    desk = Desk(
        series=f"{max(taken, outside.series(db.college_id)) + 1:02d}",
        computer=computer[:200],
        account_id=account_id,
        opened_on=db.now().date(),
    )
    outside.keep([Given(db.college_id, desk.series)])
    db.add(desk)
    db.flush()
    return desk.id


def register_device(db: CollegeSession, account_id: UUID, desk_id: UUID, name: str) -> None:
    db.execute(
        sa.insert(device).values(
            college_id=db.college_id,
            device=name,
            account_id=account_id,
            desk_id=desk_id,
            last_no=0,
            settled_to=0,
            purged_to=0,
            seen_at=db.now(),
        )
    )


def reach_of(db: CollegeSession, account_id: UUID) -> Reach:
    """The permissions of today's grants, by the day of the college; nothing stored."""
    return _granted(db, account_id, day_of(db, db.now()))


def held_permissions(db: CollegeSession, account_id: UUID) -> Permissions:
    """Those that reach the whole college."""
    return reach_of(db, account_id).everywhere


def last_permissions(db: CollegeSession, account_id: UUID) -> Reach:
    """What the account might do on the day of its desks' last contact, be that the day on which it ended."""
    lease_to = db.scalar(
        sa.select(sa.func.max(token.c.lease_to)).where(
            token.c.college_id == db.college_id,
            token.c.account_id == account_id,
            token.c.browser == "",
        )
    )
    if lease_to is None:
        return Reach(frozenset(), frozenset())
    day = day_of(db, lease_to - LEASE)
    return _granted(db, account_id, day, last=day - dt.timedelta(days=1))


def _granted(
    db: CollegeSession, account_id: UUID, day: dt.date, *, last: dt.date | None = None
) -> Reach:
    """Of the grants that hold on that day; with `last`, of those too that have ended after it."""
    grants = grants_of(db, account_id)
    if last is None:
        held = [g for g in grants if holds(g, day)]
    else:
        held = [
            g for g in grants if g.valid_from <= day and (g.valid_to is None or g.valid_to > last)
        ]
    own = (g.permissions for g in held if g.scope is Scope.SELF)
    over = (g.permissions for g in held if g.scope is Scope.REGION and db.college_id == REGION)
    return Reach(
        frozenset[Permission]().union(*(g.opens() for g in held)),
        frozenset[Permission]().union(*own),
        frozenset[Permission]().union(*over),
    )


def grants_of(db: CollegeSession, account_id: UUID) -> list[Granted]:
    """All that the account has ever been given, whether it holds today or not."""
    return [granted(*row) for row in db.execute(GRANTS, {"account": account_id})]


def identify(
    engine: sa.Engine, secret: str, *, now: Clock, request_id: str, renews: bool = True
) -> Caller:
    """The caller of a token; NotSignedIn where it has run out, was ended or never was, AccessEnded where its account was.

    `renews`: somebody works here, so that the sign-in lasts longer.
    """
    row = _token(engine, secret)
    caller = caller_of_token(engine, row, now=now, request_id=request_id)
    if row.ended_at is not None or row.lease_to <= now():
        raise NotSignedIn(AGAIN)
    if renews and row.lease_to - now() < LEASE - RENEW:
        _renew(engine, row, now())
    return caller


def caller_of_token(engine: sa.Engine, row: Any, *, now: Clock, request_id: str) -> Caller:
    """Whose token this is, be it good or not, with today's rights; AccessEnded where its account has ended."""
    with CollegeSession(reader(engine), row.college_id, now=now) as db:
        known = db.execute(CALLER, {"account": row.account_id}).one_or_none()
        if known is None or known.state not in ALIVE:
            proof = outside_of(db).ending(row.hash).hex()
            raise AccessEnded(ENDED, {"proof": proof, "seal_key": seal_key_of(db)})
        held = _granted(db, row.account_id, day_in(known.zone, now()))
    own = Own(held.own, row.account_id)
    return Caller(
        row.account_id,
        row.college_id,
        row.device,
        held.everywhere,
        request_id,
        own,
        held.region,
    )


def identify_to_seal(engine: sa.Engine, secret: str, *, now: Clock, request_id: str) -> Caller:
    """The same for the one thing that the desks of an ended account may still do."""
    try:
        return identify(engine, secret, now=now, request_id=request_id)
    except AccessEnded:
        row = _token(engine, secret)
        return Caller(row.account_id, row.college_id, row.device, frozenset(), request_id)


def _token(engine: sa.Engine, secret: str) -> Any:
    with reader(engine).connect() as connection:
        row = connection.execute(TOKEN, {"digest": digest_of(secret)}).one_or_none()
    if row is None:
        raise NotSignedIn(AGAIN)
    return row


def seal_key_of(db: CollegeSession) -> str:
    """The recipient to which the college's desks seal; empty where it has none yet."""
    return db.scalar(SEAL_KEY, {"college": db.college_id}) or ""


def _renew(engine: sa.Engine, row: Any, now: dt.datetime) -> None:
    with engine.begin() as connection:
        say_college(connection, row.college_id)
        connection.execute(
            sa.update(token).where(token.c.hash == row.hash).values(lease_to=now + LEASE)
        )
        connection.execute(EVENT, _of_token(AccessKind.TOKEN_REFRESH, row, now))


def _of_token(kind: AccessKind, row: Any, now: dt.datetime) -> dict[str, Any]:
    return event(kind, now, row.college_id, account_id=row.account_id, device=row.device)


def sign_out(engine: sa.Engine, secret: str, *, now: Clock) -> None:
    row = _token(engine, secret)
    with engine.begin() as connection:
        say_college(connection, row.college_id)
        connection.execute(sa.update(token).where(token.c.hash == row.hash).values(ended_at=now()))
        connection.execute(EVENT, _of_token(AccessKind.LOGOUT, row, now()))


def set_password(db: CollegeSession, account: Account, password: str) -> None:
    """Store the login's password, and end its one-time code; the login is unique in the region."""
    key = login_key(account.login)
    db.execute(sa.delete(login).where(login.c.login == key, login.c.account_id == account.id))
    db.execute(
        sa.insert(login).values(
            login=key,
            college_id=db.college_id,
            account_id=account.id,
            password_hash=hashed(password),
        )
    )
    changed = {"entity": Account.__tablename__, "row_id": account.id, "login": account.login}
    note(db, AccessKind.PASSWORD_CHANGE, **changed)


@dataclass(frozen=True, slots=True)
class Owner:
    college_id: UUID
    account_id: UUID


def owner_of(engine: sa.Engine, name: str) -> Owner | None:
    """Whose login this is, in the whole region."""
    query = sa.select(login.c.college_id, login.c.account_id).where(
        login.c.login == login_key(name)
    )
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return Owner(row.college_id, row.account_id) if row else None


@dataclass(frozen=True, slots=True)
class Key:
    """What a desk gets when it is let in."""

    token: str
    ending: str
    """By its hash the desk knows the proof that its account has ended."""


def new_token(db: CollegeSession, account_id: UUID, name: str) -> Key:
    """A token that nobody had before, for the desk of that name."""
    secret = secrets.token_urlsafe(32)
    digest = digest_of(secret)
    row = {"hash": digest, "college_id": db.college_id, "account_id": account_id, "device": name}
    db.execute(NEW_TOKEN, row | {"made_at": db.now(), "lease_to": db.now() + LEASE})
    return Key(secret, hashlib.sha256(outside_of(db).ending(digest)).hexdigest())


def end_tokens(db: CollegeSession, account_id: UUID) -> None:
    """Sign the account out everywhere; its desks must sign in again."""
    db.execute(
        sa.update(token)
        .where(
            token.c.college_id == db.college_id,
            token.c.account_id == account_id,
            token.c.ended_at.is_(None),
        )
        .values(ended_at=db.now())
    )
