"""The way in by a browser: its steps, its pauses, and what another site or a stolen cookie can do (TRUST A-13, B-23 … B-28)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from common.administration.kinds import AccessKind
from common.kit.issuing import IssueRequest
from server.administration.issuing import issue
from server.administration.service import end_user
from server.kit.callers import COOKIE
from server.kit.tables import access_event, token
from server.kit.web import make_app
from tests.hostile import TEXTS
from tests.server.conftest import PASSWORD, House, enter
from tests.server.web.conftest import ADMIN, CLERK, FORM, Clock, Web, grant, on_both

OTHER = "сорок тысяч зелёных чайников"
Browser = Callable[[], Web]


def key_of(web: Web) -> pyotp.TOTP:
    found = re.search(r"<code>([A-Z2-7 ]{16,})</code>", web.last.text)
    assert found, web.last.text
    return pyotp.TOTP(found[1].replace(" ", ""))


def step(web: Web, kind: str, **fields: str) -> Any:
    return web.post("/sign-in", {"step": kind} | fields)


@pytest.fixture
def telephone(web: Web, clock: Clock) -> pyotp.TOTP:
    """The administrator's, proved; his browser is out again."""
    web.enter(ADMIN)
    web.go_on()
    made = key_of(web)
    step(web, "enrol", second=made.at(clock()))
    web.jar.pop(COOKIE)
    clock.pass_by(minutes=2)
    return made


def test_a_stranger_is_shown_the_way_in_and_goes_on_to_what_he_asked_for(web: Web) -> None:
    shown = web.get("/manual/vhod")
    assert (shown.status_code, "<h1>Вход</h1>" in shown.text) == (401, True)
    assert 'value="/manual/vhod"' in shown.text
    web.post("/sign-in", {"login": CLERK, "password": PASSWORD, "next": "/manual/vhod"})
    assert (web.last.status_code, web.last.headers["location"]) == (303, "/manual/vhod")
    assert web.go_on().status_code == 200
    assert web.get("/sign-in").headers["location"] == "/"


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example", "/\\evil", "/?x", "/manual/вход"]
)
def test_the_way_in_leads_to_no_other_site(web: Web, place: str) -> None:
    web.get("/sign-in")
    web.post("/sign-in", {"login": CLERK, "password": PASSWORD, "next": place})
    assert web.last.headers["location"] == "/"


@pytest.mark.parametrize("steps", [False, True])
def test_an_address_in_russian_is_gone_on_to_like_any_other(
    web: Web, clock: Clock, *, steps: bool
) -> None:
    shown = web.get("/manual/вход")
    place = "/manual/%D0%B2%D1%85%D0%BE%D0%B4"
    assert f'value="{place}"' in shown.text
    web.post("/sign-in", {"login": ADMIN if steps else CLERK, "password": PASSWORD, "next": place})
    if steps:
        assert f'value="{place}"' in web.go_on().text
        step(web, "enrol", second=key_of(web).at(clock()), next=place)
        assert f'href="{place}"' in web.last.text
    else:
        assert (web.last.status_code, web.last.headers["location"]) == (303, place)


def test_the_cookie_is_a_new_one_that_no_script_and_no_other_site_gets(web: Web) -> None:
    web.get("/sign-in")
    before = web.secret
    told = web.enter().headers.get_list("set-cookie")
    assert web.secret not in {"", before}
    for line in told:
        assert line.startswith("__Host-")
        for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert flag in line
        assert "Domain" not in line
    inside = web.secret
    web.jar[COOKIE] = before
    assert web.get("/").status_code == 401
    web.jar[COOKIE] = inside
    assert web.get("/").status_code == 200


def test_every_page_says_what_it_may_load_and_is_not_kept(web: Web) -> None:
    web.enter()
    for path in ("/sign-in?again=1", "/", "/sessions", "/password", "/manual", "/manual/none"):
        answer = web.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
        assert "script" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "max-age=31536000" in answer.headers["strict-transport-security"]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", answer.text)


def test_an_address_that_is_none_is_told_as_a_page_to_browsers_alone(web: Web) -> None:
    as_browser = {"accept": "text/html,*/*;q=0.8"}
    for path, kind in (("/nothing", "text/html"), ("/api/nothing", "application/problem+json")):
        answer = web.get(path, headers=as_browser)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith(kind)
        assert "Такой страницы нет" in answer.text


def test_a_form_of_another_site_or_of_another_session_is_refused(
    web: Web, browser: Browser
) -> None:
    web.enter()
    page = web.get("/sessions")
    fields = {"csrf": FORM.findall(page.text)[0]}
    stranger = browser()
    stranger.get("/sign-in")
    foreign = [
        ({}, {}),
        ({"csrf": "0" * 64}, {}),
        ({"csrf": FORM.findall(stranger.last.text)[0]}, {}),
        (fields, {"origin": "https://evil.example"}),
        (fields, {"origin": "null"}),
        (fields, {"sec-fetch-site": "cross-site"}),
        (fields, {"sec-fetch-site": "same-site"}),
    ]
    for sent, said in foreign:
        answer = web._ask("POST", "/sign-out", data=sent, headers=said)
        assert answer.status_code == 403, (sent, said)
        assert "Страница устарела" in answer.text
    own = {"origin": "https://college.local", "sec-fetch-site": "same-origin"}
    assert web._ask("POST", "/sign-out", data=fields, headers=own).status_code == 303
    assert web.get("/").status_code == 401


def test_nobody_learns_which_logins_there_are(ours: House, web: Web, clock: Clock) -> None:
    end_user(ours.engine, "director.k1", now=clock)
    told = []
    for login, password in (
        ("nobody.k1.x", PASSWORD),
        ("admission_clerk.k1", "не тот пароль"),
        ("director.k1", PASSWORD),
    ):
        answer = web.enter(login, password)
        told.append((answer.status_code, answer.text.replace(login, "")))
    assert told[0][0] == 401
    assert len({*told}) == 1


def test_five_wrong_passwords_pause_the_login_but_not_its_owners_browser(
    web: Web, browser: Browser, clock: Clock
) -> None:
    assert web.enter().status_code == 303
    stranger = browser()
    for _ in range(5):
        assert stranger.enter(password="неверный пароль").status_code == 401
    paused = stranger.enter()
    assert (paused.status_code, paused.headers["retry-after"]) == (429, "300")
    assert "пять минут" in paused.text
    forged = browser()
    forged.jar["__Host-epo-browser"] = f"{'0' * 32}.{'0' * 32}"
    assert forged.enter().status_code == 429
    assert web.enter().status_code == 303
    clock.pass_by(minutes=5, seconds=1)
    assert browser().enter().status_code == 303


@on_both
def test_an_administrator_is_not_in_before_his_telephone_is_proved(web: Web, clock: Clock) -> None:
    assert web.enter(ADMIN).headers["location"] == "/sign-in?next=/"
    half = web.secret
    assert web.get("/").status_code == 401
    web.get("/sign-in")
    assert "<svg" in web.last.text
    made = key_of(web)
    wrong = step(web, "enrol", second="000000")
    assert (wrong.status_code, "Ошибка:" in wrong.text) == (401, True)
    assert key_of(web).secret == made.secret
    shown = step(web, "enrol", second=made.at(clock()))
    codes = re.findall(r"<li><code>([^<]+)</code>", shown.text)
    assert len({*codes}) == 8
    assert web.secret != half
    assert web.get("/").status_code == 200
    assert not {*codes} & {*re.findall(r"<code>([^<]+)</code>", web.get("/sign-in").text)}
    web.jar[COOKIE] = half
    assert web.get("/").status_code == 401
    assert "<svg" not in web.get("/sign-in").text


@on_both
def test_a_telephones_code_works_once_and_wrong_ones_are_counted(
    web: Web, telephone: pyotp.TOTP, clock: Clock, browser: Browser
) -> None:
    web.enter(ADMIN)
    web.go_on()
    assert "Код подтверждения" in web.last.text
    code = telephone.at(clock())
    assert step(web, "second", second=f"{code[:3]} {code[3:]}").headers["location"] == "/"
    again = browser()
    again.enter(ADMIN)
    again.go_on()
    for _ in range(5):
        assert step(again, "second", second=code).status_code == 401
    clock.pass_by(seconds=60)
    assert step(again, "second", second=telephone.at(clock())).status_code == 429


def come_by_code(ours: House, web: Web, clock: Clock) -> str:
    """The clerk, by a one-time code, which is returned."""
    asked = IssueRequest(accounts=[ours.caller("admission_clerk").account_id])
    (slip,) = issue(ours.engine, ours.caller("org_admin"), asked, now=clock).slips
    web.enter(CLERK, slip.code)
    return slip.code


@on_both
def test_a_one_time_code_opens_only_the_choice_of_a_password(
    ours: House, web: Web, clock: Clock
) -> None:
    code = come_by_code(ours, web, clock)
    assert web.get("/").status_code == 401
    shown = web.get("/sign-in")
    assert "Придумайте свой пароль" in shown.text
    assert code not in shown.text
    for new, again, said in (
        ("", "", "Введите новый пароль"),
        (OTHER, OTHER + "я", "не совпадают"),
        ("password1234", "password1234", "легко угадать"),
    ):
        refused = step(web, "new_password", new=new, again=again)
        assert (refused.status_code, said in refused.text) == (422, True)
    assert step(web, "new_password", new=OTHER, again=OTHER).headers["location"] == "/"
    assert web.get("/").status_code == 200
    assert web.enter(CLERK, code).status_code == 401
    assert web.enter(CLERK, OTHER).status_code == 303


@on_both
def test_whoever_is_made_an_administrator_at_a_step_shows_a_telephone_before_it(
    ours: House, web: Web, clock: Clock
) -> None:
    come_by_code(ours, web, clock)
    assert "Новый пароль" in web.go_on().text
    grant(ours, "org_admin")
    refused = step(web, "new_password", new=OTHER, again=OTHER)
    assert (refused.status_code, "Второй ключ" in refused.text) == (401, True)
    assert web.get("/").status_code == 401
    web.get("/sign-in")
    step(web, "enrol", second=key_of(web).at(clock()))
    assert web.get("/").status_code == 401
    assert "Новый пароль" in web.get("/sign-in").text
    step(web, "new_password", new=OTHER, again=OTHER)
    assert web.go_on().status_code == 200


def test_a_session_without_a_telephone_ends_where_one_is_demanded_though_no_right_has_changed(
    ours: House, web: Web, clock: Clock
) -> None:
    with TestClient(
        make_app(ours.engine, now=clock, second_factor=False), base_url="https://college.local"
    ) as lenient:
        inside = Web(lenient)
        inside.enter(ADMIN)
        assert inside.get("/").status_code == 200
    web.jar |= inside.jar
    out = web.get("/")
    assert (out.status_code, "кодом с телефона" in out.text) == (401, True)


def test_a_step_that_waits_too_long_begins_anew(web: Web, clock: Clock) -> None:
    web.enter(ADMIN)
    web.go_on()
    made = key_of(web)
    clock.pass_by(minutes=11)
    late = step(web, "enrol", second=made.at(clock()))
    assert (late.status_code, "<h1>Вход</h1>" in late.text) == (401, True)


def test_a_desks_key_is_no_cookie_and_a_cookie_is_no_desks_key(
    web: Web, client: TestClient[Any]
) -> None:
    head = enter(client, CLERK)
    web.enter()
    assert web.get("/").status_code == 200
    stolen = {"authorization": f"Bearer {web.secret}"}
    for method, path in (("GET", "/api/me"), ("POST", "/api/sign-out")):
        assert client.request(method, path, headers=stolen).status_code == 401
    web.jar[COOKIE] = head["Authorization"].removeprefix("Bearer ")
    assert web.get("/").status_code == 401
    assert web.get("/", headers=head).status_code == 401
    assert client.get("/api/me", headers=head).status_code == 200


def test_the_journal_of_visits_has_the_browser_and_its_way_out(ours: House, web: Web) -> None:
    web.enter(password="не тот")
    web.enter()
    web.get("/")
    web.post("/sign-out", {})
    c = access_event.c
    with ours.session() as db:
        query = sa.select(c.kind, c.computer).where(c.computer != "").order_by(c.at, c.id)
        told = [(row.kind, row.computer) for row in db.execute(query)]
    kinds = (AccessKind.LOGIN_FAIL, AccessKind.LOGIN_OK, AccessKind.LOGOUT)
    assert told == [(kind.value, "Firefox, Windows") for kind in kinds]


def test_nothing_that_opens_a_session_is_kept(ours: House, web: Web) -> None:
    web.enter()
    with ours.engine.connect() as connection:
        rows = connection.execute(sa.select(token).where(token.c.browser != "")).all()
    assert len(rows) == 1
    assert web.secret not in str(rows)


def test_hostile_words_are_words_and_never_a_fault(web: Web) -> None:
    texts = [*TEXTS.values()]
    for login, password in zip(texts[::2], texts[1::2], strict=False):
        shown = web.enter(login, password)
        assert shown.status_code in (401, 413, 422, 429), (login[:40], password[:40])
        for live in ("<script>", "<img", "<b>", "49 "):
            assert live not in shown.text
    for body in (b"\xff\xfe", b"&" * 50, "ы=ы".encode(), b"csrf=%ff", b"a=1&" * 5000):
        answer = web._ask("POST", "/sign-in", content=body)
        assert answer.status_code in (403, 422)
