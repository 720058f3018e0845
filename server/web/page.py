"""Pages: made from templates that escape everything, guarded by their headers, readable without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.datastructures import Cookie

from common.kit.errors import EpoError, Problem
from server.kit.browsers import Visitor
from server.kit.callers import COOKIE, Req, fresh_of
from server.kit.web import problem_of, waiting
from server.web import style
from server.web.cookies import csrf_of, kept, stranger

HTML = "text/html"
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TEMPLATES = Environment(
    loader=FileSystemLoader(sorted(Path(__file__).parents[1].glob("*/templates"))),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""Those of every room, which lie beside its pages."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a form."""

    field: str
    """Empty where it is the whole form's."""
    text: str


def faults_of(fault: EpoError, named: Mapping[str, str]) -> list[Fault]:
    """What an error says of a form; `named`: the form's fields by the error's."""
    fields = [named[name] for name in fault.fields if name in named]
    return [Fault(fields[0] if fields else "", fault.message)]


def show(
    request: Req,
    template: str,
    *,
    title: str,
    visitor: Visitor | None = None,
    faults: list[Fault] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    secret: str = "",
    cookies: tuple[Cookie, ...] = (),
    **facts: Any,
) -> Response[str]:
    """The page; whoever is a stranger gets a secret for the form of the way in.

    `secret`: what the browser keeps from this answer on, where the answer itself changes that.
    """
    had = fresh_of(request.scope) or request.cookies.get(COOKIE, "")
    secret = secret or ("" if had else stranger())
    given = [*cookies, kept(COOKIE, secret)] if secret else [*cookies]
    known = {
        "title": title,
        "visitor": visitor,
        "faults": faults or [],
        "csrf": csrf_of(secret or had),
        "sheet": style.address("style.css"),
        "place": request.scope.get("path_template", ""),
    }
    text = _TEMPLATES.get_template(template).render(known | facts)
    return Response(
        text,
        media_type=HTML,
        status_code=status,
        headers={"Content-Security-Policy": POLICY, **(headers or {})},
        cookies=given,
    )


def go(place: str, *cookies: Cookie) -> Response[str]:
    """To another page, by GET whatever was asked."""
    return Response(
        "", media_type=HTML, status_code=303, headers={"Location": place}, cookies=[*cookies]
    )


def show_fault(request: Req, fault: Exception) -> Response[str]:
    """What the program's interface would be told, in words on a page."""
    return show_problem(request, problem_of(fault))


def show_problem(request: Req, problem: Problem) -> Response[str]:
    number = problem.request_id if problem.status >= 500 else ""
    return show(
        request,
        "fault.html",
        title="Не получилось",
        said=problem.title,
        number=number,
        status=problem.status,
        headers=waiting(problem),
    )
