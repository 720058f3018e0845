"""Where the files that ship with the program are."""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def root(bundle: str | None) -> Path:
    """The folder of resources inside a frozen program, else in the checkout."""
    base = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return base / "resources"


ROOT = root(getattr(sys, "_MEIPASS", None))


def path(*parts: str) -> Path:
    return ROOT.joinpath(*parts)


def rows(*parts: str) -> tuple[dict[str, str], ...]:
    """The rows of a table that ships with the program."""
    with path(*parts).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))
