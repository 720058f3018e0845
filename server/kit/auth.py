"""Who is calling: passwords, desk tokens, and the permissions that today's grants give."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import argon2
import sqlalchemy as sa

from common.administration.entities import Account, Role, RoleGrant
from common.administration.kinds import AccountState
from common.colleges.entities import College, Desk
from common.kit.errors import AccessEnded, NotSignedIn, TooMany
from common.kit.ids import new_id
from common.kit.keys import fold_homoglyphs
from common.kit.rights import Permission, Permissions, Scope, permissions
from common.kit.sync import SignedIn, SignIn
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.outside import Given, outside_of
from server.kit.refusals import day_of
from server.kit.scope import Own
from server.kit.session import Author, Clock, CollegeSession
from server.kit.tables import device, login, sign_in_failure, token

LEASE = dt.timedelta(hours=72)
RENEW = dt.timedelta(hours=1)
WINDOW = dt.timedelta(minutes=5)
ATTEMPTS = 5

WRONG = (
    "Логин или пароль не подходят. Проверьте раскладку и Caps Lock или обратитесь к администратору"
)

TOKEN = sa.select(token).where(token.c.hash == sa.bindparam("digest"))
STATE = sa.select(Account.state).where(Account.id == sa.bindparam("account"))
HELD = (
    sa.select(Role.permissions, RoleGrant.scope)
    .join(RoleGrant, RoleGrant.role_id == Role.id)
    .where(
        RoleGrant.account_id == sa.bindparam("account"),
        RoleGrant.deleted_at.is_(None),
        RoleGrant.valid_from <= sa.bindparam("today"),
        sa.or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > sa.bindparam("ended_after")),
    )
)
AGAIN = "Вход на этом компьютере больше не действует. Войдите снова"
ENDED = "Доступ прекращён: учётная запись закрыта или приостановлена. Обратитесь к администратору"

hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = hasher.hash(secrets.token_hex(8))


class Granted(NamedTuple):
    """What grants give in the whole college, and what they give only over one's own."""

    everywhere: Permissions
    own: Permissions

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

    @property
    def author(self) -> Author:
        return Author(self.account_id, self.device, self.request_id)


def login_key(text: str) -> str:
    """Logins differ by letters that people tell apart: case and look-alikes do not count."""
    return fold_homoglyphs(text.strip()).casefold()[:32]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(engine: sa.Engine, request: SignIn, *, now: Clock) -> SignedIn:
    """Check the password and open a desk; TooMany, NotSignedIn. The first sign-in of a computer gets a series."""
    key = login_key(request.login)
    with engine.connect() as connection:
        _refuse_flood(connection, key, now())
        found = connection.execute(sa.select(login).where(login.c.login == key)).one_or_none()
    stored = found.password_hash if found and found.password_hash else _NOBODY
    right = _verify(stored, request.password)
    if not found or not right or not _is_active(engine, found, now):
        with engine.begin() as connection:
            connection.execute(sa.insert(sign_in_failure).values(id=new_id(), login=key, at=now()))
        raise NotSignedIn(WRONG)
    return _open(engine, found, request, now)


def _refuse_flood(connection: sa.Connection, key: str, now: dt.datetime) -> None:
    recent = sa.select(sa.func.count()).where(
        sign_in_failure.c.login == key, sign_in_failure.c.at > now - WINDOW
    )
    if (connection.scalar(recent) or 0) >= ATTEMPTS:
        seconds = int(WINDOW.total_seconds())
        raise TooMany(
            "Слишком много неверных попыток. Подождите пять минут и попробуйте снова",
            retry_after=seconds,
        )


def _verify(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def _is_active(engine: sa.Engine, found: Any, now: Clock) -> bool:
    with CollegeSession(reader(engine), found.college_id, now=now) as db:
        return _lives(db, found.account_id)


def _lives(db: CollegeSession, account_id: UUID) -> bool:
    state = db.scalar(STATE, {"account": account_id})
    return state in (AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD)


def _open(engine: sa.Engine, found: Any, request: SignIn, now: Clock) -> SignedIn:
    secret = secrets.token_urlsafe(32)
    author = Author(found.account_id, request.device or "")
    with CollegeSession(engine, found.college_id, now=now, author=author) as db:
        ending = outside_of(db).ending(_digest(secret))
        known = _known_device(db, found.account_id, request.device)
        desk_id, name = known or _new_desk(db, found.account_id, request.computer)
        db.execute(
            sa.insert(token).values(
                hash=_digest(secret),
                college_id=found.college_id,
                account_id=found.account_id,
                device=name,
                made_at=now(),
                lease_to=now() + LEASE,
            )
        )
        commit(db, "sign_in")
        college = db.scalars(sa.select(College).where(College.id == found.college_id)).one()
        account = db.scalars(sa.select(Account).where(Account.id == found.account_id)).one()
        desk = db.scalars(sa.select(Desk).where(Desk.id == desk_id)).one()
        held = granted(db, found.account_id).all
    return SignedIn(
        token=secret,
        account=account.id,
        login=account.login,
        name=account.name,
        post=account.post or "",
        college=college.id,
        college_code=college.code,
        college_name=college.short_name,
        zone=college.zone,
        device=name,
        series=desk.series,
        permissions=sorted(map(str, held)),
        lease_hours=int(LEASE.total_seconds() // 3600),
        time=int(now().timestamp() * 1000),
        ending=hashlib.sha256(ending).hexdigest(),
    )


def _known_device(
    db: CollegeSession, account_id: UUID, name: str | None
) -> tuple[UUID, str] | None:
    row = db.execute(
        sa.select(device.c.desk_id, device.c.device).where(
            device.c.college_id == db.college_id,
            device.c.account_id == account_id,
            device.c.device == (name or ""),
        )
    ).one_or_none()
    return (row.desk_id, row.device) if row else None


def _new_desk(db: CollegeSession, account_id: UUID, computer: str) -> tuple[UUID, str]:
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


def granted(db: CollegeSession, account_id: UUID) -> Granted:
    """The permissions of today's grants, by the day of the college; nothing stored."""
    return _granted(db, account_id, day_of(db, db.now()))


def held_permissions(db: CollegeSession, account_id: UUID) -> Permissions:
    """Those that reach the whole college."""
    return granted(db, account_id).everywhere


def last_permissions(db: CollegeSession, account_id: UUID) -> Granted:
    """What the account might do on the day of its desks' last contact, be that the day on which it ended."""
    lease_to = db.scalar(
        sa.select(sa.func.max(token.c.lease_to)).where(
            token.c.college_id == db.college_id, token.c.account_id == account_id
        )
    )
    if lease_to is None:
        return Granted(frozenset(), frozenset())
    day = day_of(db, lease_to - LEASE)
    return _granted(db, account_id, day, last=day - dt.timedelta(days=1))


def _granted(
    db: CollegeSession, account_id: UUID, day: dt.date, *, last: dt.date | None = None
) -> Granted:
    """Of the grants that hold on that day; with `last`, of those too that have ended after it."""
    values = {"account": account_id, "today": day, "ended_after": last or day}
    told = db.execute(HELD, values).all()
    return Granted(
        *(
            frozenset[Permission]().union(
                *(
                    permissions(tuple(text.split()))
                    for text, scope in told
                    if (scope is Scope.SELF) is own
                )
            )
            for own in (False, True)
        )
    )


def identify(engine: sa.Engine, secret: str, *, now: Clock, request_id: str) -> Caller:
    """The caller of a token; NotSignedIn where it has run out, was ended or never was, AccessEnded where its account was."""
    row = _token(engine, secret)
    with CollegeSession(reader(engine), row.college_id, now=now) as db:
        if not _lives(db, row.account_id):
            proof = outside_of(db).ending(row.hash).hex()
            raise AccessEnded(ENDED, {"proof": proof, "seal_key": seal_key_of(db)})
        held = granted(db, row.account_id)
    if row.ended_at is not None or row.lease_to <= now():
        raise NotSignedIn(AGAIN)
    if row.lease_to - now() < LEASE - RENEW:
        _renew(engine, row.hash, now())
    own = Own(held.own, row.account_id)
    return Caller(row.account_id, row.college_id, row.device, held.everywhere, request_id, own)


def identify_to_seal(engine: sa.Engine, secret: str, *, now: Clock, request_id: str) -> Caller:
    """The same for the one thing that the desks of an ended account may still do."""
    try:
        return identify(engine, secret, now=now, request_id=request_id)
    except AccessEnded:
        row = _token(engine, secret)
        return Caller(row.account_id, row.college_id, row.device, frozenset(), request_id)


def _token(engine: sa.Engine, secret: str) -> Any:
    with reader(engine).connect() as connection:
        row = connection.execute(TOKEN, {"digest": _digest(secret)}).one_or_none()
    if row is None:
        raise NotSignedIn(AGAIN)
    return row


def seal_key_of(db: CollegeSession) -> str:
    """The recipient to which the college's desks seal; empty where it has none yet."""
    return db.scalar(sa.select(College.seal_key).where(College.id == db.college_id)) or ""


def _renew(engine: sa.Engine, digest: str, now: dt.datetime) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.update(token).where(token.c.hash == digest).values(lease_to=now + LEASE)
        )


def sign_out(engine: sa.Engine, secret: str, *, now: Clock) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.update(token).where(token.c.hash == _digest(secret)).values(ended_at=now())
        )


def set_password(db: CollegeSession, account: Account, password: str) -> None:
    """Store the login's password; the login is unique in the region."""
    key = login_key(account.login)
    db.execute(sa.delete(login).where(login.c.login == key, login.c.account_id == account.id))
    db.execute(
        sa.insert(login).values(
            login=key,
            college_id=db.college_id,
            account_id=account.id,
            password_hash=hasher.hash(password),
        )
    )


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
