"""A caller with a stream of operations at a college's desk, and the records that tests push."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.kit.contents import digest_of
from common.kit.ids import new_id
from common.kit.sync import (
    Command,
    Cursor,
    Delete,
    Operation,
    PartSeen,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    Restore,
    Save,
    Witness,
)
from server.kit.outside import outside_at
from server.kit.pulling import answer_pull
from server.kit.push import push
from tests.server.conftest import House, now

AT = 1_782_800_000_000


def proved(house: House, epoch: str, clock: int, mark: int) -> Witness:
    """What this server would have said, had it come to that moment in that history."""
    outside = outside_at(house.engine)
    return Witness(clock, mark, outside.vouch(house.id, epoch, clock, mark))


class Desk:
    """One caller's stream of operations."""

    def __init__(self, house: House, role: str = "admission_secretary") -> None:
        self.house, self.caller = house, house.caller(role)
        self.no = 0

    def op(self, body: Save | Delete | Restore | Command, **more: Any) -> Operation:
        self.no += 1
        values: dict[str, Any] = {"at": AT} | more
        return Operation(
            uuid=new_id(), no=self.no, author=self.caller.account_id, body=body, **values
        )

    def request(self, *operations: Operation, **more: Any) -> PushRequest:
        return PushRequest(
            device=self.caller.device, epoch=None, settled_to=0, operations=list(operations), **more
        )

    def push(self, *operations: Operation, **more: Any) -> PushAnswer:
        return push(self.house.engine, self.caller, self.request(*operations, **more), now=now)

    def pull(self, *cursors: Cursor, **more: Any) -> PullAnswer:
        values: dict[str, Any] = {"epoch": None, "ticket": 1, "cursors": list(cursors)} | more
        request = PullRequest(device=self.caller.device, **values)
        return answer_pull(self.house.engine, self.caller, request, now=now)


def part(entity: str, id: UUID, **seen: Any) -> PartSeen:
    return PartSeen(entity, id, seen)


def person(id: UUID, **more: str) -> Save:
    values = {"last_name": "Ёлкина", "first_name": "Анна", "birth_date": "2010-04-11"} | more
    return Save("person", id, create=True, set={k: (None, v) for k, v in values.items()})


def campaign(id: UUID) -> Save:
    values = {"year": 2026, "name": "Приём", "status": "open"}
    return Save(
        "admission_campaign", id, create=True, set={k: (None, v) for k, v in values.items()}
    )


def applicant(id: UUID, person_id: UUID, campaign_id: UUID) -> Save:
    values = {
        "person_id": person_id.hex,
        "campaign_id": campaign_id.hex,
        "reg_no": "01-001",
        "registered_at": "2026-07-01T05:00:00.000000Z",
    }
    return Save("applicant", id, create=True, set={k: (None, v) for k, v in values.items()})


def renamed(id: UUID, was: str, now_: str) -> Save:
    whole = {"last_name": (was, now_), "first_name": ("Анна", "Анна"), "middle_name": (None, None)}
    return Save("person", id, create=False, set=whole)


def paper(id: UUID, applicant_id: UUID) -> Save:
    values = {"applicant_id": applicant_id.hex, "name": "Паспорт"}
    return Save(
        "applicant_document", id, create=True, set={k: (None, v) for k, v in values.items()}
    )


def scan(id: UUID, document_id: UUID, data: bytes, **more: Any) -> Save:
    values = {
        "document_id": document_id.hex,
        "name": "паспорт.pdf",
        "content": digest_of(data),
        "kind": "pdf",
        "size": len(data),
        "state": "awaited",
    } | more
    return Save("document_scan", id, create=True, set={k: (None, v) for k, v in values.items()})


def statuses(answer: PushAnswer) -> list[str]:
    return [o.status for o in answer.outcomes]


def taken(desk: Desk) -> tuple[UUID, UUID]:
    """A person and his applicant, stored."""
    p, c, a = new_id(), new_id(), new_id()
    answer = desk.push(desk.op(person(p)), desk.op(campaign(c)), desk.op(applicant(a, p, c)))
    assert statuses(answer) == ["applied"] * 3
    return p, a


def rows_of(answer: PullAnswer, facet: str) -> list[tuple[Any, ...]]:
    return [
        row
        for page in answer.pages
        for part in page.rows
        if part.facet == facet
        for row in part.rows
    ]
