"""The routes of accounts: one-time codes for others, one's own password."""

from __future__ import annotations

from litestar import post
from litestar.params import RawBody

from common.kit.issuing import Issued, IssueRequest, NewPassword
from server.administration.issuing import issue
from server.kit.callers import Req, caller_of, secret_of
from server.kit.entering import change_password
from server.kit.noting import refusals_noted
from server.kit.packing import unpack_json


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
    sync_to_thread=True,
    operation_id="change_password",
    summary="Сменить свой пароль",
)
def change_own_password(request: Req, body: RawBody) -> dict[str, str]:
    """JSON NewPassword; the caller's other computers must sign in again, unless he keeps them."""
    state, caller = request.app.state, caller_of(request)
    told = unpack_json(NewPassword, body)
    change_password(state.engine, caller, secret_of(request), told, now=state.now)
    return {"status": "changed"}
