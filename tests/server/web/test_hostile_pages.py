"""Whatever a browser sends to whatever page, it is answered by a page and never with a fault, and no template lets markup through."""

from __future__ import annotations

import random
import re
from typing import Any
from urllib.parse import quote

import msgspec

from server.kit.web import openapi_bytes
from server.web.cookies import csrf_of
from tests.architecture.sources import ROOT
from tests.hostile import VALUES
from tests.server.web.conftest import Web

PAGES = {
    (method.upper(), path): operation.get("parameters", [])
    for path, methods in msgspec.json.decode(openapi_bytes())["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"].startswith("page_") and path != "/sign-out"
}
FIELDS = ("login", "password", "next", "step", "second", "new", "again", "old", "id")
STEPS = ("", "second", "enrol", "new_password", "x")


def text(chance: random.Random) -> str:
    said = str(chance.choice(VALUES)).encode("utf-8", "replace").decode()
    return said[:2000]


def test_no_form_and_no_address_makes_a_page_fail(web: Web) -> None:
    chance = random.Random(5)  # noqa: S311  the same each time
    assert len(PAGES) == 11
    web.enter()
    for (method, path), asked in PAGES.items():
        for _ in range(8):
            at = path.replace("{name}", quote(text(chance)[:300], safe="") or "x")
            params = {p["name"]: text(chance) for p in asked if p["in"] == "query"}
            fields: Any = {name: text(chance) for name in chance.sample(FIELDS, 4)}
            fields |= {"step": chance.choice(STEPS), "csrf": csrf_of(web.secret)}
            more = {"data": fields} if method == "POST" else {}
            answer = web._ask(method, at, params=params, **more)
            assert answer.status_code < 500, (path, params, fields)
            assert "Traceback" not in answer.text
            if web.get("/").status_code == 401:
                web.enter()


def test_no_template_passes_markup_on_or_holds_a_script_or_a_style() -> None:
    templates = [*(ROOT / "server").glob("*/templates/*.html")]
    assert len(templates) > 8
    for template in templates:
        written = template.read_text(encoding="utf-8")
        assert not re.search(
            r"\|\s*safe|autoescape|<script|<style|\sstyle=|\son[a-z]+=", written
        ), template.name
