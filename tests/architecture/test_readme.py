"""The README is true: every file and folder that it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.sources import ROOT

NAMED = re.compile(r"`([\w./-]+)`|\]\(([\w./-]+)\)")
TOPS = ("client", "server", "common", "resources", "installers", "tests")


def missing(text: str) -> Iterator[str]:
    """Paths from the root, and bare names of files, that lead nowhere."""
    for match in NAMED.finditer(text):
        name = match[1] or match[2]
        if (name.split("/")[0] in TOPS and not (ROOT / name).exists()) or (
            re.fullmatch(r"\w+\.(?:py|csv|toml|json)", name) and not found(name)
        ):
            yield name


def found(name: str) -> bool:
    return any(next((ROOT / top).rglob(name), None) is not None for top in TOPS)


def test_what_the_readme_names_is_there() -> None:
    assert list(missing((ROOT / "README.md").read_text(encoding="utf-8"))) == []


def test_a_name_that_leads_nowhere_is_seen() -> None:
    text = "`client/kit`, `client/gone`, ![вид](resources/pictures/gone.png), `test_gone.py`, `judge.py`"
    assert list(missing(text)) == ["client/gone", "resources/pictures/gone.png", "test_gone.py"]
