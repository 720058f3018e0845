"""The manual: every link leads somewhere, every heading has a place, a word finds its page in either layout."""

from __future__ import annotations

import pytest

from common.kit import manual, resources


def test_every_page_of_the_folder_is_in_the_contents() -> None:
    there = {path.stem for path in resources.path(manual.FOLDER).glob("*.md")}
    assert {page.name for page in manual.pages()} == there


@pytest.mark.parametrize("page", manual.pages(), ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_place_and_every_picture_is_there(
    page: manual.Page,
) -> None:
    dead = []
    for link in page.links():
        if link.endswith(".png"):
            found: object = resources.path(manual.FOLDER, link).is_file()
        else:
            found = manual.section(page.name + link if link.startswith("#") else link)
        if not found:
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", manual.pages(), ids=lambda page: page.name)
def test_no_two_headings_of_a_page_have_one_place(page: manual.Page) -> None:
    places = [section.place for section in page.sections]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("пароль", "vhod"),
        ("gfhjkm", "vhod"),
        ("корзины", "spiski#корзина"),
        ("скан документа", "zayavlenie#принятые-документы-и-сканы"),
        ("без связи что делать", "rabota-bez-svyazi#что-делать-когда-связи-нет"),
    ],
)
def test_words_find_their_place_first(asked: str, first: str) -> None:
    assert manual.search(asked)[0].link == first


def test_what_is_not_there_is_not_found() -> None:
    assert manual.search("шиншилла") == []
    assert manual.search("  ") == []
    assert manual.section("vhod#нет-такого") is None
    assert manual.section("no-such-page") is None


def test_a_page_becomes_html_with_named_places_and_nothing_of_its_own_markup() -> None:
    page = manual.read(
        "p",
        "# Имя\n\n## Что, где?\n\nСм. [дальше](q.md#там) <b>не жирно</b>\n\n| а | б |\n|---|---|\n| 1 | 2 |\n",
    )
    made = manual.to_html(page, lambda link: link.replace(".md", ".html"))
    assert '<h2 id="что-где">' in made
    assert "&lt;b&gt;не жирно" in made
    assert ".html#" in made
    assert "<td>2</td>" in made
    assert [s.link for s in page.sections] == ["p", "p#что-где"]


def test_a_page_without_a_heading_is_refused() -> None:
    with pytest.raises(ValueError, match="without a heading"):
        manual.read("p", "Просто слова\n")
