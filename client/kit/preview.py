"""The preview of a paper is the PDF itself, page by page; from here it is printed or saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
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
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from common.kit.words import counted

SCREEN_DPI, PRINT_DPI = 96, 300
POINTS = 72

Step = QAbstractSlider.SliderAction
SCROLLS = {
    Qt.Key.Key_PageDown: Step.SliderPageStepAdd,
    Qt.Key.Key_PageUp: Step.SliderPageStepSub,
    Qt.Key.Key_Home: Step.SliderToMinimum,
    Qt.Key.Key_End: Step.SliderToMaximum,
}


def page_image(page: Any, dpi: float) -> QImage:
    """One page of an open PDF at that resolution."""
    bitmap = page.render(scale=dpi / POINTS, rev_byteorder=True, force_bitmap_format=4)
    raw = bytes(bitmap.buffer)
    kind = QImage.Format.Format_RGBA8888
    return QImage(raw, bitmap.width, bitmap.height, bitmap.stride, kind).copy()


class PaperPreview(QDialog):
    """Shows the pages; Ctrl+P prints, Ctrl+S saves, Esc closes."""

    def __init__(self, paper: bytes, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.paper = paper
        self.document = pypdfium2.PdfDocument(paper)
        self.pages = QVBoxLayout()
        self._build(title)
        for number in range(len(self.document)):
            self.pages.addWidget(self._page(number), 0, Qt.AlignmentFlag.AlignHCenter)
        self.pages.addStretch()
        self.resize(theme().px(900), theme().px(820))

    def _build(self, title: str) -> None:
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(title, role="heading"), 1)
        top.addWidget(
            plain(counted(len(self.document), "страница", "страницы", "страниц"), role="muted")
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
        body.addWidget(self.area, 1)
        self.print.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The pages scroll while the button to print keeps the focus."""
        if (step := SCROLLS.get(Qt.Key(event.key()))) is not None:
            self.area.verticalScrollBar().triggerAction(step)
        else:
            super().keyPressEvent(event)

    def _page(self, number: int) -> QLabel:
        label = QLabel()
        ratio = self.devicePixelRatioF()
        image = page_image(self.document[number], SCREEN_DPI * ratio)
        image.setDevicePixelRatio(ratio)
        label.setPixmap(QPixmap.fromImage(image))
        label.setAccessibleName(f"Страница {number + 1}")
        label.setProperty("role", "card")
        return label

    def sizeHint(self) -> QSize:
        return QSize(theme().px(900), theme().px(820))

    def save_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Сохранить документ", "заявление.pdf", "PDF (*.pdf)"
        )
        if name:
            Path(name).write_bytes(self.paper)

    def print_it(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(PRINT_DPI)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)
            self.accept()

    def print_on(self, printer: QPrinter) -> None:
        """Each page fills its sheet: the paper has its own margins."""
        printer.setFullPage(True)
        painter = QPainter(printer)
        for number in range(len(self.document)):
            if number:
                printer.newPage()
            image = page_image(self.document[number], PRINT_DPI)
            painter.drawImage(QRectF(printer.paperRect(QPrinter.Unit.DevicePixel)), image)
        painter.end()
