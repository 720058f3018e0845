"""The regulation's items: where each is answered in the program and which test shows it; the manual's page is made of them."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import NamedTuple

from common.kit import resources
from common.kit.manual import section
from common.kit.words import counted

UNBUILT = "ещё не построено"

HEAD = """# Пункты регламента

Где в программе каждый пункт регламента и какой тест это показывает. Пункт без места ещё не построен, и здесь так и сказано.
"""


class Item(NamedTuple):
    id: str
    subsystem: str
    text: str
    where: str
    """In the program, in words; empty while it is not built."""
    link: str
    """A place in the manual."""
    test: str


def items() -> list[Item]:
    return [Item(**row) for row in resources.rows("manual", "regulation_items.csv")]


def page() -> str:
    """The manual's page as Markdown; KeyError where an item names a place that the manual has not."""
    every = items()
    built = sum(bool(item.where) for item in every)
    lines = [
        HEAD,
        f"Есть в программе {built} из {counted(len(every), 'пункта', 'пунктов', 'пунктов')}.",
        "",
    ]
    for subsystem, members in groupby(every, key=lambda item: item.subsystem):
        lines += [
            f"## {subsystem}",
            "",
            "| Пункт | Что | Где в программе | Тест |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {item.id} | {_cell(item.text)} | {_where(item)} | {_test(item)} |"
            for item in members
        ]
        lines.append("")
    return "\n".join(lines)


def _where(item: Item) -> str:
    if not item.where:
        return UNBUILT
    if section(item.link) is None:
        raise KeyError(item.link)
    name, _, place = item.link.partition("#")
    return f"[{_cell(item.where)}]({name}.md{'#' + place if place else ''})"


def _test(item: Item) -> str:
    return f"`{item.test}`" if item.test else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
