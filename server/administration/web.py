"""The routes of accounts and of what only an administrator decides: codes, asked operations, numbers, sealed work."""

from __future__ import annotations

from litestar import get, post
from litestar.params import FromQuery, RawBody

from common.kit.deciding import (
    Asked,
    CloseSeries,
    DecideAsked,
    Decided,
    Leases,
    Sealed,
    SeriesClosed,
)
from common.kit.issuing import Issued, IssueRequest, NewPassword, PasswordChanged
from server.administration.asked import asked_in, decide_asked
from server.administration.issuing import issue
from server.administration.lines import close_series, leases_in
from server.kit.callers import Req, caller_of, line_of
from server.kit.commit import commit
from server.kit.database import reader
from server.kit.entering import change_password
from server.kit.noting import refusals_noted
from server.kit.packing import unpack_json
from server.kit.release import kept
from server.kit.session import CollegeSession
from server.kit.web_access import allowed

MOST_SEALED = 1000
"""Of one answer; the rest is told by its number."""
NOT_YOURS = "Просьбы, номера и запечатанное видит администратор организации"


@post(
    "/api/credentials",
    status_code=200,
    sync_to_thread=True,
    operation_id="issue_credentials",
    summary="Выдать коды входа",
)
def issue_credentials(request: Req, body: RawBody) -> Issued:
    """JSON IssueRequest → Issued, once: nobody can ask for the same codes again."""
    state, caller = request.app.state, caller_of(request)
    with refusals_noted(state.engine, caller, now=state.now):
        return issue(state.engine, caller, unpack_json(IssueRequest, body), now=state.now)


@post(
    "/api/password",
    status_code=200,
    operation_id="change_password",
    summary="Сменить свой пароль",
)
async def change_own_password(request: Req, body: RawBody) -> PasswordChanged:
    """JSON NewPassword → PasswordChanged; the caller's other computers must sign in again."""

    def change() -> PasswordChanged:
        state, caller = request.app.state, caller_of(request)
        return change_password(state.engine, caller, unpack_json(NewPassword, body), now=state.now)

    return await line_of(request).run(change)


@get(
    "/api/asked",
    sync_to_thread=True,
    operation_id="asked",
    summary="Что повторить после восстановления",
)
def asked_route(request: Req, every: FromQuery[int] = 0) -> Asked:
    """What waits for a word, oldest first; `every=1`: what is decided too."""
    caller, state = allowed(request, NOT_YOURS), request.app.state
    with CollegeSession(reader(state.engine), caller.college_id, now=state.now) as db:
        return Asked(asked_in(db, "", every=bool(every)))


@post(
    "/api/asked/decide",
    sync_to_thread=True,
    status_code=200,
    operation_id="decide_asked",
    summary="Разрешить повторить или не повторять",
)
def decide_asked_route(request: Req, body: RawBody) -> Decided:
    """JSON DecideAsked, once and for all; its author's desk hears at its next exchange."""
    caller, state = allowed(request, NOT_YOURS), request.app.state
    told = unpack_json(DecideAsked, body)
    with CollegeSession(state.engine, caller.college_id, now=state.now, author=caller.author) as db:
        decide_asked(db, told.id, allow=told.allow, word=told.word)
        commit(db, "asked.decide")
    return Decided()


@get("/api/numbers", sync_to_thread=True, operation_id="numbers", summary="Номера рабочих мест")
def numbers_route(request: Req) -> Leases:
    """Who holds which block, and what of it is used, free and cancelled."""
    caller, state = allowed(request, NOT_YOURS), request.app.state
    with CollegeSession(reader(state.engine), caller.college_id, now=state.now) as db:
        return Leases(leases_in(db, ""))


@post(
    "/api/numbers/close",
    sync_to_thread=True,
    status_code=200,
    operation_id="close_numbers",
    summary="Погасить номера рабочего места",
)
def close_numbers_route(request: Req, body: RawBody) -> SeriesClosed:
    """JSON CloseSeries: every free number of a computer that is gone becomes a cancelled line."""
    caller, state = allowed(request, NOT_YOURS), request.app.state
    told = unpack_json(CloseSeries, body)
    with CollegeSession(state.engine, caller.college_id, now=state.now, author=caller.author) as db:
        cancelled = close_series(db, told.series, told.word)
        commit(db, "numbers.close")
    return SeriesClosed(cancelled)


@get(
    "/api/sealed",
    sync_to_thread=True,
    operation_id="sealed",
    summary="Запечатанная работа тех, чей доступ прекращён",
)
def sealed_route(request: Req) -> Sealed:
    """What may be said of it unopened. Opening it takes the college's key, and so the server's command line."""
    caller, state = allowed(request, NOT_YOURS), request.app.state
    found = kept(reader(state.engine), caller, now=state.now)
    return Sealed(found[:MOST_SEALED], len(found))
