"""Writes one sheet of Excel as a stream, in a quarter of the time of openpyxl; there is no way to write a formula."""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | bool | dt.date | dt.datetime | None

MOST_SIGNS = 32_767
EPOCH = dt.date(1899, 12, 30)
DAY = dt.timedelta(days=1)
TEXT, DATE, MOMENT, HEAD = 1, 2, 3, 4
"""Places of the styles below."""
LEVEL = 3
PIECE = 500
"""Rows that are packed at once."""

_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
"""Excel reads such a run as one sign."""

_MARKED = re.compile("[&<>_]")

_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}  # fmt: skip


def cell_text(text: str) -> str:
    """What a cell can hold of a text: no sign that breaks the file, and no more than Excel takes."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:MOST_SIGNS]


def is_plain(text: str) -> bool:
    """Does a cell hold it as it is? Most texts of a table, and there are half a million of them."""
    return text.isprintable() and len(text) <= MOST_SIGNS


def letter(place: int) -> str:
    """The name that Excel gives to a column."""
    name, left = "", place + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(65 + rest) + name
    return name


def write_book(
    path: Path,
    name: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    above: Sequence[str] = (),
    widths: Sequence[int],
) -> None:
    """`above` stands over the head, which stays in sight; `widths` are in signs."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as packed:
        for part, text in (*_PARTS.items(), ("xl/workbook.xml", _workbook(name))):
            packed.writestr(part, _START + text)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            _write_sheet(file, head, rows, above, widths)


def _workbook(name: str) -> str:
    """Excel takes 31 signs of a name, and not these."""
    said = re.sub(r"[\\/*?:\[\]']", " ", cell_text(name))[:31].strip() or "Лист"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
        f'<sheet name={quoteattr(said)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _write_sheet(
    file: IO[bytes],
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    above: Sequence[str],
    widths: Sequence[int],
) -> None:
    top = len(above) + 1
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    file.write(
        f'{_START}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>".encode()
    )
    lines = _lines(head, rows, above)
    while piece := "".join(islice(lines, PIECE)):
        file.write(piece.encode())
    file.write(b"</sheetData></worksheet>")


def _lines(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], above: Sequence[str]
) -> Iterator[str]:
    names = [letter(place) for place in range(max(len(head), 1))]
    for number, line in enumerate(above, 1):
        yield _row(number, (line,), names)
    top = len(above) + 1
    cells = "".join(_text(f"{n}{top}", h, HEAD) for n, h in zip(names, head, strict=True))
    yield f'<row r="{top}">{cells}</row>'
    for number, row in enumerate(rows, top + 1):
        yield _row(number, row, names)


def _row(number: int, row: Sequence[Cell], names: Sequence[str]) -> str:
    cells = "".join(
        _cell(f"{name}{number}", cell)
        for name, cell in zip(names, row, strict=False)
        if cell is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, str):
        return _text(place, value, TEXT)
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, dt.datetime):
        return f'<c r="{place}" s="{MOMENT}"><v>{_serial(value)!r}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="{DATE}"><v>{(value - EPOCH).days}</v></c>'
    if isinstance(value, float) and not math.isfinite(value):
        return _text(place, repr(value), TEXT)
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _serial(moment: dt.datetime) -> float:
    """Days and the part of a day, on whatever wall it was read."""
    within = dt.timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
    return (moment.date() - EPOCH).days + within / DAY


def _text(place: str, text: str, style: int) -> str:
    said = text if is_plain(text) and not _MARKED.search(text) else _said(text)
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
    )


def _said(text: str) -> str:
    return escape(_ESCAPED.sub(r"_x005F\g<0>", cell_text(text)), {"\r": "&#13;"})
