"""The first thread: applications typed with the cable out are at the centre once, on both databases."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.admissions.screens import AdmissionPage
from client.admissions.twins import find_twins, sighting_of
from client.kit.drafts import name_of
from client.kit.record_page import RecordPage
from client.kit.theme import apply_theme
from client.net.link import Link
from client.shell.desktop import Desktop
from client.shell.lists import LISTS
from client.store.store import Store
from client.store.syncing import run, sign_in
from common.admissions.entities import Applicant, Application
from common.kit.dates import show_day
from common.kit.sync import Command
from common.people.entities import Person
from server.kit.database import open_engine
from tests.demo_world import PASSWORD, World, world
from tests.end_to_end.typist import Typist
from tests.nursery import ROOT
from tests.postgres import Postgres
from tests.scale import Scale

APPLICANTS = 40
FEW, MANY = 10, 100
"""Applications at each desk, in every run and in the long one."""
OPERATIONS = 5
"""Of one application: person, citizenship, applicant, application, consent."""
KEYS = 150
"""The most keys an application may cost, its texts included."""


def person(number: int) -> tuple[str, str, str]:
    """Surname, name and date of birth; the same at both desks."""
    woman = number % 2
    return f"Иванов{'а' * woman}", ("Пётр", "Анна")[woman], f"{number % 27 + 1:02d}.03.2010"


@pytest.fixture
def centre(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    server: Postgres | None = (
        request.getfixturevalue("postgres") if database_kind == "postgresql" else None
    )
    with world(tmp_path, applicants=APPLICANTS, postgres=server) as made:
        yield made


def desk(centre: World, place: Path, login: str) -> Desktop:
    """A desktop that has signed in, pulled and got its numbers."""
    store = Store(place, login.encode().ljust(32), LISTS)
    link = Link(centre.address)
    sign_in(store, link, login, PASSWORD, f"ПК-{login}")
    assert run(store, link).online
    store.want_numbers("applicant:2026")
    assert run(store, link).online
    settings = QSettings(str(place / "settings.ini"), QSettings.Format.IniFormat)
    made = Desktop(store, centre.address, settings=settings, key=lambda _: login.encode().ljust(32))
    made.sync.paused = True
    return made


def take_applications(desktop: Desktop, qtbot: QtBot, count: int) -> None:
    """Enter people by key events to the focused widget only."""
    frame = desktop.frame
    frame.show()
    frame.activateWindow()
    qtbot.waitActive(frame)
    desktop.work.open_applicant(None)

    def in_front() -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and focused.window() is frame

    for last, first, born in map(person, range(count)):
        typist = Typist()
        qtbot.waitUntil(in_front)
        typist.go_to("person.last_name")
        typist.type(last)
        typist.enter()
        typist.type(first)
        typist.enter(2)
        typist.type(born.replace(".", ""))
        typist.enter()
        typist.go_to("choice1.competitive_group_id")
        typist.type("38.02.01 эк")
        typist.enter()
        typist.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert typist.keys <= KEYS
        page = frame.tab(frame.current_tab())
        assert isinstance(page, AdmissionPage)
        assert page.form.full_name() == "", page.faults.text.text()
    frame.hide()


def test_applications_typed_offline_on_two_desks_are_at_the_centre_once(
    centre: World,
    tmp_path: Path,
    qtbot: QtBot,
    request: pytest.FixtureRequest,
    scale: Scale,
) -> None:
    each_desk = scale(FEW, MANY)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, dark=False)
    desks = [desk(centre, tmp_path / name, name) for name in ("priem1", "priem2")]
    for each in desks:
        request.addfinalizer(functools.partial(close, each))
    centre.stop()
    for each in desks:
        assert not run(each.store, each.link).online
        take_applications(each, qtbot, each_desk)
        typed = [e for e in each.store.outbox() if not isinstance(e.op.body, Command)]
        assert len(typed) == each_desk * OPERATIONS  # beside them a request for more numbers
    centre.start()
    for each in (*desks, *desks):
        assert run(each.store, each.link).online
    check_centre(centre.database_url, each_desk)
    check_desks(desks)


def close(desktop: Desktop) -> None:
    """Give up what is typed and end; a modal question would wait for ever."""
    for page in desktop.frame.findChildren(RecordPage):
        page.form.discard()
    desktop.stop()
    desktop.frame.close()
    desktop.frame.deleteLater()
    desktop.store.close()


def check_centre(url: str, each_desk: int) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        names = sa.select(Person.last_name).where(
            Person.last_name.in_(["Иванов", "Иванова"]), Person.middle_name.is_(None)
        )
        assert len(connection.execute(names).all()) == 2 * each_desk
        numbers = sa.select(Applicant.reg_no).where(sa.not_(Applicant.reg_no.like("00-%")))
        assert sorted(connection.execute(numbers).scalars()) == [
            f"{series}-{n:03d}" for series in ("01", "02") for n in range(1, each_desk + 1)
        ]
        typed = (
            sa.select(Application.id)
            .join(Applicant, Applicant.id == Application.applicant_id)
            .where(sa.not_(Applicant.reg_no.like("00-%")))
        )
        assert len(connection.execute(typed).all()) == 2 * each_desk
    engine.dispose()


def check_desks(desks: list[Desktop]) -> None:
    """Both desks hold the same, nothing waits, and the doubles are findings, not merged."""
    for each in desks:
        assert each.store.counts().waiting == each.store.counts().troubled == 0
    lists = [
        [
            row.texts
            for row in d.store.list_page(
                "applicants", d.store.list_ids("applicants", "", (("reg_no", False),), ["reg_no"])
            )
        ]
        for d in desks
    ]
    assert lists[0] == lists[1]
    store = desks[0].store
    last, first, born = person(3)
    mine = next(
        (id, p)
        for id, p in store.all("person").items()
        if (p["last_name"], p["first_name"], show_day(p["birth_date"])) == (last, first, born)
    )
    twins = find_twins(store, sighting_of(mine[1]), mine[0])
    assert twins[0].score >= 90
    assert twins[0].reasons == ("совпали ФИО", "дата рождения")


def die_while_typing(centre: World, place: Path, what: str) -> Desktop:
    """The desktop after its predecessor was killed in the middle of a form."""
    typing = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.type_and_die",
         centre.address, str(place), PASSWORD, what],
        cwd=ROOT, check=False, capture_output=True,
    )  # fmt: skip
    assert typing.returncode == -signal.SIGKILL, typing.stderr.decode()
    store = Store(place, b"k" * 32, LISTS)
    settings = QSettings(str(place / "s.ini"), QSettings.Format.IniFormat)
    desktop = Desktop(store, centre.address, settings=settings, key=lambda _: b"k" * 32)
    desktop.sync.paused = True
    desktop.frame.show()
    desktop.start()
    return desktop


def test_ux_21_what_was_typed_its_pins_and_the_focus_survive_a_kill(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with world(tmp_path, applicants=APPLICANTS) as centre:
        desktop = die_while_typing(centre, tmp_path / "desk", "applicant")
        page = desktop.frame.current_page()
        assert isinstance(page, AdmissionPage)
        assert page.form.editor("person", "last_name").value() == "Недописанная"
        assert page.form.editor("person", "birth_date").written() == "41.13.2010"
        assert page.form.held["person"].editors["birth_date"].problem()
        assert [e.objectName() for e in page.form.editors() if e.is_pinned()] == ["education.level"]
        assert name_of(page.form.focusWidget()) == "person.birth_date"
        close(desktop)


def test_a_group_half_typed_survives_a_kill_too(tmp_path: Path, qtbot: QtBot) -> None:
    with world(tmp_path, applicants=APPLICANTS) as centre:
        desktop = die_while_typing(centre, tmp_path / "desk", "competitive_group")
        page = desktop.frame.current_page()
        assert isinstance(page, RecordPage)
        assert page.form.editor("main", "places").written() == "2x"
        close(desktop)
