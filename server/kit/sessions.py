"""The sign-ins that last, and their end by an administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.administration.kinds import AccessKind
from common.colleges.entities import Desk
from common.kit.errors import NotFound
from common.kit.visits import DeskSession, Sessions
from server.kit.browsers import IDLE
from server.kit.commit import commit
from server.kit.events import note
from server.kit.session import CollegeSession
from server.kit.tables import device, token

SIGNS_OF_ID = 32
"""Signs of a token's hash that name it: nobody signs in with them."""


def sessions(db: CollegeSession, own: str, *, account: UUID | None = None) -> Sessions:
    """The newest first, of one account or of all; `own` is the hash of the asking token."""
    c = token.c
    query = (
        sa.select(token, Account.name, Account.login, Desk.computer, device.c.seen_at)
        .join(Account, sa.and_(Account.id == c.account_id, Account.college_id == c.college_id))
        .join(device, sa.and_(device.c.college_id == c.college_id, device.c.device == c.device), isouter=True)
        .join(Desk, sa.and_(Desk.id == device.c.desk_id, Desk.college_id == c.college_id), isouter=True)
        .where(c.college_id == db.college_id, c.ended_at.is_(None), c.lease_to > db.now(), c.due == "")
        .order_by(c.made_at.desc(), c.hash)
    )  # fmt: skip
    if account is not None:
        query = query.where(c.account_id == account)
    return Sessions([_session(row, own) for row in db.execute(query)])


def _session(row: Any, own: str) -> DeskSession:
    seen = row.lease_to - IDLE if row.browser else row.seen_at
    return DeskSession(
        id=row.hash[:SIGNS_OF_ID],
        account=row.account_id.hex,
        name=row.name,
        login=row.login,
        computer=f"{row.browser} (браузер)" if row.browser else row.computer or "",
        since=row.made_at.isoformat(),
        lasts_to=row.lease_to.isoformat(),
        seen=seen.isoformat() if seen else "",
        this=row.hash == own,
    )


def end_session(db: CollegeSession, id: str, *, account: UUID | None = None) -> None:
    """From its next request on it is signed out; NotFound for another college's, for none, and for one that is not that account's."""
    c = token.c
    mine = sa.and_(c.college_id == db.college_id, c.ended_at.is_(None))
    if account is not None:
        mine = sa.and_(mine, c.account_id == account)
    named = sa.func.substr(c.hash, 1, SIGNS_OF_ID) == id
    row = db.execute(sa.select(c.hash, c.account_id).where(mine, named)).one_or_none()
    if row is None:
        raise NotFound("Такого сеанса нет: он уже закончен")
    db.execute(sa.update(token).where(c.hash == row.hash).values(ended_at=db.now()))
    note(db, AccessKind.LOGOUT, entity=Account.__tablename__, row_id=row.account_id)
    commit(db, "session.end")
