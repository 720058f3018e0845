"""The routes of administrators: the journal of visits, who opened a card, the sign-ins that last."""

from __future__ import annotations

from litestar import get, post
from litestar.params import FromQuery, RawBody

from common.kit.errors import NotAllowed
from common.kit.visits import EndSession, SessionEnded, Sessions, Visits, VisitsAsked
from server.kit.auth import Caller, digest_of
from server.kit.callers import Req, caller_of, secret_of
from server.kit.database import reader
from server.kit.events import visits
from server.kit.noting import note_denied
from server.kit.packing import unpack_json
from server.kit.policy import opens_route
from server.kit.session import CollegeSession
from server.kit.sessions import end_session, sessions

NOT_YOURS = "Журнал посещений и сеансы видит администратор организации"


def allowed(request: Req, refusal: str = NOT_YOURS) -> Caller:
    """Who calls; NotAllowed where the route's permission, be it over the region, is not held, and the journal of visits has it."""
    caller, state = caller_of(request), request.app.state
    path = str(request.scope["path_template"])
    if opens_route(request.method, path, caller.permissions, caller.region):
        return caller
    note_denied(state.engine, caller, now=state.now)
    raise NotAllowed(refusal)


@get("/api/access/visits", sync_to_thread=True, operation_id="visits", summary="Журнал посещений")
def visits_route(
    request: Req,
    account: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    row: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Visits:
    """The newest first, at most 200; `row` asks who opened that record."""
    caller, state = allowed(request), request.app.state
    asked = VisitsAsked(
        account=account, kind=kind, row=row, since=since, until=until, before=before
    )
    with CollegeSession(reader(state.engine), caller.college_id, now=state.now) as db:
        return visits(db, asked)


@get("/api/access/sessions", sync_to_thread=True, operation_id="sessions", summary="Сеансы")
def sessions_route(request: Req) -> Sessions:
    """The sign-ins that last, the newest first."""
    caller, state = allowed(request), request.app.state
    with CollegeSession(reader(state.engine), caller.college_id, now=state.now) as db:
        return sessions(db, digest_of(secret_of(request)))


@post(
    "/api/access/sessions/end",
    sync_to_thread=True,
    status_code=200,
    operation_id="end_session",
    summary="Закончить сеанс",
)
def end_session_route(request: Req, body: RawBody) -> SessionEnded:
    """JSON EndSession: the desk is signed out from its next request on."""
    caller, state = allowed(request), request.app.state
    asked = unpack_json(EndSession, body)
    with CollegeSession(state.engine, caller.college_id, now=state.now, author=caller.author) as db:
        end_session(db, asked.id)
    return SessionEnded()
