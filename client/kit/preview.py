"""The preview of a paper is the paper itself, page by page; from here it is printed or saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QAbstractSlider,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client.kit.icons import icon
from client.kit.pages import Pages, PdfPages, pages_of
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from common.administration.kinds import AccessKind
from common.kit.contents import SUFFIXES, FileKind
from common.kit.errors import EpoError
from common.kit.words import counted

SCREEN_DPI, PRINT_DPI = 96, 300
WIDEST = 820
"""Pixels of a page on the screen."""
MOST_SHOWN = 40
"""Pages of a scan that are drawn; all of them are printed and saved."""

Step = QAbstractSlider.SliderAction
SCROLLS = {
    Qt.Key.Key_PageDown: Step.SliderPageStepAdd,
    Qt.Key.Key_PageUp: Step.SliderPageStepSub,
    Qt.Key.Key_Home: Step.SliderToMinimum,
    Qt.Key.Key_End: Step.SliderToMaximum,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file whose pages are drawn already, off the thread of the window."""

    content: bytes
    kind: FileKind
    name: str
    pages: Pages
    images: Sequence[QImage]


def draw(content: bytes, kind: FileKind, name: str, ratio: float) -> Drawn:
    """EpoError where it cannot be shown; `ratio` is the screen's own."""
    pages = pages_of(content, kind)
    shown = range(min(pages.count(), MOST_SHOWN))
    return Drawn(content, kind, name, pages, [pages.image(n, SCREEN_DPI * ratio) for n in shown])


class PaperPreview(QDialog):
    """Shows the pages; Ctrl+P prints, Ctrl+S saves, Esc closes."""

    def __init__(
        self,
        paper: bytes | Drawn,
        title: str,
        parent: QWidget | None = None,
        *,
        name: str = "заявление.pdf",
        kept: bool = True,
        note: str = "",
        leaving: Callable[[AccessKind], object],
    ) -> None:
        """`paper` is a PDF of our own, or a file of somebody else's that was drawn before.

        `kept`: may it be saved as a file? Secrets are printed only. `note` stands above the pages.
        `leaving` is told before a page is printed or saved: who takes what out is in the journal of visits first.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        if not isinstance(paper, Drawn):
            paper = Drawn(paper, FileKind.PDF, name, PdfPages(paper), ())
        self.paper, self.leaving = paper, leaving
        self.trouble = plain("")
        self.trouble.setWordWrap(True)
        self.trouble.setProperty("tone", "error")
        self.trouble.hide()
        self.document = paper.pages
        self.pages = QVBoxLayout()
        self._build(title, note)
        self.save.setVisible(kept)
        images = paper.images or [self._draw(n) for n in range(self.document.count())]
        for number, image in enumerate(images):
            self.pages.addWidget(self._page(number, image), 0, Qt.AlignmentFlag.AlignHCenter)
        if rest := self.document.count() - len(images):
            said = counted(rest, "страница", "страницы", "страниц")
            self.pages.addWidget(plain(f"И ещё {said}: сохраните или напечатайте", role="muted"))
        self.pages.addStretch()
        self.resize(theme().px(900), theme().px(820))

    def _build(self, title: str, note: str) -> None:
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(title, role="heading"), 1)
        top.addWidget(
            plain(counted(self.document.count(), "страница", "страницы", "страниц"), role="muted")
        )
        self.save = QPushButton("Сохранить в файл")
        self.save.setIcon(icon("save"))
        self.save.clicked.connect(self.save_file)
        self.print = QPushButton("Печать")
        self.print.setIcon(icon("printer", "on_accent"))
        self.print.setProperty("primary", "true")
        self.print.setShortcut("Ctrl+P")
        self.print.clicked.connect(self.print_it)
        top.addWidget(self.save)
        top.addWidget(self.print)
        inner = QWidget()
        inner.setObjectName("body")
        inner.setLayout(self.pages)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName("Страницы документа")
        self.area.setWidget(inner)
        body = QVBoxLayout(self)
        body.addLayout(top)
        body.addWidget(self.trouble)
        if note:
            words = plain(note, role="muted")
            words.setWordWrap(True)
            body.addWidget(words)
        body.addWidget(self.area, 1)
        self.print.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The pages scroll while the button to print keeps the focus."""
        if (step := SCROLLS.get(Qt.Key(event.key()))) is not None:
            self.area.verticalScrollBar().triggerAction(step)
        else:
            super().keyPressEvent(event)

    def _draw(self, number: int) -> QImage:
        return self.document.image(number, SCREEN_DPI * self.devicePixelRatioF())

    def _page(self, number: int, image: QImage) -> QLabel:
        label = QLabel()
        widest = round(theme().px(WIDEST) * self.devicePixelRatioF())
        if image.width() > widest:  # a page that lies on its side is seen whole
            image = image.scaledToWidth(widest, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        label.setPixmap(QPixmap.fromImage(image))
        label.setAccessibleName(f"Страница {number + 1}")
        label.setProperty("role", "card")
        return label

    def sizeHint(self) -> QSize:
        return QSize(theme().px(900), theme().px(820))

    def save_file(self) -> None:
        kind = self.paper.kind
        suffixes = " ".join(f"*{suffix}" for suffix in SUFFIXES[kind])
        name, _ = QFileDialog.getSaveFileName(
            self, "Сохранить документ", self.paper.name, f"{kind.label} ({suffixes})"
        )
        if name:
            self._take_out(AccessKind.EXPORT, lambda: Path(name).write_bytes(self.paper.content))

    def print_it(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(PRINT_DPI)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self._take_out(AccessKind.PRINT, lambda: self._print_and_close(printer))

    def _print_and_close(self, printer: QPrinter) -> None:
        self.print_on(printer)
        self.accept()

    def _take_out(self, kind: AccessKind, act: Callable[[], object]) -> None:
        """Nothing leaves of which nobody could be told afterwards."""
        try:
            self.leaving(kind)
        except EpoError as fault:
            self.trouble.setText(fault.message)
            self.trouble.show()
            return
        act()

    def print_on(self, printer: QPrinter) -> None:
        """Each page fills its sheet, in its own proportions: the paper has its own margins."""
        printer.setFullPage(True)
        painter = QPainter(printer)
        for number in range(self.document.count()):
            if number:
                printer.newPage()
            image = self.document.image(number, PRINT_DPI)
            painter.drawImage(_fit(image, printer.paperRect(QPrinter.Unit.DevicePixel)), image)
        painter.end()


def _fit(image: QImage, sheet: QRectF) -> QRectF:
    """As large as the sheet allows."""
    size = image.size().toSizeF().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(sheet.topLeft(), size)
