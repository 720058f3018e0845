"""The manual in a browser: the same pages as at the desk, with the same search."""

from __future__ import annotations

import functools
from pathlib import PurePosixPath

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from common.kit import manual, resources
from common.kit.errors import NotFound
from server.kit.callers import Req, visitor_of
from server.web.page import show

PICTURES = "../pictures/"
LONGEST = 100
NO_PAGE = "Такой страницы в руководстве нет: откройте содержание"


@get("/manual", sync_to_thread=True, operation_id="page_manual", summary="Руководство")
def contents(request: Req, q: FromQuery[str] = "") -> Response[str]:
    """The contents, or the sections that hold the words of `q`."""
    asked = q[:LONGEST].strip()
    titles = {page.name: page.title for page in manual.pages()}
    hits = [
        {
            "title": hit.title,
            "page": titles[hit.page] if hit.place else "",
            "address": address(hit.link),
        }
        for hit in (manual.search(asked) if asked else ())
    ]
    return _shown(request, "" if asked else manual.CONTENTS, q=asked, hits=hits)


@get(
    "/manual/{name:str}",
    sync_to_thread=True,
    operation_id="page_manual_page",
    summary="Страница руководства",
)
def page(request: Req, name: FromPath[str]) -> Response[str]:
    return _shown(request, name, q="", hits=[])


@get(
    "/manual/pictures/{name:str}",
    sync_to_thread=True,
    operation_id="page_manual_picture",
    summary="Картинка руководства",
)
def picture(request: Req, name: FromPath[str]) -> Response[bytes]:
    """One that a page of the manual shows, and nothing else of the folder."""
    visitor_of(request)
    if name not in _pictures():
        raise NotFound("Такой картинки в руководстве нет")
    return Response(resources.path("pictures", name).read_bytes(), media_type="image/png")


def _shown(request: Req, name: str, *, q: str, hits: list[dict[str, str]]) -> Response[str]:
    visitor = visitor_of(request)
    page = manual.page(name) if name else None
    if name and page is None:
        raise NotFound(NO_PAGE)
    return show(
        request,
        "manual.html",
        title=page.title if page else "Поиск по руководству",
        visitor=visitor,
        name="" if name == manual.CONTENTS else name,
        text=_html(name) if name else "",
        q=q,
        hits=hits,
    )


@functools.cache
def _html(name: str) -> Markup:
    """Of a page of the program itself, made by a parser that passes no markup on."""
    page = manual.page(name)
    assert page is not None  # noqa: S101  asked only of those that there are
    text = manual.to_html(page, address)
    around = '<div class="wide" role="group" aria-label="Таблица" tabindex="0"><table>'
    text = text.replace("<table>", around).replace("</table>", "</table></div>")
    return Markup(text)  # noqa: S704  the program's own words


def address(link: str) -> str:
    """Where a link of a page leads in a browser."""
    if link.startswith(PICTURES):
        return f"/manual/pictures/{link.removeprefix(PICTURES)}"
    name, sign, place = link.partition("#")
    if not name or "://" in name:
        return link
    return f"/manual/{name.removesuffix('.md')}{sign}{place}"


@functools.cache
def _pictures() -> frozenset[str]:
    links = (link for page in manual.pages() for link in page.links())
    return frozenset(PurePosixPath(link).name for link in links if link.startswith(PICTURES))
