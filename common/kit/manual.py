"""The manual: pages of Markdown in resources/manual, cut at their headings, with a place for each and a search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from common.kit import resources
from common.kit.keys import search_key, words

FOLDER = "manual"
CONTENTS = "index"
"""The page that lists the others; their order is its order."""

_NOT_IN_PLACE = re.compile(r"[^\w\- ]")
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Section:
    page: str
    place: str
    """What a link names after «#»; empty for the top of a page."""
    title: str
    level: int
    text: str
    """Without the markup."""

    @property
    def link(self) -> str:
        return f"{self.page}#{self.place}" if self.place else self.page


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    title: str
    source: str
    sections: tuple[Section, ...]
    """The page's own heading first."""

    def links(self) -> Iterator[str]:
        """Where its links and pictures lead, as they are written."""
        for token in _inside(_PARSER.parse(self.source)):
            if target := token.attrs.get("href") or token.attrs.get("src"):
                yield unquote(str(target))


def place_of(title: str) -> str:
    """As sites that show Markdown name the place of a heading: «Что делать, когда…» → «что-делать-когда»."""
    return _NOT_IN_PLACE.sub("", title.strip().lower()).replace(" ", "-")


def read(name: str, source: str) -> Page:
    """A page; ValueError where it does not begin with its heading."""
    cut: list[tuple[str, int, list[str]]] = []
    tokens = _PARSER.parse(source)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type != "inline":
            continue
        if before is not None and before.type == "heading_open":
            cut.append((_spoken(token), int(before.tag[1]), []))
        elif cut:
            cut[-1][2].append(_spoken(token))
    if not cut or cut[0][1] != 1:
        raise ValueError(f"page {name} begins without a heading")
    sections = tuple(
        Section(name, place_of(title) if level > 1 else "", title, level, " ".join(lines))
        for title, level, lines in cut
    )
    return Page(name, sections[0].title, source, sections)


def _inside(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inside(token.children or [])


def _spoken(token: Token) -> str:
    """What is read of a paragraph, without its markup."""
    breaks = {"softbreak", "hardbreak"}
    return "".join(" " if t.type in breaks else t.content for t in token.children or ())


def to_html(page: Page, link: Callable[[str], str] = str) -> str:
    """The page as HTML, a named place before each heading; `link` says what becomes of each address in it."""
    tokens = _PARSER.parse(page.source)
    for token in _inside(tokens):
        for name in ("href", "src"):
            if name in token.attrs:
                token.attrs[name] = link(unquote(str(token.attrs[name])))
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            before.attrs["id"] = place_of(_spoken(token))
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


@cache
def pages() -> tuple[Page, ...]:
    """The contents, then the pages that they list, in their order."""
    contents = _load(CONTENTS)
    named = dict.fromkeys(link.partition("#")[0].removesuffix(".md") for link in contents.links())
    return (contents, *(_load(name) for name in named))


def _load(name: str) -> Page:
    return read(name, resources.path(FOLDER, f"{name}.md").read_text(encoding="utf-8"))


def page(name: str) -> Page | None:
    return next((each for each in pages() if each.name == name), None)


def section(link: str) -> Section | None:
    """That a link «page», «page#place» or «page.md#place» leads to."""
    name, _, place = link.partition("#")
    found = page(name.removesuffix(".md"))
    return next((s for s in found.sections if s.place == place), None) if found else None


def search(query: str, *, limit: int = 30) -> list[Section]:
    """Sections that hold every word, in either layout and with any ending; those with the words in a title first."""
    asked = [[re.compile(rf"(?<!\w){re.escape(stem(k))}") for k in keys] for keys in words(query)]
    if not asked:
        return []
    found = []
    for order, each in enumerate(s for page in pages()[1:] for s in page.sections):
        title = search_key(each.title)
        whole = f"{title} {search_key(each.text)}"
        if all(any(k.search(whole) for k in keys) for keys in asked):
            hits = sum(any(k.search(title) for k in keys) for keys in asked)
            found.append((-hits, order, each))
    return [each for _, _, each in sorted(found, key=lambda one: one[:2])[:limit]]


ENDING, LEAST = 2, 4
"""Letters of an ending that may differ, and those that must be left: «печать» finds «печати»."""


def stem(key: str) -> str:
    return key[: max(LEAST, len(key) - ENDING)]
