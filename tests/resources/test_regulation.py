"""Every item of the regulation is on the manual's page, with a live place and a test that exists, or as not built."""

from __future__ import annotations

import csv

import pytest

from common.kit import regulation, resources
from common.kit.manual import section
from tests.architecture.sources import ROOT

ITEMS = ROOT.parent / "shared" / "regulation" / "items.csv"


def test_the_page_of_the_manual_is_what_the_items_make() -> None:
    """Made by `python -m common.kit.regulation > resources/manual/punkty-reglamenta.md`."""
    written = resources.path("manual", "punkty-reglamenta.md").read_text(encoding="utf-8")
    assert written == regulation.page()


def test_what_is_built_has_a_place_and_a_test_and_what_is_not_has_neither() -> None:
    for item in regulation.items():
        built = bool(item.where)
        assert (section(item.link) is not None) == built, item.id
        assert (ROOT / item.test).is_file() if built else not item.test, item.id


def test_no_item_is_missing() -> None:
    if not ITEMS.is_file():
        pytest.skip(f"{ITEMS.name} lies beside the project, not in it")
    with ITEMS.open(encoding="utf-8", newline="") as file:
        wanted = [row["id"] for row in csv.DictReader(file, delimiter=";")]
    assert [item.id for item in regulation.items()] == wanted
