"""Papers and scans as pages that can be drawn at any resolution; safe to ask for off the thread of the window."""

from __future__ import annotations

import threading
from typing import Any, Protocol

import pypdfium2
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from common.kit.contents import FileKind
from common.kit.errors import EpoError

POINTS = 72
SHEET_INCHES = 8.27
"""A scan is shown as wide as a sheet of A4."""
MOST_DOTS = 120_000_000
"""A picture of more is not opened: it would take the memory of the whole computer."""

_PDFIUM = threading.Lock()
"""The library does not bear two threads at once."""


class Pages(Protocol):
    def count(self) -> int: ...

    def image(self, number: int, dpi: float) -> QImage:
        """EpoError where the page cannot be read."""
        ...


class PdfPages:
    def __init__(self, content: bytes) -> None:
        """EpoError where this is no readable PDF."""
        with _PDFIUM:
            try:
                self.document: Any = pypdfium2.PdfDocument(content)
                self._count = len(self.document)
            except pypdfium2.PdfiumError as fault:
                raise EpoError(UNREADABLE) from fault

    def count(self) -> int:
        return self._count

    def image(self, number: int, dpi: float) -> QImage:
        with _PDFIUM:
            try:
                page = self.document[number]
                width, height = page.get_size()
                scale = min(dpi / POINTS, (MOST_DOTS / max(width * height, 1)) ** 0.5)
                bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=4)
            except pypdfium2.PdfiumError as fault:
                raise EpoError(UNREADABLE) from fault
            raw = bytes(bitmap.buffer)
        kind = QImage.Format.Format_RGBA8888
        return QImage(raw, bitmap.width, bitmap.height, bitmap.stride, kind).copy()


class PicturePages:
    """A picture; a TIFF may hold several."""

    def __init__(self, content: bytes, kind: FileKind) -> None:
        """EpoError where it is damaged or too large to be shown."""
        self.content = QByteArray(content)
        self.format = QByteArray(kind.value.encode())
        reader, _buffer = self._reader(0)
        size = reader.size()
        if not size.isValid():
            raise EpoError(UNREADABLE)
        if size.width() * size.height() > MOST_DOTS:
            raise EpoError("Снимок слишком большой, чтобы показать его здесь; отсканируйте заново")
        self._count = max(1, reader.imageCount())

    def _reader(self, number: int) -> tuple[QImageReader, QBuffer]:
        """By what is inside, in the one format that was found there; the buffer must outlive the reader."""
        buffer = QBuffer()
        buffer.setData(self.content)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer, self.format)
        reader.setAutoTransform(True)
        if number:
            reader.jumpToImage(number)
        return reader, buffer

    def count(self) -> int:
        return self._count

    def image(self, number: int, dpi: float) -> QImage:
        reader, _buffer = self._reader(number)
        size = reader.size()
        wide = round(SHEET_INCHES * dpi)
        if size.isValid() and size.width() > wide:
            room = QSize(wide, size.height())
            reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            raise EpoError(UNREADABLE)
        return image


UNREADABLE = "Файл не читается: внутри он повреждён; отсканируйте документ заново"


def pages_of(content: bytes, kind: FileKind) -> Pages:
    return PdfPages(content) if kind is FileKind.PDF else PicturePages(content, kind)
