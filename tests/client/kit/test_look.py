"""The page of visual rules says what is so: its tokens, its sizes and its pictures are those of the program."""

from __future__ import annotations

import re
from dataclasses import fields

from client.kit.style_sheet import SHEET
from client.kit.theme import BASE
from common.kit.charts import COLOURS
from common.kit.colours import Colours
from tests.architecture.sources import ROOT

PAGE = (ROOT / "client" / "kit" / "LOOK.md").read_text(encoding="utf-8")
TOKENS = {field.name for field in fields(Colours)}
ROLES = dict(re.findall(r'QLabel\[role="(\w+)"\] \{[^}]*font-size: (\d+)px', SHEET))


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_0-9]+)`", text))


def test_every_token_is_told_of_and_every_token_told_of_is_there() -> None:
    assert named(section("Цвета")) == TOKENS


def test_no_other_section_names_a_token_that_is_not() -> None:
    for title in ("Состояния", "Графики"):
        assert named(section(title)) <= TOKENS, title
    assert re.findall(
        r"`([a-z]+)`", section("Графики").split("Ряды по порядку:")[1].split(", и")[0]
    ) == [*COLOURS]


def test_the_sizes_are_those_of_the_style_sheet() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", section("Слова"), re.MULTILINE))
    assert told == {role: ROLES[role] for role in told}
    assert {"title", "heading", "small", "group"} == told.keys()
    assert f"| обычный | {BASE} |" in section("Слова")


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"\]\((\.\./[^)]+\.png)\)", PAGE)
    assert len(pictures) == 2
    for picture in pictures:
        assert (ROOT / "client" / "kit" / picture).resolve().is_file()
