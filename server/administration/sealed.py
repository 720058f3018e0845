"""Sealed work as the administrator's end of the command line sees it: the college's key, what waits, what is released or given up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccountState
from common.colleges.entities import College
from common.kit.errors import NotAllowed, NotFound
from common.kit.ids import REGION
from common.kit.sealing import recipient_of
from server.administration.service import college_id
from server.kit import release
from server.kit.age_keys import identity_of
from server.kit.auth import Caller, held_permissions, owner_of
from server.kit.commit import commit
from server.kit.release import Kept, Released
from server.kit.session import Clock, CollegeSession, load


def set_key(engine: sa.Engine, college: str, recipient: str, *, now: Clock) -> None:
    """From now on the college's desks seal to this key; they hear of it at their next exchange. Invalid, NotFound."""
    recipient_of(recipient)
    with CollegeSession(engine, REGION, now=now) as db:
        load(db, College, college_id(engine, college, now)).seal_key = recipient
        commit(db, "seal_key")


def look(engine: sa.Engine, login: str, *, now: Clock) -> list[Kept]:
    return release.kept(engine, caller_of(engine, login, now=now), now=now)


def bring(
    engine: sa.Engine, login: str, key: Path, uuids: Sequence[UUID], *, now: Clock
) -> list[Released]:
    caller = caller_of(engine, login, now=now)
    return release.release(engine, caller, identity_of(key), uuids, now=now)


def give_up(
    engine: sa.Engine, login: str, key: Path, uuid: UUID, reason: str, *, now: Clock
) -> None:
    caller = caller_of(engine, login, now=now)
    release.give_up(engine, caller, identity_of(key), uuid, reason, now=now)


def caller_of(engine: sa.Engine, login: str, *, now: Clock) -> Caller:
    """In whose name something is done at the command line, with today's rights; NotFound, NotAllowed."""
    owner = owner_of(engine, login)
    if owner is None:
        raise NotFound(f"Учётной записи «{login}» нет")
    with CollegeSession(engine, owner.college_id, now=now) as db:
        state = db.scalar(sa.select(Account.state).where(Account.id == owner.account_id))
        if state not in (AccountState.ACTIVE, AccountState.MUST_CHANGE_PASSWORD):
            raise NotAllowed(f"Учётная запись «{login}» не действует")
        held = held_permissions(db, owner.account_id)
    return Caller(owner.account_id, owner.college_id, "", held)
