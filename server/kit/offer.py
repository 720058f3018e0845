"""Offer (SYNC 8): a desk under a new id says what it keeps, and learns what this history has of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.colleges.entities import Desk
from common.kit.errors import Invalid, NotAllowed
from common.kit.sync import MAX_OFFER, OfferAnswer, OfferRequest
from server.kit import recorded
from server.kit.auth import Caller, open_desk, register_device
from server.kit.commit import commit
from server.kit.gate import in_history, must_reload, read_clock, read_epoch
from server.kit.places import chunks
from server.kit.session import Author, Clock, CollegeSession
from server.kit.tables import device, sealed


def offer(engine: sa.Engine, caller: Caller, request: OfferRequest, *, now: Clock) -> OfferAnswer:
    """Register the new id, and tell what is recorded of these uuids; the same again answers the same."""
    if len(request.uuids) > MAX_OFFER:
        raise Invalid(f"Не больше {MAX_OFFER} операций за один раз")
    author = Author(caller.account_id, request.device, caller.request_id)

    def answer() -> OfferAnswer:
        with CollegeSession(engine, caller.college_id, now=now, author=author) as db:
            return _answer(db, caller, request)

    return in_history(engine, caller.college_id, answer)


def _answer(db: CollegeSession, caller: Caller, request: OfferRequest) -> OfferAnswer:
    answer = OfferAnswer(epoch=read_epoch(db), device=request.device)
    if not must_reload(db, request, answer):
        _tell(db, caller, answer, request.uuids)
        place = _register(db, caller, request)
        answer.series = db.scalars(sa.select(Desk.series).where(Desk.id == place)).one()
    if not answer.clock:
        answer.clock, answer.mark, _ = read_clock(db)
    return answer


def _tell(db: CollegeSession, caller: Caller, answer: OfferAnswer, uuids: list[UUID]) -> None:
    for chunk in chunks(uuids):
        known = {
            uuid: row
            for uuid, row in recorded.recorded(db, chunk).items()
            if not recorded.is_word_of_another(row, caller.account_id)
        }
        for row in known.values():
            answer.outcomes.append(recorded.told(db, row, row["no"], answer.device))
        query = sa.select(sealed.c.uuid).where(
            sealed.c.college_id == db.college_id, sealed.c.uuid.in_(chunk)
        )
        answer.sealed += [uuid for uuid in db.execute(query).scalars() if uuid not in known]


def _register(db: CollegeSession, caller: Caller, request: OfferRequest) -> UUID:
    """The desk of this device id; a forked copy gets a desk and a series of its own."""
    found = _desk_of(db, caller, request.device)
    if found is not None:
        return found
    place = None if request.forked else _desk_of(db, caller, request.replaces)
    if place is None and not request.forked:
        place = _desk_of(db, caller, caller.device)
    if place is None:
        computer = db.scalar(
            sa.select(Desk.computer).where(Desk.account_id == caller.account_id).limit(1)
        )
        place = open_desk(db, caller.account_id, computer or "")
    register_device(db, caller.account_id, place, request.device)
    commit(db, "offer.forked" if request.forked else "offer")
    return place


def _desk_of(db: CollegeSession, caller: Caller, name: str) -> UUID | None:
    row: Any = db.execute(
        sa.select(device.c.desk_id, device.c.account_id).where(
            device.c.college_id == db.college_id, device.c.device == name
        )
    ).one_or_none()
    if row is None:
        return None
    if row.account_id != caller.account_id:
        raise NotAllowed("Операции другого компьютера; войдите на этом компьютере снова")
    desk: UUID = row.desk_id
    return desk
