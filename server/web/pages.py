"""All pages of a browser, and what is shown in place of one that fails."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response, Router
from litestar.exceptions import HTTPException

from common.kit.errors import NotSignedIn
from server.kit.browsers import FIRST
from server.kit.callers import Req
from server.web import entry, manual, style
from server.web.cookies import tells_fresh
from server.web.page import show_fault


def _fault(request: Req, fault: Exception) -> Response[str]:
    """Whoever must sign in is shown how, and goes on from there to what he asked for."""
    if not isinstance(fault, NotSignedIn):
        return show_fault(request, fault)
    wanted = quote(request.url.path) if request.method == "GET" else "/"
    said = "" if fault.message == FIRST else fault.message
    return entry.sign_in_page(request, next=wanted, said=said, status=fault.status)


SHARED = (
    entry.page,
    entry.enter,
    entry.leave,
    manual.contents,
    manual.page,
    manual.picture,
    style.static,
)


def pages(*of_rooms: Any) -> Router:
    """The way in, the manual and what the rooms show."""
    return Router(
        path="/",
        route_handlers=[*SHARED, *of_rooms],
        middleware=[tells_fresh],
        exception_handlers={HTTPException: _fault, Exception: _fault},
    )
