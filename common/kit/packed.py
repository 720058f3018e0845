"""Looks into a packed table before a library trusts it: what its headers say of sizes may be a lie."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from common.kit.errors import Invalid

MAX_UNPACKED = 400_000_000
MAX_RATIO = 200
MAX_CELLS = 20_000_000
"""A reader makes one of everything between the first and the last cell, be it empty."""

STEP = 1_000_000
HEADER = 30
"""Bytes of a part's own header before its name."""

SWOLLEN = "Файл раздувается при распаковке; такие не принимают"
BROKEN = "Это не таблица Excel; сохраните файл в Excel как .xlsx"
FAR = "В таблице есть ячейка далеко за её краем; удалите лишнее за краями и сохраните снова"

_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TAIL = 40


def refuse_hostile(raw: bytes) -> None:
    """Invalid where the file is no packed table, unpacks beyond its limits, or spreads a few cells over all."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        raise Invalid(BROKEN) from None
    most = max(5_000_000, min(MAX_UNPACKED, MAX_RATIO * len(raw)))
    whole = 0
    for part in parts:
        area = _Area() if "/worksheets/" in part.filename else None
        for piece in _unpacked(raw, part):
            whole += len(piece)
            if whole > most:
                raise Invalid(SWOLLEN)
            if area is not None:
                area.look(piece)


def _unpacked(raw: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes by steps, as far as they really go."""
    at = part.header_offset
    names = int.from_bytes(raw[at + 26 : at + 28], "little")
    extra = int.from_bytes(raw[at + 28 : at + 30], "little")
    start = at + HEADER + names + extra
    packed = raw[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Invalid(BROKEN)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while piece := stream.decompress(packed, STEP):
            yield piece
            packed = stream.unconsumed_tail
    except zlib.error:
        raise Invalid(BROKEN) from None


class _Area:
    """The rectangle that the cells of a page span."""

    def __init__(self) -> None:
        self.rows, self.columns = [1_048_577, 0], [16_385, 0]
        self.tail = b""

    def look(self, piece: bytes) -> None:
        """Invalid as soon as the rectangle is larger than any table of ours."""
        text = self.tail + piece
        self.tail = text[-_TAIL:]
        places = set(_CELL.findall(text))
        for letters, digits in places:
            row, column = int(digits), 0
            for letter in letters:
                column = column * 26 + letter - 64
            self.rows = [min(self.rows[0], row), max(self.rows[1], row)]
            self.columns = [min(self.columns[0], column), max(self.columns[1], column)]
        high, wide = self.rows[1] - self.rows[0] + 1, self.columns[1] - self.columns[0] + 1
        if high > 0 and high * wide > MAX_CELLS:
            raise Invalid(FAR)
