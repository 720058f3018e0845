"""The manual in a browser is the desk's: every page, every link, the same finds; and nothing beside it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, unquote

import pytest

from common.kit import manual
from server.web.manual import address
from tests.hostile import NAMES, TEXTS
from tests.server.web.conftest import Web

LINKS = re.compile(r'(?:href|src)="(/manual[^"]*)"')


def test_every_page_is_there_and_every_link_of_it_leads_to_its_place(web: Web) -> None:
    web.enter()
    pages = {page.name: web.get(address(page.name)).text for page in manual.pages()}
    links = {unquote(unescape(link)) for text in pages.values() for link in LINKS.findall(text)}
    assert len(links) > len(pages)
    for link in links:
        path, _, place = link.partition("#")
        answer = web.get(path)
        assert answer.status_code == 200, link
        assert not place or f'id="{place}"' in answer.text, link
    for page in manual.pages():
        assert page.title in unescape(pages[page.name])


@pytest.mark.parametrize("asked", ["пароль", "gfhjkm", "печать расписки"])
def test_the_search_finds_what_the_desks_does(web: Web, asked: str) -> None:
    web.enter()
    shown = unescape(web.get("/manual", params={"q": asked}).text)
    article = shown.partition('<div class="card"><ul class="plain">')[2]
    assert LINKS.findall(article) == [address(hit.link) for hit in manual.search(asked)]


def test_hostile_words_and_names_find_nothing_and_are_shown_as_words(web: Web) -> None:
    web.enter()
    for text in TEXTS.values():
        shown = web.get("/manual", params={"q": text[:5000]})
        assert shown.status_code == 200, text[:40]
        assert "<script" not in shown.text
        assert "<img" not in shown.text
    for name in {*NAMES.values(), "index.md", "../../pyproject"} - {"..", "."}:
        for path in ("/manual/", "/manual/pictures/", "/static/"):
            answer = web.get(path + quote(name[:200], safe=""))
            assert answer.status_code in (400, 404, 422), (path, name)
