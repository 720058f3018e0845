"""One's own pages: how long a session lasts, how it ends, what it shows of rights, and the change of a password."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.entities import Account
from common.kit.sync import SignIn
from server.administration.service import end_user
from server.kit.callers import COOKIE
from server.kit.commit import commit
from server.kit.entering import sign_in
from server.kit.sessions import sessions
from server.web.manual import _pictures
from tests.server.conftest import NOW, PASSWORD, House, enter
from tests.server.web.conftest import ADMIN, CLERK, Clock, Web, grant, on_both

OTHER = "сорок тысяч зелёных чайников"
Browser = Callable[[], Web]


def test_a_session_idles_out_in_a_quarter_of_an_hour_and_lives_on_by_use(
    web: Web, clock: Clock
) -> None:
    web.enter()
    for _ in range(3):
        clock.pass_by(minutes=14)
        assert web.get("/sessions").status_code == 200
    clock.pass_by(minutes=15, seconds=1)
    late = web.get("/sessions")
    assert (late.status_code, "Сеанс закончился" in late.text) == (401, True)


def test_no_use_makes_a_session_longer_than_twelve_hours(web: Web, clock: Clock) -> None:
    web.enter()
    for _ in range(51):
        clock.pass_by(minutes=14)
        assert web.get("/").status_code == 200
    clock.pass_by(minutes=6)
    assert web.get("/").status_code == 401


def test_a_session_that_its_twelve_hours_have_ended_is_listed_no_more(
    ours: House, web: Web, clock: Clock
) -> None:
    web.enter()
    for _ in range(51):
        clock.pass_by(minutes=14)
        web.get("/")
    grant(ours, "hr_officer")
    web.get("/")
    with ours.session() as db:
        (row,) = sessions(db, "").rows
    assert row.lasts_to == (NOW + dt.timedelta(hours=12)).isoformat()
    clock.pass_by(minutes=6)
    with ours.session() as db:
        db.now = clock
        assert sessions(db, "").rows == []


def test_an_ended_account_is_out_at_its_next_page(ours: House, web: Web, clock: Clock) -> None:
    web.enter()
    assert web.get("/").status_code == 200
    end_user(ours.engine, CLERK, now=clock)
    out = web.get("/")
    assert (out.status_code, "Доступ прекращён" in out.text) == (401, True)
    assert "proof" not in out.text


@on_both
def test_changed_rights_change_the_secret_and_do_not_lengthen_the_session(
    ours: House, web: Web, clock: Clock
) -> None:
    web.enter()
    web.get("/")
    before = web.secret
    clock.pass_by(minutes=5)
    grant(ours, "admission_reader", valid_to=NOW.date() + dt.timedelta(days=1))
    grant(ours, "hr_officer")
    page = web.get("/")
    after = web.secret
    assert after != before
    assert "Кадровый учёт: изменение" in page.text
    last = re.search(r"самое позднее — ([\d. :]+\d)", page.text)
    assert last is not None
    assert last[1] == "02.07.2026 00:00"
    web.jar[COOKIE] = before
    assert web.get("/").status_code == 401
    web.jar[COOKIE] = after
    web.get("/")
    assert web.secret == after


PICTURE = "/manual/pictures/"


@pytest.mark.parametrize("met", ["/manual/none", PICTURE, f"{PICTURE}none", "/sign-in", "/manual"])
def test_a_changed_secret_comes_with_whatever_answer_there_is(
    ours: House, web: Web, met: str
) -> None:
    web.enter()
    before = web.secret
    if met == PICTURE:
        met += next(iter(_pictures()))
    grant(ours, "hr_officer")
    assert web.get(met).status_code < 500
    told = [line for line in web.last.headers.get_list("set-cookie") if f"{COOKIE}=" in line]
    assert len(told) == 1
    assert "HttpOnly" in told[0]
    assert web.secret != before
    assert web.get("/").status_code == 200


def test_a_changed_secret_is_not_told_over_the_end_of_the_session(ours: House, web: Web) -> None:
    web.enter()
    web.get("/")
    grant(ours, "hr_officer")
    web.post("/sign-out", {})
    assert (web.last.status_code, web.secret) == (303, "")


def test_whoever_gets_an_administrators_rights_shows_a_telephone_first(
    ours: House, web: Web
) -> None:
    web.enter()
    grant(ours, "org_admin")
    out = web.get("/")
    assert (out.status_code, "стали шире" in out.text) == (401, True)
    assert web.enter().headers["location"] == "/sign-in?next=/"
    assert "Второй ключ" in web.go_on().text


def test_the_first_page_says_what_is_held_by_which_act_and_for_how_long(
    ours: House, web: Web
) -> None:
    grant(ours, "admission_reader", valid_to=NOW.date())
    grant(ours, "hr_officer", valid_from=NOW.date() + dt.timedelta(days=3))
    web.enter()
    page = re.sub(r"\s+", " ", web.get("/").text)
    assert "приказ № 1 от 01.07.2026 · с 01.07.2026, без срока · область: организация" in page
    assert "закончилась</span><br> приказ № 7-к от 01.07.2026 · с 01.07.2026 до 01.07.2026" in page
    assert "ещё не началась</span><br> приказ № 7-к" in page
    assert "Приёмная комиссия: изменение — общедоступные" in page
    assert "Кадровый учёт: изменение" not in page


@on_both
def test_own_sessions_are_listed_and_ended_and_nobody_elses(
    ours: House, web: Web, browser: Browser, client: TestClient[Any]
) -> None:
    desk, other, stranger = enter(client, CLERK), browser(), browser()
    other.enter()
    stranger.enter("admission_secretary.k1")
    (theirs,) = re.findall(r'name="id" value="(\w+)"', stranger.get("/sessions").text) or [""]
    assert theirs == ""
    web.enter()
    page = web.get("/sessions").text
    assert page.count("Firefox, Windows (браузер)") - page.count("Закончить: Firefox") == 2
    assert "ПК-7" in page
    ids = re.findall(r'name="id" value="(\w+)"', page)
    assert len(ids) == 2
    for id in ids:
        ended = web.post("/sessions/end", {"id": id})
        assert "придётся войти снова" in ended.text
    assert other.get("/").status_code == 401
    assert client.get("/api/me", headers=desk).status_code == 401
    gone = web.post("/sessions/end", {"id": ids[0]})
    assert (gone.status_code, "уже закончен" in gone.text) == (404, True)
    with ours.session() as db:
        rows = {row.login: row.id for row in sessions(db, "").rows}
    refused = web.post("/sessions/end", {"id": rows["admission_secretary.k1"]})
    assert refused.status_code == 404
    assert stranger.get("/").status_code == 200


def test_an_administrator_sees_the_browsers_of_his_college_and_ends_them(
    ours: House, web: Web, client: TestClient[Any], clock: Clock
) -> None:
    web.enter()
    asked = SignIn(login=ADMIN, password=PASSWORD, computer="ПК-1")
    signed = sign_in(ours.engine, asked, now=clock, network="", demand_second=False)
    head = {"authorization": f"Bearer {signed.token}"}
    rows = client.get("/api/access/sessions", headers=head).json()["rows"]
    mine = next(row for row in rows if row["login"] == CLERK)
    assert mine["computer"] == "Firefox, Windows (браузер)"
    client.post("/api/access/sessions/end", headers=head, json={"id": mine["id"]})
    assert web.get("/").status_code == 401


@on_both
def test_a_changed_password_ends_every_session_but_this_one_under_a_new_secret(
    web: Web, browser: Browser, client: TestClient[Any]
) -> None:
    desk, other = enter(client, CLERK), browser()
    other.enter()
    web.enter()
    web.get("/password")
    for fields, said in (
        ({"old": "не тот", "new": OTHER, "again": OTHER}, "Прежний пароль не подходит"),
        ({"old": PASSWORD, "new": OTHER, "again": ""}, "не совпадают"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "Ошибка:"),
    ):
        refused = web.post("/password", fields)
        assert (refused.status_code, said in refused.text) == (422, True)
        assert OTHER not in refused.text
    before = web.secret
    done = web.post("/password", {"old": PASSWORD, "new": OTHER, "again": OTHER})
    assert (done.status_code, "Пароль сменён" in done.text) == (200, True)
    assert web.secret != before
    assert web.get("/").status_code == 200
    assert other.get("/").status_code == 401
    assert client.get("/api/me", headers=desk).status_code == 401
    web.jar[COOKIE] = before
    assert web.get("/").status_code == 401
    assert browser().enter(CLERK, OTHER).status_code == 303


def test_a_hostile_name_is_shown_as_it_is_written(ours: House, web: Web) -> None:
    with ours.session() as db:
        account = db.scalars(sa.select(Account).where(Account.login == CLERK)).one()
        account.name = "<script>alert(1)</script> О'Коннор {{7*7}}"
        account.post = '"><img src=/etc/passwd>'
        commit(db, "test.name")
    web.enter()
    page = web.get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; О&#39;Коннор {{7*7}}" in page
    assert "&#34;&gt;&lt;img src=/etc/passwd&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
