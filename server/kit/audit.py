"""The journal of changes read again: is every line the one that was written (TRUST A-11), and what did it say?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from server.kit.commit import chain
from server.kit.gate import read_epoch
from server.kit.heads import Anchor
from server.kit.session import CollegeSession
from server.kit.tables import audit, clock

BEGINNING = "0" * 64
LINES = 5_000
"""Lines of the journal that are in memory at once."""

CHANGED = "Журнал изменений не сходится с записи {seq}: её изменили, переставили или вставили"
LOST = "В журнале изменений нет записи {seq}: её удалили"
CUT = "Журнал изменений кончается на записи {seq}, а часы стоят на {counter}: конец удалён"
BEYOND = "В журнале изменений есть запись {seq}, а часы стоят на {counter}: её вставили"
REWRITTEN = (
    "Запись {seq} журнала изменений не та, что заверена {at:%d.%m.%Y} ({place}): её переписали"
)
CUT_OFF = "Записи {seq} журнала изменений нет, а {at:%d.%m.%Y} она заверена ({place}): конец удалён"
FORGED = "Заверение не подписано этим сервером: {place}"


class Fault(NamedTuple):
    """The first line of a journal that is not what was written."""

    seq: int
    message: str


def first_fault(db: CollegeSession, anchors: Iterable[Anchor] = ()) -> Fault | None:
    """None where the journal of this session's college is whole and says what the anchors say."""
    epoch = read_epoch(db)
    mine = {
        a.head.seq: a
        for a in anchors
        if a.head and a.head.college == db.college_id and a.head.epoch == epoch
    }
    head, last = BEGINNING, 0
    with db.execute(_lines(db).execution_options(yield_per=LINES)) as lines:
        for line in lines.mappings():
            if line["seq"] != last + 1:
                return Fault(last + 1, LOST.format(seq=last + 1))
            body = {name: value for name, value in line.items() if name != "hash"}
            head, last = chain(head, body), line["seq"]
            if head != line["hash"]:
                return Fault(last, CHANGED.format(seq=last))
            if last in mine and (said := mine[last]).head and said.head.hash != head:
                return _against(said, REWRITTEN)
    return _end(db, head, last) or next(
        (_against(mine[seq], CUT_OFF) for seq in sorted(mine) if seq > last), None
    )


def _against(anchor: Anchor, said: str) -> Fault:
    assert anchor.head is not None  # noqa: S101  only signed ones are compared
    return Fault(
        anchor.head.seq,
        said.format(seq=anchor.head.seq, at=anchor.head.at, place=anchor.place),
    )


def _end(db: CollegeSession, head: str, last: int) -> Fault | None:
    kept = db.execute(
        sa.select(clock.c.audit_head, clock.c.counter).where(clock.c.college_id == db.college_id)
    ).one()
    if last > kept.counter:
        return Fault(kept.counter + 1, BEYOND.format(seq=last, counter=kept.counter))
    if (head, last) != (kept.audit_head, kept.counter):
        return Fault(last + 1, CUT.format(seq=last, counter=kept.counter))
    return None


def forged(anchors: Iterable[Anchor]) -> Iterator[str]:
    return (FORGED.format(place=a.place) for a in anchors if a.head is None)


def _lines(db: CollegeSession) -> Any:
    return sa.select(audit).where(audit.c.college_id == db.college_id).order_by(audit.c.seq)


def lines_between(
    db: CollegeSession, since: dt.datetime | None, until: dt.datetime | None
) -> Iterator[Any]:
    """The lines written in [since, until), oldest first."""
    query = _lines(db)
    if since is not None:
        query = query.where(audit.c.at >= since)
    if until is not None:
        query = query.where(audit.c.at < until)
    with db.execute(query.execution_options(yield_per=LINES)) as lines:
        yield from lines.mappings()
