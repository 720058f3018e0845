"""Midnight on both databases: once a day in the college's own zone, for all days off, and nothing twice."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from common.administration.entities import Account, RoleGrant
from common.administration.kinds import AccountState
from common.admissions.entities import DocumentScan
from common.colleges.entities import College
from common.kit.attached import FileState
from common.kit.contents import digest_of
from common.kit.errors import NotSignedIn, RuleBroken
from common.kit.ids import REGION, new_id
from common.kit.sync import Delete, Restore, SignIn, Status
from server.kit import auth, entering, files, recorded
from server.kit.commit import commit
from server.kit.midnight import nights, run
from server.kit.outside import outside_at
from server.kit.session import CollegeSession
from server.kit.tables import audit, clock, operation, sign_in_failure, stored_file, sync_bucket
from tests.server.conftest import NOW, PASSWORD, House
from tests.server.kit.desks import Desk, paper, person, scan, statuses, taken

DAY = dt.timedelta(days=1)
CONTENT = b"%PDF-1.7\n" + b"scan" * 500


def at(moment: dt.datetime) -> Callable[[], dt.datetime]:
    return lambda: moment


def local(year: int, month: int, day: int, hour: int, zone: int = 7) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=zone)))


def sign_in(house: House, role: str, moment: dt.datetime) -> str:
    request = SignIn(login=f"{role}.{house.code}", password=PASSWORD, computer="ПК")
    return entering.sign_in(house.engine, request, now=at(moment), demand_second=False).token


def end_grants(house: House, role: str, day: dt.date) -> None:
    with house.session() as db:
        account = db.scalars(
            sa.select(Account.id).where(Account.login == f"{role}.{house.code}")
        ).one()
        for grant in db.scalars(sa.select(RoleGrant).where(RoleGrant.account_id == account)):
            grant.valid_to = day
        commit(db, "test.end")


def state(house: House, role: str) -> AccountState:
    with house.session() as db:
        return db.scalars(
            sa.select(Account.state).where(Account.login == f"{role}.{house.code}")
        ).one()


def ticks(house: House) -> int:
    with house.session() as db:
        query = sa.select(clock.c.counter).where(clock.c.college_id == house.id)
        return int(db.execute(query).scalar_one())


def hang(house: House, desk: Desk) -> None:
    """A scan whose content has come whole."""
    _, a = taken(desk)
    d = new_id()
    desk.push(desk.op(paper(d, a)), desk.op(scan(new_id(), d, CONTENT)))
    piece = files.Piece(digest_of(CONTENT), len(CONTENT), 0, CONTENT)
    assert files.receive(house.engine, desk.caller, piece, now=at(NOW)).whole


def shelved(house: House) -> list[Path]:
    folder = files.shelf(house.engine, house.id)
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_a_night_is_done_once_and_takes_one_tick(ours: House, theirs: House) -> None:
    before = ticks(ours)
    assert [(n.college, n.day) for n in run(ours.engine, now=at(NOW))] == [
        ("k1", NOW.date()), ("k2", NOW.date()),
    ]  # fmt: skip
    assert run(ours.engine, now=at(NOW)) == []
    assert run(ours.engine, now=at(NOW + dt.timedelta(hours=11))) == []
    assert ticks(ours) == before + 1
    with ours.session() as db:
        query = sa.select(audit.c.action).where(audit.c.college_id == ours.id)
        assert db.scalars(query.order_by(audit.c.seq)).all()[-1] == "midnight"


def test_the_day_changes_in_the_colleges_own_zone(ours: House, theirs: House) -> None:
    with CollegeSession(ours.engine, REGION, now=at(NOW)) as db:
        college = db.scalars(sa.select(College).where(College.id == theirs.id)).one()
        college.zone = "Europe/Kaliningrad"
        commit(db, "test.zone")
    run(ours.engine, now=at(local(2026, 7, 1, 12)))
    assert run(ours.engine, now=at(local(2026, 7, 1, 23))) == []
    nights = run(ours.engine, now=at(local(2026, 7, 2, 0)))
    assert [(n.college, n.day) for n in nights] == [("k1", dt.date(2026, 7, 2))]
    nights = run(ours.engine, now=at(local(2026, 7, 2, 0, zone=2)))
    assert [(n.college, n.day) for n in nights] == [("k2", dt.date(2026, 7, 2))]


def test_days_that_the_server_was_off_are_made_up_for(ours: House) -> None:
    run(ours.engine, now=at(NOW))
    end_grants(ours, "admission_clerk", NOW.date() + 2 * DAY)
    (night,) = run(ours.engine, now=at(NOW + 9 * DAY))
    assert (night.day, night.suspended) == (NOW.date() + 9 * DAY, 1)


def test_who_has_no_grant_left_is_signed_out_at_midnight(ours: House) -> None:
    token = sign_in(ours, "admission_clerk", NOW)
    end_grants(ours, "admission_clerk", dt.date(2026, 7, 2))
    run(ours.engine, now=at(NOW))
    assert state(ours, "admission_clerk") is AccountState.ACTIVE
    evening, midnight = local(2026, 7, 1, 23), local(2026, 7, 2, 0)
    held = auth.identify(ours.engine, token, now=at(evening), request_id="").permissions
    assert held
    (night,) = run(ours.engine, now=at(midnight))
    assert night.suspended == 1
    assert state(ours, "admission_clerk") is AccountState.SUSPENDED
    assert state(ours, "admission_secretary") is AccountState.ACTIVE
    with pytest.raises(NotSignedIn):
        auth.identify(ours.engine, token, now=at(midnight), request_id="")
    with pytest.raises(NotSignedIn):
        sign_in(ours, "admission_clerk", midnight)


def test_a_grant_ends_at_the_colleges_midnight_not_at_greenwichs(ours: House) -> None:
    token = sign_in(ours, "admission_clerk", NOW)
    end_grants(ours, "admission_clerk", dt.date(2026, 7, 2))
    for moment, holds in ((local(2026, 7, 1, 23), True), (local(2026, 7, 2, 1), False)):
        caller = auth.identify(ours.engine, token, now=at(moment), request_id="")
        assert bool(caller.permissions) is holds


def test_an_account_with_another_grant_or_none_ever_stays(ours: House) -> None:
    end_grants(ours, "org_admin", NOW.date())
    with ours.session() as db:
        account = db.scalars(sa.select(Account).where(Account.login == "org_admin.k1")).one()
        given = db.scalars(sa.select(RoleGrant).where(RoleGrant.account_id == account.id)).one()
        db.add(
            RoleGrant(
                account_id=account.id, role_id=given.role_id, order_number="2",
                order_date=NOW.date(), valid_from=NOW.date() + 5 * DAY,
            )
        )  # fmt: skip
        db.add(Account(login="bare.k1", name="Без ролей"))
        commit(db, "test.more")
    (night,) = run(ours.engine, now=at(NOW))
    assert night.suspended == 0


def test_operations_of_more_than_13_months_are_forgotten_but_not_what_waits(ours: House) -> None:
    desk = Desk(ours)
    done = desk.op(person(new_id()))
    refused = desk.op(scan(new_id(), new_id(), CONTENT, state="received"))
    assert statuses(desk.push(done, refused)) == ["applied", "refused"]
    (night,) = run(ours.engine, now=at(NOW + 395 * DAY))
    assert night.forgotten == 0
    (night,) = run(ours.engine, now=at(NOW + 397 * DAY))
    assert night.forgotten == 1
    assert desk.push(done).outcomes[0].status == Status.FORGOTTEN.value
    assert desk.push(refused).outcomes[0].status == Status.REFUSED.value
    with ours.session() as db:
        assert recorded.unresolved(db, {refused.uuid}) == {refused.uuid}
        assert db.scalars(sa.select(operation.c.uuid)).all() == [refused.uuid]


def test_a_digest_that_differs_is_found(ours: House) -> None:
    taken(Desk(ours))
    with ours.engine.begin() as connection:
        connection.execute(sa.update(sync_bucket).values(rows=77))
    (night,) = run(ours.engine, now=at(NOW))
    assert night.findings
    assert all(said.startswith("Сумма ленты") for said in night.findings)


def test_a_vanished_file_is_awaited_again_and_whoever_has_it_sends_it(ours: House) -> None:
    desk = Desk(ours)
    hang(ours, desk)
    (path,) = shelved(ours)
    path.unlink()
    (night,) = run(ours.engine, now=at(NOW))
    assert night.vanished == 1
    with ours.session() as db:
        assert db.scalars(sa.select(DocumentScan.state)).all() == [FileState.AWAITED]
    piece = files.Piece(digest_of(CONTENT), len(CONTENT), 0, CONTENT)
    assert files.receive(ours.engine, desk.caller, piece, now=at(NOW)).whole
    with ours.session() as db:
        assert db.scalars(sa.select(DocumentScan.state)).all() == [FileState.RECEIVED]


def aged(path: Path, moment: dt.datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def test_a_removed_scan_leaves_the_shelf_after_a_month_in_the_basket(ours: House) -> None:
    desk = Desk(ours)
    hang(ours, desk)
    (path,) = shelved(ours)
    aged(path, NOW)
    with ours.session() as db:
        id, content = db.execute(sa.select(DocumentScan.id, DocumentScan.content)).one()
    desk.push(desk.op(Delete("document_scan", id, {"content": content}, ())))
    (night,) = run(ours.engine, now=at(NOW + 29 * DAY))
    assert (night.removed, shelved(ours)) == (0, [path])
    (night,) = run(ours.engine, now=at(NOW + 32 * DAY))
    assert (night.removed, shelved(ours)) == (1, [])
    with ours.session() as db:
        assert db.execute(sa.select(stored_file)).all() == []
    assert statuses(desk.push(desk.op(Restore("document_scan", id, {})))) == ["applied"]
    with ours.session() as db:
        assert db.scalars(sa.select(DocumentScan.state)).all() == [FileState.AWAITED]


def test_halves_that_nobody_goes_on_sending_are_swept(ours: House) -> None:
    desk = Desk(ours)
    _, a = taken(desk)
    d = new_id()
    desk.push(desk.op(paper(d, a)), desk.op(scan(new_id(), d, CONTENT)))
    piece = files.Piece(digest_of(CONTENT), len(CONTENT), 0, CONTENT[:100])
    files.receive(ours.engine, desk.caller, piece, now=at(NOW))
    (half,) = shelved(ours)
    aged(half, NOW)
    run(ours.engine, now=at(NOW + 6 * DAY))
    assert shelved(ours) == [half]
    run(ours.engine, now=at(NOW + 8 * DAY))
    assert shelved(ours) == []


def test_folders_of_killed_backups_go_and_nothing_else(ours: House, tmp_path: Path) -> None:
    home = outside_at(ours.engine).folder
    killed, working, odd = home / "backup-dead", home / "backup-live", home / "backup-file"
    elsewhere = tmp_path / "elsewhere"
    for folder in (killed, working, elsewhere):
        folder.mkdir()
        (folder / "database.sqlite").write_bytes(b"x")
    odd.write_bytes(b"x")
    (home / "backup-link").symlink_to(elsewhere)
    for path in (killed / "database.sqlite", killed, working, elsewhere, odd):
        aged(path, NOW - 2 * DAY)
    aged(working / "database.sqlite", NOW)
    run(ours.engine, now=at(NOW))
    assert not killed.exists()
    assert all(path.exists() for path in (working, odd, elsewhere / "database.sqlite"))
    assert (home / "anchor.jsonl").exists() or (home / "secrets.toml").exists()


def test_old_failures_to_sign_in_are_forgotten(ours: House) -> None:
    with ours.engine.begin() as connection:
        for moment in (NOW - 2 * DAY, NOW):
            connection.execute(sa.insert(sign_in_failure).values(id=new_id(), login="x", at=moment))
    run(ours.engine, now=at(NOW))
    with ours.engine.connect() as connection:
        assert [row.at for row in connection.execute(sa.select(sign_in_failure))] == [NOW]


def test_a_day_that_has_not_begun_is_refused_and_a_done_one_does_nothing(ours: House) -> None:
    with pytest.raises(RuleBroken, match=r"02\.07\.2026 в организации k1 ещё не наступило"):
        run(ours.engine, now=at(NOW), on=dt.date(2026, 7, 2))
    (night,) = run(ours.engine, now=at(NOW), on=dt.date(2026, 6, 30))
    assert night.day == dt.date(2026, 6, 30)
    assert run(ours.engine, now=at(NOW), on=dt.date(2026, 6, 30)) == []
    assert [n.day for n in run(ours.engine, now=at(NOW))] == [dt.date(2026, 7, 1)]


def test_the_server_looks_by_itself(ours: House) -> None:
    beside = nights(ours.engine, now=at(NOW))
    beside.start()
    beside.end()
    assert run(ours.engine, now=at(NOW)) == []
