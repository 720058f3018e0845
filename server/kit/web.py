"""The thin API: authentication, problems in Russian with a request id, and the routes of sync."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Litestar, Response, get, post
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException, InternalServerException
from litestar.openapi.config import OpenAPIConfig
from litestar.params import RawBody
from sqlalchemy.exc import DataError, OperationalError

from common.kit.errors import EpoError, Invalid, Problem, Unavailable
from common.kit.ids import new_id
from common.kit.ready import ready_messages
from common.kit.sync import (
    OfferRequest,
    PullRequest,
    SealRequest,
    SignedIn,
    SignIn,
    YearRequest,
)
from server.kit import auth, entering, judge, proved
from server.kit.callers import Req, caller_of, cookie_of, line_of, request_id, secret_of
from server.kit.events import address
from server.kit.noting import refusals_noted
from server.kit.offer import offer
from server.kit.packing import MEDIA, pack, unpack, unpack_json, unpack_push
from server.kit.password_line import PasswordLine
from server.kit.policy import ROUTES, RULED
from server.kit.pulling import answer_pull, read_year
from server.kit.push import push
from server.kit.seal import seal
from server.kit.session import Clock
from server.kit.web_access import end_session_route, sessions_route, visits_route
from server.kit.web_files import fetch_file, send_file

log = logging.getLogger("epo.request")
MAX_BODY = 2_000_000
FOR_ANYBODY = {(r.method, r.path) for r in ROUTES if r.who == "anybody"}
OF_BROWSERS = {(r.method, r.path) for r in ROUTES if r.who == "browser"}
UNFIT = "В запросе есть значение, которое нельзя записать: уберите лишние знаки и повторите"


@get("/health/live", sync_to_thread=False, operation_id="live", summary="Сервер запущен")
def live() -> dict[str, str]:
    return {"status": "live"}


@get("/health/ready", sync_to_thread=True, operation_id="ready", summary="Сервер готов")
def ready(request: Req) -> Response[dict[str, str]]:
    """For probes without a token: ready or not, and no word of why; is a proved copy at most a day old?"""
    state = request.app.state
    try:
        copy = proved.state(state.engine, state.now())
    except (OperationalError, sa.exc.TimeoutError):
        return Response({"status": "not_ready"}, status_code=503)
    return Response({"status": "ready", "backup": copy})


@post("/api/sign-in", status_code=200, operation_id="sign_in", summary="Вход")
async def sign_in(request: Req, body: RawBody) -> SignedIn:
    """JSON SignIn → SignedIn."""
    state = request.app.state
    enter = functools.partial(
        entering.sign_in,
        state.engine,
        unpack_json(SignIn, body),
        now=state.now,
        network=request.client.host if request.client else "",
        demand_second=state.second_factor,
    )
    return await line_of(request).run(enter)


@post(
    "/api/sign-out", sync_to_thread=True, status_code=200, operation_id="sign_out", summary="Выход"
)
def sign_out(request: Req) -> dict[str, str]:
    caller_of(request)
    auth.sign_out(request.app.state.engine, secret_of(request), now=request.app.state.now)
    return {"status": "signed_out"}


class Me(msgspec.Struct):
    account: str
    college: str
    permissions: list[str]


@get("/api/me", sync_to_thread=True, operation_id="me", summary="Кто я и что мне можно")
def me(request: Req) -> Me:
    """Asked also by a locked desk, at which nobody works: the sign-in lasts no longer for it."""
    caller = caller_of(request, renews=False)
    return Me(
        caller.account_id.hex,
        caller.college_id.hex,
        sorted(map(str, caller.permissions | caller.own.permissions)),
    )


def _packed(message: object) -> Response[bytes]:
    return Response(pack(message), media_type=MEDIA)


@post(
    "/api/sync/pull",
    status_code=200,
    sync_to_thread=True,
    operation_id="pull",
    summary="Получить изменения",
)
def pull_route(request: Req, body: RawBody) -> Response[bytes]:
    """msgpack, deflated: PullRequest → PullAnswer."""
    caller = caller_of(request)
    state = request.app.state
    request_ = unpack(PullRequest, body)
    return _packed(answer_pull(state.engine, caller, request_, now=state.now))


@post(
    "/api/sync/year",
    status_code=200,
    sync_to_thread=True,
    operation_id="read_year",
    summary="Прочитать прежний год",
)
def year_route(request: Req, body: RawBody) -> Response[bytes]:
    """msgpack, deflated: YearRequest → PullAnswer."""
    caller = caller_of(request)
    state = request.app.state
    return _packed(read_year(state.engine, caller, unpack(YearRequest, body), now=state.now))


@post(
    "/api/sync/push",
    status_code=200,
    sync_to_thread=True,
    operation_id="push",
    summary="Передать операции",
)
def push_route(request: Req, body: RawBody) -> Response[bytes]:
    """msgpack, deflated: PushRequest → PushAnswer."""
    caller = caller_of(request)
    state = request.app.state
    with refusals_noted(state.engine, caller, now=state.now):
        return _packed(push(state.engine, caller, unpack_push(body), now=state.now))


@post(
    "/api/sync/offer",
    status_code=200,
    sync_to_thread=True,
    operation_id="offer",
    summary="Сверить операции под новым номером устройства",
)
def offer_route(request: Req, body: RawBody) -> Response[bytes]:
    """msgpack, deflated: OfferRequest → OfferAnswer."""
    caller = caller_of(request)
    state = request.app.state
    with refusals_noted(state.engine, caller, now=state.now):
        return _packed(offer(state.engine, caller, unpack(OfferRequest, body), now=state.now))


@post(
    "/api/sync/seal",
    status_code=200,
    sync_to_thread=True,
    operation_id="seal",
    summary="Запечатать то, чего автору больше не видеть",
)
def seal_route(request: Req, body: RawBody) -> Response[bytes]:
    """msgpack, deflated: SealRequest → SealAnswer; open to the key of a desk whose account has ended."""
    state = request.app.state
    caller = auth.identify_to_seal(
        state.engine, secret_of(request), now=state.now, request_id=request_id.get()
    )
    return _packed(seal(state.engine, caller, unpack(SealRequest, body), now=state.now))


@get("/api/openapi.json", sync_to_thread=True, operation_id="openapi", summary="Описание API")
def openapi(request: Req) -> Response[bytes]:
    caller_of(request)
    return Response(openapi_bytes(), media_type="application/json")


@functools.cache
def openapi_bytes() -> bytes:
    """The description of every operation, as it is checked into the repository.

    Made by an application of its own: the served one has none of Litestar's pages, which anybody could open.
    """
    app = Litestar(
        route_handlers=HANDLERS, openapi_config=OpenAPIConfig(title="АИС ЭПО", version="1")
    )
    return msgspec.json.format(
        msgspec.json.encode(app.openapi_schema.to_schema(), order="sorted"), indent=1
    )


SAID = {
    400: "Запрос составлен неверно",
    401: "Сначала войдите",
    403: "Нет права",
    404: "Такой страницы нет",
    405: "Так к этому адресу не обращаются",
    413: "Посылка больше допустимого размера",
    422: "Запрос составлен неверно",
    499: "Связь оборвалась раньше, чем пришёл весь запрос",
}
CUT = "client disconnected prematurely"
"""Litestar's words for a request that did not arrive whole: nobody hears the answer, and no fault of ours is logged."""
UNHOLDABLE = (DataError, OverflowError)
"""What no column can hold: a NUL in a text, a number beyond 64 bits, a name longer than any of ours."""


def problem_of(fault: Exception) -> Problem:
    """What is told of a fault; what is nobody's but ours is logged under the number of the request."""
    id = request_id.get()
    match fault:
        case EpoError():
            return fault.problem(id)
        case InternalServerException() if fault.detail == CUT:
            return Problem("Cut", SAID[499], 499, id)
        case HTTPException():
            status = 422 if fault.status_code == 400 else fault.status_code
            return Problem("HTTP", SAID.get(status, "Запрос не выполнен"), status, id)
        case OperationalError():
            log.warning("database is unavailable", extra={"request_id": id})
            said = "База данных недоступна; повторите позже"
            return Unavailable(said, retry_after=3).problem(id)
        case _ if isinstance(fault, UNHOLDABLE):
            log.info("a value does not fit", extra={"request_id": id})
            return Invalid(UNFIT).problem(id)
    log.error("unexpected fault", exc_info=fault, extra={"request_id": id})
    return Problem("Fault", "Сбой на сервере; администратор видит его под этим номером", 500, id)


FACES: list[Callable[[Req, Problem], Response[str]]] = []
"""Shows a problem as a page, to whoever asks with a browser for what is no operation of the API (server.web)."""


def _told(request: Req, fault: Exception) -> Response[bytes] | Response[str]:
    problem = problem_of(fault)
    if FACES and "text/html" in request.headers.get("accept", "") and _is_page(request):
        return FACES[0](request, problem)
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=waiting(problem),
    )


def _is_page(request: Req) -> bool:
    return not request.url.path.startswith(("/api/", "/health/"))


def waiting(problem: Problem) -> dict[str, str]:
    """The header that says when to come again, where that helps."""
    return {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}


GUARDED = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)
"""Of every answer that says nothing else of these: a desk on a bad line pays for each byte of them."""
PAGED = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"strict-transport-security", b"max-age=31536000"),
)
"""Of every page besides (TRUST A-13); what it may load, it says itself."""


class Stamp:
    """Gives every request its id and one log line, without its body, query or names."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id.set(new_id().hex)
        address.set(str((scope.get("client") or ("",))[0]))
        start, status = time.perf_counter(), 0

        async def told(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = dict(message["headers"])
                page = said.get(b"content-type", b"").startswith(b"text/html")
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.get().encode()),
                    *((name, value) for name, value in GUARDED + PAGED * page if name not in said),
                ]
            await send(message)

        await self.app(scope, receive, told)
        ms = round((time.perf_counter() - start) * 1000)
        facts = {"request_id": request_id.get(), "method": scope["method"], "status": status}
        log.info("request", extra={**facts, "path": _route(scope), "ms": ms})


def _route(scope: Any) -> str:
    """The route, not the address: an address may hold what a person typed."""
    return str(scope.get("path_template") or "")


HANDLERS: list[Any] = [
    live,
    ready,
    sign_in,
    sign_out,
    me,
    pull_route,
    year_route,
    push_route,
    offer_route,
    seal_route,
    send_file,
    fetch_file,
    visits_route,
    sessions_route,
    end_session_route,
    openapi,
]
"""Rooms add their own, as they add commands (server.app)."""


def make_app(
    engine: sa.Engine,
    *,
    now: Clock,
    close: Callable[[], None] | None = None,
    second_factor: bool = True,
) -> Any:
    """The ASGI application; stateless but for its engine and its clock.

    `second_factor`: whoever gives others access needs one (TRUST B-25); off for learning and tests only.
    """

    def configure(config: AppConfig) -> AppConfig:
        facts = {"engine": engine, "now": now, "second_factor": second_factor}
        config.state = State(facts | {"password_line": PasswordLine()})
        return config

    app = Litestar(
        route_handlers=HANDLERS,
        on_app_init=[configure],
        guards=[refuse_guests],
        on_shutdown=[close] if close else [],
        exception_handlers={HTTPException: _told, Exception: _told},
        openapi_config=None,
        request_max_body_size=MAX_BODY,
        logging_config=None,
    )
    _refuse_unruled(app)
    ready_messages()
    return Stamp(app)


def refuse_guests(connection: Any, _handler: object) -> None:
    """Before anything of a request is read: NotSignedIn where nobody says who he is and the policy wants it."""
    place = (connection.scope["method"], connection.scope["path_template"])
    if place in OF_BROWSERS:
        cookie_of(connection)
    elif place not in FOR_ANYBODY:
        secret_of(connection)


def _refuse_unruled(app: Litestar) -> None:
    """An operation without a policy row does not start."""
    ruled = {(r.method, r.path) for r in ROUTES}
    for route in app.routes:
        for method in getattr(route, "methods", ()):
            path = route.path_format
            if method != "OPTIONS" and (method, path) not in ruled:
                raise RuntimeError(f"{method} {path} has no row in the policy")
    if unruled := sorted(judge.COMMANDS.keys() - RULED.keys()):
        raise RuntimeError(f"{', '.join(unruled)}: a command without a row in the policy")
