"""Workbooks made to harm are refused in one sentence, and before a library has spent its memory on them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from common.kit import sheets
from common.kit.errors import Invalid

END = b"</sheetData>"
Change = Callable[[bytes], bytes]


@pytest.fixture
def rebuilt(tmp_path: Path) -> Callable[[Change], bytes]:
    """A small workbook whose page was changed after it was written."""

    def make(change: Change) -> bytes:
        path = tmp_path / "plain.xlsx"
        sheets.write(path, "Лист", ["ФИО"], [["Ёлкина"]])
        packed = io.BytesIO()
        with (
            zipfile.ZipFile(path) as plain,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
        ):
            for name in plain.namelist():
                body = plain.read(name)
                made.writestr(name, change(body) if "worksheets" in name else body)
        return packed.getvalue()

    return make


def lying(raw: bytes) -> bytes:
    """Every page says in both of its headers that it unpacks to a thousand bytes."""
    changed = bytearray(raw)
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack("<H", changed[at + 28 : at + 30])[0]
        if b"worksheets" in changed[at + 46 : at + 46 + length]:
            own = struct.unpack("<I", changed[at + 42 : at + 46])[0]
            changed[at + 24 : at + 28] = changed[own + 22 : own + 26] = struct.pack("<I", 1000)
        at = raw.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def test_a_page_that_says_it_is_small_and_is_not_is_refused(
    rebuilt: Callable[[Change], bytes],
) -> None:
    raw = rebuilt(lambda page: page.replace(END, b" " * 80_000_000 + END))
    for each in (raw, lying(raw)):
        with pytest.raises(Invalid, match="раздувается"):
            sheets.read(each)


def test_one_cell_in_the_farthest_corner_does_not_fill_the_memory(
    rebuilt: Callable[[Change], bytes],
) -> None:
    """The reader made a rectangle of seventeen thousand million cells, and the process ended."""
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>' + END
    with pytest.raises(Invalid, match="далеко за её краем"):
        sheets.read(rebuilt(lambda page: page.replace(END, far)))


def test_a_cell_cut_between_two_steps_is_seen(rebuilt: Callable[[Change], bytes]) -> None:
    for pad in range(999_900, 1_000_000, 7):
        far = b" " * pad + b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>' + END
        with pytest.raises(Invalid, match="далеко"):
            sheets.read(rebuilt(lambda page, far=far: page.replace(END, far)))  # type: ignore[misc]  # as a bound default is not inferred


def test_a_wide_page_is_refused(rebuilt: Callable[[Change], bytes]) -> None:
    wide = b'<c r="XFD1" t="n"><v>1</v></c></row>'
    with pytest.raises(Invalid, match="300 столбцов"):
        sheets.read(rebuilt(lambda page: page.replace(b"</row>", wide, 1)))


def test_a_formula_and_an_outside_link_are_read_as_the_value_that_was_kept(
    rebuilt: Callable[[Change], bytes],
) -> None:
    formula = (
        b'<row r="3"><c r="A3" t="str"><f>WEBSERVICE("http://127.0.0.1/")</f><v>kept</v></c></row>'
    )
    read = sheets.read(rebuilt(lambda page: page.replace(END, formula + END)))
    assert read.rows == (("Ёлкина",), ("kept",))


def test_a_doubtful_packing_is_refused(rebuilt: Callable[[Change], bytes]) -> None:
    raw = bytearray(rebuilt(lambda page: page))
    at = raw.find(b"PK\x01\x02")
    raw[at + 10 : at + 12] = struct.pack("<H", 12)
    with pytest.raises(Invalid, match="не таблица Excel"):
        sheets.read(bytes(raw))
