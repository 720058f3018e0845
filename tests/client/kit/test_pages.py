"""Scans as pages: what is inside decides, what is damaged or too large is said, nothing is opened by its name."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from client.kit.pages import pages_of
from client.kit.preview import PaperPreview, draw
from common.kit.contents import FileKind, kind_of
from common.kit.errors import EpoError


def picture(kind: FileKind, width: int = 1600, height: int = 1000) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind.value.upper())
    return bytes(kept.data())


def pdf(pages: int) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    for _ in range(pages):
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def huge_png() -> bytes:
    """A few bytes that say 60 000 × 60 000 dots."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", zlib.crc32(b"IHDR" + head))


@pytest.mark.parametrize("kind", [FileKind.JPEG, FileKind.PNG, FileKind.TIFF])
def test_a_picture_is_a_page_as_wide_as_a_sheet(qtbot: QtBot, kind: FileKind) -> None:
    content = picture(kind)
    assert kind_of(content) is kind
    pages = pages_of(content, kind)
    assert pages.count() == 1
    image = pages.image(0, 96)
    assert (image.width(), image.height()) == (794, 496)
    assert pages.image(0, 300).width() == 1600


def test_a_pdf_has_its_pages(qtbot: QtBot) -> None:
    pages = pages_of(pdf(3), FileKind.PDF)
    assert pages.count() == 3
    assert abs(pages.image(2, 96).width() - 794) <= 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 nothing", FileKind.PDF),
        (b"\xff\xd8\xff\xe0 nothing", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
        (b"II*\0\xff\xff\xff\xff", FileKind.TIFF),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileKind.PNG),
    ],
)
def test_what_is_damaged_is_said(qtbot: QtBot, content: bytes, kind: FileKind) -> None:
    with pytest.raises(EpoError, match="Файл не читается"):
        draw(content, kind, "скан", 1.0)


def test_a_picture_that_would_fill_the_memory_is_not_opened(qtbot: QtBot) -> None:
    with pytest.raises(EpoError, match=r"слишком большой|не читается"):
        draw(huge_png(), FileKind.PNG, "скан", 1.0)


def test_of_a_long_scan_the_first_pages_are_drawn_and_the_rest_is_told(qtbot: QtBot) -> None:
    shown = PaperPreview(draw(pdf(42), FileKind.PDF, "дело.pdf", 1.0), "дело.pdf", leaving=print)
    qtbot.addWidget(shown)
    words = [label.text() for label in shown.findChildren(QLabel)]
    assert "И ещё 2 страницы: сохраните или напечатайте" in [
        w.replace("\u00a0", " ") for w in words
    ]
    assert sum(not label.pixmap().isNull() for label in shown.findChildren(QLabel)) == 40
