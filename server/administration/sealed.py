"""Sealed work as the administrator's end of the command line sees it: the college's key, what waits, what is released or given up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from common.colleges.entities import College
from common.kit.deciding import Kept
from common.kit.ids import REGION
from common.kit.sealing import recipient_of
from server.administration.service import caller_of, college_id
from server.kit import release
from server.kit.age_keys import identity_of
from server.kit.commit import commit
from server.kit.release_files import Released
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
    engine: sa.Engine,
    login: str,
    key: Path,
    uuid: UUID,
    reason: str,
    *,
    unopened: bool = False,
    now: Clock,
) -> None:
    """`unopened`: erase it even where this key does not open it (server.kit.release)."""
    caller = caller_of(engine, login, now=now)
    release.give_up(engine, caller, identity_of(key), uuid, reason, unopened=unopened, now=now)
