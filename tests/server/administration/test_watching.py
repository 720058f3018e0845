"""Abuse is noticed, told to the administrator and the operator, and ends access where the limit says so (TRUST B-27)."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
import sqlalchemy as sa

from common.administration.entities import AccessEnd, Account, Suspicion
from common.administration.kinds import AccountState, EndReason, EndTrigger, Sign
from common.kit.errors import AccessEnded
from common.kit.ids import new_id
from common.kit.sync import NOTE, RESUME_ACCESS, Command, Save
from common.reference.entities import SuspicionLimit
from server.administration.operator_feed import since
from server.administration.watching import FIRST, look, watch
from server.kit.auth import identify
from server.kit.events import address
from server.kit.tables import operator_feed
from server.reference.service import BOOKS, load_reference
from tests.server.administration.test_ending import CAUSE, Office
from tests.server.conftest import NOW, House, now
from tests.server.kit.desks import Desk, person, taken

AT_NOW = int(NOW.timestamp() * 1000)


@pytest.fixture
def office(ours: House) -> Office:
    load_reference(ours.engine, now=now, books=[b for b in BOOKS if b[0] is SuspicionLimit])
    return Office(ours)


def weighed(house: House) -> int:
    return look(house.engine, NOW - FIRST, now=now)


def pry(house: House, foreign: list[UUID], desk: Desk | None = None) -> Desk:
    """The clerk of one college names records of another."""
    by = desk or Desk(house, "admission_clerk")
    for id in foreign:
        edit = Save("person", id, create=False, set={"birth_place": (None, "г. Юрга")})
        by.push(by.op(edit, at=AT_NOW))
    return by


def people(house: House, count: int) -> list[UUID]:
    desk, ids = Desk(house), [new_id() for _ in range(count)]
    desk.push(*(desk.op(person(id)) for id in ids))
    return ids


def noticed(house: House) -> list[tuple[Sign, int, bool]]:
    with house.session() as db:
        query = sa.select(Suspicion.sign, Suspicion.amount, Suspicion.suspended)
        return [(s, a, e) for s, a, e in db.execute(query.order_by(Suspicion.found_at))]


def last_event(house: House) -> tuple[str, str]:
    with house.engine.connect() as connection:
        number = connection.scalar(sa.select(operator_feed.c.last))
    assert number is not None
    (event,) = since(house.engine, number - 1, now=now).events
    return event.kind, event.reason


def test_ten_foreign_records_end_access_once_and_a_cause_gives_it_back(
    office: Office, theirs: House
) -> None:
    house, token = office.house, office.token()
    foreign = people(theirs, 10)
    desk = pry(house, foreign[:9])
    assert weighed(house) == 0
    assert identify(house.engine, token, now=now, request_id="").device
    pry(house, foreign[9:], desk)
    assert weighed(house) == 1
    assert weighed(house) == 0
    with pytest.raises(AccessEnded):
        identify(house.engine, token, now=now, request_id="")
    assert noticed(house) == [(Sign.FOREIGN, 10, True)]
    with house.session() as db:
        (ended,) = db.scalars(sa.select(AccessEnd))
    assert (ended.reason, ended.trigger, ended.ended_by) == (
        EndReason.SUSPICIOUS, EndTrigger.DETECTION, "Сервер",
    )  # fmt: skip
    kind, reason = last_event(house)
    assert kind == "Прекращён доступ"
    assert "10 (порог 10 за 5 минут)" in reason
    assert office.act(RESUME_ACCESS, cause=CAUSE).status == "applied"
    assert weighed(house) == 0
    assert office.state() is AccountState.PENDING


def test_own_records_and_invented_ones_are_no_sign(office: Office) -> None:
    desk = pry(office.house, [new_id() for _ in range(12)])
    pry(office.house, [taken(Desk(office.house))[0]], desk)
    assert weighed(office.house) == 0


def test_taken_rows_are_summed_and_the_last_administrator_is_signed_out_only(
    office: Office,
) -> None:
    desk = office.desk
    for rows in (1500, 600):
        desk.push(desk.op(Command(NOTE, {"kind": "export", "rows": rows}), at=AT_NOW))
    assert weighed(office.house) == 1
    assert noticed(office.house) == [(Sign.EXPORTS, 2100, True)]
    with office.house.session() as db:
        account = db.get_one(Account, (office.house.id, desk.caller.account_id))
        assert account.state is AccountState.ACTIVE
    assert last_event(office.house)[0] == "Замечены подозрительные действия"


def test_three_computers_at_once_end_access_and_one_that_moves_between_three_networks_does_not(
    office: Office,
) -> None:
    """Behind one address stands a whole college: what is counted is the computer, or the browser (TRUST B-27)."""
    (known,) = {identify(office.house.engine, office.token(), now=now, request_id="").device}
    for network in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
        address.set(network)
        office.token(device=known)
    office.token()
    assert weighed(office.house) == 0
    office.token()
    assert weighed(office.house) == 1
    assert noticed(office.house) == [(Sign.PLACES, 3, True)]
    assert office.state() is AccountState.SUSPENDED


def test_what_only_a_person_judges_is_noticed_and_stops_nobody(office: Office) -> None:
    desk = Desk(office.house, "admission_clerk")
    for n in range(100):
        id = new_id()
        shown = Command("read", {"entity": "person", "id": id.hex})
        desk.push(desk.op(shown, at=AT_NOW + n))
    assert weighed(office.house) == 1
    assert noticed(office.house) == [(Sign.CARDS, 100, False)]
    assert office.state() is AccountState.ACTIVE
    with office.house.session() as db:
        (id,) = db.scalars(sa.select(Suspicion.id))
    admin = office.desk
    answer = {"answer": (None, "Печатали согласия всего потока")}
    told = admin.push(admin.op(Save("suspicion", id, create=False, set=answer)))
    assert told.outcomes[0].status == "applied"
    hidden = Save("suspicion", id, create=False, set={"amount": (100, 1)})
    told = admin.push(admin.op(hidden))
    assert "Замеченное не правят" in told.outcomes[0].text


def test_the_watch_beside_the_server_finds_it_within_five_seconds(
    office: Office, theirs: House
) -> None:
    pry(office.house, people(theirs, 10))
    ended = threading.Event()
    beside = watch(office.house.engine, now=now)
    beside.start()
    for _ in range(50):
        if office.state() is AccountState.SUSPENDED:
            ended.set()
            break
        ended.wait(0.1)
    beside.end()
    assert ended.is_set()
