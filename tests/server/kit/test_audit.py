"""The journal of changes names its first bad record, also where its end was rewritten together with the clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from common.kit.ids import new_id
from server.kit import audit as journal
from server.kit.commit import chain
from server.kit.heads import HEADS, anchors, write_head
from server.kit.outside import outside_at
from server.kit.tables import audit, clock
from tests.server.conftest import NOW, House
from tests.server.kit.desks import Desk, person, taken

BAD = 4


def line(house: House, seq: int) -> Any:
    return sa.and_(audit.c.college_id == house.id, audit.c.seq == seq)


def change_a_byte(house: House, db: sa.Connection) -> None:
    db.execute(sa.update(audit).where(line(house, BAD)).values(request_id="x"))


def delete_one(house: House, db: sa.Connection) -> None:
    db.execute(sa.delete(audit).where(line(house, BAD)))


def swap_two(house: House, db: sa.Connection) -> None:
    for seq, to in ((BAD, 0), (BAD + 1, BAD), (0, BAD + 1)):
        db.execute(sa.update(audit).where(line(house, seq)).values(seq=to))


def insert_one(house: House, db: sa.Connection) -> None:
    """In the place of another, which goes one further with all that follow."""
    kept = db.execute(sa.select(audit).where(line(house, BAD))).mappings().one()
    last = db.execute(sa.select(sa.func.max(audit.c.seq))).scalar_one()
    for seq in range(last, BAD - 1, -1):
        db.execute(sa.update(audit).where(line(house, seq)).values(seq=seq + 1))
    db.execute(sa.insert(audit).values(dict(kept) | {"action": "quiet"}))


def cut_the_tail(house: House, db: sa.Connection) -> None:
    mine = audit.c.college_id == house.id
    db.execute(sa.delete(audit).where(mine, audit.c.seq >= BAD))


def first_fault(house: House) -> journal.Fault | None:
    with house.session() as db:
        return journal.first_fault(db, anchors(outside_at(house.engine)))


@pytest.fixture
def written(ours: House) -> House:
    desk = Desk(ours)
    taken(desk)
    for _ in range(4):
        desk.push(desk.op(person(new_id())))
    return ours


def test_a_journal_that_nobody_touched_is_whole(written: House) -> None:
    assert first_fault(written) is None


@pytest.mark.parametrize(
    "harm",
    [change_a_byte, delete_one, swap_two, insert_one, cut_the_tail],
    ids=lambda h: h.__name__,
)
def test_the_first_bad_record_is_named(
    written: House, harm: Callable[[House, sa.Connection], None]
) -> None:
    with written.engine.begin() as db:
        harm(written, db)
    fault = first_fault(written)
    assert fault is not None
    assert fault.seq == BAD
    assert str(BAD) in fault.message or harm is cut_the_tail


def rewrite_from(house: House, seq: int) -> None:
    """All that a person can do who has the whole database: another line, and every hash after it."""
    with house.engine.begin() as db:
        db.execute(sa.update(audit).where(line(house, seq)).values(action="quiet"))
        query = sa.select(audit).where(audit.c.college_id == house.id).order_by(audit.c.seq)
        head = "0" * 64
        for row in db.execute(query).mappings().all():
            head = chain(head, {name: v for name, v in row.items() if name != "hash"})
            db.execute(sa.update(audit).where(line(house, row["seq"])).values(hash=head))
        db.execute(sa.update(clock).where(clock.c.college_id == house.id).values(audit_head=head))


def cut_and_set_back(house: House, to: int) -> None:
    with house.engine.begin() as db:
        mine = audit.c.college_id == house.id
        db.execute(sa.delete(audit).where(mine, audit.c.seq > to))
        head = db.execute(sa.select(audit.c.hash).where(line(house, to))).scalar_one()
        back = sa.update(clock).where(clock.c.college_id == house.id)
        db.execute(back.values(audit_head=head, counter=to))


def anchor(house: House) -> int:
    with house.session() as db:
        return write_head(db, house.code, NOW.date()).seq


@pytest.mark.parametrize("harm", [rewrite_from, cut_and_set_back], ids=lambda h: h.__name__)
def test_a_journal_rewritten_to_its_end_is_found_by_the_anchor_only(
    written: House, harm: Callable[[House, int], None]
) -> None:
    seq = anchor(written)
    harm(written, BAD)
    with written.session() as db:
        assert journal.first_fault(db) is None
    fault = first_fault(written)
    assert fault is not None
    assert fault.seq == seq
    assert "2026-07-01.jsonl, строка 1" in fault.message


def test_a_head_that_the_server_did_not_sign_is_named(written: House) -> None:
    anchor(written)
    file: Path = outside_at(written.engine).folder / HEADS / "2026-07-01.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"seq":', b'"seq":1'))
    said = [*journal.forged(anchors(outside_at(written.engine)))]
    assert said == ["Заверение не подписано этим сервером: 2026-07-01.jsonl, строка 1"]
