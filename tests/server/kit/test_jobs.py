"""Long work on both databases: one worker, one end, one reader; a worker that dies is buried, and nothing is left half done."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account, RoleGrant
from common.administration.kinds import AccessKind
from common.admissions.entities import Applicant
from common.admissions.jobs import ImportApplications
from common.kit import sheets
from common.kit.errors import Invalid, NotFound, TooMany, Unavailable
from common.kit.ids import REGION, new_id
from common.kit.jobs import ExportList, Job, JobState
from common.reference.entities import RetentionTerm
from server.kit import jobs
from server.kit.auth import Caller
from server.kit.commit import commit
from server.kit.jobs import JOBS, Ending, Running
from server.kit.outside import outside_at
from server.kit.session import CollegeSession
from server.kit.tables import access_event, job
from server.kit.working import ENDED, NO_RIGHT, REST, STALE, Hands, bury, drain
from tests.demo_world import server_environment
from tests.nursery import Process, serve
from tests.server.conftest import NOW, House, enter, now
from tests.server.kit.desks import Desk, taken

KIND = "export-applicants"
EXPORT = JOBS[KIND]


def after(moment: dt.timedelta) -> Callable[[], dt.datetime]:
    return lambda: NOW + moment


def ask(house: House, caller: Caller, **more: Any) -> Job:
    return jobs.start(house.engine, caller, EXPORT, ExportList(**more), now=now)


def told(house: House, caller: Caller, made: Job) -> Job:
    return jobs.mine_of(house.engine, caller, made.id, now=now)


def fetched(house: House, caller: Caller, made: Job) -> bytes:
    return jobs.read(house.engine, caller, made.id, 0, 1_000_000, now=now)


def lying(house: House) -> list[str]:
    """What lies on the disk of this college's jobs."""
    folder = outside_at(house.engine).jobs / house.id.hex
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def until(true: Callable[[], bool], *, seconds: float = 60.0) -> float:
    """How long it took."""
    begun, never = time.monotonic(), threading.Event()
    while not true():
        assert time.monotonic() - begun < seconds, "it has not come"
        never.wait(0.01)
    return time.monotonic() - begun


@pytest.fixture
def secretary(ours: House) -> Desk:
    desk = Desk(ours)
    taken(desk)
    return desk


@pytest.fixture
def worker(filled_url: str, tmp_path: Path) -> Iterator[Process]:
    """A process that never finishes what it has begun."""
    environment = server_environment(tmp_path, filled_url)
    environment |= {"EPO_DATA_DIR": str(tmp_path / "outside")}
    order = ("work", "--name", "w1")
    begun = serve(order, environment, tmp_path / "work.log", bug="never_end_jobs")
    yield begun
    begun.kill()
    begun.wait()


def test_a_job_is_cancelled_within_a_second_and_outlives_the_kill_of_its_worker(
    ours: House, secretary: Desk, worker: Process
) -> None:
    clerk = ours.caller("admission_clerk")
    first, second = ask(ours, secretary.caller), ask(ours, clerk)
    until(lambda: told(ours, secretary.caller, first).done > 0)
    cancelled = jobs.cancel(ours.engine, secretary.caller, first.id, now=now)
    assert cancelled.state == JobState.CANCELLED.value
    took = until(lambda: told(ours, clerk, second).state == JobState.RUNNING.value)
    assert took < 1.0
    until(lambda: told(ours, clerk, second).done > 0)
    assert first.id not in {name.partition(".")[0] for name in lying(ours)}
    worker.kill()
    worker.wait()
    with ours.session() as db:
        beat = db.execute(sa.select(job.c.beat_at).where(job.c.id == UUID(second.id))).scalar_one()
    assert bury(ours.engine, now=lambda: beat + STALE) == 0
    assert bury(ours.engine, now=lambda: beat + STALE + dt.timedelta(seconds=1)) == 1
    assert told(ours, clerk, second).state == JobState.QUEUED.value
    assert drain(ours.engine, "w2", now=now) == 1
    done = told(ours, clerk, second)
    assert (done.state, done.said) == (JobState.DONE.value, "Выгружено: 1 строка")
    assert sheets.read(fetched(ours, clerk, done)).name == "Поступающие"
    assert lying(ours) == [second.id]


def test_one_taken_for_dead_takes_nothing_from_the_one_that_works_on(
    ours: House, secretary: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(ours, secretary.caller)
    late = after(STALE + dt.timedelta(seconds=1))
    place = jobs.place_of(ours.engine, ours.id, UUID(made.id))

    def silent(run: Running, asked: Any) -> Ending:
        """Wakes when its job is buried and in the hands of another."""
        assert bury(ours.engine, now=late) == 1
        with ours.engine.begin() as connection:
            theirs = {"state": JobState.RUNNING.value, "worker": "w2", "beat_at": late()}
            connection.execute(sa.update(job).values(theirs))
        jobs.given_of(place).write_bytes(b"given")
        jobs.part_of(place, 2).write_bytes(b"theirs")
        run.made.write_bytes(b"ours")
        return Ending("Готово", "Список.xlsx")

    monkeypatch.setitem(JOBS, KIND, dataclasses.replace(EXPORT, run=silent))
    assert drain(ours.engine, "w1", now=now) == 1
    assert told(ours, secretary.caller, made).state == JobState.RUNNING.value
    assert lying(ours) == [f"{made.id}.2.part", f"{made.id}.given"]
    assert jobs.part_of(place, 2).read_bytes() == b"theirs"


def test_a_job_whose_end_cannot_be_written_does_not_look_alive(
    ours: House, secretary: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(ours, secretary.caller)

    def unwritable(run: Running, asked: Any) -> Ending:
        run.made.write_bytes(b"made")
        jobs.place_of(ours.engine, ours.id, UUID(made.id)).mkdir()
        return Ending("Готово", "Список.xlsx")

    monkeypatch.setitem(JOBS, KIND, dataclasses.replace(EXPORT, run=unwritable))
    with pytest.raises(OSError, match=made.id):
        drain(ours.engine, "w1", now=now)
    assert "beat" not in {thread.name for thread in threading.enumerate()}


def test_what_may_not_be_done_twice_fails_in_words_when_its_worker_dies(
    ours: House, secretary: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(ours, secretary.caller)
    monkeypatch.setitem(JOBS, KIND, dataclasses.replace(EXPORT, resumes=False))
    with ours.engine.begin() as connection:
        running = {"state": JobState.RUNNING.value, "worker": "w1", "beat_at": NOW}
        connection.execute(sa.update(job).values(running))
    assert bury(ours.engine, now=now, worker="w1") == 1
    said = told(ours, secretary.caller, made)
    assert (said.state, said.said) == (JobState.FAILED.value, ENDED)


def test_an_export_holds_what_the_role_may_see_and_the_journal_of_visits_has_it(
    ours: House, secretary: Desk
) -> None:
    reader = ours.caller("admission_reader")
    with ours.session() as db:
        taken_in = db.scalars(sa.select(Applicant)).one()
        taken_in.registered_at = dt.datetime(2026, 6, 30, 20, 0, tzinfo=dt.UTC)
        commit(db, "test.registered")
    asked = {Desk: secretary.caller, Caller: reader}.values()
    found = []
    for caller in asked:
        made = ask(ours, caller, search="ёлк", year=2026, where={"reg_no": "01-001"})
        drain(ours.engine, "w", now=now)
        made = told(ours, caller, made)
        found.append(sheets.read(fetched(ours, caller, made)))
    whole, narrow = ({c for c in table.rows[1] if c} for table in found)
    assert {"Рег. №", "ФИО", "Дата рождения", "СНИЛС"} <= whole
    assert whole - narrow == {"СНИЛС"}
    assert "Отбор: «ёлк», год 2026, Рег. №: 01-001" in found[0].headers[0]
    assert found[0].rows[2][:3] == ("01-001", "Ёлкина Анна", dt.date(2010, 4, 11))
    assert dt.date(2026, 7, 1) in found[0].rows[2]  # at the college it was night already
    with ours.session() as db:
        c = access_event.c
        query = sa.select(c.account_id, c.entity, c.rows).where(c.kind == AccessKind.EXPORT.value)
        noted = {tuple(row) for row in db.execute(query)}
    assert noted == {(caller.account_id, "applicant", 1) for caller in asked}


def test_of_another_s_job_nobody_is_told_that_there_is_one(
    ours: House, theirs: House, secretary: Desk
) -> None:
    made = ask(ours, secretary.caller)
    drain(ours.engine, "w", now=now)
    strangers = (ours.caller("admission_clerk"), theirs.caller(), theirs.caller("director"))
    none = dataclasses.replace(made_as(made), id=new_id().hex)
    for caller in strangers:
        for act in (told, fetched, _cancelled):
            said = [_refusal(act, ours, caller, each) for each in (made, none)]
            assert said == ["Такой работы нет"] * 2
        assert jobs.jobs_of(ours.engine, caller, now=now).rows == []
    assert told(ours, secretary.caller, made).state == JobState.DONE.value


def made_as(made: Job) -> Any:
    return _Id(made.id)


@dataclasses.dataclass(frozen=True)
class _Id:
    id: str


def _cancelled(house: House, caller: Caller, made: Job) -> Job:
    return jobs.cancel(house.engine, caller, made.id, now=now)


def _refusal(act: Callable[..., Any], house: House, caller: Caller, made: Any) -> str:
    with pytest.raises(NotFound) as caught:
        act(house, caller, made)
    return caught.value.message


def test_a_result_is_shut_with_the_right_to_it_and_a_job_of_one_who_has_none_does_not_run(
    ours: House, secretary: Desk
) -> None:
    made = ask(ours, secretary.caller)
    drain(ours.engine, "w", now=now)
    again = ask(ours, secretary.caller)
    without = dataclasses.replace(secretary.caller, permissions=frozenset())
    narrow = ours.caller("admission_reader").permissions
    seeing_less = dataclasses.replace(secretary.caller, permissions=narrow)
    for caller in (without, seeing_less):
        assert _refusal(fetched, ours, caller, made) == "Такой работы нет"
    assert fetched(ours, secretary.caller, made)
    with ours.session() as db:
        for grant in db.scalars(
            sa.select(RoleGrant).join(Account, Account.id == RoleGrant.account_id)
        ):
            grant.valid_to = NOW.date()
        commit(db, "test.end")
    drain(ours.engine, "w", now=now)
    said = told(ours, secretary.caller, again)
    assert (said.state, said.said, said.file) == (JobState.FAILED.value, NO_RIGHT, "")


def test_a_worker_that_ended_badly_loses_nothing_and_is_not_begun_again_at_once(
    ours: House, secretary: Desk
) -> None:
    begun: list[str] = []

    def begin(name: str) -> subprocess.Popen[bytes]:
        """Takes the job and dies."""
        begun.append(name)
        with ours.engine.begin() as connection:
            running = {"state": JobState.RUNNING.value, "worker": name, "beat_at": clock[0]}
            connection.execute(sa.update(job).values(running))
        return subprocess.Popen(["false"])  # noqa: S607  of every system

    clock = [NOW]
    made = ask(ours, secretary.caller)
    hands = Hands(ours.engine, begin, now=lambda: clock[0])
    hands.look()
    assert hands.process is not None
    hands.process.wait()
    hands.look()
    assert told(ours, secretary.caller, made).state == JobState.QUEUED.value
    assert len(begun) == 1
    clock[0] += REST
    hands.look()
    assert len(begun) == 2
    hands.end()


def test_a_bug_in_one_job_stops_no_other_and_is_told_by_a_number(
    ours: House, secretary: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = ours.caller("admission_clerk")
    wrong, right = ask(ours, secretary.caller), ask(ours, clerk)

    def sometimes(run: Running, asked: Any) -> Ending:
        if run.author.account_id == clerk.account_id:
            return EXPORT.run(run, asked)
        run.made.write_bytes(b"half")
        raise ZeroDivisionError

    monkeypatch.setitem(JOBS, KIND, dataclasses.replace(EXPORT, run=sometimes))
    assert drain(ours.engine, "w", now=now) == 2
    said = told(ours, secretary.caller, wrong)
    assert said.said.endswith(f"под номером {wrong.id[:8]}")
    assert told(ours, clerk, right).state == JobState.DONE.value
    assert lying(ours) == [right.id]


def test_results_are_swept_after_the_term_of_the_dated_row(ours: House, secretary: Desk) -> None:
    with CollegeSession(ours.engine, REGION, now=now) as db:
        term: dict[str, Any] = {"code": jobs.RESULTS, "name": "Выгрузки", "months": 1}
        db.add(RetentionTerm(**term | {"valid_from": dt.date(2026, 1, 1)}))
        commit(db, "test.term")
    made = ask(ours, secretary.caller)
    drain(ours.engine, "w", now=now)
    place = jobs.place_of(ours.engine, ours.id, UUID(made.id))
    for left in (jobs.given_of(place), jobs.part_of(place, 1)):
        left.write_bytes(b"of a worker that is no more")
    assert jobs.sweep(ours.engine, ours.id, now=after(dt.timedelta(days=30))) == 0
    assert lying(ours) == [made.id]
    assert jobs.sweep(ours.engine, ours.id, now=after(dt.timedelta(days=32))) == 1
    assert lying(ours) == []
    assert jobs.jobs_of(ours.engine, secretary.caller, now=now).rows == []


def test_over_the_api_one_at_a_time_by_right_and_whatever_is_sent(
    ours: House, secretary: Desk, client: TestClient[Any]
) -> None:
    headers = enter(client, "admission_secretary.k1")
    path = EXPORT.path
    made = client.post(path, json={}, headers=headers).json()
    assert (made["state"], made["title"]) == ("queued", "Выгрузить список поступающих")
    refused = client.post(path, json={}, headers=headers)
    assert (refused.status_code, refused.json()["title"]) == (429, jobs.BUSY)
    drain(ours.engine, "w", now=now)
    (row,) = client.get("/api/jobs", headers=headers).json()["rows"]
    assert (row["state"], row["file"]) == ("done", "Поступающие 01.07.2026.xlsx")
    got = client.get("/api/jobs/result", params={"id": row["id"], "most": 10}, headers=headers)
    assert got.content == fetched(ours, secretary.caller, Job(**row))[:10]
    assert got.headers["content-disposition"] == "attachment"
    admin = enter(client, "org_admin.k1")
    assert client.post(path, json={}, headers=admin).status_code == 403
    wrong: tuple[Any, ...] = (
        {"search": 1},
        {"year": 2**70},
        {"year": -1},
        {"college": "k2"},
        {"where": {"snils": 5}},
        [],
        "x",
    )
    for body in wrong:
        assert client.post(path, json=body, headers=headers).status_code == 422
    strange = client.post(path, json={"where": {"person.snils": "1"}}, headers=headers).json()
    drain(ours.engine, "w", now=now)
    said = told(ours, secretary.caller, Job(**strange))
    assert "нет столбца «person.snils»" in said.said


def test_a_table_is_sent_in_pieces_and_what_is_no_table_is_refused_in_words(
    ours: House, secretary: Desk
) -> None:
    work, caller = JOBS["import-applications"], secretary.caller
    content = b"\xd0\xcf\x11\xe0" * 200
    asked = ImportApplications("../../Список.xlsx", len(content))
    made = jobs.start(ours.engine, caller, work, asked, now=now)
    with pytest.raises(TooMany, match="уже идёт"):
        jobs.start(ours.engine, caller, work, asked, now=now)
    half = len(content) // 2
    send = jobs.receive
    assert send(ours.engine, caller, made.id, 0, content[:half], now=now).have == half
    assert send(ours.engine, caller, made.id, half + 1, b"", now=now).have == half
    with pytest.raises(Invalid, match="Размер"):
        send(ours.engine, caller, made.id, half, content, now=now)
    for _ in range(2):  # the answer to the last piece may be lost on its way
        have = send(ours.engine, caller, made.id, half, content[half:], now=now).have
        assert have == len(content)
    drain(ours.engine, "w", now=now)
    said = told(ours, caller, made)
    assert said.state == JobState.FAILED.value
    assert said.said
    assert "given" not in said.said
    assert lying(ours) == []
    cancelled = jobs.start(ours.engine, caller, work, asked, now=now)
    jobs.cancel(ours.engine, caller, cancelled.id, now=now)
    with pytest.raises(NotFound):
        send(ours.engine, caller, cancelled.id, 0, content, now=now)


def test_a_table_for_which_there_is_no_room_is_refused_in_words(
    ours: House, secretary: Desk
) -> None:
    work, asked = JOBS["import-applications"], ImportApplications("Список.xlsx", 5)
    made = jobs.start(ours.engine, secretary.caller, work, asked, now=now)
    folder = jobs.place_of(ours.engine, ours.id, UUID(made.id)).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"no folder can be made here")
    with pytest.raises(Unavailable, match="не хватает места"):
        jobs.receive(ours.engine, secretary.caller, made.id, 0, b"table", now=now)
