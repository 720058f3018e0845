"""What ships in resources: tables parse and agree with themselves, fonts and icons are whole."""

from __future__ import annotations

import csv
import datetime as dt
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage, QRawFont

from common.kit import resources
from common.kit.resources import rows
from server.reference.service import BOOKS

TABLES = sorted(resources.path().glob("*/*.csv"))
REFERENCE = sorted(resources.path("reference").glob("*.csv"))
FONTS = sorted(resources.path("fonts").glob("*/*.ttf"))
ICONS = sorted(resources.path("icons").glob("*.svg"))
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
SIGNS = "0123456789№₽«»—–…×§°"
KEYS = {
    "specialties.csv": ("code", "list_basis", "name"),
    "required_documents.csv": ("name",),
    "subjects.csv": ("name",),
}


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def read(file: Path) -> tuple[dict[str, str], ...]:
    return rows(file.parent.name, file.name)


@pytest.mark.parametrize("file", TABLES, ids=name_of)
def test_every_row_of_a_table_has_all_its_columns(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as opened:
        head, *body = csv.reader(opened, delimiter=";")
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in head)
    assert [row for row in body if len(row) != len(head)] == []
    assert [cell for row in body for cell in row if cell != cell.strip()] == []
    assert body


@pytest.mark.parametrize("file", REFERENCE, ids=name_of)
def test_a_key_names_one_row(file: Path) -> None:
    found = [tuple(row[k] for k in KEYS.get(file.name, ("code",))) for row in read(file)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("file", REFERENCE, ids=name_of)
def test_a_period_ends_after_it_begins_and_has_its_basis(file: Path) -> None:
    for row in read(file):
        if "valid_from" in row:
            start = dt.date.fromisoformat(row["valid_from"])
            assert not row["valid_to"] or start < dt.date.fromisoformat(row["valid_to"])
            assert 0 < len(row["basis"]) <= 500


@pytest.mark.parametrize("file", TABLES, ids=name_of)
def test_no_table_carries_a_number_like_snils(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"(?<!\d)(?:\d{11}|\d{3}-\d{3}-\d{3}[ -]\d{2})(?!\d)", text) == []


@pytest.mark.parametrize("file", REFERENCE, ids=name_of)
def test_the_readme_says_where_a_table_comes_from(file: Path) -> None:
    readme = resources.path("reference", "README.md").read_text(encoding="utf-8")
    assert f"| `{file.name}` |" in readme


def test_the_code_of_a_programme_agrees_with_its_kind_and_group() -> None:
    middle = {"profession": "01", "speciality": "02"}
    for row in rows("reference", "specialties.csv"):
        assert re.fullmatch(r"\d{2}\.0[12]\.\d{2}", row["code"])
        assert row["code"][3:5] == middle[row["kind"]]
        assert row["ugs_code"] == f"{row['code'][:2]}.00.00"


def test_a_code_names_at_most_one_programme_that_has_not_ended() -> None:
    open_ended = [r["code"] for r in rows("reference", "specialties.csv") if not r["valid_to"]]
    assert len(open_ended) == len(set(open_ended))


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("23.02.07", "2020-01-01", "Техническое обслуживание и ремонт двигателей, систем и агрегатов автомобилей"),
        ("23.02.07", "2024-01-01", "Техническое обслуживание и ремонт автотранспортных средств"),
        ("09.02.03", "2015-01-01", "Программирование в компьютерных системах"),
        ("15.01.05", "2024-01-01", "Сварщик (ручной и частично механизированной сварки (наплавки))"),
    ],
)  # fmt: skip
def test_a_programme_has_the_name_of_its_day(code: str, on: str, name: str) -> None:
    found = [
        row["name"]
        for row in rows("reference", "specialties.csv")
        if row["code"] == code and row["valid_from"] <= on < (row["valid_to"] or "9999")
    ]
    assert found == [name]


def test_no_table_ships_without_somebody_who_reads_it() -> None:
    loaded = {file for _, file, _, _ in BOOKS}
    assert {file.name for file in REFERENCE} == loaded | {
        "required_documents.csv",
        "roles.csv",
        "subjects.csv",
    }


def test_schools_and_colleges_stand_in_towns_of_the_list() -> None:
    towns = {row["town"] for row in rows("demo", "towns.csv")}
    for table in ("schools.csv", "colleges.csv"):
        assert {row["town"] for row in rows("demo", table)} <= towns
    assert len(rows("demo", "colleges.csv")) == 60


@pytest.mark.parametrize("file", FONTS, ids=name_of)
def test_a_font_has_the_glyphs_of_russian_papers(file: Path, qapp: QGuiApplication) -> None:
    font = QRawFont(str(file), 12)
    assert [sign for sign in LETTERS + SIGNS if not font.supportsCharacter(ord(sign))] == []


@pytest.mark.parametrize("file", ICONS, ids=name_of)
def test_an_icon_is_whole_and_takes_its_colour_from_outside(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  our own file
    assert "currentColor" in text


def test_a_licence_lies_beside_fonts_and_icons() -> None:
    golos = resources.path("fonts", "golos", "LICENSE").read_text(encoding="utf-8")
    tinos = resources.path("fonts", "tinos", "LICENSE").read_text(encoding="utf-8")
    icons = resources.path("icons", "LICENSE").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in golos
    assert "SIL OPEN FONT LICENSE Version 1.1" in tinos
    assert "ISC License" in icons


def test_the_programs_icon_has_256_points() -> None:
    image = QImage(str(resources.path("icons", "program.png")))
    assert (image.width(), image.height()) == (256, 256)


def test_a_frozen_program_looks_inside_its_bundle(tmp_path: Path) -> None:
    assert resources.root(str(tmp_path)) == tmp_path / "resources"
    assert resources.root(None) == Path(__file__).resolve().parents[2] / "resources"
