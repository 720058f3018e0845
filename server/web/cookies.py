"""What a browser keeps of us, and what its forms must say so that no other site sends them."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar.datastructures import Cookie

from common.kit.errors import Invalid, NotAllowed
from server.kit.browsers import Browser
from server.kit.callers import COOKIE, Req, fresh_of

BROWSER = "__Host-epo-browser"
REMEMBERED = 180 * 24 * 3600
"""Seconds for which a browser is known by those who came in by it."""
MOST_FIELDS = 40
FORM = "csrf"
STALE = (
    "Страница устарела или открыта не с этого сервера. Вернитесь, откройте её заново и повторите; "
    "если не помогает, разрешите браузеру cookie и проверьте, что адрес начинается с https://"
)
OWN_PLACE = re.compile(r"/(?!/)[\w/%.-]{0,200}", re.ASCII)
"""Percents for all else: a header holds no letter of ours."""
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
PROGRAMS = {
    "YaBrowser/": "Яндекс Браузер",
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""The first that is named: each also calls itself by the names of those below it."""


def words_of(agent: str) -> str:
    """«Firefox, Windows»."""
    program = next((said for sign, said in PROGRAMS.items() if sign in agent), "Браузер")
    system = next((name for name in SYSTEMS if name in agent), "")
    return f"{program}, {system}" if system else program


def browser_of(request: Req) -> Browser:
    words = words_of(request.headers.get("user-agent", ""))
    return Browser.read(request.cookies.get(BROWSER, ""), words)


def kept(name: str, value: str, *, seconds: int | None = None) -> Cookie:
    """Never read by a script, never sent without TLS, never by another site's form."""
    return Cookie(
        name, value=value, path="/", max_age=seconds, secure=True, httponly=True, samesite="lax"
    )


def forgotten() -> Cookie:
    return kept(COOKIE, "", seconds=0)


def tells_fresh(app: Any) -> Any:
    """A page's answer, its fault's too, says a changed secret: the former one has ended. What itself says another is heard."""

    async def run(scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            if message["type"] == "http.response.start" and (fresh := fresh_of(scope)):
                headers = [*message["headers"]]
                if not any(_is_secret(*header) for header in headers):
                    message["headers"] = [*headers, kept(COOKIE, fresh).to_encoded_header()]
            await send(message)

        await app(scope, receive, told)

    return run


def _is_secret(name: bytes, value: bytes) -> bool:
    return name.lower() == b"set-cookie" and value.startswith(f"{COOKIE}=".encode())


def stranger() -> str:
    """What the browser of nobody keeps so that its form of the way in is its own; it opens nothing."""
    return secrets.token_urlsafe(32)


def csrf_of(secret: str) -> str:
    """What every form of this browser says; the secret does not follow from it."""
    return hmac.digest(secret.encode(), b"form", hashlib.sha256).hex()


def form_of(request: Req, body: bytes) -> dict[str, str]:
    """The fields that were sent, each once; NotAllowed where another site or an old page sends them, Invalid where it is no form."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Invalid("Форма заполнена не в браузере: откройте страницу и повторите") from None
    form = dict(pairs)
    secret = request.cookies.get(COOKIE, "")
    right = hmac.compare_digest(form.pop(FORM, "").encode(), csrf_of(secret).encode())
    if not (secret and right and _is_own(request)):
        raise NotAllowed(STALE)
    return form


def _is_own(request: Req) -> bool:
    """Does the browser, where it says so, send this from a page of this server?"""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    except ValueError:
        return False


def own_place(text: str) -> str:
    """A page of this server to go on to; the first one where it is none."""
    return text if OWN_PLACE.fullmatch(text) else "/"
