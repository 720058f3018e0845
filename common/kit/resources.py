"""Where the files that ship with the program are."""

from __future__ import annotations

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "resources"


def path(*parts: str) -> Path:
    return ROOT.joinpath(*parts)


def rows(*parts: str) -> tuple[dict[str, str], ...]:
    """The rows of a table that ships with the program."""
    with path(*parts).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))
