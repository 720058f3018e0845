"""What stands around a page: a restore found out, what backups hold, whether the server is recovering (SYNC 8)."""

from __future__ import annotations

import sqlalchemy as sa

from common.kit.errors import Invalid
from common.kit.sync import PullAnswer, PullRequest, Witness, YearRequest
from server.kit import handed
from server.kit.auth import Caller, seal_key_of
from server.kit.database import reader
from server.kit.gate import in_history
from server.kit.pull import pull
from server.kit.session import Clock, CollegeSession
from server.kit.tables import backup_mark, clock_mark

BACKUPS = 2
"""So many verified backups must hold an operation before a desk lets go of it."""


STOOD = (
    sa.select(backup_mark.c.seq)
    .join(
        clock_mark,
        sa.and_(
            clock_mark.c.college_id == backup_mark.c.college_id,
            clock_mark.c.seq == backup_mark.c.seq,
            clock_mark.c.mark == backup_mark.c.mark,
        ),
    )
    .where(backup_mark.c.college_id == sa.bindparam("college"))
    .order_by(backup_mark.c.seq.desc())
    .limit(BACKUPS)
)


def answer_pull(
    engine: sa.Engine, caller: Caller, request: PullRequest, *, now: Clock
) -> PullAnswer:
    """The page, and how far desks may forget: all of one snapshot."""

    def answer() -> PullAnswer:
        with CollegeSession(reader(engine), caller.college_id, now=now) as db:
            made = pull(db, caller, request)
            if made.was is None and not made.more:
                made.seal_key = seal_key_of(db)
                made.backed_up_to = backed_up_to(db)
                made.handed = handed.answers(db, caller, request.handed)
        return made

    return in_history(engine, caller.college_id, answer)


def read_year(engine: sa.Engine, caller: Caller, request: YearRequest, *, now: Clock) -> PullAnswer:
    """A page of a year that desks do not hold, by the same rights as everything else."""
    year = request.year
    if year < 1:
        raise Invalid("Не сказано, какой год прочитать")

    def answer() -> PullAnswer:
        with CollegeSession(reader(engine), caller.college_id, now=now) as db:
            return pull(db, caller, request, year=year)

    return in_history(engine, caller.college_id, answer)


def note_backup(db: CollegeSession, stood: Witness) -> None:
    """A verified backup of this college's rows stands at that moment; called once it has been proved."""
    db.execute(
        sa.insert(backup_mark).values(
            college_id=db.college_id, made_at=db.now(), seq=stood.clock, mark=stood.mark
        )
    )


def backed_up_to(db: CollegeSession) -> int:
    """Where the older of the last two backups of the present history stands; 0 where there are fewer."""
    found = db.scalars(STOOD, {"college": db.college_id}).all()
    return min(found) if len(found) == BACKUPS else 0
