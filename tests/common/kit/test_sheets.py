"""Hostile words go into a table and come out as the words they were, and nothing in it is executed."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from common.kit import sheets
from common.kit.errors import Invalid
from common.kit.sheets import FORMULA
from common.kit.xlsx import cell_text


def test_no_cell_of_a_workbook_is_a_formula(hostile_text: str, tmp_path: Path) -> None:
    file = tmp_path / "made.xlsx"
    sheets.write(file, "Лист", ["Слова", "Рядом"], [[hostile_text, "рядом"]])
    with zipfile.ZipFile(file) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    (row,) = sheets.read(file).rows
    assert str(row[0] or "").split() == cell_text(hostile_text).strip().split()
    assert row[1] == "рядом"


def test_no_cell_of_a_csv_begins_as_a_formula(hostile_text: str, tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    sheets.write_csv(file, "Лист", ["Слова", "Рядом"], [[hostile_text, "рядом"]])
    with file.open(encoding="utf-8-sig", newline="") as lines:
        _, row = csv.reader(lines, delimiter=";")
    assert not row[0].startswith(FORMULA)
    assert row[0].removeprefix("'") == cell_text(hostile_text)
    assert row[1] == "рядом"


@pytest.mark.parametrize("said", ["+7 (923) 111-22-33", "-15", "+3", "-2.5"])
def test_a_telephone_and_a_negative_number_stay_readable(said: str, tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    sheets.write_csv(file, "Лист", ["Слова"], [[said]])
    assert file.read_text("utf-8-sig").splitlines()[1] == said


def test_a_file_that_swells_is_refused(hostile_file: bytes) -> None:
    with pytest.raises(Invalid, match=r"Файл|таблиц"):
        sheets.read(hostile_file)
