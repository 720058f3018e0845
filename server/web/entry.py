"""The pages of the way in: the password, the telephone, a password of one's own; and the way out."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import segno
from litestar import Response, get, post
from litestar.params import FromQuery, RawBody
from markupsafe import Markup

from common.kit.errors import EpoError, Invalid, NotSignedIn, StepNeeded, TooMany, Unavailable
from common.kit.sync import SignIn
from server.kit.browsers import Browser, end_browser, row_of
from server.kit.callers import COOKIE, Req, cookie_of, line_of, visitor_of
from server.kit.entering_browser import (
    Entered,
    Step,
    begin,
    choose_password,
    show_second,
    step_of,
)
from server.kit.outside import outside_at
from server.web.cookies import (
    BROWSER,
    REMEMBERED,
    browser_of,
    forgotten,
    form_of,
    kept,
    own_place,
)
from server.web.page import Fault, faults_of, go, show

PLACE = "/sign-in"
TITLES = {
    "second": "Код подтверждения",
    "enrol": "Второй ключ",
    "new_password": "Новый пароль",
}
NAMED = {"new_password": "new", "second": "second"}
TOLD_AGAIN = (NotSignedIn, Invalid, TooMany, Unavailable)
EMPTY = {"login": "Введите логин", "password": "Введите пароль или код с карточки"}
FOURS = re.compile(r".{1,4}")
"""A key is typed by fours: applications pass spaces over."""
DIFFER = "Пароли не совпадают: наберите новый пароль дважды одинаково"


def sign_in_page(
    request: Req,
    *,
    next: str = "/",
    login: str = "",
    said: str = "",
    faults: list[Fault] | None = None,
    status: int = 200,
    **more: Any,
) -> Response[str]:
    return show(
        request,
        "sign_in.html",
        title="Вход",
        next=own_place(next),
        login=login[:200],
        said=said,
        faults=faults,
        status=status,
        **more,
    )


@get(PLACE, sync_to_thread=True, operation_id="page_sign_in", summary="Страница входа")
def page(request: Req, next: FromQuery[str] = "/", again: FromQuery[int] = 0) -> Response[str]:
    """The first page of the way in, or the step at which this browser stands; whoever is in goes on."""
    if again or not request.cookies.get(COOKIE):
        return sign_in_page(request, next=next)
    try:
        visitor_of(request)
    except NotSignedIn:
        return _step_page(request, next)
    return go(own_place(next))


def _step_page(
    request: Req, next: str, faults: list[Fault] | None = None, **more: Any
) -> Response[str]:
    state = request.app.state
    try:
        step = step_of(
            state.engine,
            cookie_of(request),
            now=state.now,
            demand_second=state.second_factor,
        )
    except NotSignedIn:
        return sign_in_page(request, next=next, faults=faults, **more)
    return show(
        request,
        "step.html",
        title=TITLES[step.kind],
        kind=step.kind,
        said=step.said,
        login=step.login,
        next=own_place(next),
        key=" ".join(FOURS.findall(step.fields.get("secret", ""))),
        picture=_picture(step),
        faults=faults,
        **more,
    )


def _picture(step: Step) -> Markup:
    """Made here of a secret that is ours: nobody's text is in its markup."""
    uri = step.fields.get("uri", "")
    if not uri:
        return Markup()
    made = segno.make(uri, error="m", micro=False)
    return Markup(made.svg_inline(scale=5, border=4, light="white"))  # noqa: S704  segno's own


@post(PLACE, status_code=200, operation_id="page_enter", summary="Войти в браузере")
async def enter(request: Req, body: RawBody) -> Response[str]:
    """A form: `login` and `password`, or what its `step` asks for. Answered by the next page."""
    form = form_of(request, body)
    browser = browser_of(request)
    run = {
        "": functools.partial(_first, request, form, browser),
        "second": functools.partial(_second, request, form, browser),
        "enrol": functools.partial(_second, request, form, browser),
        "new_password": functools.partial(_password, request, form, browser),
    }.get(form.get("step", ""))
    if run is None:
        raise Invalid("Такого шага у входа нет: начните вход сначала")
    return await line_of(request).run(functools.partial(_tried, request, form, browser, run))


def _tried(
    request: Req, form: dict[str, str], browser: Browser, run: Callable[[], Entered]
) -> Response[str]:
    """In, on to the next step, or the same page with what is wrong and all that may be kept of it."""
    onto = form.get("next", "/")
    try:
        entered = run()
    except TOLD_AGAIN as fault:
        return _again(request, form, onto, fault)
    return _onward(request, browser, entered, onto)


def _again(request: Req, form: dict[str, str], next: str, fault: EpoError) -> Response[str]:
    waits = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
    more: dict[str, Any] = {"status": fault.status, "headers": waits}
    if form.get("step"):
        return _step_page(request, next, _step_faults(fault, form["step"]), **more)
    found = faults_of(fault, {"login": "login", "password": "password"})
    return sign_in_page(request, next=next, login=form.get("login", ""), faults=found, **more)


def _step_faults(fault: EpoError, step: str) -> list[Fault]:
    """A step that is asked for again is what is wrong: its own field."""
    if isinstance(fault, StepNeeded):
        return [Fault("second", fault.message)]
    return faults_of(fault, NAMED | {"again": "again"})


def _onward(request: Req, browser: Browser, entered: Entered, next: str) -> Response[str]:
    known = browser.let_in(outside_at(request.app.state.engine), entered.account)
    remembered = () if entered.due else (kept(BROWSER, known.saved(), seconds=REMEMBERED),)
    place = own_place(next)
    onward = f"{PLACE}?next={quote(place)}" if entered.due else place
    if not entered.recovery:
        return go(onward, kept(COOKIE, entered.secret), *remembered)
    return show(
        request,
        "recovery.html",
        title="Запасные коды",
        codes=entered.recovery,
        onward=onward,
        secret=entered.secret,
        cookies=remembered,
    )


def _first(request: Req, form: dict[str, str], browser: Browser) -> Entered:
    state = request.app.state
    for name, said in EMPTY.items():
        if not form.get(name, "").strip():
            raise Invalid(said, {name: ""})
    asked = SignIn(
        login=form["login"], password=form["password"], computer=browser.words, device=browser.id
    )
    entered = begin(
        state.engine,
        asked,
        browser,
        now=state.now,
        network=_network(request),
        demand_second=state.second_factor,
    )
    _end_former(request)
    return entered


def _end_former(request: Req) -> None:
    """Whoever was in by this browser is out: nobody goes on under two names."""
    state = request.app.state
    try:
        end_browser(state.engine, row_of(state.engine, cookie_of(request)), now=state.now)
    except NotSignedIn:
        return


def _second(request: Req, form: dict[str, str], browser: Browser) -> Entered:
    state = request.app.state
    typed = form.get("second", "")[:100]
    if not typed.strip():
        raise Invalid("Введите код подтверждения", {"second": ""})
    return show_second(
        state.engine,
        cookie_of(request),
        typed,
        browser,
        now=state.now,
        network=_network(request),
        demand_second=state.second_factor,
    )


def _password(request: Req, form: dict[str, str], browser: Browser) -> Entered:
    state = request.app.state
    refuse_slip(form)
    return choose_password(
        state.engine,
        cookie_of(request),
        form["new"],
        browser,
        now=state.now,
        demand_second=state.second_factor,
    )


def refuse_slip(form: dict[str, str]) -> None:
    """Invalid where the new password was not typed twice alike."""
    if not form.get("new"):
        raise Invalid("Введите новый пароль", {"new_password": ""})
    if form["new"] != form.get("again", ""):
        raise Invalid(DIFFER, {"again": ""})


def _network(request: Req) -> str:
    return request.client.host if request.client else ""


@post(
    "/sign-out",
    sync_to_thread=True,
    status_code=200,
    operation_id="page_leave",
    summary="Выйти в браузере",
)
def leave(request: Req, body: RawBody) -> Response[str]:
    form_of(request, body)
    visitor, state = visitor_of(request), request.app.state
    gone = row_of(state.engine, visitor.fresh or cookie_of(request))
    end_browser(state.engine, gone, now=state.now)
    return go(PLACE, forgotten())
