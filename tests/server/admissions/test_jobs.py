"""The long work of the admission office: the table loaded by a job is what the command line loads, and the board is written as a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from common.administration.entities import Account
from common.admissions.entities import Applicant
from common.admissions.jobs import AdmissionsReport, ImportApplications
from common.colleges.entities import College
from common.kit import resources, sheets
from common.kit.ids import REGION
from common.kit.jobs import Job, JobState
from common.kit.progress import Cancelled
from common.kit.rights import Permissions
from server.admissions.demo import make_region
from server.admissions.importing import BATCH, import_job
from server.kit import jobs
from server.kit.auth import Caller, held_permissions
from server.kit.jobs import JOBS
from server.kit.session import Author, CollegeSession
from server.kit.working import drain
from tests.server.admissions.test_importing import book, row
from tests.server.conftest import now

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])  # test_importing loads into both

SAMPLE = resources.path("samples", "applications.xlsx")


@pytest.fixture
def secretary(engine: sa.Engine) -> Caller:
    """Of a college with an open campaign and thirty applicants."""
    options: Any = {"colleges": 1, "students": 0, "applicants": 30, "seed": 1, "canary": False}
    make_region(engine, **options, password="длинный пароль", now=now)
    with CollegeSession(engine, REGION, now=now) as db:
        college = db.scalars(sa.select(College.id).where(College.code == "k1")).one()
    with CollegeSession(engine, college, now=now) as db:
        account = db.scalars(sa.select(Account.id).where(Account.login == "sekretar")).one()
        held = held_permissions(db, account)
    return Caller(account, college, "desk", held)


def done(engine: sa.Engine, caller: Caller, made: Job) -> Job:
    drain(engine, "w", now=now)
    return jobs.mine_of(engine, caller, made.id, now=now)


def sent(engine: sa.Engine, caller: Caller, path: Path, **more: Any) -> Job:
    content = path.read_bytes()
    asked = ImportApplications(path.name, len(content), **more)
    made = jobs.start(engine, caller, JOBS["import-applications"], asked, now=now)
    jobs.receive(engine, caller, made.id, 0, content, now=now)
    return made


def applicants(engine: sa.Engine, caller: Caller) -> int:
    with CollegeSession(engine, caller.college_id, now=now) as db:
        return db.scalar(sa.select(sa.func.count()).select_from(Applicant)) or 0


def test_a_table_is_checked_then_loaded_and_its_faults_come_back_as_a_table(
    engine: sa.Engine, secretary: Caller
) -> None:
    before = applicants(engine, secretary)
    checked = done(engine, secretary, sent(engine, secretary, SAMPLE, dry_run=True))
    assert checked.said.startswith("Проверено без записи. Строк ")
    assert applicants(engine, secretary) == before
    loaded = done(engine, secretary, sent(engine, secretary, SAMPLE))
    assert loaded.state == JobState.DONE.value
    assert applicants(engine, secretary) > before
    again = done(engine, secretary, sent(engine, secretary, SAMPLE))
    assert "создано 0, изменено 0" in again.said
    for each in (checked, loaded, again):
        if each.file:
            assert each.file == "Замечания к applications.xlsx"
            table = sheets.read(jobs.read(engine, secretary, each.id, 0, 1_000_000, now=now))
            assert table.headers == ("Замечание", "Строка", "Столбец", "Что не так")


class Stopped:
    """A worker that is told to stop after some rows."""

    def __init__(self, engine: sa.Engine, caller: Caller, given: Path, after: int) -> None:
        self.engine, self.college_id, self.given, self.made = (
            engine,
            caller.college_id,
            given,
            given,
        )
        self.author, self.held = Author(caller.account_id), Permissions()
        self.now: Callable[[], Any] = now
        self.after = after

    def step(self, done: int, _total: int) -> None:
        if done >= self.after:
            raise Cancelled("Отменено вами")


def test_a_cancelled_loading_says_what_was_written_and_the_same_file_goes_on(
    engine: sa.Engine, secretary: Caller, tmp_path: Path
) -> None:
    path = tmp_path / "Много.xlsx"
    book(path, [row(number) for number in range(1, BATCH + 21)])
    before = applicants(engine, secretary)
    asked = ImportApplications(path.name, 1)
    with pytest.raises(Cancelled, match=f"просмотрено строк {BATCH} из {BATCH + 20}"):
        import_job(Stopped(engine, secretary, path, BATCH), asked)
    assert applicants(engine, secretary) == before + BATCH
    made = done(engine, secretary, sent(engine, secretary, path))
    assert f"создано 20, изменено 0, без изменений {BATCH}" in made.said


def test_the_board_is_a_page_that_stands_by_itself(engine: sa.Engine, secretary: Caller) -> None:
    work = JOBS["admissions-report"]
    made = jobs.start(engine, secretary, work, AdmissionsReport(), now=now)
    made = done(engine, secretary, made)
    assert (made.state, made.file) == (JobState.DONE.value, "Ход приёма 01.07.2026.html")
    text = jobs.read(engine, secretary, made.id, 0, 1_000_000, now=now).decode()
    assert "<script" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    parts = text.split("<svg")[1:]
    assert len(parts) == 5
    for part in parts:
        ET.fromstring(f"<svg{part.partition('</svg>')[0]}</svg>")  # noqa: S314  our own text
    none = jobs.start(engine, secretary, work, AdmissionsReport(year=1999), now=now)
    assert done(engine, secretary, none).said.startswith("Приёмной кампании 1999 года нет")
