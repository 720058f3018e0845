"""The administrator's list after a restore: what only he repeats, allowed or refused with a word (SYNC 8)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa

from common.administration.entities import Account
from common.kit.deciding import ALLOWED, REFUSED, WAITS, AskedLine
from common.kit.errors import Invalid, NotAllowed, NotFound, RuleBroken
from common.kit.kinds import P0
from common.kit.rights import Action, Section, may
from server.administration.service import places
from server.kit.auth import held_permissions
from server.kit.session import Clock, CollegeSession
from server.kit.tables import asked

STATES = {None: WAITS, True: ALLOWED, False: REFUSED}


def list_asked(
    engine: sa.Engine, college: str | None, *, every: bool, now: Clock
) -> list[AskedLine]:
    """What waits, oldest first; `every`: what is decided too."""
    found: list[AskedLine] = []
    for id, code in places(engine, college, now):
        with CollegeSession(engine, id, now=now) as db:
            found += asked_in(db, code, every=every)
    return found


def asked_in(db: CollegeSession, code: str, *, every: bool) -> list[AskedLine]:
    """The same of the college of this session."""
    names: dict[UUID, str] = dict(db.execute(sa.select(Account.id, Account.name)).all())
    query = sa.select(asked).where(asked.c.college_id == db.college_id).order_by(asked.c.at)
    return [
        AskedLine(
            row.chain.hex,
            code,
            names.get(row.author, ""),
            row.command,
            dt.datetime.fromtimestamp(row.at / 1000, dt.UTC),
            row.result,
            STATES[row.allowed],
            row.word,
        )
        for row in db.execute(query if every else query.where(asked.c.allowed.is_(None)))
    ]


def decide_asked(db: CollegeSession, id: str, *, allow: bool, word: str) -> None:
    """Once and for all; the author's desk sends it again, and hears. NotAllowed, NotFound, RuleBroken."""
    account = db.author.account_id
    held = held_permissions(db, account) if account else frozenset()
    if not may(held, Section.ADMINISTRATION, Action.WRITE, P0):
        raise NotAllowed("Решать, что повторить после восстановления, может только администратор")
    if not allow and not word.strip():
        raise Invalid("Напишите, почему не повторять: автор увидит эти слова")
    try:
        where = (asked.c.college_id == db.college_id, asked.c.chain == UUID(id))
    except ValueError:
        raise NotFound(f"Действия «{id}» в списке нет") from None
    row = db.execute(sa.select(asked.c.allowed).where(*where).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"Действия «{id}» в списке нет")
    if row.allowed is not None:
        raise RuleBroken(f"Об этом уже решено: {STATES[row.allowed]}")
    db.execute(
        sa.update(asked)
        .where(*where)
        .values(allowed=allow, word=word.strip(), decider=account, decided_at=db.now())
    )
