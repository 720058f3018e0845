"""The small layout kit of all exact forms: official paper by reportlab with embedded Cyrillic fonts (domain 0.6)."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from reportlab.graphics.barcode import code128
from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from common.kit import resources

REGULAR, BOLD, ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic"
LEFT, RIGHT, TOP, BOTTOM = 20 * mm, 10 * mm, 16 * mm, 18 * mm
WIDTH = A4[0] - LEFT - RIGHT
WIDE = A4[1] - LEFT - RIGHT
"""Of a sheet that lies on its side."""
GREY = Color(0.45, 0.45, 0.45)
FAINT = Color(0.86, 0.86, 0.86)


@functools.cache
def load_fonts() -> None:
    files = {REGULAR: "400Regular", BOLD: "700Bold", ITALIC: "400Regular_Italic"}
    for name, file in files.items():
        pdfmetrics.registerFont(
            TTFont(name, str(resources.path("fonts", "tinos", f"Tinos_{file}.ttf")))
        )
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD
    )


def style(
    size: float = 11, *, bold: bool = False, align: int = 0, lead: float = 1.2, **more: Any
) -> ParagraphStyle:
    load_fonts()
    font = BOLD if bold else REGULAR
    return ParagraphStyle(
        f"s{size}{bold}{align}",
        fontName=font,
        fontSize=size,
        leading=size * lead,
        alignment=align,
        **more,
    )


def escape(text: str) -> str:
    """User text is text: a name never opens a file, an address never becomes a link."""
    return _drawn(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _drawn(text: str) -> str:
    """Without the signs that are not drawn, or turn what stands after them."""
    return "".join(
        c
        for c in text
        if c >= " " and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


# ---- pieces


def title(text: str, size: float = 14) -> Paragraph:
    return Paragraph(
        escape(text), style(size, bold=True, align=TA_CENTER, spaceBefore=6, spaceAfter=6)
    )


def words(text: str, size: float = 11, *, right: bool = False, justify: bool = False) -> Paragraph:
    align = TA_RIGHT if right else TA_JUSTIFY if justify else 0
    return Paragraph(escape(text), style(size, align=align, spaceAfter=3))


def heading(text: str) -> Paragraph:
    return Paragraph(escape(text), style(11, bold=True, spaceBefore=6, spaceAfter=2))


def gap(height: float = 3) -> Spacer:
    return Spacer(1, height * mm)


class Filled(Flowable):
    """A label, then the value over a line, as official forms have it."""

    def __init__(self, label: str, value: str, size: float = 11) -> None:
        super().__init__()
        self.label = Paragraph(escape(label), style(size))
        self.value = Paragraph(escape(value) or "&nbsp;", style(size, bold=False))
        self.start = 0.0
        self.size = size

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        load_fonts()
        text = self.label.text
        self.start = min(pdfmetrics.stringWidth(text, REGULAR, self.size) + 3, width * 0.42)
        self.label.wrap(self.start + 1, height)
        _, tall = self.value.wrap(width - self.start, height)
        self.width, self.height = width, max(tall, self.label.height) + 3
        return width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        self.label.drawOn(canvas, 0, self.height - self.label.height)
        lead = self.value.style.leading
        self.value.drawOn(canvas, self.start, self.height - self.value.height)
        canvas.setLineWidth(0.4)
        lines = max(1, round(self.value.height / lead))
        for number in range(1, lines + 1):
            y = self.height - number * lead - 0.5
            canvas.line(self.start, y, self.width, y)


def filled(label: str, value: str | None, size: float = 11) -> Filled:
    return Filled(label, value or "", size)


def side_by_side(*pieces: Flowable, widths: Sequence[float] | None = None) -> Table:
    """Pieces on one line; widths are shares of the whole."""
    shares = widths or [1 / len(pieces)] * len(pieces)
    table = Table([list(pieces)], colWidths=[WIDTH * share for share in shares])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def grid(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = 10,
    width: float = WIDTH,
) -> Table:
    """A ruled table; its head is repeated on every page."""
    top = [Paragraph(escape(h), style(size, bold=True, align=TA_CENTER)) for h in head]
    body = [[Paragraph(escape(cell), style(size)) for cell in row] for row in rows]
    total = sum(widths)
    return _ruled([top, *body], [width * w / total for w in widths])


def _ruled(cells: list[list[Any]], widths: list[float], *more: tuple[Any, ...]) -> Table:
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, black),
                ("BACKGROUND", (0, 0), (-1, 0), Color(0.95, 0.95, 0.95)),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                *more,
            ]
        )
    )
    return table


def long_grid(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = 8,
    width: float = WIDTH,
) -> Table:
    """The same for thousands of rows, ten times as fast: its cells are broken into lines here."""
    load_fonts()
    total = sum(widths)
    wide = [width * w / total for w in widths]
    room = [w - 12 for w in wide]  # without the paddings
    cells: list[list[Any]] = [[lines_of(h, r, size, BOLD) for h, r in zip(head, room, strict=True)]]
    cells += [[lines_of(c, r, size) for c, r in zip(row, room, strict=True)] for row in rows]
    letters = ("FONT", (0, 1), (-1, -1), REGULAR, size, size * 1.2)
    return _ruled(cells, wide, letters, ("FONT", (0, 0), (-1, 0), BOLD, size, size * 1.2))


def lines_of(text: str, width: float, size: float, font: str = REGULAR) -> str:
    """Broken between words; a word that has no room on a line of its own is broken within."""
    found, line = [], ""
    for word in _drawn(text.replace("\n", " ")).split():
        longer = f"{line} {word}".strip()
        if pdfmetrics.stringWidth(longer, font, size) <= width:
            line = longer
            continue
        if line:
            found.append(line)
        while pdfmetrics.stringWidth(word, font, size) > width and len(word) > 1:
            fits = _fitting(word, width, size, font)
            found.append(word[:fits])
            word = word[fits:]  # noqa: PLW2901  what is left of it
        line = word
    return "\n".join([*found, line])


def _fitting(word: str, width: float, size: float, font: str) -> int:
    """How many letters of it a line takes, one at least."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if pdfmetrics.stringWidth(word[:middle], font, size) <= width:
            low = middle
        else:
            high = middle - 1
    return low


class Signature(Flowable):
    """A statement, then a line to sign, another for the name, with small words below them."""

    def __init__(
        self, statement: str, name: str = "", *, date: str = "", size: float = 10.5
    ) -> None:
        super().__init__()
        self.text = Paragraph(escape(statement), style(size))
        self.name, self.date = name, date

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.text.wrap(width * 0.58, height)
        self.height = max(self.text.height, 14) + 12
        return width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        self.text.drawOn(canvas, 0, self.height - self.text.height)
        y = 10
        canvas.setLineWidth(0.4)
        self._blank(canvas, 0.6, 0.74, y, "подпись")
        self._blank(canvas, 0.75, 1.0, y, "расшифровка")
        if self.name:
            room, wide = self.width * 0.25, pdfmetrics.stringWidth(self.name, REGULAR, 9.5)
            canvas.setFont(REGULAR, 9.5 * min(1, room / wide))
            canvas.drawCentredString(self.width * 0.875, y + 2, self.name)

    def _blank(self, canvas: Canvas, start: float, end: float, y: float, caption: str) -> None:
        canvas.line(self.width * start, y, self.width * end, y)
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(GREY)
        canvas.drawCentredString(self.width * (start + end) / 2, y - 7.5, caption)
        canvas.setFillColor(black)


class Qr(Flowable):
    """A QR code drawn as vectors; `side` in mm."""

    def __init__(self, text: str, side: float = 22) -> None:
        super().__init__()
        self.rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
        self.width = self.height = side * mm

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        cell = self.width / len(self.rows)
        canvas.setFillColor(black)
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    canvas.rect(
                        x * cell,
                        self.height - (y + 1) * cell,
                        cell * 1.02,
                        cell * 1.02,
                        stroke=0,
                        fill=1,
                    )


def barcode(text: str) -> Flowable:
    """Code 128 of a registration number with its check digit."""
    load_fonts()
    return code128.Code128(text, barHeight=9 * mm, barWidth=0.32 * mm, humanReadable=False)


# ---- the document


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of a job: its pieces and what is known of it."""

    title: str
    pieces: tuple[Flowable, ...]
    footer: str = ""
    wide: bool = False


def paper(
    sheets: Sequence[Sheet], *, author: str, demo: bool = False, draft: bool = False
) -> bytes:
    """The whole job as one PDF; the same input gives the same bytes."""
    load_fonts()
    out = io.BytesIO()
    first = sheets[0]
    document = BaseDocTemplate(
        out,
        pagesize=landscape(A4) if first.wide else A4,
        leftMargin=LEFT,
        rightMargin=RIGHT,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=first.title,
        author=author,
        lang="ru-RU",
        invariant=1,
    )
    document.addPageTemplates(
        [
            _template(document, sheet, number, demo=demo, draft=draft)
            for number, sheet in enumerate(sheets)
        ]
    )
    story: list[Flowable] = []
    for number, sheet in enumerate(sheets):
        if number:
            story += [NextPageTemplate(str(number)), PageBreak()]
        story += sheet.pieces
    document.build(story, canvasmaker=_Counting)
    return out.getvalue()


def _template(
    document: BaseDocTemplate, sheet: Sheet, number: int, *, demo: bool, draft: bool
) -> PageTemplate:
    size = landscape(A4) if sheet.wide else A4
    frame = Frame(LEFT, BOTTOM, size[0] - LEFT - RIGHT, size[1] - TOP - BOTTOM, 0, 0, 0, 0)

    def furnish(canvas: Canvas, _document: Any) -> None:
        canvas.saveState()
        if draft or demo:
            _mark(canvas, size, "ПРОЕКТ" if draft else "ДЕМО")
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(LEFT, 10 * mm, sheet.footer)
        canvas.restoreState()
        canvas.sheet = number

    return PageTemplate(str(number), [frame], onPage=furnish, pagesize=size)


def _mark(canvas: Canvas, size: tuple[float, float], text: str) -> None:
    canvas.setFont(BOLD, 90)
    canvas.setFillColor(FAINT)
    canvas.translate(size[0] / 2, size[1] / 2)
    canvas.rotate(45)
    canvas.drawCentredString(0, -30, text)
    canvas.rotate(-45)
    canvas.translate(-size[0] / 2, -size[1] / 2)


class _Counting(Canvas):
    """Writes «стр. 2 из 3» once all pages of a sheet are known."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kept: list[dict[str, Any]] = []
        self.sheet = 0

    def showPage(self) -> None:  # noqa: N802  reportlab's name
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        totals: dict[int, int] = {}
        for page in self.kept:
            totals[page["sheet"]] = totals.get(page["sheet"], 0) + 1
        seen: dict[int, int] = {}
        for page in self.kept:
            self.__dict__.update(page)
            sheet = page["sheet"]
            seen[sheet] = seen.get(sheet, 0) + 1
            if totals[sheet] > 1:
                self.setFont(REGULAR, 8)
                self.setFillColor(GREY)
                said = f"стр. {seen[sheet]} из {totals[sheet]}"
                self.drawRightString(self._pagesize[0] - RIGHT, 10 * mm, said)
            super().showPage()
        super().save()


def together(*pieces: Flowable) -> Flowable:
    """These are not torn apart by a page break."""
    return KeepTogether(list(pieces))
