"""Who sent a request, from its headers, and where he stands in line."""

from __future__ import annotations

import contextvars
from typing import Any

from litestar import Request
from litestar.datastructures import State

from common.kit.errors import NotSignedIn
from server.kit import auth
from server.kit.auth import Caller
from server.kit.browsers import FIRST, Visitor, identify_browser
from server.kit.password_line import PasswordLine

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

Req = Request[Any, Any, State]


def secret_of(request: Req) -> str:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        raise NotSignedIn(FIRST)
    return secret


COOKIE = "__Host-epo"
"""Of a browser's session."""


def cookie_of(request: Req) -> str:
    """Said by the browser, be it a session's or not; NotSignedIn where there is none."""
    secret = request.cookies.get(COOKIE, "")
    if not secret:
        raise NotSignedIn(FIRST)
    return secret


FRESH = "fresh"


def visitor_of(request: Req) -> Visitor:
    """A secret that has changed by that is told to the browser with whatever is answered (server.web.cookies)."""
    state = request.app.state
    visitor = identify_browser(
        state.engine,
        cookie_of(request),
        now=state.now,
        request_id=request_id.get(),
        demand_second=state.second_factor,
    )
    if visitor.fresh:
        request.scope["state"][FRESH] = visitor.fresh
    return visitor


def fresh_of(scope: Any) -> str:
    """The secret under which this request's session goes on; empty where it is the one that the browser said."""
    return str(scope["state"].get(FRESH, ""))


def caller_of(request: Req, *, renews: bool = True) -> Caller:
    state = request.app.state
    return auth.identify(
        state.engine,
        secret_of(request),
        now=state.now,
        request_id=request_id.get(),
        renews=renews,
    )


def line_of(request: Req) -> PasswordLine:
    line: PasswordLine = request.app.state.password_line
    return line
