"""What stands around a page: a restore found out, what backups hold, whether the server is recovering (SYNC 8)."""

from __future__ import annotations

import sqlalchemy as sa

from common.kit.errors import Invalid
from common.kit.sync import PullAnswer, PullRequest, Witness, YearRequest
from server.kit import handed
from server.kit.auth import Caller, seal_key_of
from server.kit.database import reader
from server.kit.gate import in_history, is_recovering
from server.kit.pull import pull
from server.kit.session import Clock, CollegeSession
from server.kit.tables import backup_mark, clock_mark

BACKUPS = 2
"""So many verified backups must hold an operation before a desk lets go of it."""


def answer_pull(
    engine: sa.Engine, caller: Caller, request: PullRequest, *, now: Clock
) -> PullAnswer:
    """The page, and how far desks may forget."""
    answer = in_history(engine, caller.college_id, lambda: pull(engine, caller, request, now=now))
    if answer.was is None and not answer.more:
        with CollegeSession(reader(engine), caller.college_id, now=now) as db:
            answer.seal_key = seal_key_of(db)
            answer.backed_up_to = backed_up_to(db)
            answer.recovering = is_recovering(db)
            answer.handed = handed.answers(db, caller, request.handed)
    return answer


def read_year(engine: sa.Engine, caller: Caller, request: YearRequest, *, now: Clock) -> PullAnswer:
    """A page of a year that desks do not hold, by the same rights as everything else."""
    year = request.year
    if year < 1:
        raise Invalid("Не сказано, какой год прочитать")
    return in_history(
        engine, caller.college_id, lambda: pull(engine, caller, request, now=now, year=year)
    )


def note_backup(db: CollegeSession, stood: Witness) -> None:
    """A verified backup of this college's rows stands at that moment; called once it has been proved."""
    db.execute(
        sa.insert(backup_mark).values(
            college_id=db.college_id, made_at=db.now(), seq=stood.clock, mark=stood.mark
        )
    )


def backed_up_to(db: CollegeSession) -> int:
    """Where the older of the last two backups of the present history stands; 0 where there are fewer."""
    query = (
        sa.select(backup_mark.c.seq)
        .join(
            clock_mark,
            sa.and_(
                clock_mark.c.college_id == backup_mark.c.college_id,
                clock_mark.c.seq == backup_mark.c.seq,
                clock_mark.c.mark == backup_mark.c.mark,
            ),
        )
        .where(backup_mark.c.college_id == db.college_id)
        .order_by(backup_mark.c.seq.desc())
        .limit(BACKUPS)
    )
    found = db.execute(query).scalars().all()
    return min(found) if len(found) == BACKUPS else 0
