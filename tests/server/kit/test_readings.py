"""What was shown to whom lands in the audit: with the moment of the fact, whatever the rights are by now, and once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from common.kit.ids import new_id
from common.kit.sync import READ, Command
from server.kit.checking import findings
from server.kit.tables import audit
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, statuses, taken


def readings(house: House) -> list[tuple[Any, dict[str, Any]]]:
    with house.session() as db:
        query = sa.select(audit.c.account_id, audit.c.changes).where(audit.c.college_id == house.id)
        return [
            (account, line)
            for account, lines in db.execute(query.order_by(audit.c.seq))
            for line in lines
            if line["kind"] == "read"
        ]


def test_a_reading_is_in_the_audit_once(ours: House) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    op = desk.op(Command(READ, {"entity": "applicant", "id": a.hex}))
    assert statuses(desk.push(op)) == statuses(desk.push(op)) == ["applied"]
    ((account, line),) = readings(ours)
    assert account == desk.caller.account_id
    assert (line["entity"], line["id"], line["by"]) == ("applicant", a.hex, account.hex)
    assert line["at"] == "2026-06-30T06:13:20.000000Z"  # typed then, not when it arrived
    assert findings(ours.engine, now=now) == []


def test_what_was_seen_is_noted_though_the_right_is_gone(ours: House) -> None:
    clerk = Desk(ours, "admission_clerk")
    op = clerk.op(Command(READ, {"entity": "applicant", "id": new_id().hex}))
    assert statuses(clerk.push(op)) == ["applied"]
    assert len(readings(ours)) == 1


def test_a_reading_of_nothing_is_refused_and_not_noted(ours: House) -> None:
    desk = Desk(ours)
    answer = desk.push(desk.op(Command(READ, {"entity": "starship", "id": new_id().hex})))
    assert statuses(answer) == ["refused"]
    assert readings(ours) == []


def test_nobody_is_said_to_have_been_shown_what_another_desk_tells_of(ours: House) -> None:
    desk, victim = Desk(ours), Desk(ours, "admission_clerk")
    _, a = taken(desk)
    by = victim.caller.account_id.hex
    told = desk.push(desk.op(Command(READ, {"entity": "applicant", "id": a.hex, "by": by})))
    assert statuses(told) == ["refused"]
    assert told.outcomes[0].text == "Просмотр записывают только от своего имени"
    assert readings(ours) == []
