"""One's own pages: who I am and what I may, my sessions, my password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.params import RawBody

from common.administration.entities import Account
from common.administration.words import grouped
from common.kit.access import Granted
from common.kit.dated import holds
from common.kit.dates import show_day, show_moment
from common.kit.errors import Invalid, NotFound, TooMany
from common.kit.issuing import NewPassword
from common.kit.rights import Permissions
from server.kit.auth import grants_of
from server.kit.browsers import Visitor
from server.kit.callers import Req, line_of, visitor_of
from server.kit.database import reader
from server.kit.entering import home_of
from server.kit.entering_browser import change_own_password
from server.kit.session import CollegeSession
from server.kit.sessions import end_session, sessions
from server.web.cookies import form_of
from server.web.entry import refuse_slip
from server.web.page import Fault, faults_of, show

ACCOUNT = sa.select(Account.name, Account.post, Account.login).where(
    Account.id == sa.bindparam("account")
)
ENDED = "Сеанс закончен: там придётся войти снова"
CHANGED = "Пароль сменён. Остальные ваши сеансы закончены"
FIELDS = {"old": "old", "new_password": "new", "again": "again"}


def _reading(request: Req, visitor: Visitor) -> CollegeSession:
    state = request.app.state
    return CollegeSession(reader(state.engine), visitor.caller.college_id, now=state.now)


@get("/", sync_to_thread=True, operation_id="page_me", summary="Кто я и что мне можно")
def me(request: Req) -> Response[str]:
    """The account, every grant it was ever given, and what today's allow."""
    visitor = visitor_of(request)
    with _reading(request, visitor) as db:
        account = db.execute(ACCOUNT, {"account": visitor.caller.account_id}).one()
        grants, home = grants_of(db, visitor.caller.account_id), home_of(db)
        zone = ZoneInfo(home.zone)
        today = db.now().astimezone(zone).date()
    who = {
        "name": account.name,
        "post": account.post or "",
        "login": account.login,
        "college": home.short_name,
        "lasts_to": show_moment(visitor.row.last_to.astimezone(zone)),
    }
    order = sorted(grants, key=lambda g: (not holds(g, today), g.valid_from), reverse=False)
    return show(
        request,
        "me.html",
        title="Кто я и что мне можно",
        visitor=visitor,
        who=who,
        grants=[_grant(g, today) for g in order],
        parts=[*_parts(visitor)],
    )


def _grant(grant: Granted, today: dt.date) -> dict[str, str]:
    state, tone = "действует", "ok"
    if grant.valid_from > today:
        state, tone = "ещё не началась", "warn"
    elif not holds(grant, today):
        state, tone = "закончилась", ""
    term = f"с {show_day(grant.valid_from)}"
    if grant.valid_to is not None:
        term += f" до {show_day(grant.valid_to)}"
    return {
        "role": grant.role,
        "act": f"приказ {grant.act}",
        "term": term if grant.valid_to is not None else f"{term}, без срока",
        "scope": grant.scope.label,
        "state": state,
        "tone": tone,
    }


def _parts(visitor: Visitor) -> Iterator[dict[str, object]]:
    caller = visitor.caller
    own: Permissions = caller.own.permissions - caller.permissions
    for title, held in (
        ("", caller.permissions),
        ("Только в записях, которые завёл сам", own),
        ("В записях всех организаций региона", caller.region),
    ):
        if lines := [*grouped(held)]:
            yield {"title": title, "lines": lines}


@get("/sessions", sync_to_thread=True, operation_id="page_sessions", summary="Мои сеансы")
def sessions_page(request: Req) -> Response[str]:
    """Sign-ins of this account that last, at desks and in browsers."""
    return _sessions(request, visitor_of(request))


def _sessions(
    request: Req,
    visitor: Visitor,
    said: str = "",
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response[str]:
    with _reading(request, visitor) as db:
        found = sessions(db, visitor.digest, account=visitor.caller.account_id).rows
        zone = ZoneInfo(home_of(db).zone)
    shown = [
        {
            "id": each.id,
            "where": each.computer or "Рабочее место",
            "this": each.this,
            "since": _moment(each.since, zone),
            "seen": _moment(each.seen, zone),
            "lasts_to": _moment(each.lasts_to, zone),
        }
        for each in sorted(found, key=lambda each: not each.this)
    ]
    return show(
        request,
        "sessions.html",
        title="Мои сеансы",
        visitor=visitor,
        sessions=shown,
        said=said,
        faults=faults,
        status=status,
    )


def _moment(text: str, zone: ZoneInfo) -> str:
    return show_moment(dt.datetime.fromisoformat(text).astimezone(zone)) if text else ""


@post(
    "/sessions/end",
    sync_to_thread=True,
    status_code=200,
    operation_id="page_end_session",
    summary="Закончить свой сеанс",
)
def end_own(request: Req, body: RawBody) -> Response[str]:
    """A form with the `id` of one of one's own; another's is not there."""
    form = form_of(request, body)
    visitor, state = visitor_of(request), request.app.state
    caller = visitor.caller
    with CollegeSession(state.engine, caller.college_id, now=state.now, author=caller.author) as db:
        try:
            end_session(db, form.get("id", ""), account=caller.account_id)
        except NotFound as fault:
            found = [Fault("", fault.message)]
            return _sessions(request, visitor, faults=found, status=fault.status)
    return _sessions(request, visitor, ENDED)


@get("/password", sync_to_thread=True, operation_id="page_password", summary="Сменить пароль")
def password_page(request: Req) -> Response[str]:
    return _password(request, visitor_of(request))


def _password(
    request: Req,
    visitor: Visitor,
    said: str = "",
    faults: list[Fault] | None = None,
    status: int = 200,
    secret: str = "",
) -> Response[str]:
    with _reading(request, visitor) as db:
        login = db.execute(ACCOUNT, {"account": visitor.caller.account_id}).one().login
    return show(
        request,
        "password.html",
        title="Сменить пароль",
        visitor=visitor,
        login=login,
        said=said,
        faults=faults,
        status=status,
        secret=secret,
    )


@post(
    "/password",
    status_code=200,
    operation_id="page_change_password",
    summary="Сменить свой пароль в браузере",
)
async def change(request: Req, body: RawBody) -> Response[str]:
    """A form: `old`, `new`, `again`. Every other session of his ends; this browser goes on under a new secret."""
    form = form_of(request, body)

    def run() -> Response[str]:
        visitor, state = visitor_of(request), request.app.state
        try:
            refuse_slip(form)
            asked = NewPassword(old=form.get("old", ""), new=form["new"])
            secret = change_own_password(state.engine, visitor, asked, now=state.now)
        except (Invalid, TooMany) as fault:
            found = faults_of(fault, FIELDS)
            return _password(request, visitor, faults=found, status=fault.status)
        return _password(request, visitor, CHANGED, secret=secret)

    return await line_of(request).run(run)


PAGES = (me, sessions_page, end_own, password_page, change)
